"""Terraform's functions: the table of all that are computed here, with those that read files or cut CIDR blocks."""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import takewhile
from typing import Protocol

from msgspec.structs import replace

from escscaffold.terraform.collection_functions import COLLECTION_FUNCTIONS, STRUCTURAL, sliced_unknown
from escscaffold.terraform.hcl_values import (
    LONGEST,
    TypedList,
    TypedSet,
    Unknown,
    Value,
    derived,
    is_known,
    number_of,
    text_of,
    unknown_in,
    whole,
)
from escscaffold.terraform.text_functions import DIGESTS, TEXT_FUNCTIONS

_LONGEST_PATTERN = 200
FILE_FUNCTIONS = {
    *("file", "fileset", "fileexists"),
    *(f"file{digest}" for digest in DIGESTS),
}
_CHANGING = {"timestamp", "plantimestamp", "uuid", "bcrypt"}
"""What returns something else each time that it is called."""


def cidrsubnet(prefix: Value, new_bits: Value, number: Value) -> str:
    """Return the subnet with this number, of a prefix that is longer by so many bits.

    >>> cidrsubnet("10.8.0.0/16", 8, 2)
    '10.8.2.0/24'
    """
    network, bits, position = _network(prefix), whole(new_bits), whole(number)
    length = network.prefixlen + bits
    if not 0 <= bits <= 32 or length > network.max_prefixlen or not 0 <= position < 1 << bits:
        raise ValueError(number)
    return str(_at(network, int(network.network_address) + (position << network.max_prefixlen - length), length))


def cidrsubnets(prefix: Value, *new_bits: Value) -> list[Value]:
    """Return one subnet after the other, each at the next place where it can begin.

    >>> cidrsubnets("10.8.0.0/16", 8, 4)
    ['10.8.0.0/24', '10.8.16.0/20']
    """
    network = _network(prefix)
    free, end = int(network.network_address), int(network.broadcast_address)
    subnets: list[Value] = TypedList()
    for bits in map(whole, new_bits):
        length = network.prefixlen + bits
        if not 1 <= bits <= 32 or length > network.max_prefixlen:
            raise ValueError(bits)
        size = 1 << network.max_prefixlen - length
        first = -(-free // size) * size
        free = first + size
        if free - 1 > end:
            raise ValueError(bits)
        subnets.append(str(_at(network, first, length)))
    return subnets


def _network(prefix: Value) -> IPv4Network | IPv6Network:
    if not isinstance(prefix, str) or "/" not in prefix:
        raise ValueError(prefix)
    return ip_network(prefix, strict=False)


def _at(within: IPv4Network | IPv6Network, first: int, length: int) -> IPv4Network | IPv6Network:
    return IPv4Network((first, length)) if within.version == 4 else IPv6Network((first, length))


def cidrhost(prefix: Value, number: Value) -> str:
    """Return the address with this number in a prefix; a negative one counts from the end.

    >>> cidrhost("10.8.0.0/24", 5), cidrhost("10.8.0.0/24", -1)
    ('10.8.0.5', '10.8.0.255')
    """
    network, position = _network(prefix), whole(number)
    if not -network.num_addresses <= position < network.num_addresses:
        raise ValueError(number)
    return str(network[position])


def cidrnetmask(prefix: Value) -> str:
    """Return the mask of an IPv4 prefix.

    >>> cidrnetmask("10.8.0.0/20")
    '255.255.240.0'
    """
    network = _network(prefix)
    if not isinstance(network, IPv4Network):
        raise ValueError(prefix)
    return str(network.netmask)


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
    """Return what a function makes of a file that is no text; the same of the same content."""
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
    found = sorted(name for name in files.below(path) if any(_fits(name.split("/"), parts) for parts in patterns))
    return TypedSet(found) if len(found) <= LONGEST else derived("fileset", *arguments)


def _alternatives(pattern: str) -> list[str]:
    """Return the patterns that `{a,b}` stands for."""
    before, brace, rest = pattern.partition("{")
    inside, closing, after = rest.partition("}")
    if not brace or not closing:
        return [pattern]
    return [before + choice + tail for choice in inside.split(",") for tail in _alternatives(after)][:_LONGEST_PATTERN]


def _fits(names: list[str], pattern: list[str]) -> bool:
    if not pattern or not names:
        return not names and all(part == "**" for part in pattern)
    if pattern[0] == "**":
        return _fits(names, pattern[1:]) or _fits(names[1:], pattern)
    return fnmatchcase(names[0], pattern[0]) and _fits(names[1:], pattern[1:])


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    **COLLECTION_FUNCTIONS,
    **TEXT_FUNCTIONS,
    "cidrhost": cidrhost,
    "cidrnetmask": cidrnetmask,
    "cidrsubnet": cidrsubnet,
    "cidrsubnets": cidrsubnets,
}


def call(name: str, arguments: list[Value]) -> Value:
    """Return what Terraform's function returns, Unknown where it is not one of these or its arguments are not right."""
    name = name.removeprefix("core::")
    if name in _LAZY:
        return _LAZY[name](*arguments)
    if name in _CHANGING:
        return Unknown(f"{name}() returns another value each time")
    if name not in FUNCTIONS:
        return derived(name, *arguments)
    if name == "slice" and len(arguments) == 3 and isinstance(arguments[0], Unknown):
        return sliced_unknown(*arguments)  # type: ignore[arg-type]
    if unknown_in(*arguments):
        return derived(name, *arguments, among=tuple(arguments) if name in STRUCTURAL else ())
    if name not in STRUCTURAL and not is_known(list(arguments)):
        return derived(name, *arguments)
    try:
        result = FUNCTIONS[name](*arguments)
    except NotImplementedError:
        return derived(name, *arguments)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        refused = derived(name, *arguments)
        if not is_known(list(arguments)):
            return refused
        return replace(refused, reason=f"{name}() does not accept these arguments", absent=True)
    if isinstance(result, (list, dict, str)) and len(result) > LONGEST:
        return derived(f"{name}, which is long,", *arguments)
    return result


def _try(*values: Value) -> Value:
    """Return what `try` returns: the first that is there, known or not."""
    present = (v for v in values if not (isinstance(v, Unknown) and v.absent))
    return next(present, values[-1] if values else Unknown("try() of nothing", absent=True))


def _can(*values: Value) -> Value:
    if len(values) != 1:
        return Unknown("can() takes one argument", absent=True)
    if isinstance(values[0], Unknown):
        return False if values[0].absent else derived("can", *values)
    return True


def _coalesce(*values: Value) -> Value:
    for number, value in enumerate(values):
        if unknown_in(value):
            return value if number == len(values) - 1 else derived("coalesce", *values[number:])
        if value is not None and value != "":
            return value
    return Unknown("coalesce() of nothing", absent=True, symbol="coalesce() of nothing")


def _with_default(mapping: Value, key: Value, *default: Value) -> Value:
    """Return what `lookup` returns; a key that is there with null has null."""
    if unknown_in(mapping, key):
        return derived("lookup", mapping, key, *default)
    if isinstance(mapping, dict) and isinstance(key, str):
        if key in mapping:
            return mapping[key]
        if default:
            return default[0]
    refused = derived("lookup", mapping, key, *default)
    return replace(refused, reason="lookup() finds no such key", absent=True)


def _unchanged(*values: Value) -> Value:
    return values[0] if len(values) == 1 else Unknown("it takes one argument", absent=True)


def _number(*values: Value) -> Value:
    if unknown_in(*values):
        return derived("tonumber", *values)
    try:
        return None if values == (None,) else number_of(*values)
    except (ValueError, TypeError):
        return replace(derived("tonumber", *values), reason="tonumber() cannot convert this", absent=True)


_LAZY: Mapping[str, Callable[..., Value]] = {
    "try": _try,
    "can": _can,
    "coalesce": _coalesce,
    "lookup": _with_default,
    "nonsensitive": _unchanged,
    "sensitive": _unchanged,
    "ephemeralasnull": _unchanged,
    "tonumber": _number,
}
"""What may return before it has looked at every argument, or returns what it is given."""
