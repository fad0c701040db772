"""Reads what becomes of each part of an environment, and refuses what cannot go together."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from escscaffold.clouds.choices import Part
from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.spec.model import RangeRequest
from escscaffold.spec.names import read_existing
from escscaffold.spec.places import KeyPath
from escscaffold.spec.problems import Collector
from escscaffold.spec.values import read_part

Choices = Mapping[str, tuple[Part, ...]]


def part_choices(mode: Mode) -> Choices:
    """Return what can become of each part in this mode, the usual first."""
    kurrent = load_kurrent()
    return {"network": ("create",), "kubernetes": ("create",), **mode.parts, **kurrent.parts}


def read_parts(
    found: Collector, path: KeyPath, table: Mapping[str, Any], cloud: Cloud, mode: Mode
) -> tuple[dict[str, Part], dict[str, str]]:
    """Read what becomes of each part of an environment, and the names of those that exist."""
    choices = part_choices(mode)
    given = found.table(table, (*path, "parts"))
    found.only_known(given, choices, (*path, "parts"))
    parts: dict[str, Part] = {}
    for name, known in choices.items():
        read = partial(read_part, choices=known)
        value = given.get(name, known[0])
        parts[name] = found.read("ESC004", (*path, "parts", name), read, value) or known[0]
    for message, fix in _contradictions(parts, choices, cloud):
        found.problem("ESC010", (*path, "parts"), message, fix)
    return parts, _existing(found, (*path, "existing"), table, mode, parts)


def _contradictions(parts: Mapping[str, Part], choices: Choices, cloud: Cloud) -> Iterator[tuple[str, str]]:
    """Yield what cannot be together, and what would be right."""
    if parts["kurrent-network"] == "existing" and parts["kurrent-project"] != "existing":
        message = "A Kurrent network that exists is in a project that exists, and kurrent-project is created."
        yield message, 'Write kurrent-project = "existing", too.'
    if parts["database"] == "existing" and parts["kurrent-network"] != "existing":
        message = "A database that exists is in a Kurrent network that exists, and kurrent-network is created."
        yield message, 'Write kurrent-network = "existing", too.'
    if parts["kubernetes"] == "existing" and parts["network"] == "create" and "existing" in choices["network"]:
        message = f"A cluster that exists is in a {cloud.network_term} that exists, and network is created."
        yield message, 'Write network = "existing", too.'
    made = "create" in choices["kubernetes"]
    if parts["network"] == "existing" and parts["kubernetes"] == "absent" and made:
        other = next(mode.name for mode in cloud.modes.values() if mode.others)
        message = "Where the network exists and no cluster is made, nothing of this mode is left to make."
        yield message, f'Take mode = "{other}", which peers any {cloud.network_term} that exists.'


def _existing(
    found: Collector, where: KeyPath, table: Mapping[str, Any], mode: Mode, parts: Mapping[str, Part]
) -> dict[str, str]:
    named = found.table(table, where)
    facts = {**mode.existing, **load_kurrent().existing}
    wanted = [name for name in facts if parts.get(name.partition("_")[0]) == "existing"]
    for name in [name for name in wanted if name not in named]:
        fix = f'Add it: existing.{name} = "{facts[name].example}".'
        found.problem("ESC008", (*where, name), f"{facts[name].purpose} is missing.", fix)
    for name in [name for name in named if name in facts and name not in wanted]:
        message = f"{name} is named, and nothing here says that it exists."
        fix = f'Write {name.partition("_")[0]} = "existing" in parts, or leave it out.'
        found.problem("ESC010", (*where, name), message, fix)
    found.only_known(named, facts, where)
    read = {
        name: found.read("ESC004", (*where, name), partial(read_existing, facts=facts[name]), value)
        for name, value in named.items()
        if name in wanted
    }
    return {name: text for name, text in read.items() if text is not None}


def what_is_there(
    found: Collector, path: KeyPath, mode: Mode, parts: Mapping[str, Part], ranges: Mapping[str, RangeRequest]
) -> None:
    """Keep a problem where something exists and nobody said where it lies."""
    pinned = {name for name, request in ranges.items() if request.block is not None}
    if parts["kurrent-network"] == "existing" and "kurrent" not in pinned:
        message = "The Kurrent network exists, and its range is not given."
        found.problem("ESC008", (*path, "ranges", "kurrent"), message, 'Add it: kurrent = "10.20.30.0/24".')
    for name in mode.range_names():
        facts = mode.facts_of(name)
        if facts and parts.get(facts.part) == "existing" and facts.implied is None and name not in pinned:
            part = "network" if facts.part == "network" else "cluster"
            message = f"The {part} exists, and the range {name} that it has is not given."
            fix = f'Add it with its block, such as {name} = "10.20.0.0/16".'
            found.problem("ESC008", (*path, "ranges", name), message, fix)
    if mode.others and not ranges.keys() - {"kurrent"}:
        message = "No range is named that must reach the database."
        fix = 'Add each with its block, such as nodes = "10.20.0.0/16".'
        found.problem("ESC008", (*path, "ranges"), message, fix)
