"""The file of one provider's answers: what is in it, in which order, one resource type a line."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tools.provider_facts.asking import Answers
from tools.provider_facts.schema import Block, Place


class Heading(Struct, frozen=True, kw_only=True):
    """Who answered, when, and how."""

    source: str
    version: str
    asked: str
    """The day, ISO 8601."""
    protocol: int = 0
    """The version of Terraform's plugin protocol; 0: not recorded."""
    notes: tuple[str, ...] = ()
    """What a reader must know besides, each with its source."""


def text_of(heading: Heading, resources: Mapping[str, Mapping[str, Any]], questions: int) -> str:
    """Return the file's text; `resources` are what `resource_of` returns, by type.

    `questions` is 0 where nobody counted them.
    """
    unknown = sum(len(letters) for resource in resources.values() for letters in resource.get("unknown", {}).values())
    head: dict[str, Any] = {
        "source": heading.source,
        "version": heading.version,
        "asked": heading.asked,
        **({"protocol": heading.protocol} if heading.protocol else {}),
        **({"notes": heading.notes} if heading.notes else {}),
        "types": len(resources),
        "arguments": sum(len(names.split()) for r in resources.values() for names in r.get("arguments", {}).values()),
        **({"questions": questions} if questions else {}),
        "unknown": unknown,
    }
    lines = [f"{json.dumps(name)}: {_compact(value)}," for name, value in head.items()]
    types = [f"{json.dumps(name)}: {_compact(resources[name])}" for name in sorted(resources)]
    return "\n".join(["{", *lines, '"resources": {', ",\n".join(types), "}", "}", ""])


def read_answers(text: str, source: str, version: str) -> Mapping[str, Any]:
    """Return what a file has; raise ValueError where it has another provider or version."""
    file: Mapping[str, Any] = json.loads(text)
    if (file["source"], file["version"]) != (source, version):
        raise ValueError(f"it has {file['source']} {file['version']}, not {source} {version}")
    return file


def added_to(
    file: Mapping[str, Any], heading: Heading, resources: Mapping[str, Mapping[str, Any]], questions: int
) -> tuple[Heading, Mapping[str, Mapping[str, Any]], int]:
    """Return a file's heading, types and number of questions with more types of the same version."""
    notes = tuple(dict.fromkeys((*file.get("notes", ()), *heading.notes)))
    asked = file.get("questions", 0)
    return replace(heading, notes=notes), {**file["resources"], **resources}, asked + questions if asked else 0


def resource_of(block: Block, answers: Answers) -> dict[str, Any]:
    """Return one type's line: parts that would be empty are left out."""
    left_out = {place for place, _ in block.paths() if any(place[:n] in answers.whole for n in range(1, len(place)))}
    return _without_empty(
        {
            "arguments": _arguments(place for place, _ in block.paths() if place not in left_out),
            "sets": _dotted(p for p, argument in block.paths() if argument.unordered and p not in left_out),
            "typed": _dotted(p for p, argument in block.paths() if argument.type == "dynamic" and p not in left_out),
            "whole": _dotted(answers.whole),
            "replaces": _by_path(answers.replaces),
            "in_place": _by_path(answers.in_place),
            "unknown": _by_path(answers.unknown),
            "computed_on_update": _dotted(answers.computed),
        },
        keep=("computed_on_update",),
    )


def _arguments(places: Iterable[Place]) -> dict[str, str]:
    """Return the names of the arguments in each block, the resource's own below an empty path."""
    found: dict[str, list[str]] = {}
    for place in sorted(places):
        found.setdefault(".".join(place[:-1]), []).append(place[-1])
    return {path: " ".join(names) for path, names in sorted(found.items())}


def _dotted(places: Iterable[Place]) -> list[str]:
    return sorted(map(".".join, places))


def _by_path(letters: Mapping[Place, str]) -> dict[str, str]:
    return dict(sorted((".".join(place), text) for place, text in letters.items()))


def _without_empty(parts: Mapping[str, Any], keep: Iterable[str]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part or name in keep}


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
