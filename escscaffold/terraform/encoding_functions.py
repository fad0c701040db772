"""Terraform's functions that encode and decode: JSON, YAML, CSV, base64, character sets, hashes.

https://developer.hashicorp.com/terraform/language/functions
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any
from urllib.parse import quote_plus
from uuid import NAMESPACE_DNS, NAMESPACE_OID, NAMESPACE_URL, NAMESPACE_X500, UUID, uuid5

import yaml

from escscaffold.terraform.collection_functions import text
from escscaffold.terraform.hcl_values import NotComputedError, TypedList, Value, number_of, text_of

_TAG = "tag:yaml.org,2002:"
_TRUE, _FALSE = ("y", "yes", "true", "on"), ("n", "no", "false", "off")
# The loader that is written in C takes a tenth of the time, and is not on every machine.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"^(?:---|[^#\n]*(?:~|null))", re.MULTILINE | re.IGNORECASE)
"""In a document that is null, and not without a document."""
_BETWEEN_DOCUMENTS = re.compile(r"^---(?=[ \t\r]*$)", re.MULTILINE)
_CSV = re.compile(r'(?:(?:"(?:[^"]++|"")*+"|[^",\r\n]*+)(?:,|\r?\n|\Z))*+')
_MOST_NODES = 100_000
"""How many values a decoded document may have."""


def _words(*words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of these words in lower case, capitalized, and in upper case."""
    return re.compile("|".join(f"{w}|{w.capitalize()}|{w.upper()}" for group in words for w in group))


_TIMESTAMP = (
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]|[ ]{1,9})([0-9]{1,2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_RESOLVED = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)"), [*"~nN", ""]),
    ("bool", _words(_TRUE, _FALSE), [*"yYnNtTfFoO"]),
    ("int", re.compile(r"(?:[-+]?[0-9]{1,100}|0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100})"), [*"-+0123456789"]),
    ("timestamp", re.compile(_TIMESTAMP), [*"0123456789"]),
    (
        "float",
        re.compile(
            r"[-+]?(?:\.[0-9]{1,100}|[0-9]{1,100}(?:\.[0-9]{0,100})?)(?:[eE][-+]?[0-9]{1,3})?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
        [*"-+0123456789."],
    ),
    ("merge", re.compile(r"<<"), ["<"]),
)


class _Loader(_Base):  # type: ignore[misc]
    """Reads scalars by the core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012
    merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put what `<<` names into a mapping; a few lines can have it named over and over."""
        before = len(node.value)
        super().flatten_mapping(node)
        self.merged += max(0, len(node.value) - before)
        if self.merged > _MOST_NODES:
            raise yaml.constructor.ConstructorError(None, None, "it merges too much", node.start_mark)


for _name, _pattern, _first in _RESOLVED:
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"^(?:{_pattern.pattern})$"), _first)


def _whole(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)


def _bool(loader: _Loader, node: yaml.ScalarNode) -> bool:
    return str(loader.construct_scalar(node)).lower() in _TRUE


def _float(loader: _Loader, node: yaml.ScalarNode) -> int | float:
    try:
        return number_of(str(loader.construct_scalar(node)))
    except ValueError:
        return float(loader.construct_yaml_float(node))


def _timestamp(loader: _Loader, node: yaml.ScalarNode) -> str:
    """Return a time as RFC 3339 writes it, without fractions of seconds."""
    match = re.fullmatch(_TIMESTAMP, str(loader.construct_scalar(node)))
    if match is None:
        return str(loader.construct_scalar(node))
    year, month, day, time, zone = match.groups()
    return f"{year}-{month:0>2}-{day:0>2}T{time or '00:00:00':0>8}{zone or 'Z'}"


_Loader.add_constructor(f"{_TAG}int", _whole)


_Loader.add_constructor(f"{_TAG}bool", _bool)


_Loader.add_constructor(f"{_TAG}timestamp", _timestamp)


_Loader.add_constructor(f"{_TAG}float", _float)


# As a key, `<<` merges; as a value, it is a string.
_Loader.add_constructor(f"{_TAG}merge", lambda loader, node: str(loader.construct_scalar(node)))


class NotYamlError(ValueError):
    """The text is no YAML that Terraform takes; `line` is where it stops being it, where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"it is not YAML: {message}")
        self.message = message
        self.line = line


def read_yaml(text: str) -> Any:
    """Return what a document holds; raises NotYamlError where it is none that Terraform takes."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotYamlError(str(error.problem), mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise NotYamlError(str(error).splitlines()[0]) from None


def read_yaml_documents(text: str) -> list[Any]:
    """Return what each of the documents of a file holds, as Kubernetes has them; raises NotYamlError."""
    documents: list[Any] = []
    before = 0
    for part in _BETWEEN_DOCUMENTS.split(text):
        try:
            documents.append(read_yaml(part))
        except NotYamlError as error:
            raise NotYamlError(error.message, before + error.line if error.line else None) from None
        before += part.count("\n")
    return documents


def encoded(value: Value) -> str:
    r"""Return a known value as `jsonencode` writes it.

    >>> print(encoded({"b": [1, True], "a": "<x>"}))
    {"a":"\u003cx\u003e","b":[1,true]}
    """
    written = "".join(_json_parts(value))
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


def _json_parts(value: Value) -> Iterator[str]:
    match value:
        case None:
            yield "null"
        case str():
            yield json.dumps(value, ensure_ascii=False)
        case bool() | int() | float():
            yield text(value)
        case list():
            yield from _joined("[", "]", (_json_parts(item) for item in value))
        case dict():
            yield from _joined("{", "}", (_json_pair(key, value[key]) for key in sorted(value)))
        case _:
            raise TypeError(value)


def _json_pair(key: str, value: Value) -> Iterator[str]:
    yield json.dumps(key, ensure_ascii=False)
    yield ":"
    yield from _json_parts(value)


def _joined(opening: str, closing: str, items: Iterator[Iterator[str]]) -> Iterator[str]:
    yield opening
    for number, item in enumerate(items):
        yield from ([","] if number else [])
        yield from item
    yield closing


def decoded_json(of: Value) -> Value:
    """Return what a JSON text holds; raises ValueError."""
    try:
        return _counted(json.loads(text(of), parse_float=number_of, parse_constant=_refuse))
    except RecursionError:
        raise NotComputedError("it is nested too deeply") from None


def _refuse(word: str) -> Value:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(word)


def _decoded_yaml(of: Value) -> Value:
    return _decoded_yaml_text(text(of))


@lru_cache(maxsize=512)
def _decoded_yaml_text(document: str) -> Value:
    """Return what a document holds; root modules of one repository read the same files, and no value is changed."""
    try:
        value = read_yaml(document)
    except NotYamlError as error:
        # Terraform's reader takes documents that this one does not.
        raise NotComputedError(error.message) from None
    if value is None and not _NULL.search(document):
        raise ValueError("there is no document")
    return _counted(value)


def _decoded_csv(of: Value) -> Value:
    import csv

    content = text(of)
    if not _CSV.fullmatch(content):
        raise ValueError("quotes stand within a field")
    try:
        rows = [row for row in csv.reader(content.splitlines(keepends=True), strict=True) if row]
    except csv.Error as error:
        raise NotComputedError(str(error)) from None
    head, *others = rows
    if any(len(row) != len(head) for row in others) or len({*head}) < len(head):
        raise ValueError("its rows differ in length, or two columns have one name")
    return _counted(TypedList(dict(zip(head, row, strict=True)) for row in others))


def _counted(value: Any) -> Value:
    """Return what a document holds; raises NotComputedError where that is more than is looked through here.

    One part may be in a document many times over, so that a small text can mean a lot.
    """
    remaining = _MOST_NODES
    waiting = [value]
    while waiting:
        node = waiting.pop()
        remaining -= 1
        if remaining < 0:
            raise NotComputedError("it is too large")
        if isinstance(node, dict):
            for key in [key for key in node if not isinstance(key, str)]:
                node[str(text_of(key))] = node.pop(key)
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
        elif isinstance(node, float) and not isfinite(node):
            raise ValueError("infinite")
        elif node is not None and not isinstance(node, str | int | float):
            raise NotComputedError("a value of another kind")
    document: Value = value
    return document


def _base64_decoded(of: Value) -> str:
    return _bytes_of_base64(of).decode("utf-8")


def _bytes_of_base64(of: Value) -> bytes:
    return base64.b64decode(text(of).replace("\n", "").replace("\r", ""), validate=True)


_CHARACTER_SETS = {"utf-8", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252", "us-ascii"}
"""Those that Python and Terraform know by one name and encode alike."""


def _base64_encoded_as(of: Value, character_set: Value) -> str:
    return _base64(text(of).encode(_character_set(character_set)))


def _base64_decoded_from(of: Value, character_set: Value) -> str:
    return _bytes_of_base64(of).decode(_character_set(character_set))


def _character_set(name: Value) -> str:
    if text(name).lower() not in _CHARACTER_SETS:
        raise NotComputedError("another character set")
    return text(name).lower()


def _base64(of: bytes) -> str:
    return base64.b64encode(of).decode("ascii")


def _bytes(of: Value) -> bytes:
    return text(of).encode("utf-8")


def _digest(name: str) -> Callable[[Value], str]:
    return lambda of: hashlib.new(name, _bytes(of), usedforsecurity=False).hexdigest()


def _base64_digest(name: str) -> Callable[[Value], str]:
    return lambda of: _base64(hashlib.new(name, _bytes(of), usedforsecurity=False).digest())


DIGESTS: Mapping[str, Callable[[Value], str]] = {
    "md5": _digest("md5"),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "sha512": _digest("sha512"),
    "base64sha256": _base64_digest("sha256"),
    "base64sha512": _base64_digest("sha512"),
    "base64": lambda of: _base64(_bytes(of)),
}


_NAMESPACES = {"dns": NAMESPACE_DNS, "oid": NAMESPACE_OID, "url": NAMESPACE_URL, "x500": NAMESPACE_X500}


def _uuid_of_name(namespace: Value, name: Value) -> str:
    uuid = _NAMESPACES.get(text(namespace)) or UUID(text(namespace))
    return str(uuid5(uuid, text(name)))


ENCODING_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "base64decode": _base64_decoded,
    "base64encode": DIGESTS["base64"],
    "base64sha256": DIGESTS["base64sha256"],
    "base64sha512": DIGESTS["base64sha512"],
    "csvdecode": _decoded_csv,
    "jsondecode": decoded_json,
    "jsonencode": encoded,
    "md5": DIGESTS["md5"],
    "sha1": DIGESTS["sha1"],
    "sha256": DIGESTS["sha256"],
    "sha512": DIGESTS["sha512"],
    "textdecodebase64": _base64_decoded_from,
    "textencodebase64": _base64_encoded_as,
    "urlencode": lambda of: quote_plus(text(of), safe="~"),
    "uuidv5": _uuid_of_name,
    "yamldecode": _decoded_yaml,
}
