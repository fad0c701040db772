"""The four steps of placing one environment: holders of pinned parts, what is covered, parts, and the rest.

Each step takes what has its place and what is taken elsewhere, and returns further places. Pure.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, collapse_addresses

from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.placing import Ground, pack, place_one, place_together
from escscaffold.planning.ranges import aligned, free_blocks, overlaps_any, smallest_supernet
from escscaffold.planning.requests import Request
from escscaffold.spec.model import EnvironmentSpec

Blocks = dict[str, IPv4Network]


def remote_ranges(spec: EnvironmentSpec, covered: Sequence[IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return what the peering shall route to: the given ranges, the exact ones, or one supernet.

    Empty where the supernet would be wider than a route may be.
    """
    limits = load_kurrent().remote
    if spec.remote:
        return spec.remote
    if not covered:
        return ()
    if spec.routes == "exact":
        return tuple(collapse_addresses(covered))
    supernet = smallest_supernet(covered)
    if supernet.prefixlen > limits.longest_prefix_length:
        return (aligned(supernet, limits.longest_prefix_length),)
    return (supernet,) if supernet.prefixlen >= limits.shortest_prefix_length else ()


def place_holders(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place the ranges that must hold one which has its place: a network around pinned subnets.

    Where nobody asked for its size, a smaller one that is clear of everything wins over the usual size.
    """
    placed: Blocks = {}
    for holder in (r for r in requests if r.name not in blocks):
        held = [blocks[r.name] for r in requests if r.facts.inside == holder.name and r.name in blocks]
        if not held:
            continue
        inner = smallest_supernet(held)
        usual = _holder_length(holder, requests)
        lengths = [usual] if holder.asked else range(min(usual, inner.prefixlen), inner.prefixlen + 1)
        around = [aligned(inner, length) for length in lengths if length <= inner.prefixlen]
        others = [*taken, *(block for name, block in blocks.items() if block not in held)]
        clear = [block for block in around if not overlaps_any(block, others)]
        if around:
            placed[holder.name] = (clear or around)[0]
    return placed


def place_covered(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place what the peering must route to: in the given remote range, or under the tightest supernet.

    With exact routes a common supernet is only preferred.
    """
    covered = [r for r in requests if r.facts.covered]
    wanted = [r for r in covered if r.name not in blocks]
    lengths = [_holder_length(r, requests) for r in wanted]
    used = (*taken, *blocks.values())
    if spec.remote:
        free = [gap for block in collapse_addresses(spec.remote) for gap in free_blocks(block, used)]
        found = pack(lengths, free)
    else:
        kurrent = load_kurrent()
        ground = Ground(
            pools=kurrent.private_ranges,
            beside_pins=() if any(r.facts.only_in for r in wanted) else kurrent.shared_ranges,
            taken=used,
            off_limits=(blocks["kurrent"],) if "kurrent" in blocks else (),
            widest=kurrent.remote.shortest_prefix_length,
        )
        found = place_together(lengths, [blocks[r.name] for r in covered if r.name in blocks], ground)
        if found is None and spec.routes == "exact":
            found = place_together(lengths, [], ground)
    return dict(zip((r.name for r in wanted), found or (), strict=False))


def place_inside(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place the parts of each range that holds others; parts of a size that nobody asked for shrink to fit."""
    placed: Blocks = {}
    for holder in [r for r in requests if r.name in blocks]:
        inside = [r for r in requests if r.facts.inside == holder.name]
        wanted = [r for r in inside if r.name not in blocks]
        used = [blocks[r.name] for r in inside if r.name in blocks]
        # A pinned holder may lie on ground to avoid: that is a finding, and no reason to leave its parts out.
        for avoided in ([*used, *taken], used):
            packed = _pack_shrinking(wanted, free_blocks(blocks[holder.name], avoided))
            if packed is not None:
                placed |= zip((r.name for r in wanted), packed, strict=True)
                break
    return placed


def place_apart(
    spec: EnvironmentSpec, requests: Sequence[Request], blocks: Blocks, taken: Sequence[IPv4Network]
) -> Blocks:
    """Place what stands by itself, the Kurrent network first, off everything that the peering routes to."""
    placed: Blocks = {}
    routed = remote_ranges(spec, [blocks[r.name] for r in requests if r.facts.covered and r.name in blocks])
    for request in requests:
        if request.name not in blocks and not request.facts.covered and not request.facts.inside:
            used = (*taken, *routed, *blocks.values(), *placed.values())
            ground = Ground(pools=load_kurrent().private_ranges, taken=used)
            block = place_one(request.prefix_length, request.facts.preferred, ground)
            placed |= {request.name: block} if block else {}
    return placed


def _pack_shrinking(wanted: Sequence[Request], free: Sequence[IPv4Network]) -> tuple[IPv4Network, ...] | None:
    """Pack the requests, with those that nobody gave a size made smaller step by step until all fit."""
    longest = max((r.facts.longest_prefix_length - r.prefix_length for r in wanted if not r.asked), default=0)
    for step in range(longest + 1):
        lengths = [
            r.prefix_length if r.asked else min(r.prefix_length + step, r.facts.longest_prefix_length) for r in wanted
        ]
        if (packed := pack(lengths, free)) is not None:
            return packed
    return None


def _holder_length(holder: Request, requests: Iterable[Request]) -> int:
    """Return the prefix length that a person asked for, or one that has room for what is inside."""
    if holder.asked:
        return holder.prefix_length
    needed = sum(1 << (32 - r.prefix_length) for r in requests if r.facts.inside == holder.name)
    return min(holder.prefix_length, 32 - (needed - 1).bit_length()) if needed else holder.prefix_length
