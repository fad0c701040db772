"""The JSON schema of the spec: every key, from the facts and limits that the readers use.

What the readers take the schema takes, too; what needs more than one value to see (two ranges that
overlap, a part that exists and is not named) is told by the readers and rules alone.

Why not `msgspec.json.schema(Spec)`: what a spec can hold is data (`templates/**/*.toml`), of which the classes know
only that there are tables of text and numbers. It was tried in November 2026, with a hook for IPv4Network and the
facts, without which it raises TypeError:

| | msgspec | this module |
| --- | --- | --- |
| characters, compact | 24,957 | 85,230 |
| keys that an editor can offer | 283 | 693 |
| lists of words (`enum`) | 8 | 57 |
| patterns, such as that of a CIDR block | 4 | 80 |
| conditions on the cloud, the mode or the type of a backend | 0 | 22 |

Lost would be the names of ranges, options, parts, settings and what exists, the regions, the bounds of numbers and
every description; gained would be fields that no file has (`facts`, `older_defaults`). Without `schema_sharing`, which
writes once what modes have in common, the file would have 238,666 characters instead of 96,570.
"""

import json
import re
from typing import Any

from docs.writers.modes import every_mode
from docs.writers.schema_sharing import with_shared
from docs.writers.schema_values import (
    VALUES,
    Schema,
    existing_schema,
    of,
    option_schema,
    plain,
    range_schema,
    settings_table,
    table,
    table_of,
    whole,
)
from docs.writers.spec import ENVIRONMENT_KEYS, IPAM_KEYS, TOP_KEYS
from escscaffold.clouds.fact_files import (
    cloud_names,
    load_backends,
    load_ci,
    load_cloud,
    load_kurrent,
    mode_names,
    pipeline_settings,
    with_changes,
)
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE, Cloud, Mode
from escscaffold.spec import environments, node_pools, reading, repository_tables, settings, values
from escscaffold.spec.environments import part_choices
from escscaffold.spec.repository_tables import NO_CI

_WIDTH = 120
DRAFT = "http://json-schema.org/draft-07/schema#"
_NAME = whole(values.NAME.pattern)
_NO_DEVICE: Schema = {"not": {"enum": sorted(values.WINDOWS_DEVICES)}}


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return _written(with_shared(spec_schema())) + "\n"


def _written(value: Any, depth: int = 0, before: int = 0) -> str:
    """Return a value as JSON, with as much on a line as fits: most settings are a line of a difference."""
    line = json.dumps(value, separators=(",", ":"))
    if not isinstance(value, dict | list) or depth + before + len(line) < _WIDTH:
        return line
    parts: list[str] = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        name = f"{json.dumps(key)}:" if isinstance(value, dict) else ""
        part = name + _written(inner, depth + 1, len(name))
        if parts and "\n" not in parts[-1] + part and depth + len(parts[-1]) + len(part) < _WIDTH - 2:
            parts[-1] += f",{part}"
        else:
            parts.append(part)
    indented = ",\n".join(" " * (depth + 1) + part for part in parts)
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n{indented}\n{' ' * depth}{last}"


def spec_schema() -> Schema:
    """Return the schema of the whole spec."""
    blocks = table_of(of("cidr"), key=whole(values.RESERVED_NAME.pattern))
    keys: dict[str, Schema] = {
        "version": {"const": reading.VERSION},
        "provider": {"type": "string", "enum": list(load_kurrent().providers), "default": reading.DEFAULT_PROVIDER},
        "ci": _ci(),
        "pipeline": settings_table(pipeline_settings()),
        "backend": _backend(),
        "ipam": _ipam(),
        "pools": blocks,
        "reserved": blocks,
        "accept": table_of(of("reason")),
        "environments": table_of(of("environment"), key=_NAME, propertyNames=_NO_DEVICE),
    }
    properties = {key: {"description": plain(TOP_KEYS[key][1]), **keys[key]} for key in reading.TOP_KEYS}
    return {
        "$schema": DRAFT,
        "$comment": "Written by escscaffold, which reads the spec by the same rules; do not edit it.",
        "title": f"The spec of escscaffold: {reading.SPEC_FILE}",
        **table(properties, needed=("version",)),
        "definitions": {**VALUES, "environment": _environment()}
        | {f"cloud-{name}": _of_cloud(load_cloud(name)) for name in cloud_names()}
        | {f"mode-{mode.name}": _of_mode(mode) for mode in every_mode()}
        | _own_ranges(),
    }


def _own_ranges() -> Schema:
    """Return what can stand for a range of a team's own, by the cloud."""
    by_cloud = {mode_names()[mode.name]: mode.own_range for mode in every_mode() if mode.own_range}
    return {f"own-range-{name}": range_schema(facts, is_own=True) for name, facts in by_cloud.items()}


def _ci() -> Schema:
    """Return what checks the repository: a word, several with commas between, or a list."""
    services = list(load_ci())
    service = f"({'|'.join(services)})"
    return {
        "anyOf": [
            {"type": "string", "enum": [*services, NO_CI]},
            {"type": "string", "pattern": whole(rf"\s*({NO_CI}|{service}(\s*,\s*{service})*)\s*")},
            {"type": "array", "minItems": 1, "items": {"type": "string", "enum": services}},
            {"const": [NO_CI]},
        ],
        "default": next(iter(load_ci())),
    }


def _backend() -> Schema:
    """Return where the state lies: each type has keys of its own."""
    by_type = []
    for name, backend in load_backends().items():
        schema = settings_table(backend.settings)
        schema["properties"] = {"type": {"const": name}, **schema["properties"]}
        by_type.append(_where("type", name, schema))
    kinds = {"type": {"type": "string", "enum": list(load_backends())}}
    return {"type": "object", "properties": kinds, "if": {"minProperties": 1}, "then": {"required": ["type"]}} | {
        "allOf": by_type
    }


def _ipam() -> Schema:
    """Return which IPAM holds the addresses."""
    name: Schema = {"type": "string", "pattern": whole(repository_tables.NAME.pattern), "maxLength": 100}
    keys: dict[str, Schema] = {
        "kind": {"type": "string", "enum": list(repository_tables.KINDS)},
        "url": {"type": "string", "pattern": whole(repository_tables.URL.pattern)},
        "vrf": name,
        "claim_from": {"type": "array", "items": of("cidr")},
        "repository": {"type": "string", "pattern": whole(f"(?:{repository_tables.REPOSITORY.pattern})?")},
        "tags": {"type": "array", "items": name, "minItems": 1, "default": list(repository_tables.DEFAULT_TAGS)},
        "tenant": name,
        "role": name,
    }
    properties = {key: {"description": plain(IPAM_KEYS[key][1]), **keys[key]} for key in repository_tables.IPAM_KEYS}
    return table(properties, needed=("kind", "url"))


def _where(key: str, word: str, then: Schema) -> Schema:
    """Return what holds where a key is this word."""
    return {"if": {"properties": {key: {"const": word}}, "required": [key]}, "then": then}


def _environment() -> Schema:
    """Return one environment: what every one can have, and then what its cloud and its mode have."""
    free = {"type": "object"}
    keys: dict[str, Schema] = {
        "cloud": {"type": "string", "enum": list(cloud_names())},
        "region": {"type": "string", "pattern": whole(values.REGION.pattern)},
        "mode": {"type": "string", "enum": list(mode_names())},
        "kurrent_region": {"type": "string", "pattern": whole(values.REGION.pattern)},
        "routes": {"type": "string", "enum": ["supernet", "exact"], "default": "supernet"},
        "name": {"type": "string", "pattern": _NAME, **_NO_DEVICE},
        "pools": of("names"),
        "may_overlap": of("names"),
        "acl": table_of(of("cidr"), key=whole(values.RESERVED_NAME.pattern), maxProperties=environments.MOST_ENTRIES),
        "backup": settings_table(load_kurrent().backup),
        "integrations": table_of(
            settings_table(load_kurrent().integrations.settings), key=_NAME, maxProperties=settings.MOST_INTEGRATIONS
        ),
        "accept": table_of(of("reason")),
    }
    properties: dict[str, Any] = {
        key: {"description": plain(row[1]), **keys.get(key, free)} for key, row in ENVIRONMENT_KEYS.items()
    }
    clouds = [_where("cloud", name, of(f"cloud-{name}")) for name in cloud_names()]
    modes = [_where("mode", name, of(f"mode-{name}")) for name in mode_names()]
    return table(properties, needed=("cloud", "region", "mode"), allOf=[*clouds, *modes])


def _of_cloud(cloud: Cloud) -> Schema:
    """Return what the cloud has a say in; a region that it does not list may be one all the same."""
    of_cloud = with_changes(load_kurrent().database, cloud.database)
    tags = table_of({"type": "string", "pattern": whole(cloud.tags.value_pattern)}, key=whole(cloud.tags.key_pattern))
    keys = {
        "region": {"anyOf": [{"enum": list(cloud.regions)}, {"type": "string"}], "default": cloud.default_region},
        "mode": {"enum": list(cloud.modes)},
        "database": settings_table(of_cloud),
        "account": settings_table(cloud.account),
        "tags": tags | {"maxProperties": settings.MOST_TAGS},
    }
    return {"properties": keys}


def _of_mode(mode: Mode) -> Schema:
    """Return what the mode has a say in."""
    kurrent = load_kurrent()
    ranges = {"kurrent": range_schema(kurrent.network), "remote": of("remote")}
    zones = {}
    for facts in mode.ranges.values():
        if facts.per_zone:
            zones[f"^{facts.name}-[1-9][0-9]?$"] = range_schema(facts)
            # By name, too: these are the ones that an editor can offer.
            ranges |= {name: range_schema(facts) for name in mode.range_names() if mode.facts_of(name) is facts}
        else:
            ranges[facts.name] = range_schema(facts)
    schema = table(ranges)
    if mode.own_range:
        taken = "|".join(map(re.escape, (*RANGES_OF_EVERY_MODE, *mode.own_taken)))
        zones[f"^(?!({taken})(-|$))(?:{values.NAME.pattern})$"] = of(f"own-range-{mode_names()[mode.name]}")
    if zones:
        schema["patternProperties"] = zones
    if mode.others:
        schema |= {"additionalProperties": range_schema(mode.others)}
    existing = {**mode.existing, **kurrent.existing}
    parts = part_choices(mode, load_kurrent()).items()
    keys = {
        "options": table({name: option_schema(option) for name, option in mode.options.items()}),
        "ranges": schema,
        "parts": table({name: {"enum": list(can), "default": can[0]} for name, can in parts}),
        "existing": table({name: existing_schema(facts) for name, facts in existing.items()}),
        "kubernetes": settings_table(mode.kubernetes),
        "node_pools": _node_pools(mode),
    }
    return {"properties": keys}


def _node_pools(mode: Mode) -> Schema:
    """Return what node pools the mode can have."""
    facts = mode.pools
    if facts is None:
        return {"type": "object", "maxProperties": 0}
    pool = settings_table(mode.pool_settings())
    label = {"type": "string", "pattern": whole(facts.labels.value_pattern)}
    labels = table_of(label, key=whole(facts.labels.key_pattern), maxProperties=node_pools.MOST_LABELS)
    pool["properties"] |= {node_pools.LABELS: {"description": "Labels of its nodes.", **labels}}
    taken = {"not": {"enum": list(facts.names_taken)}}
    return table_of(pool, key=whole(facts.name_pattern), propertyNames=taken, maxProperties=node_pools.MOST_POOLS)
