"""What a scan read, as the answers for an environment that takes over a peering which exists. Pure.

Nothing is guessed: what was not read is missing, to be asked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network, collapse_addresses
from typing import Any

from msgspec import Struct

from escscaffold.clouds.evidence import AdoptionFacts
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE, Mode
from escscaffold.scanning.found import routed_blocks
from escscaffold.scanning.peering_evidence import PeeringEvidence, SeenRange, names_of, ranges_of
from escscaffold.scanning.peerings import (
    is_of_services,
    is_settled,
    missing_ranges,
    ranges_of_clusters,
    routes_with,
)
from escscaffold.scanning.seen_resources import SeenResource, identity_of

_ARGUMENT = re.compile(r"\{([a-z_]+)(?:\.([a-z_]+))?\}")
_LONGEST_NAME = 20

KeyPath = tuple[str, ...]


class Takeover(Struct, frozen=True, kw_only=True):
    """An object that exists, where the environment has it, and what finds it."""

    to: str
    key: str = ""
    """The key of the instance; nothing where there is one."""
    id: str
    resource: SeenResource
    is_renamed: bool = False
    """Whether the environment gives it another name, which replaces it."""


class Adoptable(Struct, frozen=True, kw_only=True):
    """What can be adopted of one peering."""

    evidence: PeeringEvidence
    answers: Mapping[KeyPath, Any]
    """The keys of the environment, in the shape of the spec."""
    places: Mapping[KeyPath, str]
    """Where each was read."""
    name: str
    """What its resources are called where that keeps their names; nothing where any name will do."""
    takeovers: tuple[Takeover, ...]
    not_found: tuple[SeenResource, ...]
    """Objects that the environment makes and whose ids were not read: they must be removed before."""
    unnamed_databases: tuple[SeenResource, ...]
    """Databases in the Kurrent network whose DNS names were not read: the environment looks none of them up."""
    routes_change: bool
    """Whether the routes differ from those of the peering, so that it is replaced."""


def adoptable(evidence: PeeringEvidence, provider: str) -> Adoptable:
    """Return what the environment of this peering answers; `provider` is the Kurrent provider of the repository."""
    answers: dict[KeyPath, tuple[Any, str]] = {}
    mode = _mode_of(evidence)
    routes, change = _routes(evidence)
    for path, value, place in (
        *_of_cloud(evidence, mode),
        *_of_kurrent(evidence),
        *_of_ranges(evidence, routes),
    ):
        answers.setdefault(path, (value, place))
    takeovers, missing = _takeovers(evidence, provider)
    return Adoptable(
        evidence=evidence,
        answers={path: value for path, (value, _) in answers.items()},
        places={path: place for path, (_, place) in answers.items()},
        name=_kept_name(evidence),
        takeovers=tuple(takeovers),
        not_found=tuple(missing),
        unnamed_databases=tuple(d for d in _databases(evidence) if not any(d.texts("dns_name"))),
        routes_change=change,
    )


def _mode_of(evidence: PeeringEvidence) -> Mode | None:
    clouds = evidence.facts.clouds
    if evidence.cloud not in clouds:
        return None
    return next((mode for mode in clouds[evidence.cloud].modes.values() if mode.others), None)


def _of_cloud(evidence: PeeringEvidence, mode: Mode | None) -> Iterator[tuple[KeyPath, Any, str]]:
    if mode is None:
        return
    first = evidence.resource or evidence.halves[0]
    yield ("cloud",), evidence.cloud, first.place
    yield ("mode",), mode.name, first.place
    peered = set(first.texts(first.meaning.region))
    for resource, argument in ((first, first.meaning.region), *((c, "region") for c in evidence.kurrent_networks)):
        for region in resource.texts(argument):
            key = "kurrent_region" if peered and region not in peered else "region"
            yield (key,), region, resource.place
    texts = list(_texts_of_network(evidence))
    for name, facts in mode.existing.items():
        part = _facts_of(evidence).existing.get(name)
        for text, place in texts:
            match = re.search(part.pattern, text) if part else None
            value = (match[1] if match else "") if part else text.rpartition("/")[2]
            if value and re.fullmatch(facts.pattern, value):
                yield ("existing", name), value, place
                break
    yield from _of_settings(evidence, first.place)


def _facts_of(evidence: PeeringEvidence) -> AdoptionFacts:
    return evidence.facts.evidence.adoption(evidence.cloud)


def _of_settings(evidence: PeeringEvidence, place: str) -> Iterator[tuple[KeyPath, Any, str]]:
    """Yield what holds wherever a peering exists, and what the network's arguments say."""
    facts = _facts_of(evidence)
    for key, settled in facts.settings.items():
        yield tuple(key.split(".")), settled, place
    for resource in evidence.root.resources:
        if resource.meaning.role == "network" and names_of(resource).is_same(evidence.network):
            for setting in facts.network_settings:
                for value in resource.values(setting.argument):
                    if (word := str(value).lower()) in setting.values:
                        yield tuple(setting.key.split(".")), setting.values[word], resource.place_of(setting.argument)


def _texts_of_network(evidence: PeeringEvidence) -> Iterator[tuple[str, str]]:
    """Yield what names the peered network, whole paths first, each with its place."""
    texts: dict[str, str] = {}
    sources = [(evidence.resource, evidence.resource.meaning.network)] if evidence.resource else []
    sources += [(half, half.meaning.network) for half in evidence.halves]
    for resource in evidence.root.resources:
        if resource.meaning.role == "network" and names_of(resource).is_same(evidence.network):
            sources += [(resource, argument) for argument in resource.meaning.names]
    for resource, argument in sources:
        for text in resource.texts(argument):
            texts.setdefault(text, resource.place)
    yield from sorted(texts.items(), key=lambda pair: ("/" not in pair[0], pair[0]))


def _of_kurrent(evidence: PeeringEvidence) -> Iterator[tuple[KeyPath, Any, str]]:
    networks = evidence.kurrent_networks
    first = evidence.resource or (networks[0] if networks else None)
    if first is None:
        return
    yield ("parts", "kurrent-project"), "existing", first.place
    yield ("parts", "kurrent-network"), "existing", first.place
    for network in networks:
        for name in network.texts("name"):
            yield ("existing", "kurrent-network"), name, network.place
    projects = [resource for resource in evidence.root.resources if resource.meaning.role == "kurrent-project"]
    expected = identity_of(value for resource in (first, *networks) for value in resource.values("project_id"))
    for project in projects:
        if len(projects) == 1 or expected.is_same(names_of(project)):
            for name in project.texts("name"):
                yield ("existing", "kurrent-project"), name, project.place
    for database in _databases(evidence):
        for name in database.texts("dns_name"):
            yield ("parts", "database"), "existing", database.place
            yield ("existing", "database"), name, database.place
            for topology in database.texts("topology"):
                yield ("database", "topology"), topology.lower(), database.place
    yield ("parts", "database"), "absent", first.place


def _databases(evidence: PeeringEvidence) -> Iterator[SeenResource]:
    """Yield the databases in the Kurrent network of the peering."""
    for resource in evidence.root.resources:
        if resource.meaning.role == "database":
            at = identity_of(resource.values("network_id"))
            if any(at.is_same(names_of(network)) for network in evidence.kurrent_networks):
                yield resource


def _routes(evidence: PeeringEvidence) -> tuple[list[IPv4Network], bool]:
    missing = missing_ranges(evidence)
    routes = routes_with(evidence.routes, missing.unrouted_blocks, evidence.facts)
    return routes, evidence.routes is None or set(routes) != set(evidence.routes)


def _of_ranges(evidence: PeeringEvidence, routes: Sequence[IPv4Network]) -> Iterator[tuple[KeyPath, Any, str]]:
    for network in evidence.kurrent_networks:
        for range_ in ranges_of(network):
            yield ("ranges", "kurrent"), str(range_.cidr), range_.place
    named = dict(_named_ranges(evidence))
    for name, range_ in named.items():
        yield ("ranges", name), str(range_.cidr), range_.place
    if not named:
        return
    place = evidence.resource.place_of("routes") if evidence.resource else ""
    yield ("routes",), "exact", place
    # Exact routes are joined where they are adjacent; those that exist stay as they are.
    if set(routes) != set(collapse_addresses(range_.cidr for range_ in named.values())):
        yield ("ranges", "remote"), [str(route) for route in routes], place


def _named_ranges(evidence: PeeringEvidence) -> Iterator[tuple[str, SeenRange]]:
    """Yield the ranges that must reach the database, each block once, by a name that the spec can have."""
    several = len(evidence.clusters) > 1
    chosen: dict[IPv4Network, tuple[str, SeenRange]] = {}
    for cluster, range_ in ranges_of_clusters(evidence):
        chosen.setdefault(range_.cidr, (f"{cluster.name}-{range_.use}" if several else range_.use, range_))
    if not is_settled(evidence):
        for range_ in evidence.ranges:
            if range_.use in ("nodes", "secondary") and not is_of_services(range_):
                label = range_.label or range_.owner.address.rpartition(".")[2]
                chosen.setdefault(range_.cidr, (label, range_))
    if not chosen:
        # Without subnets and clusters what is known to need the database is the network, as far as it is routed to.
        routed = routed_blocks(evidence.routes or ())
        for range_ in evidence.ranges:
            if range_.use == "network" and next(routed.holding(range_.cidr), None):
                chosen.setdefault(range_.cidr, ("network", range_))
    taken = {*RANGES_OF_EVERY_MODE}
    for cidr, (label, range_) in chosen.items():
        if evidence.kurrent is None or not cidr.overlaps(evidence.kurrent):
            yield _free_name(label, taken), range_


def _free_name(label: str, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-0123456789")[:_LONGEST_NAME].strip("-") or "range"
    name, number = words, 1
    while name in taken:
        number += 1
        name = f"{words[: _LONGEST_NAME - len(str(number)) - 1].rstrip('-')}-{number}"
    taken.add(name)
    return name


def _takeovers(evidence: PeeringEvidence, provider: str) -> tuple[list[Takeover], list[SeenResource]]:
    takeovers: list[Takeover] = []
    missing: list[SeenResource] = []
    peering = evidence.resource
    if peering is not None:
        project, ids = peering.texts("project_id"), peering.texts("id")
        if project and ids:
            to = f"module.kurrent_peering.{provider}_peering.this"
            takeovers.append(Takeover(to=to, id=f"{project[0]}:{ids[0]}", resource=peering))
        else:
            missing.append(peering)
    facts = _facts_of(evidence)
    for resource in (*evidence.halves, *_routes_to_kurrent(evidence), *_permissions(evidence)):
        for form in facts.imports:
            if form.type != resource.type:
                continue
            key, id_ = _filled(form.key, resource, facts.parts), _filled(form.id, resource, facts.parts)
            if key is None or id_ is None:
                missing.append(resource)
                continue
            keeps_name = not form.name_prefix or bool(_kept_name(evidence))
            takeovers.append(Takeover(to=form.to, key=key, id=id_, resource=resource, is_renamed=not keeps_name))
    return list({(takeover.to, takeover.key): takeover for takeover in takeovers}.values()), missing


def _routes_to_kurrent(evidence: PeeringEvidence) -> list[SeenResource]:
    """Return the routes to the Kurrent network that stand by themselves, in all route tables."""
    if evidence.kurrent is None:
        return []
    return [
        resource
        for resource in evidence.root.resources
        if resource.meaning.role == "route" and str(evidence.kurrent) in resource.texts(resource.meaning.destination)
    ]


def _permissions(evidence: PeeringEvidence) -> list[SeenResource]:
    """Return what lets Kurrent Cloud peer with the network: the role that allows it, and what refers to that role.

    Which of two such roles is Kurrent's is not known, so neither is taken.
    """
    forms = {form.type: form for form in _facts_of(evidence).imports}
    of_network = [
        resource
        for resource in evidence.root.resources
        if resource.meaning.role == "permission"
        and resource.is_managed
        and not resource.is_data
        and resource.type in forms
        and identity_of(resource.values(resource.meaning.network)).is_same(evidence.network)
    ]
    roles = [
        resource
        for resource in of_network
        if (expected := forms[resource.type].holds)
        and all(value in resource.texts(at) for at, value in expected.items())
    ]
    if len(roles) != 1 or not roles[0].texts("id"):
        return []
    assignments = [
        resource
        for resource in of_network
        if (names := forms[resource.type].refers_to)
        and resource.texts("id")
        and all(set(resource.texts(at)) & set(roles[0].texts(of)) for at, of in names.items())
    ]
    return [*roles, *(assignments if len(assignments) == 1 else [])]


def _filled(text: str, resource: SeenResource, parts: Mapping[str, str]) -> str | None:
    """Return a form's text with the values of a resource; None where one of them is not known."""
    values: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        texts = resource.texts(match[1])
        if texts and match[2]:
            part = re.search(parts[match[2]], texts[0])
            texts = [part[1]] if part else []
        if not texts:
            return None
        values[match[0]] = texts[0]
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def _kept_name(evidence: PeeringEvidence) -> str:
    """Return the environment's name with which the halves keep theirs; nothing where none does."""
    forms = _facts_of(evidence).imports
    for half in evidence.halves:
        for form in forms:
            for name in half.texts("name") if form.type == half.type and form.name_prefix else ():
                rest = name.removeprefix(form.name_prefix)
                if name != rest and re.fullmatch(r"[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?", rest):
                    return rest
    return ""
