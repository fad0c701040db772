"""Decides for a planned change which of a resource's arguments demand a new resource.

Which they are is data, in `force_new.toml`; here is how they are compared, and the conditions that it names.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeAlias

from tests.terraform.values import Value, is_unknown

FACTS = Path(__file__).with_suffix(".toml")

# A place in a resource: the names of arguments, and the indexes of nested blocks.
Place: TypeAlias = tuple[str | int, ...]


def replacing(type_name: str, prior: Value, planned: Value) -> list[Place]:
    """Return the places of the changes that are not made in place."""
    facts = _facts()[type_name]
    found = [place for name in facts["always"] for place in _changed(name.split("."), prior, planned)]
    for name, condition in facts.get("unless", {}).items():
        for place in _changed(name.split("."), prior, planned):
            if not CONDITIONS[condition](_at(prior, place), _at(planned, place), planned):
                found.append(place)
    return found


@cache
def _facts() -> Mapping[str, Any]:
    return tomllib.loads(FACTS.read_text(encoding="utf-8"))


def _changed(names: list[str], prior: Value, planned: Value, place: Place = ()) -> Iterator[Place]:
    """Yield every place of these names where the two differ; a block that comes or goes differs as a whole."""
    old, new = _at(prior, place), _at(planned, place)
    if not names:
        if old != new:
            yield place
    elif isinstance(new, list):
        for index in range(len(new)):
            yield from _changed(names, prior, planned, (*place, index))
    elif isinstance(new, dict):
        yield from _changed(names[1:], prior, planned, (*place, names[0]))


def _at(value: Value, place: Place) -> Value:
    for step in place:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _holds(old: Value, new: Value, _: Value) -> bool:
    return not is_unknown(new) and bool(ip_network(old).subnet_of(ip_network(new)))  # type: ignore[arg-type]


def _overlaid(planned: Value) -> bool:
    return any(profile["network_plugin_mode"] == "overlay" for profile in planned["network_profile"])


CONDITIONS: Mapping[str, Callable[[Value, Value, Value], bool]] = {
    "it holds the old range": _holds,
    "there was none": lambda old, new, planned: not old,
    "kubenet becomes azure with overlay": lambda old, new, planned: (
        (old, new) == ("kubenet", "azure") and _overlaid(planned)
    ),
    "it becomes overlay": lambda old, new, planned: new == "overlay",
    "azure becomes cilium": lambda old, new, planned: (old, new) == ("azure", "cilium"),
}
