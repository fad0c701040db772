"""Keys of the spec and what can stand for them, as its JSON schema has them: `prod.` `prod.ranges.` `prod.mode=eks`."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from escscaffold.cli.completing_about import table_in
from escscaffold.clouds.fact_files import schema_text

Schema = dict[str, Any]
_OF_THE_REPOSITORY = ("provider", "ci", "pipeline", "backend", "ipam")


def keys(typed: str, document: Schema, environment: Schema | None) -> Iterator[str]:
    """Yield what `typed` can become, up to the next dot or equals sign.

    `document` is the whole spec, empty where only an environment's own keys are meant;
    `environment` is the one whose keys need no name before them, None where there is none.
    """
    key, equals, _ = typed.partition("=")
    *above, last = key.split(".")
    for schema, table in _roots(document, environment):
        known: Schema | None = schema
        for name in above:
            known, table = _below(known, name, table) if known else None, table_in(table, name)
        if known is None:
            continue
        if equals:
            yield from (f"{key}={word}" for word in _words(_below(known, last, table) or {}))
            continue
        prefix = "".join(f"{name}." for name in above)
        for name in dict.fromkeys([*known.get("properties", {}), *table]):
            inner = _below(known, name, table)
            if inner is not None:
                yield f"{prefix}{name}{'.' if inner.get('type') == 'object' else '='}"


def values_of(environment: Schema, key: str) -> list[str]:
    """Return what can stand for a key of an environment of which this much is known."""
    if key == "region" and not (environment.get("cloud") or environment.get("mode")):
        clouds = values_of({}, "cloud")
        return sorted({region for cloud in clouds for region in values_of({"cloud": cloud}, "region")})
    return _words(_below(_environment(environment), key, {}) or {})


def ranges_of(environment: Schema) -> list[str]:
    """Return the ranges that an environment can have."""
    return list((_below(_environment(environment), "ranges", {}) or {}).get("properties", {}))


def _roots(document: Schema, environment: Schema | None) -> Iterator[tuple[Schema, Schema]]:
    """Yield each schema and table at which a key can begin."""
    whole = _whole()["properties"]
    top = {name: schema for name, schema in whole.items() if name not in ("version", "environments")}
    if document:
        named = {
            name: {**_environment(written), "type": "object"}
            for name, written in table_in(document, "environments").items()
        }
        yield {"properties": top | named}, {**document, **table_in(document, "environments")}
    if environment is not None:
        own = _environment(environment)["properties"]
        # What both have means the repository's, as `set` reads it.
        yield (
            {"properties": {name: schema for name, schema in own.items() if not (document and name in top)}},
            environment,
        )
        if not document:
            yield (
                {"properties": {name: top[name] for name in _OF_THE_REPOSITORY if name not in own}},
                {},
            )


@cache
def _whole() -> Schema:
    schema: Schema = json.loads(schema_text())
    return schema


def _environment(table: Any) -> Schema:
    """Return what an environment can say, as far as its cloud and its mode are known; a mode tells its cloud."""
    known = dict(table) if isinstance(table, dict) else {}
    base = _resolved({"$ref": "#/definitions/environment"})
    for condition in base["allOf"]:
        (key,) = condition["if"]["required"]
        modes = _resolved(condition["then"])["properties"].get("mode", {}).get("enum", ())
        if key == "cloud" and not known.get("cloud") and known.get("mode") in modes:
            known["cloud"] = condition["if"]["properties"]["cloud"]["const"]
    return _narrowed(base, known)


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
    found = schema.get("properties", {}).get(name) or (more if isinstance(more, dict) else None)
    return _narrowed(_resolved(found), table_in(table, name)) if found else None


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
