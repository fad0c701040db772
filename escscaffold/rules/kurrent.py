"""ESC1xx: the Kurrent network's own range."""

from collections.abc import Iterator

from escscaffold.clouds.facts import shortest_prefix_length
from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.ranges import covered_by
from escscaffold.rules.finding import Move, Rule, Violation
from escscaffold.rules.words import PRIVATE


def outside_private_space(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each Kurrent network that is not inside RFC 1918."""
    private = load_kurrent().private_ranges
    for environment in plan.environments:
        kurrent = environment.kurrent
        if kurrent and not covered_by(kurrent.cidr, private):
            yield Violation(
                environment=environment.name,
                subject="kurrent",
                message=f"The Kurrent network {kurrent.cidr} is not inside {PRIVATE}.",
                move=Move(range_name="kurrent"),
            )


def wrong_size(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each Kurrent network that is larger or smaller than the vendor or the cloud allows."""
    facts = load_kurrent().network
    for environment in plan.environments:
        cloud = environment.spec.cloud
        shortest = shortest_prefix_length(facts, cloud)
        kurrent = environment.kurrent
        if not kurrent or shortest <= kurrent.cidr.prefixlen <= facts.longest_prefix_length:
            continue
        right = min(max(kurrent.cidr.prefixlen, shortest), facts.longest_prefix_length)
        yield Violation(
            environment=environment.name,
            subject="kurrent",
            message=f"The Kurrent network {kurrent.cidr} is a /{kurrent.cidr.prefixlen}; on {cloud.title} it can be "
            f"from /{shortest} to /{facts.longest_prefix_length}.",
            move=Move(range_name="kurrent", prefix_lengths=(right,)),
            source=cloud.kurrent_limit_source if kurrent.cidr.prefixlen < shortest else "",
        )


RULES = (
    Rule(
        code="ESC101",
        severity="error",
        title="The Kurrent network is not private",
        reason="Kurrent Cloud makes private networks from RFC 1918 addresses only, on every cloud.",
        source="https://docs.kurrent.io/cloud/getting-started/private-access/aws.html",
        check=outside_private_space,
    ),
    Rule(
        code="ESC102",
        severity="error",
        title="The Kurrent network has a size that cannot be made",
        reason="The network can never be resized, and a size outside the limits fails at apply or before.",
        source=load_kurrent().network.limit_source,
        check=wrong_size,
    ),
)
