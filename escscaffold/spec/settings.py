"""Reads settings of a cluster, database, account or integration, and tags, by the facts that become validations, too.

Settings that do not go together, or that an option leaves without effect, are refused before Terraform's plan is.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.choices import Option, OptionValue, Part, Setting, SettingRelation, TagFacts, Value, option_word
from escscaffold.clouds.facts import Mode
from escscaffold.spec.model import EnvironmentSpec, RangeRequest, Spec
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import (
    BadValue,
    Collector,
    nearest,
    read_cidr,
    read_environment_name,
    read_switch,
    read_text,
    shown,
)

MOST_TAGS = 40
MOST_INTEGRATIONS = 20
SECRETS_VARIABLE = "TF_VAR_integration_secrets"
"""The environment variable that gives the secrets of an environment's integrations to Terraform."""
LONGEST = 200
_LIMIT = "The cloud or its provider refuses numbers outside these limits."
_ONLY_WITH = "The cloud or its provider refuses {} with other values of {}."


def read_settings(collector: Collector, table: Mapping[str, Any], path: KeyPath, facts: Mapping[str, Setting]) -> Any:
    """Read the table under the last part of `path`; returns each setting that is given, by alphabet."""
    written = collector.table(table, path)
    collector.only_known(written, facts, path)
    read = {
        name: collector.read("ESC004", (*path, name), partial(read_setting, setting=facts[name]), value)
        for name, value in sorted(written.items())
        if name in facts
    }
    settings = {name: value for name, value in read.items() if value is not None}
    _together(collector, path, settings, facts)
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
        _refuse_repeated(read, setting.once_before)
    return tuple(dict.fromkeys(read))


def _refuse_repeated(texts: list[str], end: str) -> None:
    """Refuse two texts that begin alike, which a repeated one is not."""
    first_texts: dict[str, str] = {}
    for text in texts:
        before = first_texts.setdefault(text.partition(end)[0], text)
        if before != text:
            raise BadValue(f"{shown(before)} and {shown(text)} are the same value.", f"Leave {shown(before)} out.")


def read_option(value: object, option: Option) -> OptionValue:
    """Read an option of a mode: one of its words, or true or false; raises BadValue."""
    if not option.choices:
        return read_switch(value)
    if not isinstance(value, str) or value not in option.choices:
        reason = "The option selects one of several Terraform modules."
        raise BadValue(f"{shown(value)} is not a value of this option.", nearest(value, option.choices), reason)
    return value


def read_tags(collector: Collector, table: Mapping[str, Any], path: KeyPath, facts: TagFacts) -> dict[str, str]:
    """Read tags, or what the cloud calls so, by alphabet."""
    tags = collector.table(table, path)
    if len(tags) > MOST_TAGS:
        reason = f"The clouds limit the number of {facts.term} of a resource."
        collector.problem("ESC004", path, f"{len(tags)} {facts.term} are set.", f"Set at most {MOST_TAGS}.", reason)
    for key, value in tags.items():
        collector.read("ESC004", (*path, key), lambda value, key=key: _tag(key, value, facts), value)  # type: ignore[misc]
    return {key: value for key, value in sorted(tags.items()) if isinstance(value, str)}


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


def _format_reason(setting: Setting) -> str:
    return f"{setting.name}: {setting.purpose}. Terraform or the cloud refuses other formats."


def _example(setting: Setting) -> str:
    if setting.kind == "ranges":
        return '"198.51.100.0/24"'
    if setting.kind == "number":
        return str(setting.default if setting.default is not None else setting.least or 1)
    return f'"{setting.example or (setting.choices and setting.choices[0]) or setting.default}"'


def _together(collector: Collector, path: KeyPath, written: Mapping[str, Value], facts: Mapping[str, Setting]) -> None:
    """Keep a problem for each two settings that do not go together."""
    values = {name: written.get(name, setting.default) for name, setting in facts.items()}
    for name, setting in facts.items():
        value = values[name]
        if setting.needed and value is None:
            message = f"{name} is missing ({setting.purpose})."
            collector.problem("ESC008", (*path, name), message, f"Add {name} = {_example(setting)}.")
        if written.get(name) and setting.goes_with and setting.goes_with not in written:
            message = f"{name} needs {setting.goes_with}, which is not set."
            collector.problem("ESC010", (*path, name), message, f"Add {setting.goes_with}, or leave {name} out.")
        limit = values.get(setting.at_most)
        if (
            isinstance(value, int)
            and isinstance(limit, int)
            and value > limit
            and {name, setting.at_most} & written.keys()
        ):
            where = name if name in written else setting.at_most
            message = f"{name} = {value} is above {setting.at_most} = {limit}."
            reason = f"{setting.at_most} is the upper limit of {name}."
            fix = f"Set {setting.at_most} = {value} or more."
            collector.problem("ESC004", (*path, where), message, fix, reason, setting.source)
        for other, words in setting.only_with.items():
            if value != setting.default and values.get(other) not in words:
                message = f"{name} needs {other} = {' or '.join(shown(word) for word in words)}."
                fix = f"Remove {name}, or change {other}."
                collector.problem("ESC004", (*path, name), message, fix, _ONLY_WITH.format(name, other), setting.source)
        for other, words in setting.needed_with.items():
            needed = values.get(other) in words
            if needed and value is None:
                message = f'{other} = "{values[other]}" needs {name}.'
                collector.problem("ESC008", (*path, name), message, f"Add {name} = {_example(setting)}.")
            if not needed and name in written:
                message = f"{name} needs {other} = {' or '.join(shown(word) for word in words)}."
                fix = f"Remove {name}, or change {other}."
                collector.problem("ESC004", (*path, name), message, fix, _ONLY_WITH.format(name, other), setting.source)


def needed_settings(mode: Mode, ranges: Mapping[str, RangeRequest]) -> dict[str, Value]:
    """Return the cluster's settings that follow from what ranges have to hold; nodes are counted over all zones."""
    needs = {name: request.need for name, request in ranges.items() if request.need}
    per_zone = {name for name in needs if (facts := mode.facts_of(name)) and facts.per_zone}
    whole = [need.nodes or 0 for name, need in needs.items() if name not in per_zone]
    requested = {
        "nodes": max(whole, default=0) or sum(needs[name].nodes or 0 for name in per_zone) or None,
        "pods_per_node": max((n.pods_per_node for n in needs.values() if n.pods_per_node is not None), default=None),
        "surge": max((need.surge for need in needs.values() if need.surge is not None), default=None),
    }
    return {argument: value for key, argument in mode.settings.items() if (value := requested[key]) is not None}


def check_relations(
    collector: Collector,
    path: KeyPath,
    facts: Mapping[str, Setting],
    written: Mapping[str, Value],
    needed: Mapping[str, Value],
    region: str,
) -> None:
    """Keep a problem for each value that the region or another setting excludes.

    `needed` is what follows from ranges. Defaults alone are never refused.
    """
    values = {name: needed.get(name, written.get(name, setting.default)) for name, setting in facts.items()}
    given_names = written.keys() | needed.keys()
    for name, setting in facts.items():
        value = values[name]
        if setting.in_region and isinstance(value, tuple):
            for text in value:
                if not text.startswith(f"{region}-"):
                    message = f"{name}: {shown(text)} is not in region {region}."
                    reason = "The nodes of a regional cluster run in zones of its region."
                    collector.problem(
                        "ESC004",
                        (*path, name),
                        message,
                        f'Use a zone like "{region}-b".',
                        reason,
                        facts[name].source,
                    )
        # Where both are given, it is reported already; a default follows the ranges' needs.
        limit = needed.get(setting.at_most) if name in written else None
        if isinstance(value, int) and isinstance(limit, int) and value > limit:
            message = f"{name} = {value} is above the {limit} nodes that the ranges are sized for ({setting.at_most})."
            fix = f"Set {name} = {limit} or fewer, or size the ranges for {value} nodes."
            reason = f"The size of the ranges sets {setting.at_most}."
            collector.problem("ESC004", (*path, name), message, fix, reason)
        for relation in setting.relations:
            involved = {name, relation.other, *relation.when} & given_names
            case = _Case(name=name, value=value, values=values, relation=relation)
            if involved and case.holds():
                where = name if name in given_names else sorted(involved)[0]
                for message, fix in case.problems():
                    collector.problem("ESC004", (*path, where), message, fix, case.reason, relation.source)


def excluded(setting: Setting, values: Mapping[str, Value | None]) -> bool:
    """Return True if other settings leave no place for any value of this one."""
    return any(
        not relation.pattern
        and not relation.other
        and relation.when
        and _Case(name=setting.name, value=(), values=values, relation=relation).holds()
        for relation in setting.relations
    )


class _Case(Struct, frozen=True, kw_only=True):
    """One relation of one setting, with the values of all."""

    name: str
    value: Value | None
    values: Mapping[str, Value | None]
    relation: SettingRelation

    def holds(self) -> bool:
        now = {name: self.values.get(name) for name in self.relation.when}
        return self.value is not None and all(
            isinstance(value, (bool, str)) and option_word(value) in self.relation.when[name]
            for name, value in now.items()
        )

    @property
    def reason(self) -> str:
        """The demand as a sentence."""
        return f"{self.relation.because[:1].upper()}{self.relation.because[1:]}."

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield a message and a fix for what is refused."""
        if self.relation.other:
            yield from self._compared()
            return
        texts = self.value if isinstance(self.value, tuple) else (self.value,)
        for text in texts if self.relation.pattern else texts[:1]:
            if not self.relation.pattern or re.fullmatch(self.relation.pattern, str(text)):
                others = " and ".join(f"{name} = {self._shown(name)}" for name in self.relation.when)
                message = f"{self.name} = {shown(text)} is not possible with {others}."
                yield message, self.relation.fix

    def _compared(self) -> Iterator[tuple[str, str]]:
        relation, other = self.relation, self._other()
        if other is None or isinstance(self.value, bool) or not isinstance(self.value, int):
            return
        message = f"{self.name} = {self.value} is not possible with {relation.other} = {self._shown(relation.other)}."
        if relation.at_least_product and self.value * other < relation.at_least_product:
            least = ceil(relation.at_least_product / self.value)
            yield message, f"Set {relation.other} = {least} or more, or raise {self.name}."
        if relation.at_most_times and self.value > relation.at_most_times * other:
            most = int(relation.at_most_times * other)
            yield message, f"Set {self.name} = {most} or less, or change {relation.other}."

    def _other(self) -> int | None:
        value = self.values.get(self.relation.other)
        if self.relation.other_pattern:
            match = re.fullmatch(self.relation.other_pattern, str(value))
            return int(match[1]) if match else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _shown(self, name: str) -> str:
        value = self.values[name]
        return option_word(value) if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def with_settings_of_options(
    collector: Collector, path: KeyPath, written: object, mode: Mode, options: Mapping[str, OptionValue]
) -> Mode:
    """Return the mode with the settings that its options have, and keep a problem for each other one that is given.

    `written` is the environment's table of settings, `path` its place.
    """
    words = {name: option_word(value) for name, value in options.items()}
    excluded = {
        name: (option, values)
        for name, setting in mode.kubernetes.items()
        for option, values in setting.only_with_options.items()
        if option in words and words[option] not in values
    }
    if not excluded:
        return mode
    table: Mapping[str, Any] = written if isinstance(written, dict) else {}
    for name, (option, values) in excluded.items():
        if name in table:
            message = f"{name} has no effect with options.{option} = {_shown(words[option])}."
            fix = f"Leave {name} out, or set options.{option} = {' or '.join(map(_shown, values))}."
            collector.problem("ESC010", (*path, name), message, fix)
    # What is given stays known, so it is reported once.
    return replace(
        mode,
        kubernetes={
            name: setting for name, setting in mode.kubernetes.items() if name not in excluded or name in table
        },
    )


def _shown(word: str) -> str:
    return word if word in ("true", "false") else f'"{word}"'


def secrets_needed(spec: Spec) -> dict[str, tuple[str, ...]]:
    """Return the secrets of each integration, by its name; of a name in several environments, those of all."""
    needed: dict[str, tuple[str, ...]] = {}
    for environment in spec.environments.values():
        for name, secrets in secrets_of(environment).items():
            needed[name] = tuple(dict.fromkeys((*needed.get(name, ()), *secrets)))
    return needed


def secrets_of(environment: EnvironmentSpec) -> dict[str, tuple[str, ...]]:
    """Return what each integration of an environment signs in with, by its name."""
    sinks = environment.facts.kurrent.integrations.sinks
    return {name: sinks[str(integration["sink"])].secrets for name, integration in environment.integrations.items()}


def read_integrations(
    collector: Collector, table: Mapping[str, Any], path: KeyPath, database: Part
) -> dict[str, Mapping[str, Value]]:
    """Read the table of integrations under the last part of `path`, by their names in alphabetical order."""
    written = collector.table(table, path)
    if len(written) > MOST_INTEGRATIONS:
        collector.problem("ESC004", path, f"{len(written)} integrations are set.", f"Set at most {MOST_INTEGRATIONS}.")
        return {}
    read = {name: _integration(collector, written, (*path, name), database) for name in sorted(written)}
    return {name: settings for name, settings in read.items() if settings}


def _integration(collector: Collector, table: Mapping[str, Any], path: KeyPath, database: Part) -> Mapping[str, Value]:
    facts = collector.facts.kurrent.integrations
    collector.read("ESC005", path, read_environment_name, path[-1])
    written = dict(collector.table(table, path))
    for name in sorted({name for sink in facts.sinks.values() for name in sink.secrets} & written.keys()):
        message = f"{name} is a secret, and this file is committed."
        fix = f"Remove {name}, revoke it if it was committed, and set the new one by {SECRETS_VARIABLE}."
        collector.problem("ESC013", (*path, name), message, fix, "Everyone who reads the repository could use it.")
        del written[name]
    settings: Mapping[str, Value] = read_settings(collector, {path[-1]: written}, path, facts.settings)
    sink = facts.sinks.get(str(settings.get("sink")))
    if sink and sink.of_database and database != "create":
        message = f"sink = {shown(settings['sink'])} needs the id of a database created here."
        fix = 'Set database = "create" in parts, or remove it.'
        collector.problem("ESC010", (*path, "sink"), message, fix, source=facts.settings["sink"].source)
    return settings
