"""Why a peering that exists does not work: what is wrong, the likeliest first, what is right, and what is not known.

Pure: resources in, diagnoses out. What was not read is never reported as right.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from shlex import quote
from typing import Literal

from msgspec import Struct

from escscaffold.clouds.evidence import CloudEvidence
from escscaffold.scanning.found import Scan, routed_blocks
from escscaffold.scanning.peering_evidence import (
    PeeringEvidence,
    SeenCluster,
    SeenRange,
    peerings_of,
    ranges_of,
)
from escscaffold.scanning.peerings import missing_ranges, routes_with
from escscaffold.scanning.reserving import some
from escscaffold.scanning.seen_resources import SeenResource
from escscaffold.spec.values import counted

Likelihood = Literal["certain", "likely", "possible"]
"""How likely a finding is the reason that the database cannot be reached."""

_ORDER: tuple[Likelihood, ...] = ("certain", "likely", "possible")
_ROUTING = "https://docs.kurrent.io/cloud/guides/kubernetes.html"
_OVERLAP = "https://docs.kurrent.io/cloud/networking/private-network.html"
_NO_ANSWER = "The Kurrent network drops packets without a route: connections time out."


class SuggestedFix(Struct, frozen=True, kw_only=True):
    """What to write, where, and what Terraform replaces for it."""

    text: str
    """The argument with its new value, or the block to add."""
    place: str
    """File and line, nothing where it is not known."""
    replaces: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """Return it as one line, or as a block with its place before it."""
        effect = f"; this replaces only {' and '.join(self.replaces)}" if self.replaces else ""
        return f"{self.text}{f' at {self.place}' if self.place else ''}{effect}"


class PeeringFault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong."""

    kind: str
    likelihood: Likelihood
    message: str
    why: str
    place: str
    source: str
    fix: SuggestedFix | None = None
    ranges: tuple[IPv4Network, ...] = ()


class NotLookedAt(Struct, frozen=True, kw_only=True):
    """What is not known, and the command that would show it."""

    message: str
    look: str = ""


class Diagnosis(Struct, frozen=True, kw_only=True):
    """One peering: what it routes to, what is wrong, what is not known and what is right."""

    peering: str
    place: str
    routes: tuple[IPv4Network, ...] | None
    kurrent: IPv4Network | None
    network: str
    causes: tuple[PeeringFault, ...]
    unknown: tuple[NotLookedAt, ...]
    right: tuple[str, ...]


def has_peering(scan: Scan) -> bool:
    """Return True if anything that was read may be a peering with Kurrent Cloud, without computing it."""
    evidence = scan.facts.evidence
    types = {kind for kind, meaning in evidence.meanings.items() if meaning.role in ("peering", "half")}
    declared = (block.block.labels for module in scan.modules.values() for block in module.declared.get("resource", ()))
    listed = (
        form.type
        for resource in scan.resources
        for form in evidence.listed_forms.get((resource.command, resource.what), ())
    )
    return (
        any(labels[:1] and labels[0] in types for labels in declared)
        or any(kind in types for kind in listed)
        or any(kind in text for _, text in scan.texts for kind in types)
    )


def diagnose(scan: Scan) -> tuple[Diagnosis, ...]:
    """Return a diagnosis of each peering with Kurrent Cloud."""
    return tuple(dict.fromkeys(map(_diagnosis, peerings_of(scan))))


def _diagnosis(evidence: PeeringEvidence) -> Diagnosis:
    causes = sorted(_causes(evidence), key=lambda cause: _ORDER.index(cause.likelihood))
    first = evidence.resource or evidence.halves[0]
    return Diagnosis(
        peering=evidence.name,
        place=first.place,
        routes=evidence.routes,
        kurrent=evidence.kurrent,
        network=evidence.network.in_words if evidence.network.is_known else "",
        causes=tuple(causes),
        unknown=tuple(dict.fromkeys(_unknown(evidence))),
        right=tuple(_right(evidence, causes)),
    )


def _causes(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    yield from _overlaps(evidence)
    yield from _unrouted(evidence)
    yield from _elsewhere(evidence)
    yield from _picked(evidence)
    yield from _halves(evidence)
    yield from _tables(evidence)
    yield from _switches(evidence)


def _overlaps(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    if evidence.kurrent is None:
        return
    ranges = {r.cidr: r for r in _ranges(evidence)}
    for cidr, range_ in ranges.items():
        if cidr.overlaps(evidence.kurrent):
            yield PeeringFault(
                kind="overlap",
                likelihood="certain",
                message=f"{_called(range_)} {cidr} overlaps the Kurrent network {evidence.kurrent}.",
                why="The cloud refuses a peering between networks that overlap.",
                place=range_.place,
                source=_OVERLAP,
                fix=SuggestedFix(
                    text=f"a Kurrent network with a cidr_block that does not overlap {cidr}",
                    place=_kurrent_place(evidence),
                    replaces=evidence.facts.resources.in_words(evidence.facts.kurrent.network.replaces),
                ),
                ranges=(cidr,),
            )
    for route in evidence.routes or ():
        if route.overlaps(evidence.kurrent) and not any(route.overlaps(cidr) for cidr in ranges if cidr == route):
            fixed = routes_with(evidence.routes, (), evidence.facts, without=route)
            yield PeeringFault(
                kind="route-overlaps",
                likelihood="certain",
                message=f"The route {route} overlaps the Kurrent network {evidence.kurrent}.",
                why="The Kurrent network does not send these packets through the peering.",
                place=_place(evidence, "routes"),
                source=_OVERLAP,
                fix=_routes_fix(evidence, fixed) if fixed else None,
                ranges=(route,),
            )


def _unrouted(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    if evidence.routes is None:
        return
    routes = routed_blocks(evidence.routes)
    missing = missing_ranges(evidence)
    fix = (
        _routes_fix(evidence, routes_with(evidence.routes, missing.unrouted_blocks, evidence.facts))
        if missing.unrouted_blocks
        else None
    )
    for use in ("pods", "nodes"):
        for cluster, range_ in missing.of_clusters:
            if range_.use == use:
                partly = list(routes.overlapping(range_.cidr))
                yield PeeringFault(
                    kind=f"{use}-not-routed",
                    likelihood="certain",
                    message=f"The {use} of cluster {cluster.name}, {range_.cidr}, are outside the peering routes"
                    + (f" except {some(partly)}." if partly else "."),
                    why=_NO_ANSWER,
                    place=range_.place,
                    source=_ROUTING,
                    fix=fix,
                    ranges=(range_.cidr,),
                )
    ranges = tuple(r.cidr for r in missing.others)
    if not ranges:
        return
    shown = some([f"{r.cidr} {r.in_words}" for r in missing.others])
    if missing.is_settled:
        message = f"{counted(len(ranges), 'range')} of the peered network that no cluster here uses: {shown}."
        why = "Add a route for each range that connects to the database."
        yield _uncovered(message, why, evidence, ranges, None, "possible")
    else:
        message = f"{counted(len(ranges), 'range')} outside the peering routes: {shown}."
        yield _uncovered(message, _NO_ANSWER, evidence, ranges, fix, "likely")


def _uncovered(
    message: str,
    why: str,
    evidence: PeeringEvidence,
    ranges: tuple[IPv4Network, ...],
    fix: SuggestedFix | None,
    likelihood: Likelihood,
) -> PeeringFault:
    return PeeringFault(
        kind="ranges-not-routed",
        likelihood=likelihood,
        message=message,
        why=why,
        place=_place(evidence, "routes"),
        source=_ROUTING,
        fix=fix,
        ranges=ranges,
    )


def _halves(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    remedy = _of_cloud(evidence).half
    peering = evidence.resource
    for half in evidence.halves:
        meaning = half.meaning
        status = half.texts(meaning.status)
        if status and not set(status) & set(meaning.good_status):
            yield PeeringFault(
                kind="not-active",
                likelihood="certain",
                message=f"{half.address} is {status[0]}, not {' or '.join(meaning.good_status)}.",
                why=remedy.why if remedy else "An inactive peering carries no traffic.",
                place=half.place,
                source=remedy.source if remedy else _OVERLAP,
            )
        if meaning.must_be_true and False in half.values(meaning.must_be_true):
            yield PeeringFault(
                kind="not-accepted",
                likelihood="certain",
                message=f"{half.address} does not accept the peering: {meaning.must_be_true} is false.",
                why=remedy.why if remedy else "",
                place=half.place_of(meaning.must_be_true),
                source=remedy.source if remedy else _OVERLAP,
                fix=_written(half, f"{meaning.must_be_true} = true", half.place_of(meaning.must_be_true)),
            )
    if evidence.halves or remedy is None or peering is None or not peering.is_managed or evidence.root.unread:
        return
    named = evidence.network.in_words if evidence.network.is_known else "NAME-OF-YOUR-NETWORK"
    network = next((f"{reference}.id" for reference in sorted(evidence.network.references)), f'"{named}"')
    yield PeeringFault(
        kind="not-accepted",
        likelihood="likely",
        message=f"{remedy.message[0].upper()}{remedy.message[1:]}.",
        why=remedy.why,
        place=peering.place,
        source=remedy.source,
        fix=SuggestedFix(
            text=remedy.fix.strip().replace("{network}", network).replace("{peering}", peering.address),
            place=peering.path,
        ),
    )


def _tables(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    remedy = _of_cloud(evidence).table
    if remedy is None:
        return
    used = {range_.owner.address for cluster in evidence.clusters for range_ in cluster.ranges}
    is_known = bool(evidence.clusters) and all(cluster.has_nodes for cluster in evidence.clusters)
    for table in evidence.tables:
        if table.leads is not False:
            continue
        is_used = bool(used & set(table.subnets)) if is_known else bool(table.subnets)
        resource = table.resource
        of_subnets = f", of {some(list(table.subnets))}," if table.subnets else ""
        connection = f"{evidence.halves[0].address}.id" if evidence.halves else "the accepter's id"
        label = resource.address.rpartition(".")[2].strip("]").replace("[", "_").replace('"', "")
        values = {"label": label, "table": f"{resource.address}.id", "kurrent": str(evidence.kurrent or "KURRENT")}
        text = remedy.fix.strip().replace("{connection}", connection)
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        yield PeeringFault(
            kind="no-route",
            likelihood="likely" if is_used else "possible",
            message=f"Route table {resource.address}{of_subnets} has no route to the Kurrent network"
            + (f" {evidence.kurrent}." if evidence.kurrent else "."),
            why=remedy.why,
            place=resource.place,
            source=remedy.source,
            fix=SuggestedFix(text=text, place=resource.path),
        )


def _picked(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    for cluster in evidence.clusters:
        if cluster.pods == "picked":
            yield PeeringFault(
                kind="pods-picked",
                likelihood="likely",
                message=f"Cluster {cluster.name} has no pod range set, so the cloud chooses one.",
                why="A range chosen by the cloud is usually outside the peering routes.",
                place=cluster.resource.place,
                source=_ROUTING,
                fix=_fix_by_listing(cluster),
            )
        if cluster.own_network:
            yield PeeringFault(
                kind="network-picked",
                likelihood="likely",
                message=f"Cluster {cluster.name} has no subnet set: the cloud creates a separate network.",
                why="A peering with another network does not reach its nodes.",
                place=cluster.resource.place,
                source=_ROUTING,
                fix=SuggestedFix(
                    text=_filled(cluster.resource.meaning.own_network_look, cluster) + " shows its network and ranges",
                    place="",
                ),
            )


def _fix_by_listing(cluster: SeenCluster) -> SuggestedFix:
    command = _filled(cluster.resource.meaning.look, cluster)
    return SuggestedFix(text=f"also scan the output of: {command}", place="")


def _filled(command: str, cluster: SeenCluster) -> str:
    resource = cluster.resource
    region = next(iter(resource.texts(resource.meaning.region)), "LOCATION")
    group = next(iter(resource.texts(resource.meaning.own_network_group)), "NODE_RESOURCE_GROUP")
    return (
        command.replace("{name}", quote(cluster.name))
        .replace("{region}", quote(region))
        .replace("{group}", quote(group))
    )


def _switches(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    static = any(cluster.static_routes for cluster in evidence.clusters)
    for half in evidence.halves:
        meaning = half.meaning
        values = {switch: half.values(switch) for switch in meaning.switches}
        off = [switch for switch, status in values.items() if not status or status[0] is False]
        if not off:
            continue
        text = ", ".join(f"{switch} = true" for switch in off)
        if not half.is_managed:
            name, network = (next(iter(half.texts(a)), a.upper()).rpartition("/")[2] for a in ("name", "network"))
            text = meaning.switches_command.replace("{name}", quote(name)).replace("{network}", quote(network))
        places = dict.fromkeys(half.origins[s].place if s in half.origins else half.place_of(s) for s in off)
        yield PeeringFault(
            kind="custom-routes-off",
            likelihood="certain" if static else "possible",
            message=f"{half.address} has {' and '.join(off)} off.",
            why=meaning.switches_why,
            place=half.place,
            source=meaning.switches_source,
            fix=SuggestedFix(text=text, place=some(list(places)) if half.is_managed else ""),
        )


def _elsewhere(evidence: PeeringEvidence) -> Iterator[PeeringFault]:
    if evidence.clusters or not evidence.elsewhere:
        return
    names = some([cluster.name for cluster in evidence.elsewhere])
    yield PeeringFault(
        kind="other-network",
        likelihood="likely",
        message=f"The peered network {evidence.network.in_words} contains no cluster read here: {names} is in another "
        f"network.",
        why="A peering reaches only the peered network, not networks connected to it.",
        place=_place(evidence, "peer_network_id"),
        source=_OVERLAP,
    )


def _unknown(evidence: PeeringEvidence) -> Iterator[NotLookedAt]:
    looks, kurrent = _of_cloud(evidence).looks, evidence.facts.evidence.kurrent_looks
    if evidence.routes is None:
        yield NotLookedAt(message="The peering routes are unknown.", look=kurrent.get("peering", ""))
    if evidence.kurrent is None:
        yield NotLookedAt(
            message="The range of the Kurrent network is unknown, so overlaps were not checked.",
            look=kurrent.get("network", ""),
        )
    if not evidence.clusters and not evidence.elsewhere:
        yield NotLookedAt(
            message="No cluster was read: ranges of nodes and pods were not checked.",
            look=looks.get("clusters", ""),
        )
    for cluster in evidence.clusters:
        if cluster.pods == "unknown":
            yield NotLookedAt(
                message=f"The pod range of cluster {cluster.name} is unknown: {cluster.pods_reason}.",
                look=_filled(cluster.resource.meaning.look, cluster),
            )
        if not cluster.has_nodes and not cluster.own_network:
            yield NotLookedAt(
                message=f"The node range of cluster {cluster.name} is unknown: its subnet was not read.",
                look=looks.get("ranges", ""),
            )
    if not evidence.has_network and not evidence.clusters:
        yield NotLookedAt(message="No range of the peered network was read.", look=looks.get("ranges", ""))
    unsaid = [half for half in evidence.halves if half.meaning.status and not half.texts(half.meaning.status)]
    if unsaid or (not evidence.halves and evidence.cloud):
        yield NotLookedAt(message="The status of the peering is unknown.", look=looks.get("half", ""))
    if _of_cloud(evidence).table:
        if evidence.tables_of_unknown:
            message = "Routes to the Kurrent network exist; their route tables are known only to Terraform."
            yield NotLookedAt(message=message, look=looks.get("tables", ""))
        elif not evidence.tables:
            yield NotLookedAt(message="No route table of the peered network was read.", look=looks.get("tables", ""))
    for call in evidence.root.unread:
        yield NotLookedAt(
            message=f"The resources of {call} are unknown: its module is not available. Scan the state as well."
        )
    yield NotLookedAt(message="Firewalls and network policies: outbound TCP port 2113 must be open.")


def _right(evidence: PeeringEvidence, causes: Sequence[PeeringFault]) -> Iterator[str]:
    wrong = {cause.kind for cause in causes}
    if evidence.routes is not None:
        routes = routed_blocks(evidence.routes)
        for cluster in evidence.clusters:
            for range_ in cluster.ranges:
                if next(routes.holding(range_.cidr), None):
                    yield f"The {range_.use} of cluster {cluster.name}, {range_.cidr}, are inside the peering routes."
        inside = [r.cidr for r in evidence.ranges if r.use != "network" and next(routes.holding(r.cidr), None)]
        if inside and not evidence.clusters:
            yield f"{some(list(map(str, inside)))} {'is' if len(inside) == 1 else 'are'} inside the peering routes."
    if evidence.kurrent and any(_ranges(evidence)) and "overlap" not in wrong:
        yield f"No range overlaps the Kurrent network {evidence.kurrent}."
    for half in evidence.halves:
        if set(half.texts(half.meaning.status)) & set(half.meaning.good_status):
            yield f"{half.address} is {half.texts(half.meaning.status)[0]}."
        if half.meaning.switches and all(True in half.values(switch) for switch in half.meaning.switches):
            yield f"{half.address} exchanges custom routes."
    for table in evidence.tables:
        if table.leads:
            yield f"Route table {table.resource.address} has a route to the Kurrent network."


def _of_cloud(evidence: PeeringEvidence) -> CloudEvidence:
    return evidence.facts.evidence.of_cloud(evidence.cloud)


def _ranges(evidence: PeeringEvidence) -> Iterator[SeenRange]:
    yield from (r for cluster in evidence.clusters for r in cluster.ranges)
    yield from evidence.ranges


def _called(range_: SeenRange) -> str:
    return {"pods": "The range of pods", "nodes": "The subnet", "secondary": "The secondary range"}.get(
        range_.use, "The network's range"
    ) + f" {range_.in_words}"


def _place(evidence: PeeringEvidence, argument: str) -> str:
    resource = evidence.resource or evidence.halves[0]
    origin = resource.origins.get(argument)
    return origin.place if origin else resource.place_of(argument)


def _kurrent_place(evidence: PeeringEvidence) -> str:
    places = (
        kurrent_network.place_of("cidr_block")
        for kurrent_network in evidence.kurrent_networks
        if ranges_of(kurrent_network)
    )
    return next(places, "")


def _written(resource: SeenResource, text: str, place: str, replaces: tuple[str, ...] = ()) -> SuggestedFix:
    """Return the fix at its place, or in words where only a state was read: a state is not edited."""
    if resource.path:
        return SuggestedFix(text=text, place=place, replaces=replaces)
    return SuggestedFix(text=f"{text} in the Terraform files of {resource.address}", place="", replaces=replaces)


def _routes_fix(evidence: PeeringEvidence, routes: Sequence[IPv4Network]) -> SuggestedFix:
    listed = ", ".join(f'"{route}"' for route in routes)
    value = f"[{listed}]"
    resource = evidence.resource
    origin = resource.origins.get("routes") if resource else None
    replaces = evidence.facts.resources.in_words(evidence.facts.kurrent.remote.replaces)
    if resource is None or not resource.is_managed:
        return SuggestedFix(text=f"delete the peering and create it with the routes {value}", place="")
    if origin is None:
        return _written(resource, f"routes = {value}", resource.source, replaces)
    if not origin.is_literal:
        of = "its expression" if origin.name == "routes" else f"the expression of {origin.name}"
        text = f"routes = {value} in place of {of}"
        return SuggestedFix(text=text, place=origin.place, replaces=replaces)
    suffix = "" if origin.name == "routes" else f" (the routes of {resource.address})"
    return SuggestedFix(text=f"{origin.name} = {value}{suffix}", place=origin.place, replaces=replaces)
