"""What the resources that were read say of each peering: networks, ranges, clusters, halves and route tables. Pure."""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.evidence import Use
from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.found import Scan, networks_in
from escscaffold.scanning.seen_resources import (
    Identity,
    SeenResource,
    SeenRoot,
    identities_in,
    identity_of,
    is_reference_to,
    reference_to,
    seen_roots,
)
from escscaffold.terraform.hcl_values import Unknown, Value, unknowns_in

Pods = Literal["known", "picked", "unknown", "of the subnets"]


class SeenRange(Struct, frozen=True, kw_only=True):
    """A range, what it is for, and the resource that has it."""

    cidr: IPv4Network
    use: Use
    owner: SeenResource
    label: str = ""
    """What its block is called, as that of a secondary range."""
    place: str
    region: str = ""

    @property
    def in_words(self) -> str:
        """Return what a person would call it."""
        return f"{self.owner.address} {self.label}".rstrip()


class SeenCluster(Struct, frozen=True, kw_only=True):
    """A cluster, and the ranges that its nodes and pods have."""

    resource: SeenResource
    name: str
    ranges: tuple[SeenRange, ...]
    services: tuple[SeenRange, ...]
    pods: Pods
    """How the range of its pods is known."""
    pods_reason: str = ""
    has_nodes: bool
    """Whether the range of its nodes is known."""
    static_routes: bool
    own_network: bool


class SeenTable(Struct, frozen=True, kw_only=True):
    """A route table of the peered network, and whether it has a route to the Kurrent network."""

    resource: SeenResource
    leads: bool | None
    """None where that is not known."""
    subnets: tuple[str, ...]


class PeeringEvidence(Struct, frozen=True, kw_only=True):
    """One peering with Kurrent Cloud, and all that was read about it."""

    facts: Facts
    root: SeenRoot
    resource: SeenResource | None
    """None where only the other half is known."""
    name: str
    cloud: str
    routes: tuple[IPv4Network, ...] | None
    """None where they are not known."""
    kurrent: IPv4Network | None
    kurrent_networks: tuple[SeenResource, ...]
    """The Kurrent network, as it is created or looked up; empty where it was not read."""
    network: Identity
    has_network: bool
    """Whether anything that was read is in the peered network."""
    ranges: tuple[SeenRange, ...]
    """The ranges of the peered network that no cluster is known to use."""
    clusters: tuple[SeenCluster, ...]
    elsewhere: tuple[SeenCluster, ...]
    """Clusters of other networks."""
    halves: tuple[SeenResource, ...]
    tables: tuple[SeenTable, ...]
    tables_of_unknown: bool
    """Whether routes were read of which it is not known in which table they are."""


def peerings_of(scan: Scan) -> list[PeeringEvidence]:
    """Return the evidence about each root module's peerings, and about halves whose peering is not in it."""
    roots = seen_roots(scan.modules, scan.texts, scan.resources, scan.facts)
    return [peering for root in roots for peering in _Root(root, scan.facts).peerings()]


class _Root:
    """Looks for what belongs to a peering."""

    def __init__(self, root: SeenRoot, facts: Facts) -> None:
        self.root = root
        self.facts = facts
        self.by_role: dict[str, list[SeenResource]] = {}
        for resource in root.resources:
            self.by_role.setdefault(resource.meaning.role, []).append(resource)
        self.networks = [(network, names_of(network)) for network in self._of("network")]
        self.kurrent = [(network, names_of(network)) for network in self._of("kurrent-network")]
        self.subnets = [(subnet, names_of(subnet)) for subnet in self._of("subnet")]

    def _of(self, *roles: str) -> list[SeenResource]:
        return [resource for role in roles for resource in self.by_role.get(role, ())]

    def peerings(self) -> tuple[PeeringEvidence, ...]:
        halves = self._of("half")
        evidence: list[PeeringEvidence] = []
        taken: set[str] = set()
        peerings = [peering for peering in self._of("peering") if not peering.is_data]
        for peering in peerings:
            network = self._network(peering.values(peering.meaning.network))
            of_it = [half for half in halves if self._is_half_of(half, peering, network, alone=len(peerings) == 1)]
            taken |= {half.address for half in of_it}
            evidence.append(self._evidence(peering, network, of_it))
        for half in halves:
            if half.address not in taken and _is_kurrents(half):
                evidence.append(self._evidence(None, self._network(half.values(half.meaning.network)), [half]))
        return tuple(evidence)

    def _network(self, values: Sequence[Value]) -> Identity:
        """Return the identity of a network by an argument's values, with all its other known names."""
        identity = identity_of(values)
        for _, other in self.networks:
            if identity.is_known and identity.is_same(other):
                identity = identity.joined(other)
        return identity

    def _is_half_of(self, half: SeenResource, peering: SeenResource, network: Identity, *, alone: bool) -> bool:
        meaning = half.meaning
        for argument in (meaning.peer, meaning.connection):
            for value in half.values(argument):
                if is_reference_to(value, [peering.address]):
                    return True
                if any(identity_of([value]).is_same(identity_of([metadata])) for metadata in _metadata(peering)):
                    return True
        same = self._network(half.values(meaning.network)).is_same(network)
        if meaning.peer and any(isinstance(value, str) for value in half.values(meaning.peer)):
            return _is_kurrents(half) and same
        if meaning.connection and any(isinstance(value, str) for value in half.values(meaning.connection)):
            return alone and not _metadata(peering) and (same or not half.values(meaning.network))
        return alone and (same or not half.values(meaning.network))

    def _evidence(self, peering: SeenResource | None, network: Identity, halves: list[SeenResource]) -> PeeringEvidence:
        cloud = self._cloud(peering, network, halves)
        clusters = [self._cluster(cluster) for cluster in self._of("cluster") if cloud in ("", cluster.meaning.cloud)]
        inside = [cluster for cluster, at in clusters if not network.is_known or not at.is_known or at.is_same(network)]
        elsewhere = [
            cluster for cluster, at in clusters if network.is_known and at.is_known and not at.is_same(network)
        ]
        used = {(r.cidr, r.owner.address) for cluster in inside for r in (*cluster.ranges, *cluster.services)}
        ranges = [
            range_
            for resource in self._of("network", "block", "subnet")
            if cloud in ("", resource.meaning.cloud) and self._is_in(resource, network)
            for range_ in ranges_of(resource)
            if (range_.cidr, range_.owner.address) not in used
        ]
        kurrent_networks = self._kurrent_networks(peering)
        kurrent = next((r.cidr for kurrent_network in kurrent_networks for r in ranges_of(kurrent_network)), None)
        tables, unknown = self._tables(peering, network, halves, cloud, kurrent)
        first = peering or halves[0]
        inside = [
            replace(range_, own_network=range_.own_network and not self._is_made_by(range_, network))
            for range_ in inside
        ]
        return PeeringEvidence(
            facts=self.facts,
            root=self.root,
            resource=peering,
            name=first.address,
            cloud=cloud,
            routes=_routes(peering),
            kurrent=kurrent,
            kurrent_networks=kurrent_networks,
            network=network,
            has_network=bool(ranges or used or any(network.is_same(identity) for _, identity in self.networks)),
            ranges=tuple(ranges),
            clusters=tuple(inside),
            elsewhere=tuple(elsewhere),
            halves=tuple(halves),
            tables=tuple(tables),
            tables_of_unknown=unknown,
        )

    def _cloud(self, peering: SeenResource | None, network: Identity, halves: list[SeenResource]) -> str:
        for half in halves:
            return half.meaning.cloud
        if peering:
            for text in (*peering.texts("peer_resource_provider"), *peering.texts("resource_provider")):
                return text.lower()
            for kurrent_network, names in self.kurrent:
                if any(identity_of([value]).is_same(names) for value in peering.values("network_id")):
                    for text in kurrent_network.texts("resource_provider"):
                        return text.lower()
        for resource, identity in self.networks:
            if identity.is_same(network):
                return resource.meaning.cloud
        clouds = {resource.meaning.cloud for resource in self.root.resources} - {""}
        return min(clouds) if len(clouds) == 1 else ""

    def _is_in(self, resource: SeenResource, network: Identity) -> bool:
        is_network = resource.meaning.role == "network"
        at = names_of(resource) if is_network else self._network(resource.values(resource.meaning.network))
        return not network.is_known or not at.is_known or at.is_same(network)

    def _kurrent_networks(self, peering: SeenResource | None) -> tuple[SeenResource, ...]:
        """Return the Kurrent network of a peering; the only one that was read where the peering names none."""
        network_ids = identity_of(peering.values("network_id")) if peering else Identity()
        named = tuple(network for network, names in self.kurrent if names.is_same(network_ids))
        if named or network_ids.names:
            return named
        return tuple(network for network, _ in self.kurrent) if len(self.kurrent) == 1 else ()

    def _cluster(self, resource: SeenResource) -> tuple[SeenCluster, Identity]:
        meaning = resource.meaning
        pools = [pool for pool in self._of("pool") if self._is_pool_of(pool, resource)]
        node_ids = [
            i for part in (resource, *pools) for a in part.meaning.subnets for i in identities_in(part.values(a))
        ]
        pod_ids = [
            i for part in (resource, *pools) for a in part.meaning.pod_subnets for i in identities_in(part.values(a))
        ]
        network_ids = [*node_ids, *pod_ids]
        network = self._network(resource.values(meaning.network))
        if not network.is_known and not network_ids and meaning.network_default:
            network = self._network([meaning.network_default])
        region = next(iter(resource.texts(meaning.region)), "")
        subnets = [
            (subnet, names)
            for subnet, names in self.subnets
            if any(identity.is_same(names) for identity in network_ids)
            or (not network_ids and meaning.network_default and _is_automatic(subnet, network))
        ]
        # A subnet of the same name is in every region of a network whose subnets the cloud made.
        in_region = [subnet for subnet, _ in subnets if not region or region.startswith(_region(subnet) or region)]
        if not network.is_known:
            for subnet in in_region:
                network = network.joined(self._network(subnet.values(subnet.meaning.network)))
        of_pods = [
            subnet
            for subnet, names in self.subnets
            if any(identity.is_same(names) for identity in pod_ids)
            and not any(identity.is_same(names) for identity in node_ids)
        ]
        of_subnets = [r for subnet in in_region if subnet not in of_pods for r in ranges_of(subnet)]
        of_cluster = [r for resource in (resource, *pools) for r in ranges_of(resource)]
        pods_named = {
            text for resource in (resource, *pools) for a in resource.meaning.pods_named for text in resource.texts(a)
        }
        services_named = {text for a in meaning.services_named for text in resource.texts(a)}
        pods = [r for r in of_cluster if r.use == "pods"] + [
            r for r in of_subnets if r.use == "secondary" and r.label in pods_named
        ]
        pods += [r for subnet in in_region if subnet in of_pods for r in ranges_of(subnet)]
        services = [r for r in of_cluster if r.use == "services"]
        services += [r for r in of_subnets if r.use == "secondary" and r.label in services_named]
        # A cluster in use has both its pods' range and the secondary range that it is.
        blocks = {r.cidr for r in pods}
        services += [r for r in of_subnets if r.use == "secondary" and r.cidr in {service.cidr for service in services}]
        pods += [r for r in of_subnets if r.use == "secondary" and r.cidr in blocks and r not in pods]
        nodes = [r for r in of_subnets if r.use == "nodes"]
        state, reason = _pods_of(resource, pods, pods_named)
        cluster = SeenCluster(
            resource=resource,
            name=next(iter(resource.texts("name")), resource.address),
            ranges=(*nodes, *(replace(r, use="pods") for r in pods)),
            services=tuple(services),
            pods=state,
            pods_reason=reason,
            has_nodes=bool(nodes),
            static_routes=any(
                text in words for argument, words in meaning.static_routes.items() for text in resource.texts(argument)
            ),
            own_network=bool(meaning.own_network) and not resource.values(meaning.own_network),
        )
        return cluster, network

    def _is_made_by(self, cluster: SeenCluster, network: Identity) -> bool:
        """Return True if the peered network is looked up by the cluster's own arguments."""
        return any(
            source[0] == cluster.resource.address
            for known_network, identity in self.networks
            if identity.is_same(network)
            for unknown in unknowns_in(list(known_network.attributes.values()))
            for source in unknown.sources
        )

    def _is_pool_of(self, pool: SeenResource, cluster: SeenResource) -> bool:
        return pool.meaning.cloud == cluster.meaning.cloud and identity_of(pool.values(pool.meaning.cluster)).is_same(
            names_of(cluster)
        )

    def _tables(
        self,
        peering: SeenResource | None,
        network: Identity,
        halves: list[SeenResource],
        cloud: str,
        kurrent: IPv4Network | None,
    ) -> tuple[list[SeenTable], bool]:
        if self.facts.evidence.of_cloud(cloud).table is None:
            return [], False
        tables = [
            (table, names_of(table))
            for table in self._of("table")
            if self._network(table.values(table.meaning.network)).is_same(network)
            or not table.values(table.meaning.network)
        ]
        ids = [
            peering.address for peering in (*((peering,) if peering else ()), *halves, *(k for k, _ in self.kurrent))
        ]
        routes = [
            (identity_of(route.values(route.meaning.table)), route)
            for route in self._of("route")
            if _leads(route.values(route.meaning.destination), route.values(route.meaning.through), kurrent, ids)
        ]
        associations = [
            (identity_of(association.values(association.meaning.table)), association)
            for association in self._of("association")
        ]
        seen: list[SeenTable] = []
        matched: set[str] = set()
        for table, names in tables:
            of_it = [route for at, route in routes if at.is_same(names)]
            matched |= {route.address for route in of_it}
            leads: bool | None = bool(of_it)
            if inline := table.meaning.inline:
                blocks = [block for block in table.values(inline.at) if isinstance(block, dict)]
                leads = leads or any(
                    _leads([block.get(inline.destination)], [block.get(inline.through)], kurrent, ids)
                    for block in blocks
                )
            of_subnets = [
                identity
                for at, association in associations
                if at.is_same(names)
                for argument in association.meaning.subnets
                for identity in identities_in(association.values(argument))
            ]
            subnets = [
                subnet.address for subnet, identity in self.subnets if any(identity.is_same(s) for s in of_subnets)
            ]
            seen.append(SeenTable(resource=table, leads=leads, subnets=tuple(subnets)))
        has_unassociated = any(route.address not in matched for _, route in routes)
        if has_unassociated:
            seen = [replace(subnet, leads=subnet.leads or None) for subnet in seen]
        return seen, has_unassociated


def ranges_of(resource: SeenResource) -> list[SeenRange]:
    """Return the ranges that a resource's arguments hold, each block once."""
    ranges: dict[tuple[IPv4Network, str], SeenRange] = {}
    region = _region(resource)
    for argument in resource.meaning.ranges:
        pairs: list[tuple[Value, Value]] = []
        if argument.named:
            outer, _, inner = argument.at.rpartition(".")
            _, _, naming = argument.named.rpartition(".")
            blocks = [block for block in resource.values(outer) if isinstance(block, dict)]
            pairs = [(block.get(inner), block.get(naming)) for block in blocks]
        else:
            pairs = [(value, "") for value in resource.values(argument.at)]
        for value, label in pairs:
            for text in value if isinstance(value, list) else [value]:
                for network in networks_in(text) if isinstance(text, str) else ():
                    if isinstance(network, IPv4Network):
                        range_ = SeenRange(
                            cidr=network,
                            use=argument.use,
                            owner=resource,
                            label=label if isinstance(label, str) else "",
                            place=resource.place_of(argument.at),
                            region=region,
                        )
                        ranges.setdefault((network, range_.label), range_)
    return list(ranges.values())


def names_of(resource: SeenResource) -> Identity:
    """Return all that is known to name a resource: its address, and what its own arguments spell."""
    identity = reference_to(resource.address)
    for argument in resource.meaning.names:
        # Names that other resources decide are theirs: only what is written out is its own.
        identity = identity.joined(identity_of(resource.texts(argument)))
    return identity


def _metadata(peering: SeenResource) -> set[str]:
    """Return the ids that Kurrent Cloud gave the other half."""
    return {
        value for metadata in peering.values("provider_metadata") if isinstance(metadata, dict)
        for value in metadata.values() if isinstance(value, str) and value
    }  # fmt: skip


def _is_kurrents(half: SeenResource) -> bool:
    pattern = half.meaning.kurrent_peer
    return bool(pattern) and any(re.search(pattern, text) for text in half.texts(half.meaning.peer))


def _routes(peering: SeenResource | None) -> tuple[IPv4Network, ...] | None:
    if peering is None:
        return None
    values = peering.values("routes")
    if not values or any(isinstance(value, Unknown) for value in values):
        return None
    return tuple(r.cidr for r in ranges_of(peering) if r.use == "routes")


def _pods_of(cluster: SeenResource, pods: list[SeenRange], named: Iterable[str]) -> tuple[Pods, str]:
    picks = cluster.meaning.picks_pods
    if pods:
        return "known", ""
    if not picks:
        return "of the subnets", ""
    if named:
        return "unknown", f"its subnet was not read, which has the secondary range {', '.join(sorted(named))}"
    for argument in (picks, *cluster.meaning.pods_named):
        if unknown := next((value for value in cluster.values(argument) if isinstance(value, Unknown)), None):
            return "unknown", unknown.reason
    for outer in {argument.partition(".")[0] for argument in (picks, *cluster.meaning.pods_named)}:
        if unknown := next((value for value in cluster.values(outer) if isinstance(value, Unknown)), None):
            return "unknown", unknown.reason
    return "picked", ""


def _region(resource: SeenResource) -> str:
    """Return the region of a resource, the last part of what may be a link."""
    return next(iter(resource.texts(resource.meaning.region)), "").rpartition("/")[2]


def _is_automatic(subnet: SeenResource, network: Identity) -> bool:
    """Return True for the subnet that a network has of itself in a region: it has the network's name."""
    return any(text.lower() in network.names for text in subnet.texts("name")) and identity_of(
        subnet.values(subnet.meaning.network)
    ).is_same(network)


def _leads(
    destinations: Sequence[Value], through: Sequence[Value], kurrent: IPv4Network | None, ids: Sequence[str]
) -> bool:
    """Return True if a route leads into a peering and to the Kurrent network, as far as both are known."""
    if not any(through):
        return False
    for destination in destinations:
        if isinstance(destination, str) and kurrent:
            if any(isinstance(block, IPv4Network) and kurrent.subnet_of(block) for block in networks_in(destination)):
                return True
        elif isinstance(destination, Unknown) and (not kurrent or is_reference_to(destination, ids)):
            return True
        elif isinstance(destination, str):
            return any(is_reference_to(value, ids) for value in through)
    return False
