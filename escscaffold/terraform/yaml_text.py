"""YAML as Terraform's `yamldecode` reads it: `yes` is true, 010 is ten, and a day is a time.

Tried with Terraform 1.11.4. The one module that knows PyYAML, which reads YAML 1.1.
"""

import re
from typing import Any

import yaml

_TAG = "tag:yaml.org,2002:"
_TRUE, _FALSE = ("y", "yes", "true", "on"), ("n", "no", "false", "off")


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


# The loader that is written in C takes a tenth of the time, and is not on every machine.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def read_yaml(text: str) -> Any:
    """Return what a document holds; raises ValueError where it is none that Terraform takes."""
    try:
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"it is not YAML: {str(error).splitlines()[0]}") from None
