"""Reads what is set of a cluster, of a database, and as tags, by the facts that become Terraform's validations, too."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from escscaffold.clouds.choices import Option, OptionValue, Setting, TagFacts, Value
from escscaffold.spec.problems import Collector
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, nearest, read_cidr, read_switch, read_text, shown

MOST_TAGS = 40
LONGEST = 200


def read_settings(found: Collector, table: Mapping[str, Any], path: KeyPath, known: Mapping[str, Setting]) -> Any:
    """Read the table under the last part of `path`; returns each setting that is given, by alphabet."""
    given = found.table(table, path)
    found.only_known(given, known, path)
    read = {
        name: found.read("ESC004", (*path, name), partial(read_setting, setting=known[name]), value)
        for name, value in sorted(given.items())
        if name in known
    }
    settings = {name: value for name, value in read.items() if value is not None}
    _together(found, path, settings, known)
    return settings


def read_setting(value: object, setting: Setting) -> Value:
    """Read one setting; raises BadValue with a value that would work."""
    match setting.kind:
        case "switch":
            return read_switch(value)
        case "number":
            return _number(value, setting)
        case "text":
            return _text(value, setting)
    texts = value if isinstance(value, list) else None
    if texts is None:
        raise BadValue(f"{shown(value)} is not a list.", f"Write it like {setting.name} = [{_example(setting)}].")
    read = [str(read_cidr(text)) if setting.kind == "ranges" else _text(text, setting) for text in texts]
    if setting.once_before:
        _once(read, setting.once_before)
    return tuple(dict.fromkeys(read))


def _once(texts: list[str], end: str) -> None:
    """Refuse two texts that begin alike, which a repeated one is not."""
    begun: dict[str, str] = {}
    for text in texts:
        before = begun.setdefault(text.partition(end)[0], text)
        if before != text:
            raise BadValue(f"{shown(before)} and {shown(text)} are the same twice.", f"Leave {shown(before)} out.")


def read_option(value: object, option: Option) -> OptionValue:
    """Read an option of a mode: one of its words, or true or false."""
    if not option.choices:
        return read_switch(value)
    if not isinstance(value, str) or value not in option.choices:
        raise BadValue(f"{shown(value)} is not a choice here.", nearest(value, option.choices))
    return value


def read_tags(found: Collector, table: Mapping[str, Any], path: KeyPath, facts: TagFacts) -> dict[str, str]:
    """Read tags, or what the cloud calls so, by alphabet."""
    given = found.table(table, path)
    if len(given) > MOST_TAGS:
        found.problem("ESC004", path, f"{len(given)} {facts.term} are too many.", f"Give at most {MOST_TAGS}.")
    for key, value in given.items():
        found.read("ESC004", (*path, key), lambda value, key=key: _tag(key, value, facts), value)  # type: ignore[misc]
    return {key: value for key, value in sorted(given.items()) if isinstance(value, str)}


def _tag(key: str, value: object, facts: TagFacts) -> str:
    text = read_text(value)
    for part, pattern in ((key, facts.key_pattern), (text, facts.value_pattern)):
        if not re.fullmatch(pattern, part):
            raise BadValue(f"{shown(part)} cannot stand in one of the {facts.term}.", f"Write it like {facts.example}.")
    return text


def _number(value: object, setting: Setting) -> int:
    least, most = setting.least or 0, setting.most or 1 << 31
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue(f"{shown(value)} is not a whole number.", f"Write it like {setting.name} = {_example(setting)}.")
    if not least <= value <= most:
        raise BadValue(f"{shown(value)} is not from {least:,} to {most:,}.", f"Use {min(max(value, least), most)}.")
    if setting.numbers and value not in setting.numbers:
        near = min(setting.numbers, key=lambda number: (abs(number - value), number))
        raise BadValue(f"{shown(value)} is not one of the numbers that it can be.", f"Use {near}.")
    return value


def _text(value: object, setting: Setting) -> str:
    text = read_text(value)
    if setting.choices and text not in setting.choices:
        raise BadValue(f"{shown(text)} is not a choice here.", nearest(text, setting.choices))
    if len(text) > LONGEST or (setting.pattern and not re.fullmatch(setting.pattern, text)):
        raise BadValue(f"{shown(text)} cannot be this: {setting.purpose}.", f"Write it like {_example(setting)}.")
    return text


def _example(setting: Setting) -> str:
    if setting.kind == "ranges":
        return '"198.51.100.0/24"'
    if setting.kind == "number":
        return str(setting.default if setting.default is not None else setting.least or 1)
    return f'"{setting.example or (setting.choices and setting.choices[0]) or setting.default}"'


def _together(found: Collector, path: KeyPath, given: Mapping[str, Value], known: Mapping[str, Setting]) -> None:
    """Keep a problem for each two settings that do not go together."""
    values = {name: given.get(name, setting.default) for name, setting in known.items()}
    for name, setting in known.items():
        value = values[name]
        if setting.needed and value is None:
            message = f"{name} is missing: {setting.purpose}."
            found.problem("ESC008", (*path, name), message, f"Add it: {name} = {_example(setting)}.")
        limit = values.get(setting.at_most)
        if (
            isinstance(value, int)
            and isinstance(limit, int)
            and value > limit
            and {name, setting.at_most} & given.keys()
        ):
            where = name if name in given else setting.at_most
            message = f"{name} is {value}, and {setting.at_most} is {limit}."
            found.problem("ESC004", (*path, where), message, f"Give {setting.at_most} = {value} or more.")
        for other, words in setting.only_with.items():
            if value != setting.default and values.get(other) not in words:
                message = f"{name} is for {other} = {' or '.join(shown(word) for word in words)} only."
                found.problem("ESC004", (*path, name), message, "Leave it out.")
        for other, words in setting.needed_with.items():
            needed = values.get(other) in words
            if needed and value is None:
                message = f'{other} = "{values[other]}" needs {name}.'
                found.problem("ESC008", (*path, name), message, f"Add it: {name} = {_example(setting)}.")
            if not needed and name in given:
                message = f"{name} is for {other} = {' or '.join(shown(word) for word in words)} only."
                found.problem("ESC004", (*path, name), message, "Leave it out.")
