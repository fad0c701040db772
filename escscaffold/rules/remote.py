"""ESC2xx: what the peering routes to."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.alternatives import suggest_block
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.planner import remote_ranges
from escscaffold.planning.ranges import covered_by, overlaps_any, smallest_supernet
from escscaffold.rules.finding import Rule, Violation


def not_covered(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that must reach the database and that the peering does not route to."""
    for environment in plan.environments:
        if not environment.remote and environment.supernet:
            yield _no_supernet(plan, environment, environment.supernet)
        for planned in environment.covered if environment.remote else ():
            if not covered_by(planned.cidr, environment.remote):
                right = smallest_supernet([planned.cidr, *environment.remote])
                wider = (
                    f'Use remote = "{right}"'
                    if right.prefixlen >= load_kurrent().remote.shortest_prefix_length
                    else (f'Add "{planned.cidr}" to the list of remote ranges')
                )
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is outside the remote range {_listed(environment.remote)}.",
                    fix=f"{wider}, or leave remote out and it is planned for you.",
                )


def _no_supernet(plan: AddressPlan, environment: EnvironmentPlan, supernet: IPv4Network) -> Violation:
    stray = _stray(environment)
    held = " and ".join(f"{r.name} {r.cidr}" for r in environment.covered)
    block = suggest_block(plan, environment.name, stray.name)
    exact = 'set routes = "exact" to route to each range by itself'
    others = [r.cidr for r in environment.covered if r.name != stray.name]
    fix = f"{exact[0].upper()}{exact[1:]}."
    if block is not None:
        remote = remote_ranges(environment.spec, [*others, block])
        fix = f'Use {stray.name} = "{block}" (the remote range is then {_listed(remote)}), or {exact}.'
    return Violation(
        environment=environment.name,
        subject=stray.name,
        message=f"No single remote range covers {held}: the smallest that does is {supernet}, "
        f"and a route can be /{load_kurrent().remote.shortest_prefix_length} at the widest.",
        fix=fix,
    )


def _stray(environment: EnvironmentPlan) -> PlannedRange:
    """Return the covered range to move: the last one without which the others fit under one route."""
    widest = load_kurrent().remote.shortest_prefix_length
    for candidate in reversed(environment.covered):
        others = [r.cidr for r in environment.covered if r is not candidate]
        if others and smallest_supernet(others).prefixlen >= widest:
            return candidate
    return environment.covered[-1]


def wrong_size(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each remote range that the Kurrent provider would refuse by its size."""
    facts = load_kurrent().remote
    shortest, longest = facts.shortest_prefix_length, facts.longest_prefix_length
    for environment in plan.environments:
        for block in environment.remote:
            if not shortest <= block.prefixlen <= longest:
                yield Violation(
                    environment=environment.name,
                    subject="remote",
                    message=f"The remote range {block} is no route: those are from /{shortest} to /{longest}.",
                    fix="Leave remote out and it is planned for you."
                    if environment.spec.remote
                    else f"Make the range at least a /{longest}.",
                )


def overlaps_kurrent(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each remote range that shares addresses with its own Kurrent network."""
    for environment in plan.environments:
        kurrent = environment.kurrent
        if kurrent and overlaps_any(kurrent.cidr, environment.remote):
            # A covered range that overlaps the Kurrent network itself is told by the family of overlaps.
            if overlaps_any(kurrent.cidr, [r.cidr for r in environment.covered]):
                continue
            block = suggest_block(plan, environment.name, "kurrent")
            yield Violation(
                environment=environment.name,
                subject="remote",
                message=f"The remote range {_listed(environment.remote)} holds the Kurrent network {kurrent.cidr}.",
                fix=f'Use kurrent = "{block}", or narrower remote ranges (routes = "exact").'
                if block
                else 'Set routes = "exact".',
            )


def takes_along(plan: AddressPlan) -> Iterator[Violation]:
    """Yield what else a supernet routes to: reserved blocks, and ranges of other environments."""
    for environment in plan.environments:
        own = [r.cidr for r in environment.covered]
        for name, block in plan.spec.reserved.items():
            if overlaps_any(block, environment.remote) and not overlaps_any(block, own):
                yield _taken(environment, f"[reserved] {name} {block}")
        for other in plan.environments:
            for planned in other.ranges if other is not environment else ():
                if (
                    not planned.hidden
                    and overlaps_any(planned.cidr, environment.remote)
                    and not overlaps_any(planned.cidr, own)
                ):
                    yield _taken(environment, f"{planned.name} {planned.cidr} of {other.name}")


def _taken(environment: EnvironmentPlan, what: str) -> Violation:
    return Violation(
        environment=environment.name,
        subject="remote",
        message=f"The remote range {_listed(environment.remote)} takes along {what}.",
        fix='Move the ranges together, or set routes = "exact" to route to no more than they hold.',
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
                    fix='Move the ranges together, or set routes = "exact".',
                )


def _listed(blocks: tuple[IPv4Network, ...]) -> str:
    return ", ".join(map(str, blocks))


_GUIDE = "https://docs.kurrent.io/cloud/guides/kubernetes.html"
_PROVIDER = load_kurrent().remote.limit_source

RULES = (
    Rule(
        code="ESC201",
        severity="error",
        title="A range that must reach the database is outside the remote range",
        reason="The Kurrent network routes and opens its firewall only to the peering's remote range: connections from "
        "any other address are dropped without an error.",
        source=_GUIDE,
        check=not_covered,
    ),
    Rule(
        code="ESC202",
        severity="error",
        title="The remote range has a size that the provider refuses",
        reason="The Kurrent provider takes routes from /8 to /28 only.",
        source=_PROVIDER,
        check=wrong_size,
    ),
    Rule(
        code="ESC203",
        severity="error",
        title="The remote range holds the Kurrent network",
        reason="The Kurrent network would route its own addresses into the peering: neither side reaches the database.",
        source="https://docs.kurrent.io/cloud/networking/private-network.html",
        check=overlaps_kurrent,
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
)
