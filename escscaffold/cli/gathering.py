"""Gathers what flags, environment variables and an answers file say."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from escscaffold.cli.answers import DEFAULT_NAME, FLAG_OF_KEY, Answers, is_shared
from escscaffold.cli.options import is_from_variable, label
from escscaffold.clouds.fact_files import mode_names
from escscaffold.errors import Problem, SpecError, WrongUsageError
from escscaffold.inputs import LARGEST_SPEC, InputError, read_file, read_stdin
from escscaffold.jobs.printed_names import own_path, range_path
from escscaffold.spec.range_values import range_value
from escscaffold.spec.reading import build_spec, parse_toml
from escscaffold.spec.toml_text import (
    KeyPath,
    NotTomlError,
    Place,
    given_value,
    key_path,
    key_places,
    place_in,
    place_of,
)
from escscaffold.spec.values import BadValue, nearest, shown

MISSING = "ESC008"


class _Given(Struct, frozen=True, kw_only=True):
    """One answer that a flag or a variable gives."""

    path: KeyPath
    value: Any
    place: str
    from_variable: bool


def read_answers(ctx: click.Context, name: str | None = None) -> Answers:
    """Gather what the command was given; a flag wins over a variable, and both over the answers file.

    `name` is the environment's, where it was given as an argument. Raises WrongUsageError for a
    flag that is not NAME=VALUE, and for what is given twice.
    """
    flags = ctx.params
    environment = name if name is not None else flags["environment"]
    known = _from_file(flags["answers"], environment) if flags["answers"] else Answers()
    if environment is not None:
        known.environment = environment
        known.places[()] = "ENVIRONMENT" if name is not None else label(ctx, "environment")
    problems: list[Problem] = []
    given = sorted(_given(ctx, problems), key=lambda answer: not answer.from_variable)
    given = _as_keys(given, known)
    problems += _given_twice(given)
    for answer in given:
        known.put(answer.path, answer.value)
        known.places[answer.path] = answer.place
    _take_cloud_of_mode(known.table)
    problems += _unknown_mode(known)
    if problems:
        raise WrongUsageError(tuple(problems))
    return known


def _as_keys(given: list[_Given], known: Answers) -> list[_Given]:
    """Return what was given under the spec's keys: `--range prod.pods` is the range `pods` of prod."""
    environment = known.environment or DEFAULT_NAME
    table = {**known.table, **{answer.path[0]: answer.value for answer in given if answer.path == ("mode",)}}

    def key(path: KeyPath) -> KeyPath:
        if path[0] == "ranges" and len(path) == 2:
            return range_path(path[1], environment)
        return path if is_shared(path) else own_path(path, environment, table)

    return [replace(answer, path=key(answer.path)) for answer in given]


def _given(ctx: click.Context, problems: list[Problem]) -> Iterator[_Given]:
    for key in FLAG_OF_KEY:
        if (value := ctx.params[key]) is not None:
            yield _Given(path=(key,), value=value, place=label(ctx, key), from_variable=is_from_variable(ctx, key))
    if services := ctx.params.get("ci"):
        value = services.split(",") if "," in services else services
        yield _Given(path=("ci",), value=value, place=label(ctx, "ci"), from_variable=is_from_variable(ctx, "ci"))
    for parameter, above in _PAIRS.items():
        flag, from_variable = label(ctx, parameter), is_from_variable(ctx, parameter)
        for text in ctx.params[parameter]:
            key, equals, value = text.partition("=")
            if not equals or not key:
                message, fix = f"{shown(text)} is not NAME=VALUE.", f"Use {flag} {_EXAMPLES[parameter]}."
                reason = "The flag sets one key: the name before the equals sign, the value after it."
                problems.append(Problem(code="ESC003", path=(), place=flag, message=message, fix=fix, reason=reason))
                continue
            try:
                path = key_path(key) if parameter == "settings" else (*above, key)
            except NotTomlError as error:
                message = f"{shown(key)} is not a key: {error.message}."
                fix = f"Use {flag} {_EXAMPLES[parameter]}."
                problems.append(Problem(code="ESC002", path=(), place=f"{flag} {key[:60]}", message=message, fix=fix))
                continue
            try:
                read = _READERS.get(parameter, str)(value)
            except BadValue as error:
                place = f"{flag} {key}"
                problems.append(Problem(code="ESC009", path=path, place=place, message=error.message, fix=error.fix))
                continue
            yield _Given(path=path, value=read, place=f"{flag} {key}", from_variable=from_variable)


_EXAMPLES = {
    "ranges": "nodes=/20",
    "pools": "corp=10.64.0.0/12",
    "reserved": "office=10.8.0.0/16",
    "settings": "routes=exact",
}


def _given_twice(given: Iterable[_Given]) -> Iterator[Problem]:
    """Yield a problem for each answer whose key an earlier one of the same kind gave too, or gave a part of."""
    earlier: list[_Given] = []
    for answer in given:
        for other in earlier:
            shared = min(len(answer.path), len(other.path))
            same = answer.path[:shared] == other.path[:shared] and is_shared(answer.path) == is_shared(other.path)
            if same and answer.from_variable == other.from_variable:
                message = f"{shown(answer.path[-1])} is set twice: {shown(other.value)} and {shown(answer.value)}."
                yield Problem(code="ESC007", path=answer.path, place=answer.place, message=message, fix="Set it once.")
        earlier.append(answer)


def _take_cloud_of_mode(table: object) -> None:
    """Where an environment's cloud is not given, its mode says it."""
    if isinstance(table, dict) and "cloud" not in table:
        mode = table.get("mode")
        if isinstance(mode, str) and mode in mode_names():
            table["cloud"] = mode_names()[mode]


def _unknown_mode(known: Answers) -> Iterator[Problem]:
    """Yield a problem for a mode that is no cloud's; one of another cloud is told with the cloud's."""
    if "mode" in known.table and "cloud" not in known.table:
        mode = known.table["mode"]
        message, fix = f"{shown(mode)} is not a mode.", nearest(mode, mode_names())
        place = known.places.get(("mode",), FLAG_OF_KEY["mode"])
        reason = "Each mode has its own facts and templates."
        yield Problem(code="ESC004", path=("mode",), place=place, message=message, fix=fix, reason=reason)


_PAIRS: Mapping[str, KeyPath] = {
    "ranges": ("ranges",),
    "reserved": ("reserved",),
    "pools": ("pools",),
    "settings": (),
}
"""The flags of the form NAME=VALUE, and the table that each writes into."""

_READERS: Mapping[str, Callable[[str], Any]] = {"settings": given_value, "ranges": range_value}


def _from_file(name: str, environment: str | None) -> Answers:
    """Read an answers file: the named environment, or its first, is answered; the others come along.

    What it does not say, flags and questions may.
    """
    source = "the answers on stdin" if name == "-" else name
    text = _read(name)
    places: Mapping[KeyPath, Place] = {}
    try:
        document = parse_toml(text, source)
        places = key_places(text)
        if isinstance(document.get("environments"), dict):
            for table in document["environments"].values():
                _take_cloud_of_mode(table)
        build_spec(document, lambda path: place_in(source, place_of(places, path)))
    except SpecError as error:
        if problems := tuple(p for p in error.problems if p.code != MISSING):
            raise WrongUsageError(problems) from None
    environments = dict(document.get("environments", {}))
    first = environment if environment in environments else next(iter(environments), None)
    table = environments.pop(first, {}) if first is not None else {}
    top_keys = ("provider", "ci", "pipeline", "backend", "ipam", "accept")
    top: dict[str, Any] = {key: document[key] for key in top_keys if key in document}
    own = {(path[2:] if path[:2] == ("environments", first) else path): place for path, place in places.items()}
    return Answers(
        environment=first,
        table=table,
        reserved=document.get("reserved", {}),
        pools=document.get("pools", {}),
        top=top,
        others=environments,
        places={path: place_in(source, place) for path, place in own.items()},
    )


def _read(name: str) -> str:
    try:
        content = read_stdin(LARGEST_SPEC) if name == "-" else read_file(Path(name), LARGEST_SPEC)
        return content.decode("utf-8-sig")
    except InputError as error:
        raise click.BadParameter(error.problem, param_hint="--answers") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise click.BadParameter(f"cannot read {name}: {reason}.", param_hint="--answers") from None
