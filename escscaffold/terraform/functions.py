"""Terraform's functions: the tables of all that are computed and of all others, and those that read files.

https://developer.hashicorp.com/terraform/language/functions
"""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from itertools import takewhile
from typing import Protocol

from msgspec.structs import replace

from escscaffold.terraform.collection_functions import COLLECTION_FUNCTIONS, STRUCTURAL, of_one_type, sliced_unknown
from escscaffold.terraform.encoding_functions import DIGESTS, ENCODING_FUNCTIONS
from escscaffold.terraform.hcl_values import (
    LONGEST,
    NotComputedError,
    TypedSet,
    Unknown,
    Value,
    derived,
    is_known,
    text_of,
    unknown_in,
)
from escscaffold.terraform.number_functions import NUMBER_FUNCTIONS
from escscaffold.terraform.text_functions import TEXT_FUNCTIONS

_LONGEST_PATTERN = 200
FILE_FUNCTIONS = {
    *("file", "fileset", "fileexists"),
    *(f"file{digest}" for digest in DIGESTS),
}
_CHANGING = "it returns another value each time"
_ANOTHER_SYNTAX = "its patterns are those of RE2, and can take Python exponential time"
_TIMES = "most times are only known to Terraform, by timestamp()"
NOT_COMPUTED: Mapping[str, str] = {
    "abspath": "the folder of a run is not known",
    "base64gzip": "another implementation of gzip writes other bytes",
    "bcrypt": _CHANGING,
    "formatdate": _TIMES,
    "issensitive": "which values are sensitive is not followed",
    "plantimestamp": _CHANGING,
    "regex": _ANOTHER_SYNTAX,
    "regexall": _ANOTHER_SYNTAX,
    "rsadecrypt": "private keys are not read",
    "templatestring": "its template is a value and not part of the configuration",
    "timeadd": _TIMES,
    "timecmp": _TIMES,
    "timestamp": _CHANGING,
    "type": "it exists in `terraform console` only",
    "uuid": _CHANGING,
    "yamlencode": "its layout is that of one implementation",
}
"""The functions of Terraform whose values are not computed here, each with the reason."""


_NO_DEFAULT = Unknown("no default")


class Files(Protocol):
    """The files of a repository, by paths below its top."""

    def text(self, path: str) -> str | None:
        """Return what a file holds; None where there is none, or none that can be read as text."""
        ...

    def exists(self, path: str) -> bool:
        """Return True if there is such a file, readable or not."""
        ...

    def content_id(self, path: str) -> str:
        """Return an id of a file's content, equal for equal contents."""
        ...

    def below(self, folder: str) -> Iterable[str]:
        """Yield the paths of the files below a folder, relative to it."""
        ...

    def differing_file(self, begin: str, end: str) -> str:
        """Return a file whose path begins and ends so, and that is not the same on both sides of a comparison."""
        ...


def call_with_files(
    name: str, arguments: list[Value], files: Files | None, folder: str, top: str = "."
) -> Value | None:
    """Return what a function that reads files returns, None for any other function.

    `folder` is where Terraform runs: what relative paths are relative to. Nothing is read outside of `top`.
    """
    if name not in FILE_FUNCTIONS:
        return None
    if not is_known(list(arguments)) or not arguments:
        return read_unknown(name, arguments, files, folder)
    path = place_of(arguments[0], folder, top)
    if path is None or files is None:
        # Outside of the repository: the file is the same on both sides.
        return derived(name, *arguments)
    if name == "fileexists":
        return files.exists(path)
    if name == "fileset":
        return _matching(files, path, arguments)
    text = files.text(path)
    if text is not None:
        return text if name == "file" else DIGESTS[name.removeprefix("file")](text)
    if files.exists(path):
        return unreadable(name, path, files)
    return Unknown(f"there is no file {path}", absent=True, symbol=f"no file {path}")


def unreadable(name: str, path: str, files: Files) -> Unknown:
    """Return an unknown for a function of a file that is not UTF-8, equal for equal contents."""
    return Unknown(f"{path} cannot be read as text", symbol=f"{name}() of {files.content_id(path)}")


def read_unknown(name: str, arguments: list[Value], files: Files | None, folder: str) -> Unknown:
    """Return what a function reads from a path that is not known: equal to none if it may be a file that differs."""
    unknown = derived(name, *arguments)
    differing = _differing_file(arguments, files, folder) if arguments and files is not None else ""
    return replace(unknown, symbol="", reason=f"{name}() may read {differing}, which changes") if differing else unknown


def _differing_file(arguments: list[Value], files: Files, folder: str) -> str:
    begin, end = _known_ends(arguments[0])
    if len(arguments) == 2:
        # A folder and a pattern.
        begin, end = f"{begin}/" if is_known(arguments[0]) else begin, _known_ends(arguments[1])[1]
        end = end.rpartition("*")[2] if not any(sign in end for sign in "?[]{}\\") else ""
    if begin.startswith(("/", "~")):
        return ""
    place = posixpath.normpath(posixpath.join(folder, begin))
    place = f"{place}/" if begin.endswith("/") or not begin else place
    return files.differing_file("" if place == "./" else place, end)


def _known_ends(value: Value) -> tuple[str, str]:
    """Return with what a string begins and ends; the whole string twice if it is known.

    >>> _known_ends(Unknown("", parts=("a/", "b-", Unknown(""), ".json")))
    ('a/b-', '.json')
    """
    parts = value.parts if isinstance(value, Unknown) else (value,)
    texts = [text_of(part) for part in parts]
    begin = list(takewhile(lambda text: text is not None, texts))
    end = list(takewhile(lambda text: text is not None, reversed(texts)))
    return "".join(map(str, begin)), "".join(map(str, reversed(end)))


def place_of(path: Value, folder: str, top: str = ".") -> str | None:
    """Return where below the repository's top a path leads; None where that is outside."""
    text = text_of(path)
    if text is None or text.startswith(("/", "~")):
        return None
    joined = posixpath.normpath(posixpath.join(folder, text))
    return joined if is_below(joined, top) else None


def is_below(path: str, top: str) -> bool:
    """Return whether a path without needless parts is `top` or is below it; `..` counts as any other folder.

    >>> is_below("a/b", "."), is_below("../a", "."), is_below("../a", ".."), is_below("../../a", "..")
    (True, False, True, False)
    """
    inside = path if top == "." else path.removeprefix(f"{top}/")
    return path == top or ((top == "." or inside != path) and inside != ".." and not inside.startswith("../"))


def _matching(files: Files, path: str, arguments: list[Value]) -> Value:
    pattern = text_of(arguments[1]) if len(arguments) == 2 else None
    if pattern is None or len(pattern) > _LONGEST_PATTERN:
        return derived("fileset", *arguments)
    patterns = [alternative.split("/") for alternative in _alternatives(pattern)]
    paths = sorted(name for name in files.below(path) if any(_fits(name.split("/"), parts) for parts in patterns))
    return TypedSet(paths) if len(paths) <= LONGEST else derived("fileset", *arguments)


def _alternatives(pattern: str) -> list[str]:
    """Return the patterns that `{a,b}` stands for."""
    before, brace, rest = pattern.partition("{")
    inside, closing, after = rest.partition("}")
    if not brace or not closing:
        return [pattern]
    tails = _alternatives(after)
    return [before + choice + tail for choice in inside.split(",") for tail in tails][:_LONGEST_PATTERN]


def _fits(names: list[str], pattern: list[str]) -> bool:
    """Return whether the parts of a path fit a pattern, in which `**` stands for any number of parts.

    >>> _fits(["a", "b", "c.tf"], ["**", "*.tf"]), _fits(["a", "b"], ["**", "a"])
    (True, False)
    """
    # How many of the names the beginning of the pattern can stand for.
    reached = {0}
    for part in pattern:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and fnmatchcase(names[at], part)}
        if not reached:
            return False
    return len(names) in reached


def call(name: str, arguments: list[Value]) -> Value:
    """Return what Terraform's function returns, Unknown where it is not one of these or its arguments are not right."""
    if NOT_COMPUTED.get(name) == _CHANGING:
        return Unknown(f"{name}() returns another value each time")
    if name in UNKNOWN_ACCEPTED:
        return _called(UNKNOWN_ACCEPTED[name], name, arguments)
    if name not in FUNCTIONS:
        return derived(name, *arguments)
    if name == "slice" and len(arguments) == 3 and isinstance(arguments[0], Unknown):
        return sliced_unknown(*arguments)  # type: ignore[arg-type]
    if unknown_in(*arguments):
        return derived(name, *arguments, among=tuple(arguments) if name in STRUCTURAL else ())
    if name not in STRUCTURAL and not is_known(list(arguments)):
        return derived(name, *arguments)
    result = _called(FUNCTIONS[name], name, arguments)
    if isinstance(result, (list, dict, str)) and len(result) > LONGEST:
        return derived(f"{name}, which is long,", *arguments)
    return result


def _called(function: Callable[..., Value], name: str, arguments: list[Value]) -> Value:
    try:
        return function(*arguments)
    except NotComputedError:
        return derived(name, *arguments)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        refused = derived(name, *arguments)
        if not is_known(list(arguments)):
            return refused
        return replace(refused, reason=f"{name}() does not accept these arguments", absent=True)


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    **COLLECTION_FUNCTIONS,
    **ENCODING_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **TEXT_FUNCTIONS,
}
"""The functions that take known values; those of STRUCTURAL take lists and maps with unknown items, too."""


def _try(*values: Value) -> Value:
    """Return what `try` returns: the first that is there, known or not."""
    present = (v for v in values if not (isinstance(v, Unknown) and v.absent))
    return next(present, values[-1] if values else Unknown("try() of nothing", absent=True))


def _can(value: Value) -> Value:
    if isinstance(value, Unknown):
        return False if value.absent else derived("can", value)
    return True


def _coalesce(*values: Value) -> Value:
    for number, value in enumerate(values):
        if unknown_in(value):
            return value if number == len(values) - 1 else derived("coalesce", *values[number:])
        if value is not None and value != "":
            return _as_all(value, values)
    return Unknown("coalesce() of nothing", absent=True, symbol="coalesce() of nothing")


def _as_all(value: Value, values: tuple[Value, ...]) -> Value:
    """Return the value as the type that all have."""
    try:
        return of_one_type([value, *(other for other in values if not unknown_in(other))])[0]
    except ValueError:
        if None in values:
            raise NotComputedError("the type of null") from None
        raise


def _with_default(mapping: Value, key: Value, default: Value = _NO_DEFAULT) -> Value:
    """Return what `lookup` returns; a key that is there with null has null."""
    if unknown_in(mapping, key):
        return derived("lookup", mapping, key, *([] if default is _NO_DEFAULT else [default]))
    if isinstance(mapping, dict) and isinstance(key, str):
        if key in mapping:
            return mapping[key]
        if default is not _NO_DEFAULT:
            return default
    refused = derived("lookup", mapping, key, *([] if default is _NO_DEFAULT else [default]))
    return replace(refused, reason="lookup() finds no such key", absent=True)


def _unchanged(value: Value) -> Value:
    return value


UNKNOWN_ACCEPTED: Mapping[str, Callable[..., Value]] = {
    "try": _try,
    "can": _can,
    "coalesce": _coalesce,
    "lookup": _with_default,
    "nonsensitive": _unchanged,
    "sensitive": _unchanged,
    "ephemeralasnull": _unchanged,
}
"""The functions that decide themselves what an unknown argument means."""
