"""ESC411: types of nodes whose addresses cannot be counted."""

from collections.abc import Iterator

from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rules.finding import Rule, Violation
from escscaffold.spec.node_pools import unknown_node_types


def unknown_types(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment with a node type that the facts do not have."""
    for environment in plan.environments:
        spec = environment.spec
        of_pools = (pool.settings for pool in spec.node_pools.values())
        unknown = tuple(
            dict.fromkeys(
                name
                for settings in (spec.kubernetes, *of_pools)
                for name in unknown_node_types(spec.mode, spec.cloud.name, settings)
            )
        )
        if unknown:
            kind = next(facts for facts in spec.mode.ranges.values() if facts.sizing and facts.sizing.node_types)
            sizing = kind.sizing
            assert sizing is not None, "it has just been looked at"
            pods, interfaces = sizing.default_pods_per_node, sizing.node_addresses
            name = f"{kind.name}-1" if kind.per_zone else kind.name
            yield Violation(
                environment=environment.name,
                subject=spec.mode.node_types,
                message=f"The addresses of {', '.join(unknown)} are not known: {kind.name} ranges are sized for "
                f"nodes of {pods} pods and {interfaces} interfaces.",
                fix=f"Check the spelling. If it is a newer type, say what a node takes: {name} = {{ nodes = N, "
                f"pods_per_node = {pods}, interfaces = {interfaces} }}, and accept ESC411.",
            )


RULES = (
    Rule(
        code="ESC411",
        severity="warning",
        title="A node type whose addresses are not known",
        reason="Nodes and pods of a type with more interfaces take more addresses than are counted.",
        source="https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/vpc/vpc_ip_resource_limit.go",
        check=unknown_types,
    ),
)
