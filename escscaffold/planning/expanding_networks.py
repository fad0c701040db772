"""Addresses that a network which exists takes for itself later: Google's auto-mode networks. Pure."""

from collections.abc import Iterator

from escscaffold.clouds.facts import ExpandingNetwork
from escscaffold.spec.model import EnvironmentSpec


def expanding(spec: EnvironmentSpec) -> Iterator[ExpandingNetwork]:
    """Yield what is known of an existing network that expands, or where nobody has said so, may be one.

    It may be one by its name, or by its addresses: its ranges are all given, so a range of another place says nothing.
    """
    if spec.parts.get("network") != "existing":
        return
    blocks = [request.block for name, request in spec.ranges.items() if name != "kurrent" and request.block]
    for facts in spec.cloud.expanding_networks:
        said = spec.options.get(facts.option)
        if said == facts.expands:
            yield facts
        elif said == facts.fixed:
            continue
        elif spec.existing.get("network") in facts.names or any(block.subnet_of(facts.cidr) for block in blocks):
            yield facts
