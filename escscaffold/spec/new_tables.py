"""TOML text of a new spec and of a new environment. What exists already is edited, by tomlkit, and not written here."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from escscaffold.spec.toml_text import BARE_KEY

_SCHEMA = "#:schema ./.escscaffold/schema.json"
"""What editors look for in the first lines (taplo, Even Better TOML): a file of the repository needs no network."""
_HEAD = "# Edit this file, then run `escscaffold generate`."
_RANGES = '# A CIDR block pins a range; "/20" or { nodes = 10 } sets its size. Ranges not listed are placed for you.'
_TOP = ("provider", "ci")
_TABLES = ("pipeline", "backend", "ipam", "pools", "reserved", "accept")
OF_TABLES = ("node_pools", "integrations")
"""The keys of an environment whose values are tables, each with lines of its own."""

_NAMED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def new_spec(document: Mapping[str, Any]) -> str:
    """Return the text of a new spec with these contents."""
    top = {key: document[key] for key in ("version", *_TOP) if key in document}
    texts = ["\n".join([_SCHEMA, _HEAD, *_lines(top), ""])]
    texts += [_table((key,), document[key]) for key in _TABLES if document.get(key)]
    texts += [environment_text(name, environment) for name, environment in document["environments"].items()]
    return "\n".join(texts)


def environment_text(name: str, environment: Mapping[str, Any]) -> str:
    """Return the tables of one environment; appended as text, so that nothing above them is touched."""
    path = ("environments", name)
    inner = {key: value for key, value in environment.items() if isinstance(value, Mapping)}
    texts = [_table(path, {key: value for key, value in environment.items() if key not in inner})]
    for key, values in inner.items():
        if key in OF_TABLES:
            texts += _tables((*path, key), values)
        else:
            texts.append(_table((*path, key), values, _RANGES if key == "ranges" else ""))
    return "\n".join(texts)


def _tables(path: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table for each value that is one."""
    others = {key: value for key, value in values.items() if not isinstance(value, Mapping)}
    if others or not values:
        yield _table(path, others)
    yield from (_table((*path, key), value) for key, value in values.items() if isinstance(value, Mapping))


def _table(path: tuple[str, ...], values: Mapping[str, Any], comment: str = "") -> str:
    header = f"[{'.'.join(map(key_text, path))}]"
    return "\n".join([header, *([comment] if comment else []), *_lines(values), ""])


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    return (f"{key_text(key)} = {value_text(value)}" for key, value in values.items())


def key_text(key: str) -> str:
    """Return a key as TOML, in quotes where it needs them.

    >>> key_text("office-1"), key_text("office.berlin")
    ('office-1', '"office.berlin"')
    """
    return key if BARE_KEY.fullmatch(key) else value_text(key)


def value_text(value: object) -> str:
    r"""Return a value as TOML on one line; raises TypeError for a value that has no form in TOML.

    >>> print(value_text({"nodes": 10, "zones": ["a", "b"], "note": 'a "b"\n'}))
    { nodes = 10, zones = ["a", "b"], note = "a \"b\"\n" }
    """
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return f'"{"".join(_escaped(sign) for sign in value)}"'
        case date() | time():
            return value.isoformat()
        case Mapping():
            return f"{{ {', '.join(_lines(value))} }}" if value else "{}"
        case list() | tuple():
            return f"[{', '.join(map(value_text, value))}]"
    raise TypeError(f"{type(value).__name__} has no form in TOML")


def _escaped(sign: str) -> str:
    return _NAMED.get(sign) or (f"\\u{ord(sign):04x}" if sign < " " or sign == "\x7f" else sign)
