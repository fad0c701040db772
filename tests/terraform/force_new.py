"""Decides for a planned change which of a resource's arguments demand a new resource.

What the providers themselves answered is in `templates/providers/`; what they were not asked, or what hangs on two
values, is in `conditions.toml`. Here is how two states are compared, and the conditions that it names.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeAlias

from escscaffold.clouds.known_facts import load_facts
from escscaffold.terraform.provider_facts import Change, ProviderResource
from tests.terraform.values import Value, is_unknown

CONDITIONS_FILE = Path(__file__).with_name("conditions.toml")

# A place in a resource: the names of arguments, and the indexes of nested blocks.
Place: TypeAlias = tuple[str | int, ...]

_NOTHING = ProviderResource()


def replacing(source: str, type_name: str, prior: Value, planned: Value) -> list[Place]:
    """Return the places of the changes that the provider with this source does not make in place."""
    provider, known = load_facts().resources.provider(source), conditions().get(type_name)
    asked = provider.resources.get(type_name) if provider is not None else None
    if asked is None and known is None:
        raise LookupError(f"neither {source} nor {CONDITIONS_FILE.name} tells what replaces {type_name}")
    facts, told = asked or _NOTHING, known or {}
    return [place for place, old, new in _changes(prior, planned) if _replaces(facts, told, place, old, new, planned)]


@cache
def conditions() -> Mapping[str, Any]:
    """What is known besides what the providers answered, by resource type."""
    return tomllib.loads(CONDITIONS_FILE.read_text(encoding="utf-8"))


def _replaces(
    facts: ProviderResource, told: Mapping[str, Any], place: Place, old: Value, new: Value, planned: Value
) -> bool:
    path = ".".join(step for step in place if isinstance(step, str))
    condition = told.get("unless", {}).get(path)
    if condition is not None:
        return not CONDITIONS[condition](old, new, planned)
    return path in told.get("replaces", ()) or facts.answer(path, _kind(old, new)) == "replaces"


def _kind(old: Value, new: Value) -> Change:
    if is_unknown(new):
        return "other"
    if new is True or (old is True and new is False):
        return "to true" if new else "to false"
    if old in (None, []):
        return "set"
    return "unset" if new in (None, []) else "other"


def _changes(old: Value, new: Value, place: Place = ()) -> Iterator[tuple[Place, Value, Value]]:
    """Yield the innermost arguments that differ; a nested block that comes or goes differs as a whole, too."""
    if old == new or (old is None and new is False):
        return
    if isinstance(new, dict) and isinstance(old, dict | None):
        for name, value in new.items():
            yield from _changes((old or {}).get(name), value, (*place, name))
        if old is None:
            yield place, old, new
    elif _rows(old) and _rows(new):
        if len(old) != len(new):
            yield place, old, new
        for index in range(max(len(old), len(new))):
            before, after = (rows[index] if index < len(rows) else None for rows in (old, new))
            yield from _changes(before, after, (*place, index))
    else:
        yield place, old, new


def _rows(value: Value) -> bool:
    """Return whether a value is a list of nested blocks, which may be empty."""
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


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
