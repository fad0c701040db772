"""Specs of many environments with ten reserved blocks for each, of several shapes; the same each time."""

import random
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

from msgspec.structs import replace

from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.facts import Mode
from escscaffold.clouds.known_facts import load_facts
from escscaffold.spec.model import EnvironmentSpec, RangeRequest, Spec

RESERVED_EACH = 10
CNI = {"kurrent": 24, "network": 24, "nodes": 24, "services": 28}
"""Four ranges that leave room for ten thousand environments in private space."""

_TEN = 10 << 24


def usual(count: int) -> Spec:
    """Reserved blocks in a random half of 10.0.0.0/8."""
    return _spec(_fleet(count, ["aks-cni"], CNI), _reserved(count, shortest=20))


def bare(count: int) -> Spec:
    """The same environments with nothing reserved."""
    return _spec(_fleet(count, ["aks-cni"], CNI), {})


def crowded(count: int) -> Spec:
    """Two covered ranges where hardly a supernet is wholly free: every second /22 has reserved blocks."""
    sizes = {"kurrent": 24, "nodes": 26, "pods": 22, "services": 27}
    return _spec(_fleet(count, ["gke-standard"], sizes), _reserved(count, shortest=22))


def exact(count: int) -> Spec:
    """Each range with a route of its own."""
    return _spec(_fleet(count, ["aks-cni"], CNI, routes="exact"), _reserved(count, shortest=20))


def zones(count: int) -> Spec:
    """Subnets in three zones."""
    sizes = {"kurrent": 24, "network": 24, "nodes-1": 26, "nodes-2": 26, "nodes-3": 26}
    return _spec(_fleet(count, ["eks"], sizes), _reserved(count, shortest=20))


def mixed(count: int) -> Spec:
    """The modes of all clouds by turns, in the sizes that they have by themselves: there is room for some hundred."""
    modes = [name for name, cloud in mode_names().items() if _repeats(load_cloud(cloud).modes[name])]
    return _spec(_fleet(count, modes, {"kurrent": 24}), _reserved(count, shortest=22))


def exhausted(count: int) -> Spec:
    """Pools that hold half of the networks, and nothing else."""
    pools = tuple(summarize_address_range(IPv4Address(_TEN), IPv4Address(_TEN + count * 128 - 1)))
    fleet = {name: replace(one, pools=pools) for name, one in _fleet(count, ["aks-cni"], CNI).items()}
    return _spec(fleet, {})


def wrong(count: int) -> Spec:
    """A Kurrent network that is too small in each: as many errors, each with a block that would be right."""
    return _spec(_fleet(count, ["aks-cni"], CNI | {"kurrent": 26}), usual(count).reserved)


SHAPES: Mapping[str, Callable[[int], Spec]] = {
    "crowded": crowded,
    "exact routes": exact,
    "three zones": zones,
    "all clouds, hardly room": mixed,
    "room for half": exhausted,
}


def toml_of(spec: Spec) -> str:
    """Return a spec of plain sizes as the text that a person would have."""
    lines = ["version = 1", "[reserved]", *(f'{name} = "{block}"' for name, block in spec.reserved.items())]
    for one in spec.environments.values():
        lines += [f"[environments.{one.name}]", f'cloud = "{one.cloud.name}"', f'region = "{one.region}"']
        lines += [f'mode = "{one.mode.name}"', f"[environments.{one.name}.ranges]"]
        lines += [f'{name} = "/{request.prefix_length}"' for name, request in one.ranges.items()]
    return "\n".join(lines) + "\n"


def _spec(environments: Mapping[str, EnvironmentSpec], reserved: Mapping[str, IPv4Network]) -> Spec:
    return Spec(provider="kurrentcloud", reserved=reserved, environments=environments, facts=load_facts())


def _fleet(count: int, modes: list[str], sizes: Mapping[str, int], **keys: str) -> dict[str, EnvironmentSpec]:
    fleet: dict[str, EnvironmentSpec] = {}
    ranges = {name: RangeRequest(prefix_length=length) for name, length in sizes.items()}
    for number in range(count):
        name, mode = f"e{number:05}", modes[number % len(modes)]
        cloud = load_cloud(mode_names()[mode])
        one = EnvironmentSpec(
            name=name,
            cloud=cloud,
            region=cloud.default_region,
            mode=cloud.modes[mode],
            ranges=ranges,
            parts={},
            facts=load_facts(),
        )
        fleet[name] = replace(one, **keys)
    return fleet


def _repeats(mode: Mode) -> bool:
    """Return True if a repository can hold the mode many times, and it can be planned without further answers."""
    return mode.others is None and all(facts.settable for facts in mode.ranges.values())


def _reserved(count: int, *, shortest: int) -> dict[str, IPv4Network]:
    """Scatter blocks of /26 to /30, no two in one /26, over half of the blocks of a length in 10.0.0.0/8."""
    chance = random.Random(1)
    parts = 1 << (26 - shortest)
    homes = chance.sample(range(1 << (shortest - 8)), 1 << (shortest - 9))
    places = chance.sample(range(len(homes) * parts), count * RESERVED_EACH)
    starts = (homes[place // parts] * parts + place % parts for place in places)
    return {
        f"block-{number}": IPv4Network((_TEN + (start << 6), chance.randint(26, 30)))
        for number, start in enumerate(starts)
    }
