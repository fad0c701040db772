"""What a shell is offered for a value: from the spec, the lock, the facts and the schema; nothing where one is broken.

Only text that no shell reads as anything else is offered: a name in a file must not become a command. Every command
imports this module, so that what it offers is imported once it is asked for.

Keys of the spec come from its JSON schema, of which `$ref`, `properties`, `additionalProperties`, `enum`, `anyOf` and
the conditions on `cloud`, `mode` and `type` are followed below. No library does that: `jsonschema` checks whether a
whole document is valid, not which keys can follow in half of one, and a completion would import 177 modules for it
instead of 56. The model in Python (`msgspec.json.schema`) has no names of ranges, options, settings or regions.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from escscaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from escscaffold.planning.lock import Lock

Table = dict[str, Any]
Schema = dict[str, Any]
Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

_OF_THE_REPOSITORY = ("provider", "ci", "pipeline", "backend", "ipam")
_HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./=-]*")


def _offering(words: Callable[[click.Context, str], Iterable[str | tuple[str, str]]]) -> Complete:
    """Return a completion that offers those of the words that begin as what is typed; a pair is a word and a help."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        value = ctx.params.get(param.name or "")
        chosen = value if isinstance(value, tuple) else ()
        try:
            offered = [word if isinstance(word, tuple) else (word, None) for word in words(ctx, incomplete)]
        except (ScaffoldError, ValueError, RecursionError):
            return []
        from click.shell_completion import CompletionItem  # slow to import, and needed for shells only

        return [
            CompletionItem(word, help=help_text)
            for word, help_text in dict(offered).items()
            if word.startswith(incomplete) and word not in chosen and _HARMLESS.fullmatch(word)
        ]

    return complete


def _files(ctx: click.Context, incomplete: str) -> Iterable[str]:
    return (*_lock_of(ctx).manifest.written,)


def _restorable(ctx: click.Context, incomplete: str) -> Iterable[str]:
    manifest = _lock_of(ctx).manifest
    return (*manifest.deleted, *manifest.released)


def _retired(ctx: click.Context, incomplete: str) -> Iterable[str]:
    retired = _lock_of(ctx).grants.retired
    return (*{environment for environment, _ in retired}, *map(str, retired))


def _claimed(ctx: click.Context, incomplete: str) -> Iterable[str]:
    present = _environments_of(ctx)
    return [name for name in _lock_of(ctx).grants.claims.environments() if name not in present]


def _replaced(ctx: click.Context, incomplete: str) -> Iterable[str]:
    environments = _environments_of(ctx)
    return (
        *environments,
        *(f"{name}.{range_name}" for name in environments for range_name in _ranges_of(_table_in(environments, name))),
    )


def _rules(ctx: click.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    from escscaffold.rules.catalogue import RULES

    return [(rule.code, rule.title) for rule in RULES.values()]


def _services(ctx: click.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    from escscaffold.clouds.fact_files import load_ci
    from escscaffold.spec.repository_tables import NO_CI

    return [*((ci.name, ci.title) for ci in load_ci().values()), (NO_CI, "no files for CI")]


def _clouds(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.clouds.fact_files import cloud_names

    return cloud_names()


def _modes(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.clouds.fact_files import cloud_names, load_cloud, mode_names

    cloud = ctx.params.get("cloud")
    return load_cloud(cloud).modes if cloud in cloud_names() else mode_names()


def _regions(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.clouds.fact_files import cloud_names, load_cloud

    cloud = _answered(ctx)["cloud"]
    clouds = [cloud] if cloud in cloud_names() else cloud_names()
    return sorted({region for name in clouds for region in load_cloud(name).regions})


def _answered(ctx: click.Context) -> Table:
    """Return the environment's values that the line has already: its cloud, or that of its mode, and its mode."""
    from escscaffold.clouds.fact_files import mode_names

    cloud, mode = ctx.params.get("cloud"), ctx.params.get("mode")
    return {"cloud": cloud or mode_names().get(str(mode)), "mode": mode}


def _ranges(ctx: click.Context, incomplete: str) -> Iterable[str]:
    return [f"{name}=" for name in _ranges_of(_answered(ctx))]


def _ranges_of(environment: Table) -> list[str]:
    """Return the ranges of an environment's mode."""
    from escscaffold.clouds.fact_files import load_cloud, mode_names
    from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE

    mode = environment.get("mode")
    if not isinstance(mode, str) or mode not in mode_names():
        return []
    return [*RANGES_OF_EVERY_MODE, *load_cloud(mode_names()[mode]).modes[mode].range_names()]


def _keys_of_answers(ctx: click.Context, incomplete: str) -> Iterable[str]:
    return _keys(incomplete, {}, _answered(ctx))


def _keys_of_spec(ctx: click.Context, incomplete: str) -> Iterable[str]:
    document = _spec_of(ctx)
    environments, named = _table_in(document, "environments"), ctx.params.get("environment")
    if named:
        return _keys(incomplete, {}, _table_in(environments, named))
    only = _table_in(environments, next(iter(environments))) if len(environments) == 1 else None
    return _keys(incomplete, document, only)


def _place(kind: str) -> Complete:
    """Return a completion that leaves it to the shell: `dir` or `file`."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=kind)]

    return complete


offer_folders = _place("dir")
offer_paths = _place("file")
offer_environments = _offering(lambda ctx, incomplete: _environments_of(ctx))
offer_files = _offering(_files)
offer_restorable = _offering(_restorable)
offer_retired = _offering(_retired)
offer_defaults = _offering(lambda ctx, incomplete: _environments_of(ctx))
offer_claimed = _offering(_claimed)
offer_replaced = _offering(_replaced)
offer_rules = _offering(_rules)
offer_services = _offering(_services)
offer_clouds = _offering(_clouds)
offer_regions = _offering(_regions)
offer_modes = _offering(_modes)
offer_ranges = _offering(_ranges)
offer_keys_of_answers = _offering(_keys_of_answers)
offer_keys = _offering(_keys_of_spec)


def _environments_of(ctx: click.Context) -> Table:
    """Return the tables of the environments in its spec, by name."""
    return _table_in(_spec_of(ctx), "environments")


def _spec_of(ctx: click.Context) -> Table:
    """Return its spec as TOML; raises ScaffoldError or ValueError where it cannot be read."""
    from escscaffold.repository.disk import read_spec_text
    from escscaffold.spec.toml_text import toml_document

    return toml_document(read_spec_text(_folder_of(ctx)))


def _folder_of(ctx: click.Context) -> Path:
    """Return the folder that -C names, after the command or before it."""
    named, above = ctx.params.get("folder"), ctx.parent
    while above and named in (None, Path()):
        named, above = above.params.get("folder"), above.parent
    return Path(named or Path()).expanduser()


def _lock_of(ctx: click.Context) -> "Lock":
    """Return its lock; raises ScaffoldError where it cannot be read."""
    from escscaffold.clouds.known_facts import load_facts
    from escscaffold.repository.disk import load_lock

    return load_lock(_folder_of(ctx), load_facts())


def _table_in(table: Any, key: str) -> Table:
    """Return the table under a key; an empty one where there is none, or no table that could have one."""
    inner = table.get(key) if isinstance(table, dict) else None
    return inner if isinstance(inner, dict) else {}


def _keys(typed: str, document: Schema, environment: Schema | None) -> Iterator[str]:
    """Yield what `typed` can become, up to the next dot or equals sign.

    `document` is the whole spec, empty where only an environment's own keys are meant;
    `environment` is the one whose keys need no name before them, None where there is none.
    """
    key, equals, _ = typed.partition("=")
    *above, last = key.split(".")
    for schema, table in _roots(document, environment):
        level: Schema | None = schema
        for name in above:
            level, table = _below(level, name, table) if level else None, _table_in(table, name)
        if level is None:
            continue
        if equals:
            yield from (f"{key}={word}" for word in _words(_below(level, last, table) or {}))
            continue
        prefix = "".join(f"{name}." for name in above)
        for name in dict.fromkeys([*level.get("properties", {}), *table]):
            inner = _below(level, name, table)
            if inner is not None:
                yield f"{prefix}{name}{'.' if inner.get('type') == 'object' else '='}"


def _roots(document: Schema, environment: Schema | None) -> Iterator[tuple[Schema, Schema]]:
    """Yield each schema and table at which a key can begin."""
    whole = _whole()["properties"]
    top = {name: schema for name, schema in whole.items() if name not in ("version", "environments")}
    if document:
        named = {
            name: {**_environment(written), "type": "object"}
            for name, written in _table_in(document, "environments").items()
        }
        yield {"properties": top | named}, {**document, **_table_in(document, "environments")}
    if environment is not None:
        properties = _environment(environment)["properties"]
        # What both have means the repository's, as `set` reads it.
        yield (
            {"properties": {name: schema for name, schema in properties.items() if not (document and name in top)}},
            environment,
        )
        if not document:
            yield (
                {"properties": {name: top[name] for name in _OF_THE_REPOSITORY if name not in properties}},
                {},
            )


@cache
def _whole() -> Schema:
    import json  # slow to import, as the schema is, and needed for shells only

    from escscaffold.clouds.fact_files import schema_text

    schema: Schema = json.loads(schema_text())
    return schema


def _environment(table: Any) -> Schema:
    """Return the keys that an environment can have, as far as its cloud and mode are known."""
    from escscaffold.clouds.fact_files import mode_names

    answered = dict(table) if isinstance(table, dict) else {}
    answered["cloud"] = answered.get("cloud") or mode_names().get(str(answered.get("mode")))
    return _narrowed(_resolved({"$ref": "#/definitions/environment"}), answered)


def _narrowed(schema: Schema, table: Schema) -> Schema:
    """Return a schema with what holds under the values that are there."""
    properties = dict(schema.get("properties", {}))
    for condition in schema.get("allOf", ()):
        if all(table.get(key) == choice["const"] for key, choice in condition["if"]["properties"].items()):
            properties |= _resolved(condition["then"])["properties"]
    return {**schema, "properties": properties}


def _below(schema: Schema, name: str, table: Schema) -> Schema | None:
    """Return the schema of a key, None where nothing is known of it."""
    more = schema.get("additionalProperties")
    inner = schema.get("properties", {}).get(name) or (more if isinstance(more, dict) else None)
    return _narrowed(_resolved(inner), _table_in(table, name)) if inner else None


def _resolved(schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = _whole()["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema


def _words(schema: Schema) -> list[str]:
    """Return the words that a value can be, as far as there is a list of them."""
    resolved = _resolved(schema)
    if resolved.get("type") == "boolean":
        return ["true", "false"]
    words = list(map(str, resolved.get("enum", ())))
    return list(dict.fromkeys([*words, *(word for way in resolved.get("anyOf", ()) for word in _words(way))]))
