"""What exists, as specs name it: by a bare name, or by a full id that has the account and further names in it.

Full ids are ARM ids, self links and ARNs; the patterns are facts of what exists.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from escscaffold.clouds.choices import ExistingFacts, Part, Setting
from escscaffold.clouds.facts import Mode
from escscaffold.spec.accounts import check_one_account
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, Collector, read_text, shown

_LOOKED_UP = "Terraform looks up the existing resource by this name or id."


def read_existing_parts(
    collector: Collector,
    where: KeyPath,
    table: Mapping[str, Any],
    mode: Mode,
    parts: Mapping[str, Part],
    accounts: Mapping[str, Setting],
) -> dict[str, str]:
    """Read the names of the parts that exist; a problem for one that is missing, is of another part or contradicts."""
    written = collector.table(table, where)
    facts = {**mode.existing, **collector.facts.kurrent.existing}
    for name, key, inner in _contradictions(written, facts):
        message = f"{name} is {shown(written[name])}, but the id in {key} contains {inner}."
        collector.problem("ESC010", (*where, name), message, f"Set {inner}, or remove {name}.")
    settings = {key: facts_ for key, facts_ in accounts.items() if key not in mode.account_refused}
    check_one_account(collector, where, table, tuple(accounts_in(written, facts)), settings)
    named = with_bare_names(written, facts)
    existing = [name for name in facts if parts.get(name.partition("_")[0]) == "existing"]
    for name in [name for name in existing if name not in named]:
        fix = f'Add existing.{name} = "{facts[name].example}".'
        collector.problem("ESC008", (*where, name), f"{facts[name].purpose} is missing.", fix)
    for name in [name for name in named if name in facts and name not in existing]:
        message = f'{name} is set, but its part is not "existing".'
        fix = f'Set {name.partition("_")[0]} = "existing" in parts, or remove {name}.'
        collector.problem("ESC010", (*where, name), message, fix)
    collector.only_known(named, facts, where)
    read = {
        name: collector.read("ESC004", (*where, name), partial(read_existing, facts=facts[name]), value)
        for name, value in named.items()
        if name in existing
    }
    return {name: text for name, text in read.items() if text is not None}


def with_bare_names(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> dict[str, Any]:
    """Return what exists by its bare names, with those that only a full id of another key has."""
    bare = dict(named)
    for name, value in named.items():
        if name in facts and isinstance(value, str):
            bare[name] = _name_in(value, facts[name]) or value
    for name, _, inner in _inner_names(named, facts):
        bare.setdefault(name, inner)
    return bare


def _contradictions(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> Iterator[tuple[str, str, str]]:
    """Yield each key, its name and the other one that a full id of another key has for it."""
    for name, key, inner in _inner_names(named, facts):
        written = named.get(name)
        # Azure compares the names of resource groups without regard to case.
        bare = (_name_in(written, facts[name]) or written) if isinstance(written, str) else None
        if bare is not None and bare.casefold() != inner.casefold():
            yield name, key, inner


def accounts_in(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> Iterator[tuple[str, str, str]]:
    """Yield each key that has a full id, the setting of `account` that the id answers, and its value."""
    for name, value in named.items():
        pattern = facts[name].id if name in facts else None
        match = re.fullmatch(pattern, value) if pattern and isinstance(value, str) else None
        for setting, account in (match.groupdict() if match else {}).items():
            yield name, setting, account


def _inner_names(named: Mapping[str, Any], facts: Mapping[str, ExistingFacts]) -> Iterator[tuple[str, str, str]]:
    """Yield each key that a full id answers as well, the key that has the id, and the name in it."""
    for name, expected in facts.items():
        key = name.partition("_")[0]
        value = named.get(key)
        if key == name or not isinstance(value, str) or key not in facts or _name_in(value, facts[key]) is None:
            continue
        if (inner := _name_in(value, expected)) is not None:
            yield name, key, inner


def _name_in(text: str, facts: ExistingFacts) -> str | None:
    """Return the name that a full id has; None where the text is no such id."""
    match = re.fullmatch(facts.id, text) if facts.id else None
    accounts = match.re.groupindex.values() if match else ()
    groups = match.groups() if match else ()
    name = "/".join(group for number, group in enumerate(groups, start=1) if group and number not in accounts)
    return name if re.fullmatch(facts.pattern, name) else None


def read_existing(value: object, facts: ExistingFacts) -> str:
    """Read the name of something that exists already, out of its full id too; raises BadValue."""
    text = read_text(value)
    if not re.fullmatch(facts.pattern, text):
        if (bare_name := _name_in(text, facts)) is not None:
            return bare_name
        if "/" in text and facts.id:
            raise BadValue(
                f"Invalid {_noun_of(facts)} {shown(text)}: neither a name nor a full id.",
                f"Use a value like {facts.example}.",
                _LOOKED_UP,
            )
        name = text.rpartition("/")[2]
        if "/" in text and re.fullmatch(facts.pattern, name):
            raise BadValue(
                f"Invalid {_noun_of(facts)} {shown(text)}: a path instead of a name.",
                f"Use {name}, and set the provider to the project, account or subscription in the path.",
                _LOOKED_UP,
            )
        raise BadValue(f"Invalid {_noun_of(facts)} {shown(text)}.", f"Use a value like {facts.example}.", _LOOKED_UP)
    return text


def _noun_of(facts: ExistingFacts) -> str:
    """Return what the name is for: `Name of the VPC network` becomes `VPC network name`."""
    word, _, noun = facts.purpose.partition(" of the ")
    lower = word if word[:3].isupper() else word[:1].lower() + word[1:]
    return f"{noun} {lower}" if noun else lower
