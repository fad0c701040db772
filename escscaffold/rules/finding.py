"""What a finding is, what a rule is, and sentences that several rules share."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.facts import Severity
from escscaffold.errors import Problem
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, Unplaced
from escscaffold.planning.ranges import overlaps_any

_LEAVE_OUT = "remove remote to have it planned"


class Finding(Struct, frozen=True, kw_only=True):
    """One result of a rule: what is wrong, where, why, and what would be right."""

    code: str
    severity: Severity
    environment: str
    """The environment's name, or "" where it concerns the whole repository."""
    subject: str
    """The range or key that it is about."""
    message: str
    reason: str
    fix: str
    source: str
    accepted: str = ""
    """Why it is accepted, where the spec accepts it."""


class MoveFix(Struct, frozen=True, kw_only=True):
    """A range that would be right elsewhere: the catalogue looks for a place that breaks no rule."""

    range_name: str
    prefix_lengths: tuple[int, ...] = ()
    """The sizes to try, in order; the range's own where none is given."""


class Violation(Struct, frozen=True, kw_only=True):
    """What a rule's check yields: the part of a finding that differs each time.

    `reason` and `source` stand only where they differ from the rule's.
    """

    environment: str
    subject: str
    message: str
    move: MoveFix | None = None
    fix: str = ""
    """What else would be right, or what would be where there is nothing to move."""
    reason: str = ""
    source: str = ""


Check = Callable[[AddressPlan], Iterable[Violation]]


class Rule(Struct, frozen=True, kw_only=True):
    """One entry of the catalogue."""

    code: str
    severity: Severity
    title: str
    reason: str
    source: str
    check: Check | None = None
    """None for what is found while the spec is read, before there is a plan."""
    dated: bool = False
    """Whether what it finds depends on the day; such a rule has no `check`."""
    in_repositories: bool = False
    """Whether only the command `check` reports it: it is about the cluster, and not about the addresses of a plan."""

    def finding(self, violation: Violation, fix: str) -> Finding:
        """Return the finding that a violation of this rule is."""
        return Finding(
            code=self.code,
            severity=self.severity,
            environment=violation.environment,
            subject=violation.subject,
            message=violation.message,
            reason=violation.reason or self.reason,
            fix=fix,
            source=violation.source or self.source,
        )

    def finding_about(self, environment: str, subject: str, message: str, fix: str) -> Finding:
        """Return a finding of this rule that no check of a plan yields."""
        return self.finding(Violation(environment=environment, subject=subject, message=message), fix)

    def finding_of_problem(self, problem: Problem) -> Finding:
        """Return the finding that a problem of the spec is."""
        is_environment = problem.path[:1] == ("environments",) and len(problem.path) > 1
        return Finding(
            code=self.code,
            severity=self.severity,
            environment=problem.path[1] if is_environment else "",
            subject=problem.path[-1] if problem.path else "",
            message=f"{problem.place}: {problem.message}",
            reason=problem.reason or self.reason,
            fix=problem.fix,
            source=problem.source or self.source,
        )


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
    """Return how ranges without room under the remote range can find some, other than by a smaller size."""
    if environment.spec.remote:
        return f"Or set a wider remote range, or {_LEAVE_OUT}."
    return "" if environment.spec.routes == "exact" else narrower_remote(environment)


def together(environment: EnvironmentPlan) -> str:
    """Return that the covered ranges can be brought together, where there are several and one can move."""
    movable = [r for r in environment.covered if r.facts.settable and not environment.is_existing(r)]
    return "Move the ranges together." if len(environment.covered) > 1 and movable else ""


def exists(range_name: str) -> str:
    """Return what can be done about an existing range."""
    return f"{range_name} exists and cannot move: correct the block if it is mistyped, or choose another network."


def own_kurrent_network(environment: EnvironmentPlan, other: EnvironmentPlan) -> str:
    """Return how two environments on one Kurrent network are kept apart where neither of their networks can move."""
    # The one that looks the Kurrent network up can have another; the one that creates it keeps it.
    leaves, keeps = (
        (environment, other) if environment.spec.parts.get("kurrent-network") == "existing" else (other, environment)
    )
    parts = " and ".join(
        f'{part} = "create"' for part in ("kurrent-network", "database") if not leaves.spec.creates(part)
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
