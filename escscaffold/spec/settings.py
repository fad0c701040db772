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
        fix = f"Use a list like {setting.name} = [{_example(setting)}]."
        raise BadValue(f"{setting.name} = {shown(value)} is not a list.", fix, _format_reason(setting), setting.source)
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
        reason = "The option selects one of several Terraform modules."
        raise BadValue(f"{shown(value)} is not a value of this option.", nearest(value, option.choices), reason)
    return value


def read_tags(found: Collector, table: Mapping[str, Any], path: KeyPath, facts: TagFacts) -> dict[str, str]:
    """Read tags, or what the cloud calls so, by alphabet."""
    given = found.table(table, path)
    if len(given) > MOST_TAGS:
        reason = f"The clouds limit the number of {facts.term} of a resource."
        found.problem("ESC004", path, f"{len(given)} {facts.term} are set.", f"Set at most {MOST_TAGS}.", reason)
    for key, value in given.items():
        found.read("ESC004", (*path, key), lambda value, key=key: _tag(key, value, facts), value)  # type: ignore[misc]
    return {key: value for key, value in sorted(given.items()) if isinstance(value, str)}


def _tag(key: str, value: object, facts: TagFacts) -> str:
    text = read_text(value)
    for part, pattern in ((key, facts.key_pattern), (text, facts.value_pattern)):
        if not re.fullmatch(pattern, part):
            reason = f"The cloud limits the characters and length of {facts.term}."
            raise BadValue(f"Invalid {facts.term}: {shown(part)}.", f"Use a value like {facts.example}.", reason)
    return text


def _number(value: object, setting: Setting) -> int:
    least, most = setting.least or 0, setting.most or 1 << 31
    if isinstance(value, bool) or not isinstance(value, int):
        fix = f"Use a number like {setting.name} = {_example(setting)}."
        message = f"{setting.name} = {shown(value)} is not a whole number."
        raise BadValue(message, fix, _format_reason(setting), setting.source)
    if not least <= value <= most:
        message = f"{setting.name} = {shown(value)} is outside {least:,} to {most:,}."
        raise BadValue(message, f"Use {min(max(value, least), most)}.", _LIMIT, setting.source)
    if setting.numbers and value not in setting.numbers:
        near = min(setting.numbers, key=lambda number: (abs(number - value), number))
        message = f"{setting.name} = {shown(value)} is not a supported number."
        raise BadValue(message, f"Use {near}.", "The cloud offers only certain numbers.", setting.source)
    return value


def _text(value: object, setting: Setting) -> str:
    text = read_text(value)
    if setting.choices and text not in setting.choices:
        reason = f"{setting.name} accepts only the values that the cloud or its provider offers."
        message = f"{shown(text)} is not a value of {setting.name}."
        raise BadValue(message, nearest(text, setting.choices), reason, setting.source)
    if len(text) > LONGEST or (setting.pattern and not re.fullmatch(setting.pattern, text)):
        message, fix = f"Invalid {setting.name} {shown(text)}.", f"Use a value like {_example(setting)}."
        raise BadValue(message, fix, _format_reason(setting), setting.source)
    return text


_LIMIT = "The cloud or its provider refuses numbers outside these limits."


def _format_reason(setting: Setting) -> str:
    return f"{setting.name}: {setting.purpose}. Terraform or the cloud refuses other formats."


def _example(setting: Setting) -> str:
    if setting.kind == "ranges":
        return '"198.51.100.0/24"'
    if setting.kind == "number":
        return str(setting.default if setting.default is not None else setting.least or 1)
    return f'"{setting.example or (setting.choices and setting.choices[0]) or setting.default}"'


_ONLY_WITH = "The cloud or its provider refuses {} with other values of {}."


def _together(found: Collector, path: KeyPath, given: Mapping[str, Value], known: Mapping[str, Setting]) -> None:
    """Keep a problem for each two settings that do not go together."""
    values = {name: given.get(name, setting.default) for name, setting in known.items()}
    for name, setting in known.items():
        value = values[name]
        if setting.needed and value is None:
            message = f"{name} is missing ({setting.purpose})."
            found.problem("ESC008", (*path, name), message, f"Add {name} = {_example(setting)}.")
        limit = values.get(setting.at_most)
        if (
            isinstance(value, int)
            and isinstance(limit, int)
            and value > limit
            and {name, setting.at_most} & given.keys()
        ):
            where = name if name in given else setting.at_most
            message = f"{name} = {value} is above {setting.at_most} = {limit}."
            reason = f"{setting.at_most} is the upper limit of {name}."
            fix = f"Set {setting.at_most} = {value} or more."
            found.problem("ESC004", (*path, where), message, fix, reason, setting.source)
        for other, words in setting.only_with.items():
            if value != setting.default and values.get(other) not in words:
                message = f"{name} needs {other} = {' or '.join(shown(word) for word in words)}."
                fix = f"Remove {name}, or change {other}."
                found.problem("ESC004", (*path, name), message, fix, _ONLY_WITH.format(name, other), setting.source)
        for other, words in setting.needed_with.items():
            needed = values.get(other) in words
            if needed and value is None:
                message = f'{other} = "{values[other]}" needs {name}.'
                found.problem("ESC008", (*path, name), message, f"Add {name} = {_example(setting)}.")
            if not needed and name in given:
                message = f"{name} needs {other} = {' or '.join(shown(word) for word in words)}."
                fix = f"Remove {name}, or change {other}."
                found.problem("ESC004", (*path, name), message, fix, _ONLY_WITH.format(name, other), setting.source)
