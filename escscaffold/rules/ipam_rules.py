"""ESC7xx: ranges that meet what the organization's IPAM gave to others, and how well that is known."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from escscaffold.clouds.facts import REMOTE, Severity
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.claim_requests import unclaimed
from escscaffold.planning.ranges import BlockIndex, overlaps_any
from escscaffold.planning.snapshot import IPAM_FILE, HeldPrefix
from escscaffold.rules.finding import Check, MoveFix, Rule, Violation, narrower_remote

_PULL = "Run `escscaffold ipam pull` and commit escscaffold.ipam.json."
_SOURCE = "docs/how-to/netbox.md"


def taken(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that crosses a peering and overlaps a prefix of another owner."""
    index = _index(plan)
    for environment in plan.environments:
        for planned in environment.ranges if plan.ipam_prefixes else ():
            if planned.hidden or environment.is_existing(planned):
                continue
            for other in index.overlapping(planned.cidr):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} overlaps IPAM prefix {other.prefix.in_words}, "
                    f"id {other.prefix.id}.",
                    move=_move(planned),
                    fix="" if planned.facts.settable else "Choose a mode with your own network.",
                )


def held_by_others(plan: AddressPlan) -> Iterator[Violation]:
    """Yield the prefixes of other owners in a remote range, or in the addresses of a hidden range."""
    index = _index(plan)
    for environment in plan.environments if plan.ipam_prefixes else ():
        yield from _routed(environment, index)
        for planned in environment.ranges:
            for other in index.overlapping(planned.cidr) if planned.hidden else ():
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} overlaps IPAM prefix {other.prefix.in_words}: "
                    "the cluster cannot reach that network.",
                    move=_move(planned),
                    fix="Or accept ESC702 if no pod connects to that network.",
                )


def _routed(environment: EnvironmentPlan, index: BlockIndex[HeldPrefix]) -> Iterator[Violation]:
    covered = [r.cidr for r in environment.covered]
    reported: list[IPv4Network] = []
    for other in dict.fromkeys(held for remote in environment.remote for held in index.overlapping(remote)):
        # The larger ones come first, and those inside one are reported with it.
        if not overlaps_any(other.cidr, [*covered, *reported]):
            reported.append(other.cidr)
            yield Violation(
                environment=environment.name,
                subject=REMOTE,
                message=f"The remote range {environment.routed} also covers IPAM prefix {other.prefix.in_words}.",
                fix=f"Move the ranges together. {narrower_remote(environment)}",
            )


def _move(planned: PlannedRange) -> MoveFix | None:
    return MoveFix(range_name=planned.name) if planned.facts.settable else None


def _index(plan: AddressPlan) -> BlockIndex[HeldPrefix]:
    return BlockIndex([(prefix.cidr, prefix) for prefix in plan.ipam_prefixes])


def not_pulled(plan: AddressPlan) -> Iterator[Violation]:
    """Yield a violation where nothing is known of what the IPAM has."""
    if plan.spec.ipam is not None and plan.snapshot is None:
        yield Violation(
            environment="",
            subject="ipam",
            message=f"{IPAM_FILE} is missing: other owners' prefixes at {plan.spec.ipam.url} are unknown.",
            fix=_PULL,
        )


def another_table(plan: AddressPlan) -> Iterator[Violation]:
    """Yield a violation where what was pulled is of another IPAM or VRF than the spec's."""
    ipam, snapshot = plan.spec.ipam, plan.snapshot
    if ipam is not None and snapshot is not None and not snapshot.is_of(ipam):
        yield Violation(
            environment="",
            subject="ipam",
            message=f"{IPAM_FILE} is from {_table(snapshot.url, snapshot.vrf)}, but [ipam] names "
            f"{_table(ipam.url, ipam.vrf)}.",
            fix=_PULL,
        )


def _table(url: str, vrf: str) -> str:
    return f"VRF {vrf} at {url}" if vrf else f"the global table at {url}"


def not_claimed(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each block that an environment needs and that the repository has not claimed."""
    for environment, requested in unclaimed(plan):
        yield Violation(
            environment=environment.name,
            subject=requested.range,
            message=f"{requested.range} {requested.cidr} is not claimed in the IPAM.",
            fix=f"Run `escscaffold ipam claim {environment.name}`.",
        )


def _ipam_rule(code: str, severity: Severity, title: str, reason: str, check: Check | None = None) -> Rule:
    return Rule(code=code, severity=severity, title=title, reason=reason, source=_SOURCE, check=check)


RULES = (
    _ipam_rule(
        "ESC701",
        "error",
        "Range overlaps another owner's IPAM prefix",
        "Routing needs unique addresses. With an overlap, traffic reaches the wrong network or the peering fails.",
        taken,
    ),
    _ipam_rule(
        "ESC702",
        "warning",
        "Another owner's IPAM prefix becomes unreachable",
        "The cluster or this peering captures traffic to these addresses, so it never reaches the other network.",
        held_by_others,
    ),
    _ipam_rule(
        "ESC703",
        "warning",
        "IPAM prefixes unknown",
        "[ipam] names the organization's address system. A plan uses only the prefixes pulled from it.",
        not_pulled,
    ),
    _ipam_rule(
        "ESC704",
        "error",
        "Prefixes from another IPAM or VRF",
        "These prefixes do not show which addresses are allocated in the VRF that [ipam] names.",
        another_table,
    ),
    _ipam_rule(
        "ESC705",
        "error",
        "Unreadable IPAM prefixes",
        "A plan without these prefixes could overlap other owners' networks.",
    ),
    _ipam_rule(
        "ESC706",
        "warning",
        "Addresses not claimed in the IPAM",
        "The IPAM can allocate unregistered addresses to another owner.",
        not_claimed,
    ),
)
