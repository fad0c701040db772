"""Says once what a JSON schema would say in many places: modes have most of their settings in common."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

_WORTH_IT = 100
"""The length from which a reference is shorter to read than what it stands for."""


def with_shared(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with what several properties say alike put below `definitions`, named after the property."""
    times = Counter(text for _, text in _properties(schema))
    names: dict[str, str] = {}
    for name, text in _properties(schema):
        if times[text] > 1 and len(text) > _WORTH_IT and text not in names:
            number = sum(known.partition(".")[0] == name for known in names.values())
            names[text] = f"{name}.{number + 1}" if number or name in schema["definitions"] else name
    shared = {name: _referring(json.loads(text), names) for text, name in names.items()}
    whole: dict[str, Any] = _referring(schema, names)
    return whole | {"definitions": dict(sorted({**whole["definitions"], **shared}.items()))}


def _properties(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield each property's name and what is said of it, as text."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from ((name, json.dumps(one)) for name, one in value.items())
            yield from _properties(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from _properties(one)


def _referring(schema: Any, names: dict[str, str]) -> Any:
    if isinstance(schema, list):
        return [_referring(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _referred(one, names) for name, one in value.items()}
        if key == "properties"
        else _referring(value, names)
        for key, value in schema.items()
    }


def _referred(one: Any, names: dict[str, str]) -> Any:
    name = names.get(json.dumps(one))
    return {"$ref": f"#/definitions/{name}"} if name else _referring(one, names)
