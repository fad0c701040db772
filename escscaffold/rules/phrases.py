"""Sentences that several rules share."""

from collections.abc import Iterable
from ipaddress import IPv4Network

from escscaffold.planning.address_plan import EnvironmentPlan, Unplaced
from escscaffold.planning.ranges import overlaps_any

_LEAVE_OUT = "remove remote to have it planned"


def narrower_remote(environment: EnvironmentPlan, off: Iterable[IPv4Network] = ()) -> str:
    """Return how the remote range can be made to hold less, and nothing of `off`; empty where it cannot.

    The exact routes are the least that a peering can have: where they are set, or hold what is to be kept off,
    no other route helps.
    """
    exact = [r.cidr for r in environment.covered]
    if any(overlaps_any(block, exact) for block in off):
        return ""
    if environment.spec.remote:
        return f"Or set narrower remote ranges, or {_LEAVE_OUT}."
    if environment.spec.routes == "exact":
        return "Or reduce growth." if any(r.room != r.cidr for r in environment.covered) else ""
    return 'Or set routes = "exact" to route each range separately.'


def wider_remote(environment: EnvironmentPlan) -> str:
    """Return how ranges that find no room under the remote range can find some, beside a smaller size."""
    if environment.spec.remote:
        return f"Or set a wider remote range, or {_LEAVE_OUT}."
    return "" if environment.spec.routes == "exact" else narrower_remote(environment)


def together(environment: EnvironmentPlan) -> str:
    """Return that the covered ranges can be brought together, where there are several and one can move."""
    movable = [r for r in environment.covered if r.facts.settable and not environment.is_there(r)]
    return "Move the ranges together." if len(environment.covered) > 1 and movable else ""


def exists(range_name: str) -> str:
    """Return what can be done about a range that somebody else made."""
    return f"{range_name} exists and cannot move: correct the block if it is mistyped, or choose another network."


def own_kurrent_network(environment: EnvironmentPlan, other: EnvironmentPlan) -> str:
    """Return how two environments on one Kurrent network are kept apart where neither of their networks can move."""
    # The one that looks the Kurrent network up can have another; the one that creates it keeps it.
    leaves, keeps = (
        (environment, other) if environment.spec.parts.get("kurrent-network") == "existing" else (other, environment)
    )
    parts = " and ".join(
        f'{part} = "create"'
        for part in ("kurrent-network", "database")
        if leaves.spec.parts.get(part, "create") != "create"
    )
    how = f" ({parts} in [environments.{leaves.name}.parts])" if parts else ""
    return (
        f"Neither network can move: create a separate Kurrent network for {leaves.name}{how}, and write may_overlap = "
        f'["{keeps.name}"] in [environments.{leaves.name}].'
    )


def claimed_pools(environment: EnvironmentPlan, missing: Unplaced) -> tuple[IPv4Network, ...]:
    """Return what was claimed, or can be, for a range of this kind; nothing for one that never crosses the peering."""
    return () if missing.facts.hidden else environment.spec.claim_pools


def searched(environment: EnvironmentPlan, missing: Unplaced) -> str:
    """Return where a range of this kind is placed: in its holder, in the given remote range, or in the pools."""
    holder = environment.holder_of(missing)
    if holder:
        return f"in {holder.name} {holder.cidr}"
    if environment.spec.remote and missing.facts.covered:
        return f"in the remote range {environment.routed}"
    pools = missing.facts.pools or claimed_pools(environment, missing) or environment.spec.pools
    return f"in {' or '.join(map(str, pools)) if pools else environment.spec.facts.private_space}"


def sharing_supernet(environment: EnvironmentPlan, but: str = "") -> str:
    """Return what a covered range has to share a supernet with, after a comma; nothing where it need not."""
    others = [r for r in environment.covered if r.name != but]
    if environment.spec.routes == "exact" or environment.spec.remote or not others:
        return ""
    held = ", ".join(f"{r.name} {r.cidr}" for r in others)
    kurrent = f" and without kurrent {environment.kurrent.cidr}" if environment.kurrent else ""
    return f", under one remote range with {held}{kurrent}"


def no_block(environment: EnvironmentPlan, range_name: str, prefix_length: int) -> str:
    """Return that no block of this size is free where the range is placed, with that place."""
    facts = environment.spec.mode.facts_of(range_name) or environment.spec.facts.kurrent.network
    missing = Unplaced(name=range_name, prefix_length=prefix_length, facts=facts)
    shared = sharing_supernet(environment, but=range_name) if facts.covered else ""
    where = f"{searched(environment, missing)}{shared}"
    if holder := environment.holder_of(missing):
        other = f"or a larger {holder.name}"
    elif environment.spec.remote and facts.covered:
        other = "or a wider remote range"
    else:
        other = "or free addresses there"
    return f"No /{prefix_length} is free for {range_name} {where}: use a smaller range, {other}."


def also_wrong(range_name: str, block: IPv4Network, broken: Iterable[tuple[str, str]]) -> str:
    """Return that the free block of the size is no fix by itself, with what is wrong there."""
    wrong = " and ".join(f"{code} of {subject}" for code, subject in sorted(broken))
    return f"{range_name} = {block} is free but leaves {wrong}: change more than {range_name}."
