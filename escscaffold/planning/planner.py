"""Plans a repository: keeps what is pinned or granted, then places the rest, environment by environment.

Pure: the same spec and the same grants give the same plan. What is wrong with a plan is for the
rules to say; a range without room stands in `unplaced`.
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, collapse_addresses

from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.placing import WIDEST_SUPERNET, Ground, pack, place_one, place_together
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, Granted, PlannedRange, Unplaced
from escscaffold.planning.ranges import aligned, free_blocks, smallest_supernet
from escscaffold.planning.requests import Request, requests_of
from escscaffold.spec.model import EnvironmentSpec, Spec

Blocks = dict[str, IPv4Network]


def plan_addresses(spec: Spec, granted: Granted | None = None) -> AddressPlan:
    """Return where every range of every environment lies.

    `granted` is what earlier plans placed (the lock): such a range stays where it is, so that
    adding, removing or resizing one range never moves another.
    """
    requests = {name: requests_of(one, granted or {}) for name, one in spec.environments.items()}
    blocks = {name: _known(requests[name]) for name in spec.environments}
    # The ranges that need a common supernet come first, in every environment: the others fit anywhere.
    for place in (_place_covered, _place_inside, _place_apart):
        for name, environment in spec.environments.items():
            claims = [c for other in requests if other != name for c in _claims(spec, other, requests, blocks)]
            forbidden = [f.cidr for f in environment.cloud.forbidden]
            taken = [*spec.reserved.values(), *claims, *forbidden]
            blocks[name] |= place(environment, requests[name], blocks[name], taken)
    return AddressPlan(
        spec=spec,
        environments=tuple(_as_plan(one, requests[name], blocks[name]) for name, one in spec.environments.items()),
    )


def remote_ranges(spec: EnvironmentSpec, covered: Sequence[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return what the peering shall route to: the given ranges, the exact ones, or one supernet.

    Empty where the supernet would be wider than a route may be.
    """
    if spec.remote:
        return spec.remote
    if not covered:
        return ()
    if spec.routes == "exact":
        return tuple(collapse_addresses(covered))
    supernet = smallest_supernet(covered)
    narrowest = load_kurrent().remote.longest_prefix_length
    if supernet.prefixlen > narrowest:
        return (aligned(supernet, narrowest),)
    return (supernet,) if supernet.prefixlen >= WIDEST_SUPERNET else ()


def _known(requests: Iterable[Request]) -> Blocks:
    """Return the places that are given, and those of ranges that must hold a given one."""
    blocks = {r.name: r.block for r in requests if r.block is not None}
    for holder in requests:
        held = [blocks[r.name] for r in requests if r.facts.inside == holder.name and r.name in blocks]
        if holder.block is None and held:
            inner = smallest_supernet(held)
            if inner.prefixlen >= holder.prefix_length or not holder.asked:
                blocks[holder.name] = aligned(inner, min(inner.prefixlen, _holder_length(holder, requests)))
    return blocks


def _holder_length(holder: Request, requests: Iterable[Request]) -> int:
    """Return the prefix length that a person asked for, or one that has room for what is inside."""
    if holder.asked:
        return holder.prefix_length
    needed = sum(1 << (32 - r.prefix_length) for r in requests if r.facts.inside == holder.name)
    return min(holder.prefix_length, 32 - (needed - 1).bit_length()) if needed else holder.prefix_length


def _claims(
    spec: Spec, name: str, requests: Mapping[str, Sequence[Request]], blocks: Mapping[str, Blocks]
) -> list[IPv4Network]:
    """Return what an environment keeps others off: its ranges that cross the peering, and its remote range."""
    placed = [(r, blocks[name][r.name]) for r in requests[name] if r.name in blocks[name]]
    crossing = [block for r, block in placed if not _hidden(r)]
    covered = [block for r, block in placed if r.facts.covered]
    return [*crossing, *remote_ranges(spec.environments[name], covered)]


def _hidden(request: Request) -> bool:
    return request.facts.implied_hidden if request.origin == "implied" else request.facts.hidden


def _place_covered(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place what the peering must route to, under the tightest supernet."""
    covered = [r for r in requests if r.facts.covered]
    wanted = [r for r in covered if r.name not in blocks]
    pinned = [blocks[r.name] for r in covered if r.name in blocks]
    ground = Ground(
        pools=load_kurrent().private_ranges,
        taken=(*taken, *blocks.values()),
        off_limits=tuple(blocks[name] for name in ("kurrent",) if name in blocks),
    )
    together = place_together([_holder_length(r, requests) for r in wanted], pinned, ground)
    return dict(zip((r.name for r in wanted), together or (), strict=False))


def _place_inside(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place the parts of each range that holds others."""
    placed: Blocks = {}
    for holder in [r for r in requests if r.name in blocks]:
        inside = [r for r in requests if r.facts.inside == holder.name]
        wanted = [r for r in inside if r.name not in blocks]
        used = [blocks[r.name] for r in inside if r.name in blocks]
        lengths = [r.prefix_length for r in wanted]
        # A pinned holder may lie on ground to avoid: that is a finding, and no reason to leave its parts out.
        clear = pack(lengths, free_blocks(blocks[holder.name], [*used, *taken]))
        packed = clear or pack(lengths, free_blocks(blocks[holder.name], used))
        placed |= zip((r.name for r in wanted), packed or (), strict=False)
    return placed


def _place_apart(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place what stands by itself, the Kurrent network first, off everything that the peering routes to."""
    placed: Blocks = {}
    routed = remote_ranges(spec, [blocks[r.name] for r in requests if r.facts.covered and r.name in blocks])
    for request in requests:
        if request.name not in blocks and not request.facts.covered and not request.facts.inside:
            used = (*taken, *routed, *blocks.values(), *placed.values())
            ground = Ground(pools=load_kurrent().private_ranges, taken=used, off_limits=())
            block = place_one(request.prefix_length, request.facts.preferred, ground)
            placed |= {request.name: block} if block else {}
    return placed


def _as_plan(spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks) -> EnvironmentPlan:
    ranges = tuple(
        PlannedRange(name=r.name, cidr=blocks[r.name], origin=r.origin, facts=r.facts)
        for r in requests
        if r.name in blocks
    )
    unplaced = tuple(
        Unplaced(name=r.name, prefix_length=r.prefix_length, facts=r.facts) for r in requests if r.name not in blocks
    )
    remote = remote_ranges(spec, [r.cidr for r in ranges if r.facts.covered])
    return EnvironmentPlan(spec=spec, ranges=ranges, remote=remote, unplaced=unplaced)
