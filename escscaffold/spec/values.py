"""One reader per kind of value, for spec file, flags, environment variables and prompts; and a collector of problems.

Each reader takes text as a flag has it, or a value as TOML has it, and raises BadValue with a value that would work.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from ipaddress import IPv4Network
from typing import Any, TypeVar, get_args

from escscaffold.clouds.choices import Part
from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import Problem, SpecError, UnknownNameError
from escscaffold.spec.model import RangeRequest, Routes
from escscaffold.spec.toml_text import BARE_KEY, KeyPath

REGION = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")
_PREFIX_LENGTH = re.compile(r"/(0|[1-9][0-9]?)")
_WITH_ZEROS = re.compile(r"/0+([1-9][0-9]?)")
_MOST_SHOWN = 60
# A longer list hides what is wrong above it.
_MOST_NAMED = 20
_SWITCH = "The key is a switch: Terraform accepts only true or false for it."
_MODES = "Each mode belongs to one cloud: it defines the ranges and the Terraform modules."
_REGION = "The provider expects the region's code, not its display name."
_PART = "The mode decides whether a part can be created, existing or absent."
MAX_NAME = 20
"""The shortest name of a cloud's resource has 30 characters at most, and its prefix takes ten of them."""
NAME = re.compile(rf"[a-z](?:[a-z0-9-]{{0,{MAX_NAME - 2}}}[a-z0-9])?")
RESERVED_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}")
# Windows keeps these names in every folder: a checkout there would fail.
WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}
T = TypeVar("T")
MOST_PROBLEMS = 100
"""The most problems reported at once: each costs a search for the nearest known name."""


class BadValue(ValueError):  # noqa: N818 - a value that is bad, not an error of ours
    """What is wrong with a value, and the value that would be right, if one is near."""

    def __init__(self, message: str, fix: str = "", reason: str = "", source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.reason = reason
        self.source = source


def shown(value: object) -> str:
    r"""Quote a person's value for a message: as typed, control characters visible, at most 60 characters.

    >>> print(shown("a\nb"), shown("prodé"))
    'a\nb' 'prodé'
    """
    if isinstance(value, str):
        # No more than what is shown is spelled out.
        text = repr(value[:_MOST_SHOWN])
        return text if len(value) <= _MOST_SHOWN and len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."
    try:
        text = _in_toml(value)
    except (ValueError, RecursionError):
        # Python writes no number of more than 4,300 digits, and calls no deeper than a thousand times.
        return f"a number of {value.bit_length():,} bits" if isinstance(value, int) else f"a {type(value).__name__}"
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def _in_toml(value: object) -> str:
    """Return a value as a person wrote it: `true`, not Python's `True`; texts as `shown` quotes them.

    >>> print(_in_toml({"a": [True, "x"], "b.c": date(2026, 5, 27)}))
    { a = [true, 'x'], 'b.c' = 2026-05-27 }
    """
    match value:
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_in_toml, value))}]"
        case dict():
            keys = {key: key if BARE_KEY.fullmatch(key) else repr(key) for key in value}
            return f"{{ {', '.join(f'{keys[key]} = {_in_toml(value[key])}' for key in value)} }}" if value else "{}"
    return repr(value)


def nearest(word: object, choices: Iterable[str]) -> str:
    """Return a sentence that names the nearest known word, or those that are known.

    >>> nearest("gke-standart", ["eks", "gke-standard"])
    'Did you mean gke-standard?'
    """
    from difflib import get_close_matches  # slow to import, and needed for mistakes only

    words, text = list(choices), str(word)[:100].lower()
    same = [word for word in words if word.lower() == text]
    close = same or get_close_matches(text, words, n=1)
    more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(words[:_MOST_NAMED])}{more}."


def counted(number: int, noun: str) -> str:
    """Return the number with its noun.

    >>> counted(1, "prefix"), counted(2_000, "prefix"), counted(0, "file")
    ('1 prefix', '2,000 prefixes', '0 files')
    """
    return f"{number:,} {noun}{'' if number == 1 else 'es' if noun.endswith(('s', 'x')) else 's'}"


def read_cidr(value: object) -> IPv4Network:
    """Read a CIDR block such as "10.0.0.0/16".

    >>> read_cidr("10.0.0.0/16")
    IPv4Network('10.0.0.0/16')
    """
    if not isinstance(value, str):
        raise BadValue(f"{shown(value)} is not a CIDR block in quotes.", 'Use a value like "10.0.0.0/16".')
    if ":" in value:
        raise BadValue(f"{shown(value)} is IPv6; Kurrent Cloud peers IPv4 ranges only.")
    if value != value.strip():
        raise BadValue(f"{shown(value)} has spaces around it.", f"Use a value like {shown(value.strip())[1:-1]}.")
    address, slash, length = value.partition("/")
    if not slash:
        raise BadValue(f"{shown(value)} has no prefix length.", "Use a value like 10.0.0.0/16.")
    try:
        corrected = IPv4Network(value, strict=False)
    except ValueError:
        raise BadValue(
            f"{shown(value)} is not a CIDR block: four numbers from 0 to 255, a slash, and 0 to 32.",
            "Use a value like 10.0.0.0/16.",
        ) from None
    if length != str(corrected.prefixlen):
        raise BadValue(f"{shown(value)} is not in CIDR notation.", f"Did you mean {corrected}?")
    if address != str(corrected.network_address):
        raise BadValue(f"{shown(value)} has host bits set.", f"The network is {corrected}.")
    return corrected


def read_range(value: object) -> RangeRequest:
    """Read a range: a CIDR block pins it, "/16" asks for that prefix length anywhere."""
    if isinstance(value, str) and (_PREFIX_LENGTH.fullmatch(value) or _WITH_ZEROS.fullmatch(value)):
        return RangeRequest(prefix_length=read_prefix_length(value))
    if isinstance(value, int) and not isinstance(value, bool):
        raise BadValue(
            f"{shown(value)} is a number without a slash.",
            'Write a prefix length like "/16".' if not 1 <= value <= 32 else f'Write the prefix length as "/{value}".',
        )
    return RangeRequest(block=read_cidr(value))


def read_prefix_length(value: object) -> int:
    """Read a prefix length such as "/16".

    >>> read_prefix_length("/16")
    16
    """
    match = _PREFIX_LENGTH.fullmatch(value) if isinstance(value, str) else None
    zeros = _WITH_ZEROS.fullmatch(value) if isinstance(value, str) else None
    if zeros:
        raise BadValue(f"{shown(value)} is not a prefix length.", f'Did you mean "/{zeros[1]}"?')
    if not match or not 1 <= int(match[1]) <= 32:
        raise BadValue(f"{shown(value)} is not a prefix length.", 'Write "/16": a prefix length is from /1 to /32.')
    return int(match[1])


def read_pool(value: object, internal_ranges: Sequence[IPv4Network]) -> IPv4Network:
    """Read a block to place ranges in: private by RFC 1918, or shared by RFC 6598."""
    block = read_cidr(value)
    if not any(block.subnet_of(space) for space in internal_ranges):
        raise BadValue(
            f"{block} is not inside {' or '.join(map(str, internal_ranges))}.", "Use a block inside these ranges."
        )
    return block


def read_switch(value: object) -> bool:
    """Read true or false; environment variables and flags may say it as text."""
    words = {"true": True, "false": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    if not isinstance(value, bool):
        raise BadValue(f"{shown(value)} is neither true nor false.", "Write true or false, without quotes.", _SWITCH)
    return value


def read_remote(value: object) -> tuple[IPv4Network, ...]:
    """Read the remote range: one CIDR block, or a list of them."""
    if isinstance(value, str):
        return tuple(read_cidr(part.strip()) for part in value.split(","))
    if not isinstance(value, list) or not value:
        raise BadValue(f"{shown(value)} is not a CIDR block or a list of them.", 'Write "10.0.0.0/16".')
    return tuple(map(read_cidr, value))


def read_cloud(value: object, names: Iterable[str]) -> str:
    """Read a cloud's name, one that has a folder of facts."""
    return _one_of(value, names, "a supported cloud", "escscaffold has facts and templates for these clouds only.")


def read_mode(value: object, cloud: str, modes: Mapping[str, str]) -> str:
    """Read a mode's name, one of this cloud's; `modes` are the clouds by the modes."""
    if isinstance(value, str) and value in modes and modes[value] != cloud:
        ours = ", ".join(name for name, home in modes.items() if home == cloud)
        raise BadValue(f"{value} is a mode of {modes[value]}, not of {cloud}.", f"Modes of {cloud}: {ours}.", _MODES)
    return _one_of(value, [name for name, home in modes.items() if home == cloud], f"a mode of {cloud}", _MODES)


def read_region(value: object) -> str:
    """Read a region's code. Whether the cloud has it is a finding of the plan, and a warning."""
    text = read_text(value)
    if not REGION.fullmatch(text):
        corrected = re.sub(r"[\s_]+", "", text[:60]).lower()
        near = (
            f"Did you mean {corrected}?"
            if REGION.fullmatch(corrected)
            else "Write it in lower case, like eu-central-1."
        )
        raise BadValue(f"Invalid region code {shown(text)}.", near, _REGION)
    return text


def read_routes(value: object) -> Routes:
    """Read how the peering's routes are made."""
    choice = _one_of(value, get_args(Routes), "a value of routes", "A peering routes one supernet or the exact ranges.")
    return "exact" if choice == "exact" else "supernet"


def read_provider(value: object, names: Iterable[str]) -> str:
    """Read the Terraform provider for the Kurrent side."""
    return _one_of(
        value,
        names,
        "a Terraform provider for Kurrent Cloud",
        "escscaffold writes Terraform for the listed providers only.",
    )


def read_backend_type(value: object, names: Iterable[str]) -> str:
    """Read the kind of backend that Terraform keeps its state in."""
    return _one_of(value, names, "a supported backend", "Each backend has its own settings in backend.tf.")


def read_part(value: object, choices: tuple[Part, ...]) -> Part:
    """Read how a part comes to be: one of its choices in this mode."""
    word = _one_of(value, choices, "a value of this part in this mode", _PART)
    return next(choice for choice in choices if choice == word)


def _one_of(value: object, names: Iterable[str], what: str, reason: str) -> str:
    words = list(names)
    if not isinstance(value, str) or value not in words:
        raise BadValue(f"{shown(value)} is not {what}.", nearest(value, words), reason)
    return value


def read_text(value: object) -> str:
    """Read text."""
    if not isinstance(value, str):
        # A shell takes quotes away, and a number does not say how it was written: 24.10 is 24.1.
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        fix = "Put it in quotes." + (""" In a shell, quote twice: '"1.36"'.""" if is_number else "")
        raise BadValue(f"{shown(value)} is not text.", fix, "TOML reads a value without quotes as a number or date.")
    return value


def read_environment_name(value: object) -> str:
    """Read an environment's name: a folder, and a part of the names of cloud resources."""
    text = read_text(value)
    if not NAME.fullmatch(text):
        raise BadValue(
            f"Invalid environment name {shown(text)}: use 1 to {MAX_NAME} lower-case letters, digits and hyphens, "
            f"starting with a letter.{_code_point(text)}",
            _suggested_name(text),
            "The name is used as folder name and in resource names.",
        )
    if text in WINDOWS_DEVICES:
        raise BadValue(
            f"Invalid environment name {shown(text)}: a device name on Windows.",
            f"Try {text}-1.",
            "The name is used as folder name, and Windows reserves device names.",
        )
    return text


def read_reserved_name(value: object) -> str:
    """Read the name of a reserved block or a pool: free text of letters, digits, spaces, dots, `_` and `-`."""
    text = read_text(value)
    if not RESERVED_NAME.fullmatch(text):
        raise BadValue(
            f"Invalid name {shown(text)} of an address block.{_code_point(text)}",
            "Use up to 63 letters, digits, spaces, dots, - and _.",
        )
    return text


def _suggested_name(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", text[:200].lower()).strip("-0123456789")[:MAX_NAME].strip("-")
    return f"Try {words}." if words else "Try prod."


def _code_point(text: str) -> str:
    r"""Return the name of a character that looks like an ASCII one, or nothing.

    >>> _code_point("büro")
    " 'ü' is U+00FC."
    """
    character = next((c for c in text if not c.isascii() and c.isprintable()), "")
    return f" '{character}' is U+{ord(character):04X}." if character else ""


def read_reason(value: object) -> str:
    """Read why a warning is accepted: one line of text."""
    text = read_text(value).strip()
    if not text or not text.isprintable() or len(text) > 200:
        raise BadValue(
            f"{shown(value)} is not a reason.",
            "Write one line of at most 200 characters.",
            "Reviewers read the reason of every accepted warning.",
        )
    return text


def known_environment(name: str, environments: Iterable[str], hint: str) -> str:
    """Return the name if it is among those known; raises UnknownNameError, with the nearest, where it is not."""
    names = list(environments)
    if name not in names:
        fix = nearest(name, names) if names else ""
        raise UnknownNameError(f"there is no environment {shown(name)}. {fix}".rstrip(), flag=hint)
    return name


class Collector:
    """Reads values and tables by the facts, and keeps each problem with the place where a person wrote the key."""

    def __init__(self, place: Callable[[KeyPath], str], facts: Facts) -> None:
        self._place = place
        self.facts = facts
        self.problems: list[Problem] = []

    def problem(self, code: str, path: KeyPath, message: str, fix: str, reason: str = "", source: str = "") -> None:
        """Keep a problem of the key at `path`; raises SpecError where there are too many to report."""
        place = self._place(path)
        problem = Problem(code=code, path=path, place=place, message=message, fix=fix, reason=reason, source=source)
        self.problems.append(problem)
        if len(self.problems) == MOST_PROBLEMS:
            message = f"The first {MOST_PROBLEMS} problems are listed; there may be more."
            fix = "Fix these, then run the command again."
            raise SpecError(
                (*self.problems, Problem(code=code, path=(), place=self._place(()), message=message, fix=fix))
            )

    def read(self, code: str, path: KeyPath, read: Callable[[object], T], value: object) -> T | None:
        """Return what `read` makes of the value, or None with its BadValue kept as a problem."""
        try:
            return read(value)
        except BadValue as error:
            self.problem(code, path, error.message, error.fix, error.reason, error.source)
            return None

    def table(self, document: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any]:
        """Return the table under the last part of `path`, an empty one where there is none."""
        table = document.get(path[-1], {})
        if isinstance(table, dict):
            return table
        self.problem("ESC002", path, f"`{path[-1]}` is not a table.", f"Write [{'.'.join(path)}] above its keys.")
        return {}

    def values(
        self, document: Mapping[str, Any], path: KeyPath, code: str, read: Callable[[object], T]
    ) -> dict[str, T]:
        """Return the table under the last part of `path` with each of its values read, without the bad ones."""
        read_values = {key: self.read(code, (*path, key), read, v) for key, v in self.table(document, path).items()}
        return {key: value for key, value in read_values.items() if value is not None}

    def only_known(self, table: Mapping[str, Any], keys: Iterable[str], path: KeyPath) -> None:
        """Keep a problem for each key that nothing reads."""
        for key in table:
            if key not in keys:
                self.problem("ESC002", (*path, key), f"Unknown key {shown(key)}.", nearest(key, keys))
