"""ESC2xx, second half: what else lies in the remote range, besides what must reach the database."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.index import BlockIndex
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.ranges import covered_by, overlapping_pairs, overlaps_any
from escscaffold.rules.finding import Move, Rule, Violation
from escscaffold.rules.words import narrower_remote, together


def hidden_inside(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that never crosses the peering and that the peering routes to all the same."""
    for environment in plan.environments:
        own = [r.cidr for r in environment.covered]
        for planned in environment.ranges:
            if (
                planned.hidden
                and overlaps_any(planned.cidr, environment.remote)
                and not overlaps_any(planned.cidr, own)
            ):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} lies in the remote range {environment.routed}.",
                    move=Move(range_name=planned.name),
                    fix=narrower_remote(environment, off=[planned.cidr]),
                )


def overlap_each_other(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two remote ranges of one peering that overlap."""
    for environment in plan.environments:
        for earlier, later in overlapping_pairs(environment.remote):
            first, second = environment.remote[earlier], environment.remote[later]
            yield Violation(
                environment=environment.name,
                subject="remote",
                message=f"The remote ranges {first} and {second} overlap.",
                fix=f"Keep {min(first, second, key=lambda block: block.prefixlen)} alone.",
            )


def takes_along(plan: AddressPlan) -> Iterator[Violation]:
    """Yield what else a supernet routes to: reserved blocks, and ranges of other environments."""
    known: list[tuple[IPv4Network, tuple[str, str]]] = [
        (block, ("", f"[reserved] {name} {block}")) for name, block in plan.spec.reserved.items()
    ]
    for environment, planned in plan.crossing():
        known.append((planned.cidr, (environment.name, f"{planned.name} {planned.cidr} of {environment.name}")))
    index = BlockIndex([(block, (block, *said)) for block, said in known])
    for environment in plan.environments:
        own = [r.cidr for r in environment.covered]
        told = {said for remote in environment.remote for said in index.overlapping(remote)}
        networks: dict[str, list[IPv4Network]] = {}
        for block, whose, what in sorted(told):
            # A network comes before its subnets, and is told for them.
            if whose and covered_by(block, networks.get(whose, ())):
                continue
            if whose not in (environment.name, *environment.spec.may_overlap) and not overlaps_any(block, own):
                networks.setdefault(whose, []).append(block)
                yield _taken(environment, block, what)


def _taken(environment: EnvironmentPlan, block: IPv4Network, what: str) -> Violation:
    return Violation(
        environment=environment.name,
        subject="remote",
        message=f"The remote range {environment.routed} takes along {what}.",
        fix=f"{together(environment)} {narrower_remote(environment, off=[block])}".strip() or _TOLERABLE,
    )


def not_private(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each supernet that reaches over the end of private address space though its ranges do not."""
    private = load_kurrent().private_ranges
    for environment in plan.environments:
        within = all(covered_by(r.cidr, private) for r in environment.covered)
        for block in environment.remote:
            if within and not covered_by(block, private):
                yield Violation(
                    environment=environment.name,
                    subject="remote",
                    message=f"The remote range {block} reaches beyond the private ranges.",
                    fix=f"{together(environment)} {narrower_remote(environment)}".strip(),
                )


_TOLERABLE = "Accept ESC205, with the reason, where those addresses never have to reach the database."
_GUIDE = "https://docs.kurrent.io/cloud/guides/kubernetes.html"

RULES = (
    Rule(
        code="ESC204",
        severity="warning",
        title="A range that never crosses the peering lies in the remote range",
        reason="The Kurrent network would send these addresses into the peering, where nobody answers for them, and a "
        "network that really has them can never be peered with it.",
        source="https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        check=hidden_inside,
    ),
    Rule(
        code="ESC205",
        severity="warning",
        title="The remote range takes something else along",
        reason="The Kurrent network would send traffic for those addresses into this peering, "
        "so it can never be peered with them.",
        source=_GUIDE,
        check=takes_along,
    ),
    Rule(
        code="ESC206",
        severity="warning",
        title="The remote range reaches beyond private addresses",
        reason="The Kurrent network would route public addresses that are not yours into the peering.",
        source="https://www.rfc-editor.org/rfc/rfc1918#section-3",
        check=not_private,
    ),
    Rule(
        code="ESC207",
        severity="error",
        title="Two remote ranges overlap",
        reason="A peering has one route for each range: the second would be a duplicate, or hide a mistyped one.",
        source=load_kurrent().remote.limit_source,
        check=overlap_each_other,
    ),
)
