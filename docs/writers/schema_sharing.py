"""Says once what a JSON schema would say in many places: modes have most of their settings in common."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

_NAMED = ("properties", "patternProperties")
_REFERENCE = len('{"$ref": "#/definitions/"}')


def with_shared(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with what it says more than once put below `definitions`, where that is shorter.

    What is said of a property is named after that, and what several properties of a table can be after the table.
    """
    parts = list(_parts(schema, "", "", set()))
    times = Counter(text for _, text in parts)
    names: dict[str, str] = {}
    for name, text in parts:
        if name and text not in names and (times[text] - 1) * len(text) > (times[text] + 1) * (_REFERENCE + len(name)):
            number = sum(shared_name.partition(".")[0] == name for shared_name in names.values())
            names[text] = f"{name}.{number + 1}" if number or name in schema["definitions"] else name
    shared = {name: _referring(json.loads(text), names) for text, name in names.items()}
    whole: dict[str, Any] = _referring(schema, names)
    return whole | {"definitions": dict(sorted({**whole["definitions"], **shared}.items()))}


def _parts(schema: Any, name: str, table: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what is said of each property and each thing that one can be, with its name, as text.

    What is in such a part is yielded once, however often the part is.
    """
    if isinstance(schema, list):
        for part in schema:
            yield from _parts(part, name, table, seen)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key in _NAMED:
                inner = [(inner_name, part, name) for inner_name, part in value.items()]
            elif key == "anyOf":
                inner = [(table or name, part, table) for part in value]
            else:
                yield from _parts(value, name, table, seen)
                continue
            for inner_name, part, outer in inner:
                text = json.dumps(part)
                yield inner_name, text
                if text not in seen:
                    seen.add(text)
                    yield from _parts(part, inner_name, outer, seen)


def _referring(schema: Any, names: dict[str, str]) -> Any:
    """Return the schema with a reference for each part that has a name."""
    if isinstance(schema, list):
        return [_referring(part, names) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if [*schema] == ["description", "anyOf"] and json.dumps(schema["anyOf"][0]) not in names:
        # Only what is shared has to stand by itself.
        schema = {**schema, **schema["anyOf"][0]} if len(schema["anyOf"]) == 1 else schema
    referring: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _NAMED:
            referring[key] = {inner: _referred(part, names) for inner, part in value.items()}
        else:
            referring[key] = [_referred(part, names) for part in value] if key == "anyOf" else _referring(value, names)
    return referring


def _referred(part: Any, names: dict[str, str]) -> Any:
    name = names.get(json.dumps(part))
    return {"$ref": f"#/definitions/{name}"} if name else _referring(part, names)
