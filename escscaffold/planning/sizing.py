"""From a need to a prefix length, by the cloud's own arithmetic, each step of the sum in words.

Pure: what is counted and how is data (`Sizing`), with its source beside it.
"""

from msgspec import Struct

from escscaffold.clouds.facts import RangeFacts, Sizing
from escscaffold.spec.model import Need


class Step(Struct, frozen=True, kw_only=True):
    """One line of a sum, and where its rule stands."""

    text: str
    source: str


class Sum(Struct, frozen=True, kw_only=True):
    """What a need comes to."""

    addresses: int
    """All that the range must hold, with what the cloud keeps."""
    prefix_length: int
    """The longest that holds them."""
    steps: tuple[Step, ...]


def size_of(need: Need, facts: RangeFacts) -> Sum:
    """Return the size that a need comes to in a range with these facts.

    Raises ValueError where the range cannot be sized by a need.

    >>> from escscaffold.clouds.fact_files import load_cloud
    >>> nodes = load_cloud("azure").modes["aks-cni"].ranges["nodes"]
    >>> size_of(Need(nodes=50), nodes).prefix_length
    21
    """
    sizing = _sizing(facts)
    addresses, steps = _services(need, sizing) if sizing.counts == "services" else _nodes(need, sizing)
    if need.spare:
        addresses += need.spare
        steps.append(Step(text=f"and {need.spare:,} to spare: {addresses:,} addresses", source=""))
    if facts.kept_addresses:
        addresses += facts.kept_addresses
        kept = f"and {facts.kept_addresses:,} that the cloud keeps: {addresses:,} addresses"
        steps.append(Step(text=kept, source=facts.limit_source))
    by_size = 32 - (addresses - 1).bit_length()
    length = min(by_size, facts.longest_prefix_length)
    held = f"the smallest range that holds them is a /{by_size} with {1 << (32 - by_size):,}"
    steps.append(Step(text=held, source=""))
    if length < by_size:
        steps.append(Step(text=f"the smallest that there can be is a /{length}", source=facts.limit_source))
    return Sum(addresses=addresses, prefix_length=max(length, 0), steps=tuple(steps))


def nodes_held(prefix_length: int, need: Need, facts: RangeFacts) -> int:
    """Return how many nodes, those of an upgrade among them, a range of this size holds.

    >>> from escscaffold.clouds.fact_files import load_cloud
    >>> pods = load_cloud("gcp").modes["gke-standard"].ranges["pods"]
    >>> nodes_held(17, Need(), pods)
    128
    """
    sizing = _sizing(facts)
    usable = (1 << (32 - prefix_length)) - facts.kept_addresses - need.spare - sizing.extra
    usable = min(usable, facts.most_usable) if facts.most_usable else usable
    held = max(usable, 0) // node_addresses(need, sizing)
    return min(held, sizing.most_nodes) if sizing.most_nodes else held


def node_addresses(need: Need, sizing: Sizing) -> int:
    """Return the addresses that one node and its pods take."""
    return _own(need, sizing) + _for_pods(need, sizing)


def _sizing(facts: RangeFacts) -> Sizing:
    if facts.sizing is None:
        raise ValueError(f"{facts.name} cannot be sized by a need")
    return facts.sizing


def _services(need: Need, sizing: Sizing) -> tuple[int, list[Step]]:
    services = need.services or 0
    addresses = services + sizing.extra
    text = f"{services:,} services and {sizing.extra} {sizing.extra_purpose}: {addresses:,} addresses"
    return addresses, [Step(text=text, source=sizing.source)]


def _nodes(need: Need, sizing: Sizing) -> tuple[int, list[Step]]:
    nodes = need.nodes or 0
    surge = sizing.default_surge if need.surge is None else need.surge
    each, count = node_addresses(need, sizing), nodes + surge
    addresses = count * each + sizing.extra
    steps = [
        Step(
            text=f"{nodes:,} nodes and {surge} more while an upgrade runs: {count:,} nodes",
            source=sizing.surge_source if need.surge is None and surge else "",
        ),
        Step(text=_each(need, sizing), source=sizing.source),
        Step(text=f"{count:,} x {each:,} = {count * each:,} addresses", source=""),
    ]
    if sizing.extra:
        steps.append(Step(text=f"and {sizing.extra} {sizing.extra_purpose}: {addresses:,} addresses", source=""))
    return addresses, steps


def _each(need: Need, sizing: Sizing) -> str:
    """Say what one node takes."""
    pods = pods_per_node(need, sizing)
    own, each = _own(need, sizing), node_addresses(need, sizing)
    if sizing.pod_blocks:
        length = _block_length(pods, sizing)
        block = f"a node of up to {pods} pods takes a /{length} of its own for them: {1 << (32 - length):,} addresses"
        return f"{block}, and {own} for itself" if own else block
    if not sizing.pod_addresses:
        return f"a node takes {_count(own, 'address')}"
    counted = pods - sizing.host_pods
    taken = _for_pods(need, sizing)
    words = f"{counted} of its {pods} pods" if sizing.host_pods else f"{pods} pods"
    spare = f" with {sizing.spare_pod_addresses} to spare" if sizing.spare_pod_addresses else ""
    batches = f", in batches of {sizing.pod_batch}{spare}: {taken}" if taken != counted else ""
    itself = f"{_count(own, 'address')} for {'its interfaces' if sizing.interfaces else 'itself'}"
    if not own:
        return f"a node takes one address for each of {words}{batches}"
    return f"a node takes {itself} and one for each of {words}{batches}: {each}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}es"


def pods_per_node(need: Need, sizing: Sizing) -> int:
    """Return the pods that a node may run: as the need says, or as the mode usually has it."""
    return sizing.default_pods_per_node if need.pods_per_node is None else need.pods_per_node


def _own(need: Need, sizing: Sizing) -> int:
    return sizing.node_addresses if need.interfaces is None else need.interfaces


def _for_pods(need: Need, sizing: Sizing) -> int:
    pods = pods_per_node(need, sizing)
    if sizing.pod_blocks:
        return 1 << (32 - _block_length(pods, sizing))
    if not sizing.pod_addresses:
        return 0
    batch = sizing.pod_batch
    return -(-(pods - sizing.host_pods + sizing.spare_pod_addresses) // batch) * batch


def _block_length(pods: int, sizing: Sizing) -> int:
    return next(length for most, length in sizing.pod_blocks if pods <= most)
