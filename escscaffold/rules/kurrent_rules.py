"""ESC1xx and ESC208: the Kurrent network's own range, and environments that share one Kurrent network."""

from collections.abc import Iterator

from escscaffold.clouds.facts import REMOTE, shortest_prefix_length
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.ranges import covered_by, overlapping_pairs
from escscaffold.rules.finding import MoveFix, Rule, Violation, narrower_remote, own_kurrent_network

_PEERING = "https://docs.kurrent.io/cloud/networking/private-network.html"


def outside_private_space(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each Kurrent network that is not inside RFC 1918."""
    private = plan.spec.facts.kurrent.private_ranges
    for environment in plan.environments:
        kurrent = environment.kurrent
        if kurrent and not covered_by(kurrent.cidr, private):
            yield Violation(
                environment=environment.name,
                subject="kurrent",
                message=f"The Kurrent network {kurrent.cidr} is not inside {plan.spec.facts.private_space}.",
                move=MoveFix(range_name="kurrent"),
            )


def wrong_size(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each Kurrent network that is larger or smaller than the vendor or the cloud allows."""
    for environment in plan.environments:
        cloud = environment.spec.cloud
        kurrent = environment.kurrent
        if not kurrent:
            continue
        shortest, longest = shortest_prefix_length(kurrent.facts, cloud), kurrent.facts.longest_prefix_length
        if shortest <= kurrent.cidr.prefixlen <= longest:
            continue
        nearest_legal = min(max(kurrent.cidr.prefixlen, shortest), longest)
        yield Violation(
            environment=environment.name,
            subject="kurrent",
            message=f"The Kurrent network {kurrent.cidr} is a /{kurrent.cidr.prefixlen}; {cloud.title} supports "
            f"/{shortest} to /{longest}.",
            move=MoveFix(range_name="kurrent", prefix_lengths=(nearest_legal,)),
            source=cloud.kurrent_limit_source if kurrent.cidr.prefixlen < shortest else "",
        )


def disagree(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment that describes a Kurrent network otherwise than the first one on it."""
    for first, *others in _on_one_network(plan):
        for other in others:
            for what, ours, theirs in _differences(first, other):
                yield Violation(
                    environment=other.name,
                    subject="kurrent" if what == "range" else what,
                    message=f"{other.name} shares the Kurrent network of {first.name} but has {what} {ours}, not "
                    f"{theirs}.",
                    fix=f"Set {what} {theirs} in {other.name}, or create a separate Kurrent network for it.",
                )


def _differences(first: EnvironmentPlan, other: EnvironmentPlan) -> Iterator[tuple[str, str, str]]:
    """Yield each value of the network, by the other environment and by the first."""
    compared: list[tuple[str, ...]] = [
        ("cloud", other.spec.cloud.name, first.spec.cloud.name),
        ("range", *(str(plan.kurrent.cidr) if plan.kurrent else "" for plan in (other, first))),
    ]
    if other.spec.kurrent_region:
        compared.append(("kurrent_region", other.spec.kurrent_region, first.spec.place_of_kurrent))
    return ((what, ours, theirs) for what, ours, theirs in compared if ours != theirs and ours and theirs)


def routes_overlap(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two remote ranges of different environments that overlap on one Kurrent network."""
    for environments in _on_one_network(plan):
        routes = [(environment, block) for environment in environments for block in environment.remote]
        for earlier, later in sorted(overlapping_pairs([block for _, block in routes])):
            (first, held), (second, block) = routes[earlier], routes[later]
            if first is second:
                continue
            yield Violation(
                environment=second.name,
                subject=REMOTE,
                message=f"The remote range {block} overlaps {held} of {first.name}, on the same Kurrent network.",
                move=_only_covered(second),
                fix=_separate_routes(first, second),
            )


def _only_covered(environment: EnvironmentPlan) -> MoveFix | None:
    """Return the range to move: the only one that the peering covers. A route that a person gave stays as it is."""
    covered = environment.covered
    if environment.spec.remote or len(covered) != 1 or environment.is_existing(covered[0]):
        return None
    return MoveFix(range_name=covered[0].name) if covered[0].facts.settable else None


def _separate_routes(first: EnvironmentPlan, second: EnvironmentPlan) -> str:
    """Return how the two peerings come to route to different addresses, as far as their ranges are apart."""
    if narrower := narrower_remote(second, off=first.remote):
        return narrower
    if narrower := narrower_remote(first, off=second.remote):
        return f"In {first.name}: {narrower.removeprefix('Or ')}"
    # A range that the peering covers is routed to, whatever the routes: one of the two has to move.
    pairs = ((a, b) for a in first.covered for b in second.covered if a.cidr.overlaps(b.cidr))
    for held, planned in pairs:
        if first.is_existing(held) and second.is_existing(planned):
            return own_kurrent_network(second, first)
        owner, movable, off = (first, held, planned) if second.is_existing(planned) else (second, planned, held)
        if owner is second and _only_covered(second):
            return ""
        if movable.facts.settable:
            return f"Move {movable.name} {movable.cidr} of {owner.name} away from {off.name} {off.cidr}."
        return own_kurrent_network(second, first)
    return (
        f"Make both narrower: {narrower_remote(first) or narrower_remote(second)}"
        if narrower_remote(first) or narrower_remote(second)
        else f"Create a separate Kurrent network for {second.name}."
    )


def _on_one_network(plan: AddressPlan) -> Iterator[list[EnvironmentPlan]]:
    """Yield the environments of each Kurrent network that has several, the one that makes it first."""
    for environments in plan.by_kurrent_network.values():
        if len(environments) > 1:
            yield sorted(
                environments, key=lambda environment: environment.spec.parts.get("kurrent-network") == "existing"
            )


RULES = (
    Rule(
        code="ESC101",
        severity="error",
        title="Kurrent network outside private ranges",
        reason="Kurrent Cloud creates networks from RFC 1918 addresses only.",
        source="https://docs.kurrent.io/cloud/getting-started/private-access/aws.html",
        check=outside_private_space,
    ),
    Rule(
        code="ESC102",
        severity="error",
        title="Invalid Kurrent network size",
        reason="Kurrent Cloud refuses other sizes. A Kurrent network cannot be resized later.",
        source="https://docs.kurrent.io/cloud/automation/terraform.html",
        check=wrong_size,
    ),
    Rule(
        code="ESC103",
        severity="error",
        title="Conflicting data for a shared Kurrent network",
        reason="A Kurrent network has one range, one cloud and one region. A plan for another one cannot peer with it.",
        source=_PEERING,
        check=disagree,
    ),
    Rule(
        code="ESC208",
        severity="error",
        title="Two peerings route the same addresses",
        reason="The Kurrent network routes an address to one peering only. Replies to the other peering are lost.",
        source=_PEERING,
        check=routes_overlap,
    ),
)
