"""What the machine types of nodes hold of addresses; nothing at a cloud where the type does not say it."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from escscaffold.clouds.fact_files import folder_table


class NodeType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One type's network interfaces."""

    interfaces: int
    addresses: int
    """IPv4 addresses of each interface, its own among them."""
    most_pods: int
    """The most pods on a node, whatever its addresses."""
    prefixes: bool
    """Whether an interface takes prefixes instead of single addresses."""


@cache
def node_types(cloud: str) -> Mapping[str, NodeType]:
    """Return the types that are known of, by name."""
    return {
        name: NodeType(**{key: value for key, value in alike.items() if key != "names"})
        for alike in folder_table(cloud, "node_types.toml").get("types", ())
        for name in alike["names"]
    }
