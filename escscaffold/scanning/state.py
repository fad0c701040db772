"""Resources as Terraform has them: its state, and what `terraform show -json` prints of a state or a plan.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from collections.abc import Iterator
from math import inf
from typing import Any, cast

from escscaffold.scanning.found import Found, networks_in
from escscaffold.scanning.kinds import Kind, kind_of
from escscaffold.scanning.leaves import Way, leaves
from escscaffold.scanning.private_space import kind_of_resource
from escscaffold.scanning.typed_resources import body_of, implied_ranges, type_of

STATE_VERSION = 4


class NotStateError(ValueError):
    """The document is none of these."""


def scan_state(document: object, source: str) -> Iterator[Found]:
    """Yield the CIDR blocks of a parsed state, or of a plan's past and future; raises NotStateError."""
    if not isinstance(document, dict):
        raise NotStateError("it is not a JSON object")
    if "format_version" in document:
        yield from _shown(document, source)
    elif "terraform_version" in document or "lineage" in document:
        yield from _stored(document, source)
    else:
        raise NotStateError("it is JSON, but not a Terraform state or the output of `terraform show -json`")


def _stored(document: dict[str, Any], source: str) -> Iterator[Found]:
    if document.get("version") != STATE_VERSION:
        raise NotStateError(
            f"its format has version {document.get('version')!r}, not {STATE_VERSION}: "
            "`terraform show -json` prints one that can be read"
        )
    for resource in _dicts(document.get("resources")):
        kind = str(resource.get("type", ""))
        path = [resource.get("module"), "data" if resource.get("mode") == "data" else "", kind, resource.get("name")]
        address = ".".join(str(part) for part in path if part)
        for instance in _dicts(resource.get("instances")):
            key = instance.get("index_key")
            there = address if key is None else f'{address}["{key}"]' if isinstance(key, str) else f"{address}[{key}]"
            yield from _attributes(kind, there, instance.get("attributes"), source)


def _shown(document: dict[str, Any], source: str) -> Iterator[Found]:
    prior = document.get("prior_state")
    # What a plan is about to destroy is in use until then, and data sources are in the past only.
    for values in (document.get("values"), document.get("planned_values"), _dict(prior).get("values")):
        yield from _module(_dict(values).get("root_module"), source)


def _module(module: object, source: str) -> Iterator[Found]:
    for resource in _dicts(_dict(module).get("resources")):
        kind, address = str(resource.get("type", "")), str(resource.get("address", ""))
        yield from _attributes(kind, address, resource.get("values"), source)
    for child in _dicts(_dict(module).get("child_modules")):
        yield from _module(child, source)


def _attributes(kind: str, address: str, attributes: object, source: str) -> Iterator[Found]:
    values = {name: body_of(kind, name, value) for name, value in _dict(attributes).items()}
    kind = type_of(kind, values.get("type"))
    for known in implied_ranges(kind):
        # A state has every argument, the defaults included.
        if values.get(known.unset) is True and known.cidr is not None:
            name = f"{address} {known.label}"
            yield Found(cidr=known.cidr, kind=cast(Kind, known.kind), name=name, source=source)
    for leaf, way in leaves(values, Way(), most=inf):
        if isinstance(leaf, str):
            for network in networks_in(leaf):
                name = way.name_after(address)
                of_network = kind_of_resource(kind_of(kind, way.path), network, kind)
                yield Found(cidr=network, kind=of_network, name=name, source=source)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [value for value in value if isinstance(value, dict)] if isinstance(value, list) else []
