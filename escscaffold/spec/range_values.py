"""A range of the spec: what it has to hold and how much it may grow, and the names that own ranges can have."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from escscaffold.clouds.choices import Part
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE, Mode, RangeFacts, Sizing
from escscaffold.spec.model import Need, RangeRequest
from escscaffold.spec.toml_text import KeyPath, NotTomlError, toml_value
from escscaffold.spec.values import (
    BadValue,
    Collector,
    nearest,
    read_cidr,
    read_environment_name,
    read_prefix_length,
    read_range,
    read_switch,
    shown,
)

_PLACE = ("cidr", "size", "growth")
_OWN = ("subnet",)
"""The keys of a range of a team's own only."""
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "nodes": ("nodes", "pods_per_node", "surge", "interfaces", "spare"),
    "services": ("services",),
}
"""The keys of a need, the one that it cannot be without first, by what the cloud counts."""
_EVERY_NEED = tuple(dict.fromkeys(name for names in _NEEDS.values() for name in names))

_MOST = 1_000_000
MOST_GROWTH = 1 << 16
_SIMILARITY = 0.85
"""How alike two names are, of 1, where one is taken for a slip of the other."""


def range_value(text: str) -> Any:
    """Return the text of a range as the value that the spec holds: `{ nodes = 10 }` is a table, `"/20"` text in quotes.

    Raises BadValue for a table or quotes that break off.
    """
    if not text.lstrip().startswith(("{", '"', "'")):
        return text
    try:
        return toml_value(text)
    except NotTomlError as error:
        kind = "table" if text.lstrip().startswith("{") else "text in quotes"
        message = f"{shown(text)} is not a {kind}: {error.message}."
        raise BadValue(message, "Use { nodes = 10, growth = 2 }.") from None


def read_request(value: object, facts: RangeFacts | None, *, is_own: bool = False) -> RangeRequest:
    """Read a range that may be a table; `facts` say what the mode can size, None where the mode is not known.

    One that `is_own` is not of the mode's ranges but of a team's own.
    Raises BadValue for keys that nothing would use and for numbers that cannot be.
    """
    if isinstance(value, str):
        value = range_value(value)
    own_keys = _OWN if is_own or facts is None else ()
    request = _request(value, facts, own_keys) if isinstance(value, dict) else read_range(value)
    if facts and facts.pinned_only and request.block is None:
        raise BadValue(f"{facts.name} exists and needs its block.", 'Set its block, such as "10.20.0.0/16".')
    return request


def _request(value: Mapping[str, Any], facts: RangeFacts | None, own_keys: tuple[str, ...]) -> RangeRequest:
    sizing = facts.sizing if facts else None
    # Where the mode is not known, any need may be one of its range.
    keys = (*_PLACE, *own_keys, *(need_keys(sizing) if sizing else _EVERY_NEED if facts is None else ()))
    for key in value:
        if key not in keys:
            raise BadValue(*_unknown(key, facts, keys))
    block = read_cidr(value["cidr"]) if "cidr" in value else None
    length = read_prefix_length(value["size"]) if "size" in value else None
    if block and length:
        raise BadValue("cidr and size are both set.", f'Remove size: {block} is a "/{block.prefixlen}".')
    counts = {key: value[key] for key in value if key not in (*_PLACE, *own_keys)}
    need = _need(counts, sizing) if sizing and counts else None
    if not (block or length or need or (counts and facts is None)):
        example = "{ nodes = 10, growth = 2 }" if sizing else '{ size = "/20", growth = 2 }'
        raise BadValue("The range has no size.", f"Use {example}.")
    growth = _number("growth", value.get("growth", 1), fewest=1, most=MOST_GROWTH)
    subnet = read_switch(value.get("subnet", False))
    return RangeRequest(block=block, prefix_length=length, need=need, growth=growth, subnet=subnet)


def need_keys(sizing: Sizing) -> list[str]:
    """Return the keys of a need that mean something for this range, the one that it cannot be without first."""
    keys = list(_NEEDS[sizing.counts])
    unusable = set() if sizing.pod_addresses or sizing.pod_blocks else {"pods_per_node"}
    unusable |= set() if sizing.interfaces else {"interfaces"}
    return [key for key in keys if key not in unusable]


def _unknown(key: str, facts: RangeFacts | None, keys: tuple[str, ...]) -> tuple[str, str]:
    if facts and key in _OWN:
        return f"{key} is for ranges of your own, and {facts.name} is one of the mode.", "Leave it out."
    if facts and key in _EVERY_NEED:
        if not facts.sizing:
            return f"{key} does not size {facts.name}.", f'Set its size, such as "/{facts.default_prefix_length}".'
        return f"{key} does not change the size of {facts.name}.", f"Use {', '.join(keys)}."
    return f"Unknown key {shown(key)} of a range.", nearest(key, keys)


def _need(counts: Mapping[str, Any], sizing: Sizing) -> Need:
    first = _NEEDS[sizing.counts][0]
    if first not in counts:
        raise BadValue(f"{first} is missing.", f"Add {first} = 10 or another number.")
    limits = limits_of(sizing)
    read: dict[str, int] = {}
    for key, value in counts.items():
        fewest, most = limits[key]
        read[key] = _number(key, value, fewest=fewest, most=most)
    surge = read.get("surge", sizing.default_surge)
    if sizing.most_nodes and read.get("nodes", 0) + surge > sizing.most_nodes:
        raise BadValue(
            f"{read['nodes']} nodes and {surge} for an upgrade exceed the maximum of {sizing.most_nodes}.",
            f"Set nodes = {sizing.most_nodes - surge}, and put the rest in another environment.",
        )
    return replace(Need(), **read)


def limits_of(sizing: Sizing) -> Mapping[str, tuple[int, int]]:
    """Return the least and the most that each key of a need can say."""
    return {
        "nodes": (sizing.fewest_nodes, sizing.most_nodes or _MOST),
        "pods_per_node": (sizing.fewest_pods_per_node, sizing.most_pods_per_node),
        "services": (1, _MOST),
        "interfaces": (1, 15),
        "surge": (0, _MOST),
        "spare": (0, _MOST),
    }


def _number(key: str, value: object, *, fewest: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue(f"{key} = {shown(value)} is not a whole number.", f"Use {key} = {fewest}.")
    if not fewest <= value <= most:
        span = f"{fewest:,} to {most:,}" if fewest != most else f"{fewest:,} only"
        raise BadValue(f"{key} = {shown(value)} is outside {span}.", f"Use {key} = {min(max(value, fewest), most)}.")
    return value


def read_own_name(name: str, mode: Mode) -> str:
    """Return the name of a range that is not one of the mode's; raises BadValue where it is rather a slip of one."""
    from difflib import get_close_matches  # slow to import, and most specs have none

    names = (*RANGES_OF_EVERY_MODE, *mode.range_names(), *mode.own_taken)
    if slip := get_close_matches(name, names, n=1, cutoff=_SIMILARITY):
        fix = f"Did you mean {slip[0]}? An own range needs another name, such as data-1."
        raise BadValue(f"{mode.name} has no range {shown(name)}.", fix)
    return read_environment_name(name)


def check_own_ranges(
    collector: Collector, path: KeyPath, mode: Mode, parts: Mapping[str, Part], ranges: Mapping[str, RangeRequest]
) -> None:
    """Keep a problem for each range of a team's own in a network that exists: what is free in there is not known."""
    if parts["network"] != "existing":
        return
    for name in ranges:
        if mode.is_own(name):
            message = f"{name} is an own range, and the network exists: its free addresses are not known."
            fix = f'Leave {name} out, or set parts.network = "create".'
            collector.problem("ESC010", (*path, "ranges", name), message, fix)
