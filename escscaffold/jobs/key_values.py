"""KEY=VALUE and names as output prints them (`prod.pods`): which key of the spec is meant, and its new value."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE
from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import Problem, SpecError, UnknownNameError, WrongUsageError
from escscaffold.spec.environments import ENVIRONMENT_KEYS
from escscaffold.spec.kept_defaults import Kept
from escscaffold.spec.model import Spec
from escscaffold.spec.range_values import range_value
from escscaffold.spec.reading import SPEC_FILE, TOP_KEYS, build_spec, parse_toml
from escscaffold.spec.toml_text import KeyPath, NotTomlError, given_value, key_path, key_places, place_in, place_of
from escscaffold.spec.values import BadValue, known_environment, nearest, shown


class KeyValue(Struct, frozen=True, kw_only=True):
    """One key, what it is to be (None to remove it), and how it was given."""

    path: KeyPath
    value: Any
    text: str


def read_settings(text: str, pairs: Iterable[str], environment: str | None) -> tuple[KeyValue, ...]:
    """Read what was given; raises UnknownNameError for what names no key, SpecError for a broken spec."""
    document = parse_toml(text, SPEC_FILE)
    tables = document.get("environments")
    names = list(tables) if isinstance(tables, dict) else []
    if environment is not None:
        known_environment(environment, names, "--environment")
    settings = tuple(_setting(text, tables if isinstance(tables, dict) else {}, environment) for text in pairs)
    for number, setting in enumerate(settings):
        for other in settings[:number]:
            shared = min(len(setting.path), len(other.path))
            if setting.path[:shared] == other.path[:shared]:
                raise UnknownNameError(f"{'.'.join(setting.path)} is set twice.", flag="KEY=VALUE")
    return settings


def _setting(pair: str, tables: Mapping[str, Any], environment: str | None) -> KeyValue:
    key, equals, value = pair.partition("=")
    try:
        parts = key_path(key) if equals else ()
    except NotTomlError:
        parts = ()
    if not parts:
        raise UnknownNameError(f"{shown(pair)} is not KEY=VALUE, such as ranges.nodes=/20.", flag="KEY=VALUE")
    path = _path(parts, tables, environment)
    if path[0] == "environments":
        table = tables.get(path[1])
        path = (*path[:2], *own_path(path[2:], path[1], table if isinstance(table, dict) else {}))
    is_range = path[0] == "environments" and path[2:3] == ("ranges",) and len(path) == 4
    try:
        read = range_value(value) if is_range else given_value(value)
    except BadValue as error:
        raise UnknownNameError(f"{key}: {error.message} {error.fix}", flag="KEY=VALUE") from None
    return KeyValue(path=path, value=read if value else None, text=key)


def _path(parts: KeyPath, tables: Mapping[str, Any], environment: str | None) -> KeyPath:
    """Return the key in the spec that a shorter one means."""
    first, names = parts[0], list(tables)
    # `pools=["corp"]` is an environment's list, `pools.corp=...` the repository's block.
    is_own = first in ENVIRONMENT_KEYS and (first not in TOP_KEYS or (first == "pools" and len(parts) == 1))
    is_own |= first not in TOP_KEYS and any(
        _is_range_of(first, table) for table in tables.values() if isinstance(table, dict)
    )
    if environment is None and first in TOP_KEYS and not is_own:
        if first == "environments" and (len(parts) < 3 or parts[1] not in names):
            raise UnknownNameError(_no_such_key(parts, names), flag="KEY=VALUE")
        return parts
    if environment is None and first in names and len(parts) > 1:
        return ("environments", *parts)
    if environment is None and is_own and len(names) != 1:
        among = ", ".join(f"{name}.{'.'.join(parts)}" for name in names[:3])
        raise UnknownNameError(f"{'.'.join(parts)} needs an environment: write {among}, ...", flag="KEY=VALUE")
    if environment is None and not is_own:
        raise UnknownNameError(_no_such_key(parts, names), flag="KEY=VALUE")
    return ("environments", environment or names[0], *parts)


def _no_such_key(parts: KeyPath, names: list[str]) -> str:
    keys = dict.fromkeys([*names, *TOP_KEYS, *ENVIRONMENT_KEYS])
    return f"unknown key {shown('.'.join(parts))}. {nearest(parts[0], keys)}"


def spec_with(text: str, settings: Iterable[KeyValue], facts: Facts, defaults: Kept) -> tuple[str, Spec]:
    """Return the spec with these keys changed, as text and as it is read; `defaults` are those of `read_spec`.

    Raises WrongUsageError where what was given is wrong, SpecError where something else is.
    """
    from escscaffold.spec.editing import NoTableError, document_with, with_values

    settings = tuple(settings)
    written = {setting.path: setting.text for setting in settings}
    changes = {setting.path: setting.value for setting in settings}
    # A spec without a problem needs none of its places.
    places = cache(lambda: key_places(text))

    def place(path: KeyPath) -> str:
        key = next((pair_key for changed, pair_key in written.items() if _meet(changed, path)), None)
        return key if key is not None else place_in(SPEC_FILE, place_of(places(), path))

    try:
        # Before the text is edited: that takes many times as long, and errors refer to the file as it is.
        build_spec(document_with(text, changes), facts, place, defaults)
        new_text = with_values(text, changes)
        return new_text, build_spec(parse_toml(new_text, SPEC_FILE), facts, place, defaults)
    except NoTableError as error:
        raise UnknownNameError(error.problem, flag="KEY=VALUE") from None
    except SpecError as error:
        if any(_is_given(problem, written) for problem in error.problems):
            raise WrongUsageError(error.problems) from None
        raise


def _is_given(problem: Problem, written: Mapping[KeyPath, str]) -> bool:
    return any(_meet(changed, problem.path) for changed in written)


def _meet(path: KeyPath, other: KeyPath) -> bool:
    shared = min(len(path), len(other))
    return shared > 0 and path[:shared] == other[:shared]


def _is_range_of(name: str, table: Mapping[str, Any]) -> bool:
    """Whether an environment's table can have a range of this name, as far as its mode is known.

    >>> _is_range_of("pods", {"mode": "gke-standard"}), _is_range_of("region", {"mode": "gke-standard"})
    (True, False)
    """
    if name in ENVIRONMENT_KEYS:
        return False
    ranges, mode = table.get("ranges"), table.get("mode")
    if name in RANGES_OF_EVERY_MODE or (isinstance(ranges, Mapping) and name in ranges):
        return True
    if not isinstance(mode, str) or mode not in mode_names():
        return False
    facts = load_cloud(mode_names()[mode]).modes[mode]
    range_facts = facts.facts_of(name)
    # Where any range can be added, any name would be one, a misspelled key among them.
    return range_facts is not None and range_facts.name in facts.ranges


def own_path(path: KeyPath, environment: str, table: Mapping[str, Any]) -> KeyPath:
    """Return the key below the environment that a name means, with or without the environment's name before it.

    >>> own_path(("prod", "pods"), "prod", {"mode": "gke-standard"})
    ('ranges', 'pods')
    """
    if path[:2] == ("environments", environment) and len(path) > 2:
        path = path[2:]
    elif path[0] == environment and len(path) > 1 and environment not in (*ENVIRONMENT_KEYS, *TOP_KEYS):
        path = path[1:]
    return ("ranges", *path) if _is_range_of(path[0], table) and path[0] not in TOP_KEYS else path


def range_path(key: str, environment: str) -> KeyPath:
    """Return the key that a range's name means: `pods`, `prod.pods` and `prod.ranges.pods` are the same.

    >>> range_path("prod.pods", "prod"), range_path("dev.pods", "prod")
    (('ranges', 'pods'), ('ranges', 'dev.pods'))
    """
    for before in ("environments.", f"{environment}.", "ranges."):
        key = key.removeprefix(before)
    return ("ranges", key)


def printed_name(name: str) -> str:
    """Return a name that was given by the spec's key as output prints it.

    >>> printed_name("environments.prod.ranges.pods")
    'prod.pods'
    """
    environment, _, rest = name.removeprefix("environments.").partition(".")
    return ".".join(part for part in (environment, rest.removeprefix("ranges.")) if part)
