"""Terraform's functions of text, and of text in other forms: JSON, YAML, CSV, dates, hashes."""

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import quote_plus

import yaml

from escscaffold.terraform.collection_functions import items, text
from escscaffold.terraform.hcl_values import LONGEST, TypedList, Value, bool_of, number_of, text_of, whole

_TAG = "tag:yaml.org,2002:"
_TRUE, _FALSE = ("y", "yes", "true", "on"), ("n", "no", "false", "off")
# The loader that is written in C takes a tenth of the time, and is not on every machine.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BETWEEN_DOCUMENTS = re.compile(r"^---(?=[ \t\r]*$)", re.MULTILINE)
_MOST_NODES = 100_000
"""How many values a decoded document may have."""
_VERB = re.compile(r"%(?P<flags>[-+ #0]{0,5})(?P<width>\d{0,4})(?P<precision>(?:\.\d{0,4})?)(?P<verb>[a-zA-Z%])")


def _words(*words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of these words in lower case, capitalized, and in upper case."""
    return re.compile("|".join(f"{w}|{w.capitalize()}|{w.upper()}" for group in words for w in group))


_RESOLVED = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)"), [*"~nN", ""]),
    ("bool", _words(_TRUE, _FALSE), [*"yYnNtTfFoO"]),
    ("int", re.compile(r"(?:[-+]?[0-9]{1,100}|0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100})"), [*"-+0123456789"]),
    ("timestamp", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), [*"0123456789"]),
    (
        "float",
        re.compile(r"[-+]?(?:\.[0-9]{1,100}|[0-9]{1,100}(?:\.[0-9]{0,100})?)(?:[eE][-+]?[0-9]{1,3})?"),
        [*"-+0123456789."],
    ),
    ("merge", re.compile(r"<<"), ["<"]),
)


class _Loader(_Base):  # type: ignore[misc]
    """Reads scalars by the core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


for _name, _pattern, _first in _RESOLVED:
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"^(?:{_pattern.pattern})$"), _first)


def _whole(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)


def _bool(loader: _Loader, node: yaml.ScalarNode) -> bool:
    return str(loader.construct_scalar(node)).lower() in _TRUE


def _day(loader: _Loader, node: yaml.ScalarNode) -> str:
    return f"{loader.construct_scalar(node)}T00:00:00Z"


_Loader.add_constructor(f"{_TAG}int", _whole)


_Loader.add_constructor(f"{_TAG}bool", _bool)


_Loader.add_constructor(f"{_TAG}timestamp", _day)


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


def _format(pattern: Value, *arguments: Value) -> str:
    """Fill in the verbs of `format`; raises ValueError for one that is not computed here."""
    left = list(arguments)
    found: list[str] = []
    at = 0
    for verb in _VERB.finditer(text(pattern)):
        found.append(_plain(text(pattern)[at : verb.start()]))
        at = verb.end()
        found.append("%" if verb["verb"] == "%" else _filled(verb, left.pop(0)))
    found.append(_plain(text(pattern)[at:]))
    if left:
        raise ValueError(pattern)
    return "".join(found)


def _plain(between: str) -> str:
    if "%" in between:
        raise NotImplementedError("a verb of another form")
    return between


def _filled(verb: re.Match[str], value: Value) -> str:
    form = f"%{verb['flags']}{verb['width']}{verb['precision']}"
    match verb["verb"]:
        case "d":
            return f"{form}d" % int(whole(value))
        case "x" | "X" | "o":
            return f"{form}{verb['verb']}" % whole(value)
        case "b" if form == "%":
            return f"{whole(value):b}"
        case "f" | "e" | "E" | "g" | "G" | "F":
            return f"{form}{verb['verb']}" % float(number_of(value))
        case "s" if "0" not in verb["flags"]:
            return f"{form}s" % text(value)
        case "t" if form == "%":
            return str(bool_of(value)).lower()
        case "q" if form == "%":
            return json.dumps(text(value), ensure_ascii=False)
        case "v" if form == "%":
            return "null" if value is None else written if (written := text_of(value)) is not None else encoded(value)
    raise NotImplementedError(verb[0])


def _format_each(pattern: Value, *arguments: Value) -> list[Value]:
    lengths = {len(argument) for argument in arguments if isinstance(argument, list)}
    if len(lengths) > 1:
        raise ValueError(arguments)
    number = next(iter(lengths), 1)
    return TypedList(
        _format(pattern, *(argument[place] if isinstance(argument, list) else argument for argument in arguments))
        for place in range(number)
    )


def _replace(of: Value, old: Value, new: Value) -> str:
    if len(text(old)) > 1 and text(old).startswith("/") and text(old).endswith("/"):
        raise NotImplementedError("a regular expression")
    return text(of).replace(text(old), text(new))


def _join(separator: Value, *lists: Value) -> str:
    return text(separator).join(map(text, chain.from_iterable(map(items, lists))))


def _substr(of: Value, offset: Value, length: Value) -> str:
    first, count = whole(offset), whole(length)
    whole_text = text(of)
    start = max(len(whole_text) + first, 0) if first < 0 else first
    return whole_text[start:] if count == -1 else whole_text[start : start + count]


def _title(of: Value) -> str:
    return re.sub(r"(?<!\w)\w", lambda first: first[0].upper(), text(of))


def _split(separator: Value, of: Value) -> list[Value]:
    if not text(separator):
        return TypedList(text(of))
    return TypedList(text(of).split(text(separator)))


def _capital(letter: str) -> str:
    """Return the letter in upper case; one of which that is several letters stays, as in Go."""
    upper = letter.upper()
    return upper if len(upper) == 1 else letter


def _indent(spaces: Value, of: Value) -> str:
    return text(of).replace("\n", "\n" + " " * min(whole(spaces), LONGEST))


def encoded(value: Value) -> str:
    r"""Return a known value as `jsonencode` writes it.

    >>> print(encoded({"b": [1, True], "a": "<x>"}))
    {"a":"\u003cx\u003e","b":[1,true]}
    """
    written = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False, default=_refuse)
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


def _refuse(value: Any) -> Any:
    raise TypeError(value)


def decoded_json(of: Value) -> Value:
    """Return what a JSON text holds; raises ValueError."""
    try:
        return _counted(json.loads(text(of)))
    except RecursionError:
        raise NotImplementedError("it is nested too deeply") from None


def _decoded_yaml(of: Value) -> Value:
    return _decoded_yaml_text(text(of))


@lru_cache(maxsize=512)
def _decoded_yaml_text(document: str) -> Value:
    """Return what a document holds; root modules of one repository read the same files, and no value is changed."""
    try:
        return _counted(read_yaml(document))
    except NotYamlError as error:
        # Terraform's reader takes documents that this one does not.
        raise NotImplementedError(error.message) from None


def _decoded_csv(of: Value) -> Value:
    import csv

    rows = list(csv.reader(text(of).splitlines(keepends=True), strict=True))
    head, *others = rows
    if any(len(row) != len(head) for row in others if row):
        raise ValueError("its rows differ in length")
    return _counted(TypedList(dict(zip(head, row, strict=True)) for row in others if row))


def _counted(value: Any) -> Value:
    """Return what a document holds; raises NotImplementedError where that is more than is looked through here.

    One part may be in a document many times over, so that a small text can mean a lot.
    """
    left = _MOST_NODES
    waiting = [value]
    while waiting:
        node = waiting.pop()
        left -= 1
        if left < 0:
            raise NotImplementedError("it is too large")
        if isinstance(node, dict):
            for key in [key for key in node if not isinstance(key, str)]:
                node[str(text_of(key))] = node.pop(key)
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
        elif node is not None and not isinstance(node, str | int | float):
            raise NotImplementedError("a value of another kind")
    found: Value = value
    return found


def _pathexpand(path: Value) -> str:
    """Return a path that does not begin with the home folder, as it is: whose home that is, is not known."""
    if text(path).startswith("~"):
        raise ValueError(path)
    return text(path)


def _base64_decoded(of: Value) -> str:
    return base64.b64decode(text(of), validate=True).decode("utf-8")


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


TEXT_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "base64decode": _base64_decoded,
    "base64encode": DIGESTS["base64"],
    "base64sha256": DIGESTS["base64sha256"],
    "base64sha512": DIGESTS["base64sha512"],
    "basename": lambda path: posixpath.basename(text(path).rstrip("/")) or "/",
    "chomp": lambda of: text(of).rstrip("\r\n"),
    "csvdecode": _decoded_csv,
    "dirname": lambda path: posixpath.dirname(text(path)) or ".",
    "endswith": lambda of, end: text(of).endswith(text(end)),
    "format": _format,
    "formatlist": _format_each,
    "indent": _indent,
    "join": _join,
    "jsondecode": decoded_json,
    "jsonencode": encoded,
    "lower": lambda of: "".join(letter.lower()[0] for letter in text(of)),
    "md5": DIGESTS["md5"],
    "pathexpand": _pathexpand,
    "replace": _replace,
    "sha1": DIGESTS["sha1"],
    "sha256": DIGESTS["sha256"],
    "sha512": DIGESTS["sha512"],
    "split": _split,
    "startswith": lambda of, start: text(of).startswith(text(start)),
    "strcontains": lambda of, part: text(part) in text(of),
    "strrev": lambda of: text(of)[::-1],
    "substr": _substr,
    "title": _title,
    "trim": lambda of, signs: text(of).strip(text(signs)),
    "trimprefix": lambda of, start: text(of).removeprefix(text(start)),
    "trimspace": lambda of: text(of).strip(),
    "trimsuffix": lambda of, end: text(of).removesuffix(text(end)),
    "upper": lambda of: "".join(_capital(letter) for letter in text(of)),
    "urlencode": lambda of: quote_plus(text(of), safe="~"),
    "yamldecode": _decoded_yaml,
}
