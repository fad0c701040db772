"""What a cloud's arithmetic from a need to a number of addresses is made of, as data."""

from typing import Literal

from msgspec import Struct


class Sizing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the addresses of one kind of range are counted; numbers are addresses unless said otherwise.

    A node takes `node_addresses` and what its pods take: an address each (`pod_addresses`, in
    batches of `pod_batch`), or one block out of `pod_blocks`.
    """

    counts: Literal["nodes", "services"]
    source: str
    node_addresses: int = 0
    """What each node takes for itself."""
    pod_addresses: bool = False
    """Whether each pod takes an address."""
    spare_pod_addresses: int = 0
    """Addresses that a node keeps free for its next pods."""
    interfaces: bool = False
    """Whether `node_addresses` are a node's network interfaces, of which a need can say another number."""
    host_pods: int = 0
    """Pods on each node that use the node's own address and take none."""
    pod_batch: int = 1
    """How many addresses for pods a node takes at a time."""
    pod_blocks: tuple[tuple[int, int], ...] = ()
    """The most pods on a node, and the prefix length of the block that the node then takes; smallest first."""
    default_pods_per_node: int = 0
    fewest_pods_per_node: int = 1
    most_pods_per_node: int = 0
    default_surge: int = 0
    """Nodes that an upgrade adds for its time."""
    surge_source: str = ""
    fewest_nodes: int = 1
    """The nodes with which the cluster that is written begins."""
    most_nodes: int = 0
    """The most nodes, the surge among them, however large the range; 0 for no such limit."""
    extra: int = 0
    """Addresses that are taken besides."""
    extra_purpose: str = ""
