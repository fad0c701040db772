"""Specs drawn at random, as documents: every mode, sizes, needs, pins, growth, pools, reserved blocks, both routes."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from hypothesis import strategies as st

from escscaffold import plan, read_spec
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.facts import Mode, RangeFacts, zone_names
from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import format_lock, grants_for, lock_of
from escscaffold.planning.lock_text import read_lock

Document = dict[str, Any]
Ranges = dict[str, Any]

MODES = sorted(mode_names())
# Where pins and reserved blocks lie: close together, so that they meet.
PLACES = ("10.0.0.0/12", "10.64.0.0/14", "172.16.0.0/13", "172.28.0.0/14", "192.168.0.0/16", "100.64.0.0/13")
POOLS = ("10.0.0.0/14", "10.4.0.0/14", "10.128.0.0/12", "172.16.0.0/14", "172.24.0.0/15", "192.168.0.0/16")
USUAL_LENGTHS = {"network": (12, 20), "nodes": (16, 26), "pods": (12, 22), "services": (16, 24), "kurrent": (16, 24)}


def written(value: object) -> str:
    """Return a value as TOML writes it inline."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def as_toml(document: Mapping[str, Any], path: str = "") -> str:
    """Return the document as TOML; a range's own table is written inline."""
    inline = path.endswith(".ranges")
    tables = {key: one for key, one in document.items() if isinstance(one, Mapping) and not inline}
    lines = [f"[{path}]"] if path else []
    lines += [f"{key} = {written(one)}" for key, one in document.items() if key not in tables]
    text = "\n".join(lines) + "\n"
    return text + "".join(as_toml(table, f"{path}.{key}".lstrip(".")) for key, table in tables.items())


def planned(document: Document, lock_text: str = "") -> AddressPlan:
    """Plan a document through its text, and through the text of a lock where there is one."""
    spec = read_spec(as_toml(document))
    return plan(spec, grants_for(read_lock(lock_text, load_facts()), spec) if lock_text else None)


def locked(after: AddressPlan, before: str = "") -> str:
    """Return the text of the lock that a plan leaves behind."""
    return format_lock(lock_of(after, read_lock(before, load_facts()) if before else None))


@st.composite
def blocks(draw: st.DrawFn, shortest: int = 12, longest: int = 27, places: tuple[str, ...] = PLACES) -> str:
    place = IPv4Network(draw(st.sampled_from(places)))
    length = draw(st.integers(max(shortest, place.prefixlen), max(longest, place.prefixlen)))
    step = 1 << (32 - length)
    number = draw(st.integers(0, place.num_addresses // step - 1))
    return str(IPv4Network((int(place.network_address) + number * step, length)))


def mode_of(name: str) -> Mode:
    return load_cloud(mode_names()[name]).modes[name]


# Modes in which every range can be placed; in the others, the cloud or what exists pins some.
FREE_MODES = [
    name for name in MODES if not mode_of(name).others and all(r.settable for r in mode_of(name).ranges.values())
]


def names_of(mode: Mode) -> list[str]:
    """Return the names of ranges that a person can give in a mode, with a zone more than there must be."""
    names: list[str] = []
    for facts in mode.ranges.values():
        if facts.settable and not facts.only_with:
            names += zone_names(facts.name, facts.minimum_zones + 1) if facts.per_zone else [facts.name]
    return ["kurrent", *names, *(["apps", "workers"] if mode.others else [])]


@st.composite
def sizes(draw: st.DrawFn, facts: RangeFacts | None) -> str:
    low, high = USUAL_LENGTHS.get(facts.name if facts else "kurrent", (16, 24))
    if facts:
        low, high = max(low, facts.shortest_prefix_length), min(high, facts.longest_prefix_length)
    return f"/{draw(st.integers(min(low, high), high))}"


@st.composite
def needs(draw: st.DrawFn, facts: RangeFacts) -> dict[str, Any]:
    sizing = facts.sizing
    assert sizing is not None
    if sizing.counts == "services":
        return {"services": draw(st.integers(1, 3000))}
    need: dict[str, Any] = {"nodes": draw(st.integers(sizing.fewest_nodes, min(sizing.most_nodes or 200, 200)))}
    if draw(st.booleans()):
        need["surge"] = draw(st.integers(0, 20))
    if (sizing.pod_addresses or sizing.pod_blocks) and draw(st.booleans()):
        need["pods_per_node"] = draw(st.integers(sizing.fewest_pods_per_node, sizing.most_pods_per_node))
    return need


@st.composite
def requests(draw: st.DrawFn, facts: RangeFacts | None, *, pins: bool) -> Any:
    ways = ["size", "size and growth"] + ["pin"] * pins + ["need"] * bool(facts and facts.sizing)
    if facts and facts.pinned_only:
        return draw(blocks(facts.shortest_prefix_length, facts.longest_prefix_length))
    way = draw(st.sampled_from(ways))
    if way == "need" and facts:
        return draw(needs(facts))
    if way == "size and growth":
        return {"size": draw(sizes(facts)), "growth": draw(st.sampled_from([2, 3, 4]))}
    return draw(blocks()) if way == "pin" else draw(sizes(facts))


@st.composite
def environments(draw: st.DrawFn, *, pins: bool, pools: list[str]) -> Document:
    name = draw(st.sampled_from(MODES if pins else FREE_MODES))
    mode, cloud = mode_of(name), load_cloud(mode_names()[name])
    chosen = draw(st.lists(st.sampled_from(names_of(mode)), unique=True, max_size=4))
    if mode.others and not {"apps", "workers"} & set(chosen):
        chosen.append("apps")
    ranges: Ranges = {}
    for one in chosen:
        ranges[one] = draw(requests(None if one == "kurrent" else mode.facts_of(one), pins=pins))
    if pins and draw(st.integers(0, 9)) == 0:
        ranges["remote"] = draw(blocks(8, 18))
    one = {"cloud": cloud.name, "region": cloud.default_region, "mode": name}
    one["routes"] = draw(st.sampled_from(["supernet", "supernet", "exact"]))
    if pools and draw(st.booleans()):
        one["pools"] = draw(st.lists(st.sampled_from(pools), unique=True, min_size=1))
    existing = {key: facts.example for key, facts in mode.existing.items() if exists(mode, key)}
    return one | {"ranges": ranges} | ({"existing": existing} if existing else {})


def exists(mode: Mode, key: str) -> bool:
    return mode.parts.get(key.partition("_")[0], ("create",))[0] == "existing"


@st.composite
def documents(draw: st.DrawFn, *, pins: bool = True, most: int = 3) -> Document:
    """Draw a document that reads without a problem, whatever is wrong with what it asks."""
    chosen = draw(st.lists(st.sampled_from(POOLS), unique=True, max_size=3))
    pools = {f"pool-{number}": block for number, block in enumerate(chosen)}
    reserved = draw(st.lists(blocks(10, 24), max_size=2))
    names = draw(st.lists(st.sampled_from(["a", "b", "c", "prod"]), unique=True, min_size=1, max_size=most))
    return {
        "version": 1,
        "pools": pools,
        "reserved": {f"block-{number}": block for number, block in enumerate(reserved)},
        "environments": {name: draw(environments(pins=pins, pools=list(pools))) for name in names},
    }
