"""The question how large the cluster becomes: in nodes and pods first, by CIDR for those who have them.

The spec gets ranges with a need; the answers themselves are not written.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from math import ceil
from typing import Any

from escscaffold.clouds.facts import Mode, RangeFacts, Sizing
from escscaffold.planning.sizing import nodes_held
from escscaffold.spec.model import Need
from escscaffold.spec.range_values import limits_of, need_keys
from escscaffold.spec.values import BadValue, shown

SIZE, NODES, PODS = ("size",), ("size", "nodes"), ("size", "pods")
DEFAULT, BY_NODES, BY_CIDR = "default", "nodes", "cidr"


def size_questions(mode: Mode, sizes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the fields of the questions that follow from the answers so far; nothing where no range is counted."""
    counted = _counted(mode)
    if not counted:
        return
    nodes, pods = _held_by_default(mode)
    each = f", {pods} pods on each" if pods else ""
    choices = {
        DEFAULT: f"Room for {nodes:,} nodes{each}\nRanges have their default sizes, in free address space.",
        BY_NODES: "Another number of nodes or pods\nRanges have room for these nodes and those of an upgrade.",
        BY_CIDR: "Give each range by CIDR or prefix length\nFor teams that were assigned blocks.",
    }
    yield {
        "key": SIZE,
        "flag": "--range NAME=VALUE",
        "prompt": "Size of the cluster",
        "why": "Ranges limit how far the cluster can grow. Most of them cannot be enlarged later.",
        "explanation": lambda: (
            "\n".join(f"{name}: {text.replace(chr(10), '. ')}" for name, text in choices.items())
            + "\nOr type a number of nodes, such as 40."
        ),
        "default": DEFAULT,
        "read": partial(_read_size, mode=mode),
        "choices": choices,
    }
    if sizes.get("size") == BY_NODES:
        why = "The most nodes that the cluster will have, in all zones together."
        yield _count(NODES, "Nodes at most", "nodes", str(nodes), mode, why)
        with_pods = _with_pods(mode)
        fewest, most = limits_of(with_pods)["pods_per_node"] if with_pods else (0, 0)
        if fewest < most:
            why = "Each node keeps addresses for its pods, whether they run or not."
            yield _count(PODS, "Pods on each node at most", "pods_per_node", str(pods), mode, why)


def needs_of(mode: Mode, sizes: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Return the ranges that the answers size, by name: what each has to hold.

    >>> from escscaffold.clouds.fact_files import load_cloud
    >>> needs_of(load_cloud("aws").modes["eks"], {"nodes": "41", "pods": "58"})["nodes-2"]
    {'nodes': 21, 'pods_per_node': 58}
    """
    if "nodes" not in sizes:
        return {}
    counted = _counted(mode)
    needs: dict[str, dict[str, int]] = {}
    for name, facts in counted.items():
        zones = sum(other.name == facts.name for other in counted.values()) if facts.per_zone else 1
        needs[name] = {"nodes": max(ceil(int(sizes["nodes"]) / zones), _sizing(facts).fewest_nodes)}
        if "pods" in sizes and "pods_per_node" in need_keys(_sizing(facts)):
            needs[name]["pods_per_node"] = int(sizes["pods"])
    return needs


def is_number(text: str) -> bool:
    """Whether a size was answered by its number of nodes."""
    return text.isascii() and text.isdigit()


def _count(key: tuple[str, ...], prompt: str, name: str, default: str, mode: Mode, why: str) -> dict[str, Any]:
    fewest, most = _limits(mode, name)
    return {
        "key": key,
        "flag": "--range NAME=VALUE",
        "prompt": prompt,
        "why": why,
        "explanation": lambda: f"A whole number, {fewest:,} to {most:,}. The default fits the default sizes.",
        "default": default,
        "read": partial(_read_count, fewest=fewest, most=most),
    }


def _limits(mode: Mode, name: str) -> tuple[int, int]:
    sizings = [_sizing(facts) for facts in _counted(mode).values() if name in need_keys(_sizing(facts))]
    limits = [limits_of(sizing)[name] for sizing in sizings]
    # The most nodes of a cluster are with those of an upgrade.
    most = [sizing.most_nodes - sizing.default_surge for sizing in sizings if name == "nodes" and sizing.most_nodes]
    return max(fewest for fewest, _ in limits), min([most for _, most in limits] + most)


def _read_size(value: object, mode: Mode) -> str:
    text = str(value)
    if is_number(text):
        fewest, most = _limits(mode, "nodes")
        return str(_read_count(text, fewest=fewest, most=most))
    if text not in (DEFAULT, BY_NODES, BY_CIDR):
        raise BadValue(
            f"{shown(text)} is not a size.", f"Write a number of nodes, or {DEFAULT}, {BY_NODES} or {BY_CIDR}."
        )
    return text


def _read_count(value: object, fewest: int, most: int) -> int:
    text = str(value).replace(",", "")
    if not is_number(text) or len(text) > 9:
        raise BadValue(f"{shown(str(value))} is not a whole number.", f"Write a number from {fewest:,} to {most:,}.")
    if not fewest <= int(text) <= most:
        raise BadValue(f"{int(text):,} is out of bounds.", f"Write a number from {fewest:,} to {most:,}.")
    return int(text)


def _counted(mode: Mode) -> dict[str, RangeFacts]:
    """Return the ranges that are sized by nodes, by name."""
    ranges = {name: mode.facts_of(name) for name in mode.range_names()}
    return {
        name: facts
        for name, facts in ranges.items()
        if facts is not None and facts.settable and facts.sizing is not None and facts.sizing.counts == "nodes"
    }


def _held_by_default(mode: Mode) -> tuple[int, int]:
    """Return how many nodes ranges of the default sizes hold besides those of an upgrade, and how many pods on each."""
    counted = _counted(mode)
    held: dict[str, int] = {}
    for facts in counted.values():
        sizing = _sizing(facts)
        nodes = nodes_held(facts.default_prefix_length, Need(), facts) - sizing.default_surge
        held[facts.name] = held.get(facts.name, 0) + nodes
    with_pods = _with_pods(mode)
    return min(held.values()), with_pods.default_pods_per_node if with_pods else 0


def _with_pods(mode: Mode) -> Sizing | None:
    """Return how the range is counted in which pods take addresses."""
    sizings = (_sizing(facts) for facts in _counted(mode).values())
    return next((sizing for sizing in sizings if "pods_per_node" in need_keys(sizing)), None)


def _sizing(facts: RangeFacts) -> Sizing:
    if facts.sizing is None:
        raise ValueError(f"{facts.name} is not sized by a need")
    return facts.sizing
