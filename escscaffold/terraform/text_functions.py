"""Terraform's functions of strings, with `format` and its verbs.

https://developer.hashicorp.com/terraform/language/functions
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import chain

from escscaffold.terraform.collection_functions import characters, list_items, text
from escscaffold.terraform.encoding_functions import encoded
from escscaffold.terraform.hcl_values import (
    LONGEST,
    NotComputedError,
    RoundedNumber,
    TypedList,
    Value,
    bool_of,
    number_of,
    whole,
)
from escscaffold.terraform.tokens import SPACES

_VERB = re.compile(
    r"%(?P<flags>[-+ #0]{0,5})(?P<width>\d{0,4})(?:\.(?P<precision>\d{0,4}))?(?:\[(?P<place>\d{1,4})\])?"
    r"(?P<verb>[a-zA-Z%])"
)
_LONGEST_TEXTS = 1_000_000
"""How many characters the texts of a list may have."""
_SHORT_DIGITS = 6
"""The digits that `%g` of Python and of Go write alike."""


def _format(pattern: Value, *arguments: Value) -> str:
    """Fill in the verbs of `format`; raises ValueError where Terraform refuses one.

    >>> _format("%05.1f|%-4s|%[1]d", 7, "ab")
    '007.0|ab  |7'
    """
    written, parts, at, place, highest, length = text(pattern), list[str](), 0, 0, 0, 0
    for verb in _VERB.finditer(written):
        parts.append(_between(written[at : verb.start()]))
        at = verb.end()
        if verb["verb"] == "%":
            parts.append("%")
            continue
        place = int(verb["place"]) if verb["place"] else place + 1
        highest = max(highest, place)
        if not 1 <= place <= len(arguments):
            raise ValueError(verb[0])
        parts.append(_filled(verb, arguments[place - 1]))
        length = _checked(length + len(parts[-1]))
    if highest < len(arguments) and "[" not in written:
        raise ValueError(pattern)
    return "".join([*parts, _between(written[at:])])


def _checked(length: int, most: int = LONGEST) -> int:
    """Return how long a text is, or will be; raises NotComputedError before a few words become more than is computed.

    >>> _checked(9_000)
    9000
    """
    if length > most:
        raise NotComputedError("too long")
    return length


def _between(verbs: str) -> str:
    if "%" in verbs:
        raise ValueError(verbs)
    return verbs


def _filled(verb: re.Match[str], value: Value) -> str:
    kind, flags = verb["verb"], verb["flags"]
    width, precision = int(verb["width"] or "0"), verb["precision"]
    if kind == "t":
        return text(bool_of(value))
    if value is None and kind != "v":
        raise ValueError(value)
    if kind in "sq":
        written = text(value) if kind == "s" else encoded(text(value))
        return _padded(written[: int(precision)] if precision and kind == "s" else written, flags, width)
    if kind == "v":
        return _value(flags, width, precision, value)
    if kind in "bdoxX":
        return _integer(kind, flags, width, precision, whole(value))
    if kind in "eEfFgG":
        return _fraction(kind, flags, width, precision, number_of(value))
    raise ValueError(verb[0])


def _padded(written: str, flags: str, width: int) -> str:
    length = len(characters(written))
    if "-" in flags:
        return written + " " * (width - length)
    return ("0" if "0" in flags else " ") * (width - length) + written


def _value(flags: str, width: int, precision: str | None, value: Value) -> str:
    """Return what `%v` writes: a string as it is, a number as `%g`, anything else as JSON."""
    if precision is not None or set(flags) - {"-", "#"}:
        raise NotComputedError("flags of %v")
    if "#" in flags or value is None or isinstance(value, list | dict):
        return _padded(encoded(value), flags, width)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _fraction("g", flags, width, precision, value)
    return _padded(text(value), flags, width)


def _integer(kind: str, flags: str, width: int, precision: str | None, number: int) -> str:
    if kind == "b":
        if precision is not None or set(flags) - {"-", "0"}:
            raise NotComputedError("flags of %b")
        return f"{number:{'<' if '-' in flags else '0' if '0' in flags else ''}{width or ''}b}"
    if "#" in flags and kind == "o":
        raise NotComputedError("flags of %o")
    points = "" if precision is None else f".{precision}"
    return f"%{flags}{width or ''}{points}{kind}" % number


def _fraction(kind: str, flags: str, width: int, precision: str | None, number: int | float) -> str:
    if "#" in flags:
        raise NotComputedError("flags of %f")
    if isinstance(number, RoundedNumber):
        raise NotComputedError("a number whose digits are not all known")
    exact = Decimal(repr(number))
    if kind in "fF":
        # Python would round the binary number, and Terraform rounds the decimal one.
        places = int(precision or 0) if precision is not None else 6
        written = f"{exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN):f}"
        sign = "-" if written.startswith("-") else "+" if "+" in flags else " " if " " in flags else ""
        digits = written.removeprefix("-")
        if "0" in flags and "-" not in flags:
            return sign + digits.zfill(width - len(sign))
        return _padded(sign + digits, flags.replace("0", ""), width)
    if kind in "gG" and precision is None and len(exact.normalize().as_tuple().digits) > _SHORT_DIGITS:
        raise NotComputedError("more digits than %g of Python writes")
    points = "" if precision is None else f".{precision}"
    return f"%{flags}{width or ''}{points}{kind}" % float(number)


def _format_each(pattern: Value, *arguments: Value) -> list[Value]:
    text(pattern)
    lengths = {len(argument) for argument in arguments if isinstance(argument, list)}
    if len(lengths) > 1:
        raise ValueError(arguments)
    number = next(iter(lengths), 1)
    rows, length = TypedList(), 0
    for place in range(number):
        row = _format(pattern, *(a[place] if isinstance(a, list) else a for a in arguments))
        length = _checked(length + len(row), _LONGEST_TEXTS)
        rows.append(row)
    return rows


def _reversed(of: Value) -> str:
    return "".join(characters(text(of))[::-1])


def _substr(of: Value, offset: Value, length: Value) -> str:
    first, count = whole(offset), whole(length)
    signs = characters(text(of))
    start = max(len(signs) + first, 0) if first < 0 else first
    return "".join(signs[start:] if count < 0 else signs[start : start + count])


def _replace(of: Value, old: Value, new: Value) -> str:
    if len(text(old)) > 1 and text(old).startswith("/") and text(old).endswith("/"):
        raise NotComputedError("a regular expression")
    _checked(len(text(of)) + text(of).count(text(old)) * (len(text(new)) - len(text(old))))
    return text(of).replace(text(old), text(new))


def _join(separator: Value, *lists: Value) -> str:
    if not lists:
        raise ValueError(separator)
    texts = [text(item) for item in chain.from_iterable(map(list_items, lists))]
    _checked(sum(map(len, texts)) + len(text(separator)) * (len(texts) - 1))
    return text(separator).join(texts)


def _split(separator: Value, of: Value) -> list[Value]:
    if not text(separator):
        return TypedList(text(of))
    return TypedList(text(of).split(text(separator)))


def _upper(of: Value) -> str:
    """Return upper case letters, each for one: Terraform keeps the German sharp s."""
    return "".join(sign.upper() if len(sign.upper()) == 1 else sign for sign in text(of))


def _lower(of: Value) -> str:
    # One by one, for the last sigma of a word is a letter of its own to Python.
    return "".join(sign.lower()[0] for sign in text(of))


def _title(of: Value) -> str:
    return re.sub(r"(?<!\w)\w", lambda first: first[0].title() if len(first[0].title()) == 1 else first[0], text(of))


def _indent(spaces: Value, of: Value) -> str:
    if whole(spaces) < 0:
        raise ValueError(spaces)
    _checked(len(text(of)) + text(of).count("\n") * whole(spaces))
    return text(of).replace("\n", "\n" + " " * whole(spaces))


def _basename(path: Value) -> str:
    return "." if not text(path) else posixpath.basename(text(path).rstrip("/")) or "/"


def _dirname(path: Value) -> str:
    return posixpath.normpath(posixpath.dirname(text(path)) or ".")


def _pathexpand(path: Value) -> str:
    """Return a path that does not begin with the home folder, as it is: whose home that is, is not known."""
    if text(path).startswith("~"):
        raise NotComputedError("a home folder")
    return text(path)


TEXT_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "basename": _basename,
    "chomp": lambda of: text(of).rstrip("\r\n"),
    "dirname": _dirname,
    "endswith": lambda of, end: text(of).endswith(text(end)),
    "format": _format,
    "formatlist": _format_each,
    "indent": _indent,
    "join": _join,
    "lower": _lower,
    "pathexpand": _pathexpand,
    "replace": _replace,
    "split": _split,
    "startswith": lambda of, start: text(of).startswith(text(start)),
    "strcontains": lambda of, part: text(part) in text(of),
    "strrev": _reversed,
    "substr": _substr,
    "title": _title,
    "trim": lambda of, signs: text(of).strip(text(signs)),
    "trimprefix": lambda of, start: text(of).removeprefix(text(start)),
    "trimspace": lambda of: text(of).strip(SPACES),
    "trimsuffix": lambda of, end: text(of).removesuffix(text(end)),
    "upper": _upper,
}
