"""The answers to what a new environment needs, from flags, environment variables, an answers file and the interview.

They are one document in the shape of the spec, and know where each of them was given.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.cli.options import is_from_variable, label
from escscaffold.clouds.fact_files import load_cloud, load_kurrent, mode_names
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import Problem, SpecError, WrongUsageError
from escscaffold.inputs import LARGEST_SPEC, InputError, read_file, read_stdin
from escscaffold.jobs.key_values import own_path, range_path
from escscaffold.spec.environments import ENVIRONMENT_KEYS
from escscaffold.spec.existing_parts import accounts_in, with_bare_names
from escscaffold.spec.model import Spec
from escscaffold.spec.range_values import range_value
from escscaffold.spec.reading import VERSION, build_spec, parse_toml
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

DEFAULT_NAME = "prod"
"""The default name of an environment."""

MISSING = "ESC008"
"""The rule that a value is missing, for which there may still be a question."""

FLAG_OF_KEY = {"cloud": "--cloud", "region": "--region", "mode": "--mode"}
_PAIRS: Mapping[str, KeyPath] = {
    "ranges": ("ranges",),
    "reserved": ("reserved",),
    "pools": ("pools",),
    "settings": (),
}
"""The flags of the form NAME=VALUE, and the table that each writes into."""

_READERS: Mapping[str, Callable[[str], Any]] = {"settings": given_value, "ranges": range_value}
_EXAMPLES = {
    "ranges": "nodes=/20",
    "pools": "corp=10.64.0.0/12",
    "reserved": "office=10.8.0.0/16",
    "settings": "routes=exact",
}


class Answers(Struct, kw_only=True):
    """What was answered so far, raw, and where each answer was given."""

    environment: str | None = None
    table: dict[str, Any] = field(default_factory=dict)
    """The environment's own table, with `ranges` in it."""
    reserved: dict[str, Any] = field(default_factory=dict)
    pools: dict[str, Any] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    """Keys of the repository, such as `provider` and `backend`."""
    existing_spec: dict[str, Any] = field(default_factory=dict)
    """The document of the repository that the answers are added to, whose names they may use."""
    others: dict[str, Any] = field(default_factory=dict)
    """Further environments that an answers file holds."""
    sizes: dict[str, str] = field(default_factory=dict)
    """The answers about the size of the cluster; the ranges that follow are in `ranges`."""
    places: dict[KeyPath, str] = field(default_factory=dict)
    """Where each key was given, below the environment; () is the environment's name."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return self.environment is None and not (self.table or self.reserved or self.pools or self.top or self.others)

    @property
    def ranges(self) -> dict[str, Any]:
        """The ranges that were given; not to be changed."""
        ranges = self.table.get("ranges", {})
        return ranges if isinstance(ranges, dict) else {}

    def put(self, path: KeyPath, value: Any) -> None:
        """Keep a value under its key, in place of what was there."""
        home: dict[str, Any] = self.table
        if path in (("provider",), ("ci",)) or path[0] in ("pipeline", "backend", "ipam"):
            home = self.top
        elif _is_shared(path):
            home, path = self.reserved if path[0] == "reserved" else self.pools, path[1:]
        for part in path[:-1]:
            if not isinstance(home.get(part), dict):
                home[part] = {}
            home = home[part]
        home[path[-1]] = value

    def document(self) -> dict[str, Any]:
        """Return the answers in the shape of the spec."""
        order = [*ENVIRONMENT_KEYS, *self.table]
        table = {key: self.table[key] for key in dict.fromkeys(order) if self.table.get(key, {}) != {}}
        environments = {self.environment: table} if self.environment is not None else {}
        blocks = {key: table for key, table in (("pools", self.pools), ("reserved", self.reserved)) if table}
        return {"version": VERSION, **self.top, **blocks, "environments": {**environments, **self.others}}

    def spec(self) -> Spec:
        """Check the answers; raises WrongUsageError with every problem at the flag it came from."""
        try:
            return build_spec(self._whole(), load_facts(), self.place)
        except SpecError as error:
            raise WrongUsageError(error.problems) from None

    def _whole(self) -> dict[str, Any]:
        """Return the answers with the existing pools, blocks and environments, which they may refer to."""
        document = self.document()
        tables = ("pools", "reserved", "environments")
        return document | {key: {**self.existing_spec.get(key, {}), **document.get(key, {})} for key in tables}

    def place(self, path: KeyPath) -> str:
        """Return where an answer was given: a flag, a variable, a line of the answers file, or the interview."""
        is_own = path[:1] == ("environments",) and path[1:2] == (self.environment,)
        below = path[2:] if is_own else path
        while below:
            exact = [self.places[below]] if below in self.places else []
            inner = [place for key, place in self.places.items() if key[: len(below)] == below]
            if nearest_place := exact or inner:
                return nearest_place[0]
            if len(below) == 1 and below[0] in FLAG_OF_KEY:
                return FLAG_OF_KEY[below[0]]
            below = below[:-1]
        if not is_own:
            return "the answers"
        named = self.places.get((), "--environment")
        # A value that is not set is best given by a flag; what is missing in an answers file, in there.
        return _flag_of(path[2:]) if path[2:] and named.upper().endswith("ENVIRONMENT") else named


def _flag_of(path: KeyPath) -> str:
    return " ".join(["--range", *path[1:]]) if path[0] == "ranges" else f"--set {'.'.join(path)}"


def _is_shared(path: KeyPath) -> bool:
    """Return True for a block of the whole repository: `pools.corp`, where `pools` is the environment's own list."""
    return len(path) == 2 and path[0] in ("pools", "reserved")


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
    answers = _from_file(flags["answers"], environment) if flags["answers"] else Answers()
    if environment is not None:
        answers.environment = environment
        answers.places[()] = "ENVIRONMENT" if name is not None else label(ctx, "environment")
    problems: list[Problem] = []
    pairs = sorted(_given(ctx, problems), key=lambda answer: not answer.from_variable)
    pairs = _as_keys(pairs, answers)
    problems += _given_twice(pairs)
    for answer in pairs:
        answers.put(answer.path, answer.value)
        answers.places[answer.path] = answer.place
    _use_cloud_of_mode(answers.table)
    problems += _unknown_mode(answers)
    if problems:
        raise WrongUsageError(tuple(problems))
    return answers


def _as_keys(pairs: list[_Given], answers: Answers) -> list[_Given]:
    """Return what was given under the spec's keys: `--range prod.pods` is the range `pods` of prod."""
    environment = answers.environment or DEFAULT_NAME
    table = {**answers.table, **{answer.path[0]: answer.value for answer in pairs if answer.path == ("mode",)}}

    def key(path: KeyPath) -> KeyPath:
        if path[0] == "ranges" and len(path) == 2:
            return range_path(path[1], environment)
        return path if _is_shared(path) else own_path(path, environment, table)

    return [replace(answer, path=key(answer.path)) for answer in pairs]


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


def _given_twice(pairs: Iterable[_Given]) -> Iterator[Problem]:
    """Yield a problem for each answer whose key an earlier one of the same kind gave too, or gave a part of."""
    earlier: list[_Given] = []
    for answer in pairs:
        for other in earlier:
            shared = min(len(answer.path), len(other.path))
            same = answer.path[:shared] == other.path[:shared] and _is_shared(answer.path) == _is_shared(other.path)
            if same and answer.from_variable == other.from_variable:
                message = f"{shown(answer.path[-1])} is set twice: {shown(other.value)} and {shown(answer.value)}."
                yield Problem(code="ESC007", path=answer.path, place=answer.place, message=message, fix="Set it once.")
        earlier.append(answer)


def _use_cloud_of_mode(table: object) -> None:
    """Put in the cloud of the mode, where no cloud is given."""
    if isinstance(table, dict) and "cloud" not in table:
        mode = table.get("mode")
        if isinstance(mode, str) and mode in mode_names():
            table["cloud"] = mode_names()[mode]


def _unknown_mode(answers: Answers) -> Iterator[Problem]:
    """Yield a problem for an unknown mode; a mode of another cloud is a problem of the spec."""
    if "mode" in answers.table and "cloud" not in answers.table:
        mode = answers.table["mode"]
        message, fix = f"{shown(mode)} is not a mode.", nearest(mode, mode_names())
        place = answers.places.get(("mode",), FLAG_OF_KEY["mode"])
        reason = "Each mode has its own facts and templates."
        yield Problem(code="ESC004", path=("mode",), place=place, message=message, fix=fix, reason=reason)


def _from_file(name: str, environment: str | None) -> Answers:
    """Read an answers file: the named environment, or its first, is the answer; the others are added as they are.

    Flags and questions give what is missing.
    """
    source = "the answers on stdin" if name == "-" else name
    text = _read(name)
    places: Mapping[KeyPath, Place] = {}
    try:
        document = parse_toml(text, source)
        places = key_places(text)
        if isinstance(document.get("environments"), dict):
            for table in document["environments"].values():
                _use_cloud_of_mode(table)
        build_spec(document, load_facts(), lambda path: place_in(source, place_of(places, path)))
    except SpecError as error:
        if problems := tuple(p for p in error.problems if p.code != MISSING):
            raise WrongUsageError(problems) from None
    environments = dict(document.get("environments", {}))
    first = environment if environment in environments else next(iter(environments), None)
    table = environments.pop(first, {}) if first is not None else {}
    top_keys = ("provider", "ci", "pipeline", "backend", "ipam", "accept")
    top: dict[str, Any] = {key: document[key] for key in top_keys if key in document}
    own_places = {(path[2:] if path[:2] == ("environments", first) else path): place for path, place in places.items()}
    return Answers(
        environment=first,
        table=table,
        reserved=document.get("reserved", {}),
        pools=document.get("pools", {}),
        top=top,
        others=environments,
        places={path: place_in(source, place) for path, place in own_places.items()},
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


def use_bare_names(answers: Answers) -> None:
    """Put the names in place of full ids, and what else the ids name: a resource group, a project, an account.

    The account is pinned only where all that Terraform creates in it belongs to the existing network.
    """
    named, mode = answers.table.get("existing"), answers.table.get("mode")
    if not isinstance(named, dict) or not named or not isinstance(mode, str) or mode not in mode_names():
        return
    cloud = load_cloud(mode_names()[mode])
    facts = {**cloud.modes[mode].existing, **load_kurrent().existing}
    table = answers.table.get("account", {})
    if cloud.modes[mode].others is not None and isinstance(table, dict):
        accounts = {setting: account for _, setting, account in accounts_in(named, facts)}
        plausible = {name: text for name, text in accounts.items() if re.fullmatch(cloud.account[name].pattern, text)}
        if plausible:
            answers.table["account"] = {**plausible, **table}
    answers.table["existing"] = with_bare_names(named, facts)
