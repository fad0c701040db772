"""Full ids of what exists (ARM ids, self links, ARNs): the name in them, and the further names that they have. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from escscaffold.clouds.choices import ExistingFacts


def name_in(text: str, facts: ExistingFacts) -> str | None:
    """Return the name that a full id has; None where the text is no such id."""
    found = re.fullmatch(facts.id, text) if facts.id else None
    name = "/".join(group for group in found.groups() if group) if found else ""
    return name if re.fullmatch(facts.pattern, name) else None


def with_bare_names(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> dict[str, Any]:
    """Return what exists by its bare names, with those that only a full id of another key has."""
    bare = dict(named)
    for name, value in named.items():
        if name in facts and isinstance(value, str):
            bare[name] = name_in(value, facts[name]) or value
    for name, _, inner in _inner_names(named, facts):
        bare.setdefault(name, inner)
    return bare


def contradictions(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> Iterator[tuple[str, str, str]]:
    """Yield each key, its name and the other one that a full id of another key has for it."""
    for name, key, inner in _inner_names(named, facts):
        given = named.get(name)
        # Azure compares the names of resource groups without regard to case.
        known = (name_in(given, facts[name]) or given) if isinstance(given, str) else None
        if known is not None and known.casefold() != inner.casefold():
            yield name, key, inner


def _inner_names(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> Iterator[tuple[str, str, str]]:
    """Yield each key that a full id answers as well, the key that has the id, and the name in it."""
    for name, wanted in facts.items():
        key = name.partition("_")[0]
        value = named.get(key)
        if key == name or not isinstance(value, str) or key not in facts or name_in(value, facts[key]) is None:
            continue
        if (inner := name_in(value, wanted)) is not None:
            yield name, key, inner
