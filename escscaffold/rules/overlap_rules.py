"""ESC3xx and ESC209: ranges that overlap, lie outside of their holder, have no room, or lie too far apart."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TypedDict

from escscaffold.clouds.facts import REMOTE, shortest_prefix_length
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange, Unplaced
from escscaffold.planning.ranges import BlockIndex, overlapping_pairs, smallest_supernet
from escscaffold.rules.finding import (
    Finding,
    MoveFix,
    Rule,
    Violation,
    claimed_pools,
    exists,
    narrower_remote,
    own_kurrent_network,
    searched,
    sharing_supernet,
    wider_remote,
)
from escscaffold.spec.model import Reference

EnvironmentRange = tuple[EnvironmentPlan, PlannedRange]
_OWN_NETWORK = "The cloud sets this range: choose a mode with your own network."
# Which of two ranges to move: what was not there before, and then rather what the planner chose than what is pinned.
_MOVABLE = ("placed", "sized", "pinned", "locked", "implied")
_SAME_ADDRESSES = (
    "Routing needs unique addresses. With an overlap, traffic reaches the wrong network or the peering fails."
)
_PEERING = "https://docs.kurrent.io/cloud/networking/private-network.html"
# A judgement of ours: sizes that are no powers of two leave up to half of a supernet empty, and an
# alignment that pins force on it once more half of the rest. What is wider than that is not meant.
_ABSURD = 8


class MoveOrFix(TypedDict, total=False):
    """The fix of a violation: a range to move, or words where none can move."""

    move: MoveFix
    fix: str


def inside_environment(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two ranges of one environment that overlap, but for a range inside its holder."""
    for environment in plan.environments:
        ranges = environment.ranges
        for earlier, later in overlapping_pairs([r.cidr for r in ranges]):
            first, second = ranges[earlier], ranges[later]
            nested = second.facts.inside == first.name or first.facts.inside == second.name
            if not nested and not _reported_with_holder(environment, first, second):
                yield _overlap(plan, (environment, first), (environment, second))


def _reported_with_holder(environment: EnvironmentPlan, first: PlannedRange, second: PlannedRange) -> bool:
    """Return True if the overlap only repeats that of the range which holds one of the two."""
    for part, other in ((first, second), (second, first)):
        holder = environment.holder_of(part)
        if holder and part.cidr.subnet_of(holder.cidr) and holder.cidr.overlaps(other.cidr):
            return other.facts.inside != holder.name
    return False


def across_environments(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two ranges of different environments that overlap, except hidden ones."""
    # What is inside another range overlaps where that one does.
    crossing = [(e, r) for e, r in plan.crossing() if not r.facts.inside]
    for earlier, later in sorted(overlapping_pairs([r.cidr for _, r in crossing])):
        (first, held), (second, planned) = crossing[earlier], crossing[later]
        shared = held.name == planned.name == "kurrent" and first.spec.kurrent_network == second.spec.kurrent_network
        if first is not second and not shared and not may_overlap(first, second):
            yield _overlap(plan, crossing[earlier], crossing[later])


def may_overlap(first: EnvironmentPlan, second: EnvironmentPlan) -> bool:
    """Return True if the spec allows it, and nothing joins the two."""
    are_unconnected = first.spec.kurrent_network != second.spec.kurrent_network
    return are_unconnected and (second.name in first.spec.may_overlap or first.name in second.spec.may_overlap)


def _overlap(plan: AddressPlan, first: EnvironmentRange, second: EnvironmentRange) -> Violation:
    """Report the overlap for the range that is easier to move, the later one of equals."""
    mover, other = sorted((second, first), key=lambda side: _stays(plan, *side))
    owner = f" of {other[0].name}" if other[0] is not mover[0] else ""
    are_unconnected = owner and mover[0].spec.kurrent_network != other[0].spec.kurrent_network
    allow = f'Or write may_overlap = ["{other[0].name}"] if the two are never connected.' if are_unconnected else ""
    resolution = _neither_moves(mover, other) if _is_fixed(plan, *mover) else _move(*mover)
    return Violation(
        environment=mover[0].name,
        subject=mover[1].name,
        message=f"{mover[1].name} {mover[1].cidr} overlaps {other[1].name} {other[1].cidr}{owner}.",
        move=resolution.get("move"),
        fix=f"{resolution.get('fix', '')} {allow}".strip(),
    )


def _neither_moves(first: EnvironmentRange, other: EnvironmentRange) -> MoveOrFix:
    """Return what can be done where neither range can move."""
    (environment, planned), (owner, held) = first, other
    sentence = f"{planned.name} and {held.name} cannot move"
    if environment is owner:
        return {"fix": f"{sentence}: correct the block that is mistyped, or choose another Kurrent network."}
    if environment.spec.kurrent_network == owner.spec.kurrent_network:
        return {"fix": own_kurrent_network(environment, owner)}
    return {"fix": f"{sentence}: correct the block that is mistyped."}


def _is_fixed(plan: AddressPlan, environment: EnvironmentPlan, planned: PlannedRange) -> bool:
    """Return True if the range belongs to something existing, or to a Kurrent network that others share."""
    return environment.is_existing(planned) or (planned.name == "kurrent" and plan.kurrent_stays(environment))


def _stays(plan: AddressPlan, environment: EnvironmentPlan, planned: PlannedRange) -> tuple[bool, bool, int]:
    """Return how hard it is to move a range, as a key to sort by."""
    fixed = _is_fixed(plan, environment, planned)
    return fixed, planned.was == planned.cidr, _MOVABLE.index(planned.origin)


def _move(environment: EnvironmentPlan, planned: PlannedRange) -> MoveOrFix:
    if environment.is_existing(planned) and planned is not environment.kurrent:
        return {"fix": exists(planned.name)}
    return {"move": MoveFix(range_name=planned.name)} if planned.facts.settable else {"fix": _OWN_NETWORK}


def reserved(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that overlaps a reserved block; additional addresses of a supernet are a warning elsewhere."""
    index = BlockIndex([(block, (name, block)) for name, block in plan.spec.reserved.items()])
    for environment in plan.environments:
        for planned in environment.ranges:
            for name, block in index.overlapping(planned.cidr):
                resolution = _move(environment, planned)
                if _is_fixed(plan, environment, planned):
                    resolution = {"fix": f"{planned.name} cannot move: remove {name} from [reserved], or narrow it."}
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} overlaps [reserved] {name} {block}.",
                    **resolution,
                )


def outside_holder(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that is not inside the range that must hold it."""
    for environment in plan.environments:
        for planned in environment.ranges:
            holder = environment.holder_of(planned)
            if holder and not planned.cidr.subnet_of(holder.cidr):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is not inside {holder.name} {holder.cidr}.",
                    source=planned.facts.limit_source,
                    **_move(environment, planned),
                )


def no_room(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range for which there is no room."""
    for environment in plan.environments:
        for missing in environment.unplaced:
            shortest = shortest_prefix_length(missing.facts, environment.spec.cloud)
            longest = missing.facts.longest_prefix_length
            if not shortest <= missing.prefix_length <= longest:
                yield _impossible(environment, missing, shortest)
                continue
            smaller = range(missing.prefix_length + 1, longest + 1)
            advice = f" {wider_remote(environment)}" if missing.facts.covered else ""
            where = f"{searched(environment, missing)}{_sharing_supernet(environment)}"
            claimed = claimed_pools(environment, missing)
            if claimed and not environment.holder_of(missing) and {*claimed} == {*plan.claims.blocks(environment.name)}:
                advice += f" Or claim more: escscaffold ipam claim {environment.name}."
            yield Violation(
                environment=environment.name,
                subject=missing.name,
                message=f"No /{missing.prefix_length} is free for {missing.name} {where}.",
                move=MoveFix(range_name=missing.name, prefix_lengths=tuple(smaller)),
                fix=f"Or move another range, or remove a reserved block.{advice}".rstrip(),
            )


def _impossible(environment: EnvironmentPlan, missing: Unplaced, shortest: int) -> Violation:
    longest = missing.facts.longest_prefix_length
    return Violation(
        environment=environment.name,
        subject=missing.name,
        message=f"{missing.name} cannot be a /{missing.prefix_length}: {environment.spec.mode.name} supports "
        f"/{shortest} to /{longest}.",
        move=MoveFix(range_name=missing.name, prefix_lengths=tuple(range(shortest, longest + 1))),
        reason="The cloud does not create ranges of another size.",
        source=missing.facts.limit_source,
    )


def _sharing_supernet(environment: EnvironmentPlan) -> str:
    """Return what the covered ranges that are missing would have to share a supernet with."""
    return sharing_supernet(environment) if any(m.facts.covered for m in environment.unplaced) else ""


def absurdly_wide(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each supernet that is many times as large as all that it has to cover."""
    for environment in plan.environments:
        used = sum(r.room.num_addresses for r in environment.covered)
        if environment.spec.remote or environment.spec.routes == "exact" or len(environment.covered) < 2:
            continue
        for block in environment.remote:
            if block.num_addresses >= _ABSURD * used:
                held = " and ".join(f"{r.name} {r.cidr}" for r in environment.covered)
                yield Violation(
                    environment=environment.name,
                    subject=REMOTE,
                    message=f"The remote range {block} has {block.num_addresses:,} addresses to cover {used:,} of "
                    f"{held}.",
                    move=_nearer(environment),
                    fix=narrower_remote(environment),
                )


def _nearer(environment: EnvironmentPlan) -> MoveFix | None:
    """Return the range to move to the others: the smallest without which they lie close together."""
    for candidate in sorted(environment.covered, key=lambda r: -r.cidr.prefixlen):
        others = [r.room for r in environment.covered if r is not candidate]
        together = smallest_supernet(others).num_addresses
        if together < _ABSURD * sum(room.num_addresses for room in others) and candidate.facts.settable:
            return MoveFix(range_name=candidate.name)
    return None


def no_room_to_grow(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range with less free room than the requested growth."""
    for environment, planned, growth in _growing(plan):
        bits = (growth - 1).bit_length()
        if planned.room.prefixlen > planned.cidr.prefixlen - bits:
            times = planned.room.num_addresses // planned.cidr.num_addresses
            has = f"can grow to {times} times its size" if times > 1 else "cannot grow"
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} {has}; growth = {growth} is set.",
                move=MoveFix(range_name=planned.name) if planned.facts.settable else None,
                fix=f"Or set growth = {times}.",
            )


def _growing(plan: AddressPlan) -> Iterator[tuple[EnvironmentPlan, PlannedRange, int]]:
    for environment in plan.environments:
        for name, request in environment.spec.ranges.items():
            planned = environment.range(name)
            if request.growth > 1 and planned is not None:
                yield environment, planned, request.growth


def retired(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that is where a former range was."""
    index = BlockIndex([(block, (key, block)) for key, block in plan.retired.items()])
    for environment in plan.environments:
        for planned in environment.ranges:
            for key, block in index.overlapping(planned.cidr):
                if _was_part_of(environment, planned, key):
                    continue
                name = str(key)
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} overlaps the retired range {name} {block}.",
                    move=MoveFix(range_name=planned.name) if planned.facts.settable else None,
                    fix=f"Or, once its resources are destroyed: escscaffold generate --forget {name}",
                )


def _was_part_of(environment: EnvironmentPlan, planned: PlannedRange, key: Reference) -> bool:
    """Return True where the one of the past lay inside this one, as it had to: it may be of another option."""
    spec = environment.spec
    facts = spec.cloud.modes[spec.mode.name].facts_of(key.name)
    return key[0] == environment.name and facts is not None and facts.inside == planned.name


_OWN_DECLARATION = Rule(
    code="ESC308",
    severity="error",
    title="Network or subnet of your own overlaps an allocated range",
    reason="The cloud refuses overlapping subnets of a network at apply. Between networks, an overlap breaks routing.",
    source="docs/how-to/own-ranges.md",
)


def own_declaration_finding(
    environment: EnvironmentPlan,
    address: str,
    place: str,
    block: IPv4Network,
    overlapped: str,
    free: IPv4Network | None,
) -> Finding:
    """Return the finding for what a file of a person's own declares over `overlapped`; `free` is a block to use."""
    message = f"{place}: {address} {block} overlaps {overlapped}."
    keep = f"[environments.{environment.name}.ranges]"
    fix = (
        f'Use {free} (no overlaps), and keep it free: custom = "{free}" in {keep}.'
        if free
        else "Use a block that overlaps no range of `escscaffold plan`."
    )
    return _OWN_DECLARATION.finding_about(environment.name, address, message, fix)


RULES = (
    Rule(
        code="ESC301",
        severity="error",
        title="Overlapping ranges in one environment",
        reason=_SAME_ADDRESSES,
        source=_PEERING,
        check=inside_environment,
    ),
    Rule(
        code="ESC302",
        severity="error",
        title="Overlapping environments",
        reason=_SAME_ADDRESSES + " Separate ranges also keep a later peering between environments possible.",
        source=_PEERING,
        check=across_environments,
    ),
    Rule(
        code="ESC303",
        severity="error",
        title="Range overlaps a reserved block",
        reason="[reserved] lists networks that no range can overlap, such as offices and VPNs.",
        source="docs/reference/spec.md",
        check=reserved,
    ),
    Rule(
        code="ESC304",
        severity="error",
        title="Range outside its network",
        reason="A subnet's range must be inside its network; the cloud refuses others at apply.",
        source="docs/reference/modes.md",
        check=outside_holder,
    ),
    Rule(
        code="ESC305",
        severity="error",
        title="No free block",
        reason="A placed range must not overlap other ranges, [reserved] or addresses that the cloud forbids.",
        source="docs/explanation/planner.md",
        check=no_room,
    ),
    Rule(
        code="ESC209",
        severity="warning",
        title="Oversized remote range",
        reason="The peering routes the whole remote range. No other network in it can peer with the database.",
        source="https://docs.kurrent.io/cloud/guides/kubernetes.html",
        check=absurdly_wide,
    ),
    Rule(
        code="ESC306",
        severity="warning",
        title="Less room to grow than requested",
        reason="A range grows in place only if the adjacent half of the next larger block is free.",
        source="https://www.rfc-editor.org/rfc/rfc4632#section-3.1",
        check=no_room_to_grow,
    ),
    Rule(
        code="ESC307",
        severity="warning",
        title="Range overlaps a retired range",
        reason="Resources in a retired range stay until they are destroyed, and other networks can still reach them.",
        source="docs/explanation/planner.md",
        check=retired,
    ),
    _OWN_DECLARATION,
)
