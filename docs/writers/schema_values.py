"""The JSON schema of single values of the spec: blocks of addresses, ranges, settings, names."""

import re
from collections.abc import Mapping
from typing import Any

from docs.writers.spec import RANGE_KEYS
from escscaffold.clouds.choices import ExistingFacts, Option, Setting
from escscaffold.clouds.facts import RangeFacts, Sizing
from escscaffold.spec import range_values, settings

Schema = dict[str, Any]

_OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_LENGTH = "0*([12]?[0-9]|3[0-2])"
_CIDR = rf"({_OCTET}\.){{3}}{_OCTET}/{_LENGTH}"
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def whole(pattern: str) -> str:
    """Return a pattern that the whole text has to match."""
    return f"^(?:{pattern})$"


VALUES: Mapping[str, Schema] = {
    "cidr": {"type": "string", "pattern": f"^{_CIDR}$", "description": 'A block of IPv4 addresses: "10.0.0.0/16".'},
    "prefix-length": {"type": "string", "pattern": "^/0?([1-9]|[12][0-9]|3[0-2])$", "description": 'A size: "/20".'},
    # The reader takes what stands on a command line, too; an editor had better show the table itself.
    "need-as-text": {"type": "string", "pattern": r"^\s*\{"},
    "remote": {
        "anyOf": [
            {"type": "string", "pattern": rf"^\s*{_CIDR}(\s*,\s*{_CIDR})*\s*$"},
            {"type": "array", "items": {"$ref": "#/definitions/cidr"}, "minItems": 1},
        ],
        "description": "What the peering routes to: a CIDR block or a list of them. Left out, it is planned.",
    },
    "names": {"type": "array", "items": {"type": "string"}},
    # Nothing is allowed there. With `false` in its place, an editor marks the table with all that is in it.
    "unknown": {"not": {"description": "a key that is not known here"}},
    "misnamed": {"not": {"description": "what stands under this name, which cannot be one"}},
    "reason": {"type": "string", "pattern": r"\S", "description": "Why it is accepted, in one line."},
    "switch": {
        "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}]
    },
}
"""What other parts refer to, by its name below `definitions`."""


def of(name: str) -> Schema:
    """Return a reference to one of VALUES."""
    return {"$ref": f"#/definitions/{name}"}


def plain(markdown: str) -> str:
    """Return Markdown as the plain text that an editor shows.

    >>> plain("see [Backends](#backends).")
    'see Backends.'
    """
    return _LINK.sub(r"\1", markdown)


def table(properties: Mapping[str, Schema], *, needed: tuple[str, ...] = (), **more: Any) -> Schema:
    """Return a table with these keys and no others."""
    required = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": dict(properties), **required, "additionalProperties": of("unknown")} | more


def table_of(value: Schema, *, key: str = "", **more: Any) -> Schema:
    """Return a table whose keys a person names, as the pattern says."""
    named = {"patternProperties": {key: value}, "additionalProperties": of("misnamed")}
    return {"type": "object", **(named if key else {"additionalProperties": value})} | more


def range_schema(facts: RangeFacts, *, is_own: bool = False) -> Schema:
    """Return what can stand for a range of this kind; one that `is_own` can be a subnet."""
    block, size = of("cidr"), of("prefix-length")
    keys: dict[str, Schema] = {
        "cidr": block,
        "size": size,
        "growth": {"type": "integer", "minimum": 1, "maximum": range_values.MOST_GROWTH},
    }
    if facts.sizing:
        keys |= {
            key: _count(*range_values.limits_of(facts.sizing)[key]) for key in range_values.need_keys(facts.sizing)
        }
    keys |= {"subnet": of("switch")} if is_own else {}
    properties = {key: {"description": plain(RANGE_KEYS[key][1]), **schema} for key, schema in keys.items()}
    large = [{"required": [key]} for key in ("cidr", "size", *_first_of(facts.sizing))]
    ways = [block, *([] if facts.pinned_only else [size]), table(properties, anyOf=large), of("need-as-text")]
    return {"description": f"{facts.purpose}.", "anyOf": [{"anyOf": ways}]}


def _first_of(sizing: Sizing | None) -> tuple[str, ...]:
    return (range_values.need_keys(sizing)[0],) if sizing else ()


def _count(fewest: int, most: int) -> Schema:
    return {"type": "integer", "minimum": fewest, "maximum": most}


def setting_schema(setting: Setting) -> Schema:
    """Return what a setting can be."""
    default = {"default": list(setting.default) if isinstance(setting.default, tuple) else setting.default}
    schema = {
        "description": f"{setting.purpose[0].upper()}{setting.purpose[1:]}.",
        **(default if setting.default is not None else {}),
    }
    match setting.kind:
        case "switch":
            return schema | {"anyOf": [{"type": "boolean"}, of("switch")]}
        case "number":
            numbers = {"enum": list(setting.numbers)} if setting.numbers else {}
            return schema | _count(setting.least or 0, setting.most or 1 << 31) | numbers
        case "text":
            return schema | _text(setting)
        case "texts":
            return schema | {"type": "array", "items": _text(setting)}
    return schema | {"type": "array", "items": of("cidr")}


def _text(setting: Setting) -> Schema:
    if setting.choices:
        return {"type": "string", "enum": list(setting.choices)}
    pattern = {"pattern": whole(setting.pattern)} if setting.pattern else {}
    return {"type": "string", "maxLength": settings.LONGEST, **pattern}


def settings_table(settings: Mapping[str, Setting]) -> Schema:
    """Return a table of settings."""
    needed = tuple(name for name, setting in settings.items() if setting.needed and setting.default is None)
    return table({name: setting_schema(setting) for name, setting in settings.items()}, needed=needed)


def option_schema(option: Option) -> Schema:
    """Return what an option of a mode can be."""
    can = {"type": "string", "enum": list(option.choices)} if option.choices else of("switch")
    return {"description": f"{option.purpose}.", "default": option.default, "anyOf": [can]}


def existing_schema(facts: ExistingFacts) -> Schema:
    """Return how something that exists is named."""
    # Names of groups are Python's own, and editors have another syntax for them.
    full_id = re.sub(r"\(\?P<\w+>", "(?:", facts.id)
    pattern = "|".join(filter(None, (facts.pattern, full_id)))
    return {"type": "string", "pattern": whole(pattern), "description": f"{facts.purpose}: {facts.example}"}
