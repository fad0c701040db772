"""JSON and YAML: a state, a plan, what a cloud's command prints, and data that modules read. Others are refused.

https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
import posixpath
from collections.abc import Iterator
from math import inf
from typing import Any, cast

from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.cloud_listings import cloud_resources, documents_in, fitting_command
from escscaffold.scanning.found import (
    Broken,
    CloudResource,
    Found,
    Unresolved,
    blocks_in,
    kind_of_resource,
    line_of,
    lines_of_blocks,
    networks_in,
)
from escscaffold.scanning.kinds import Kind, ValuePath, body_of, implied_ranges, kind_of, leaves, type_of

_A_LIST = "Or pass a list with one CIDR block per line."
STATE_VERSION = 4
_SEEN = 2
"""How many of a path's names show what a file is about: `firewall-rules/production`."""


def scan_document(text: str, source: str, facts: Facts) -> Iterator[Found | CloudResource | Broken]:
    """Yield what a file of JSON holds."""
    try:
        yield from _pieces(text, source, facts)
    except NotJsonError as error:
        yield Broken(source=source, line=error.line, message=error.message)
    except NotStateError as error:
        yield Broken(source=source, message=str(error))
    except RecursionError:
        yield Broken(source=source, message="it is nested too deeply")


def scan_yaml(text: str, source: str, facts: Facts) -> Iterator[Broken]:
    """Refuse a file of YAML, with the command that prints the same as JSON."""
    from escscaffold.terraform.encoding_functions import read_yaml

    try:
        document = read_yaml(text)
    except ValueError:
        document = None
    yield Broken(
        source=source, message=f"YAML is not read here. For JSON: {fitting_command(document, facts)}. {_A_LIST}"
    )


def _pieces(text: str, source: str, facts: Facts) -> Iterator[Found | CloudResource | Broken]:
    documents = _documents(text)
    document = documents[0]
    if len(documents) == 1 and isinstance(document, dict) and _is_terraforms(document):
        yield from _state(document, source, facts)
    elif (resources := cloud_resources(documents, source, facts)) is not None:
        yield from resources
    else:
        yield Broken(
            source=source,
            message="unknown JSON: not from `terraform show -json` or a cloud's command. For supported JSON: "
            f"{fitting_command(document, facts)}. {_A_LIST}",
        )


def _documents(text: str) -> list[Any]:
    try:
        return [parse_json(text)]
    except NotJsonError:
        documents = documents_in(text)
        if not documents or len(documents) == 1:
            raise
        return documents


def _is_terraforms(document: dict[str, Any]) -> bool:
    return any(key in document for key in ("format_version", "terraform_version", "lineage", "encrypted_data"))


def _state(document: dict[str, Any], source: str, facts: Facts) -> Iterator[Found]:
    if "encrypted_data" in document:
        raise NotStateError(
            "encrypted by OpenTofu. Decrypt it where the key is: `tofu show -json > state.json`, or `tofu state pull "
            "> state.json`"
        )
    yield from _scan_state(document, source, facts)


class NotJsonError(ValueError):
    """The text is not JSON; `line` is where it stops being it, where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def parse_json(text: str) -> Any:
    """Parse JSON; raises NotJsonError."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"this is not JSON: {error.msg}", error.lineno) from None
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
        raise NotJsonError(f"unknown JSON: {reason}") from None


class NotStateError(ValueError):
    """The document is none of these."""


def _scan_state(document: object, source: str, facts: Facts) -> Iterator[Found]:
    """Yield the CIDR blocks of a parsed state, or of a plan's past and future; raises NotStateError."""
    if not isinstance(document, dict):
        raise NotStateError("it is not a JSON object")
    if "format_version" in document:
        yield from _shown(document, source, facts)
    elif "terraform_version" in document or "lineage" in document:
        yield from _stored(document, source, facts)
    else:
        raise NotStateError("it is JSON, but not a Terraform state or the output of `terraform show -json`")


def _stored(document: dict[str, Any], source: str, facts: Facts) -> Iterator[Found]:
    if document.get("version") != STATE_VERSION:
        raise NotStateError(
            f"its format has version {document.get('version')!r}, not {STATE_VERSION}: "
            "`terraform show -json` prints one that can be read"
        )
    for resource in objects_in(document.get("resources")):
        kind = str(resource.get("type", ""))
        for address, attributes in stored_instances(resource):
            yield from _attributes(kind, address, attributes, source, facts)


def stored_instances(resource: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the address and the attributes of each instance of a resource of a state."""
    is_data = resource.get("mode") == "data"
    parts = (resource.get("module"), "data" if is_data else "", resource.get("type"), resource.get("name"))
    address = ".".join(str(part) for part in parts if part)
    for instance in objects_in(resource.get("instances")):
        key = instance.get("index_key")
        suffix = "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
        yield f"{address}{suffix}", instance.get("attributes")


def _shown(document: dict[str, Any], source: str, facts: Facts) -> Iterator[Found]:
    prior = document.get("prior_state")
    # What a plan is about to destroy is in use until then, and data sources are in the past only.
    for values in (document.get("values"), document.get("planned_values"), object_of(prior).get("values")):
        yield from _module(object_of(values).get("root_module"), source, facts)


def _module(module: object, source: str, facts: Facts) -> Iterator[Found]:
    for resource in objects_in(object_of(module).get("resources")):
        kind, address = str(resource.get("type", "")), str(resource.get("address", ""))
        yield from _attributes(kind, address, resource.get("values"), source, facts)
    for child in objects_in(object_of(module).get("child_modules")):
        yield from _module(child, source, facts)


def _attributes(kind: str, address: str, attributes: object, source: str, facts: Facts) -> Iterator[Found]:
    values = {name: body_of(kind, name, value) for name, value in object_of(attributes).items()}
    kind = type_of(kind, values.get("type"))
    for implied in implied_ranges(kind, facts):
        # A state has every argument, the defaults included.
        if values.get(implied.unset) is True and implied.cidr is not None:
            name = f"{address} {implied.label}"
            yield Found(cidr=implied.cidr, kind=cast(Kind, implied.kind), name=name, source=source)
    for leaf, value_path in leaves(values, ValuePath(), most=inf):
        if isinstance(leaf, str):
            for network in networks_in(leaf):
                name = value_path.name_after(address)
                of_network = kind_of_resource(kind_of(kind, value_path.path, facts), network, kind, facts)
                yield Found(cidr=network, kind=of_network, name=name, source=source)


def object_of(value: object) -> dict[str, Any]:
    """Return a value of JSON that is an object, an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def objects_in(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list of JSON; none for a value that is no list."""
    return [value for value in value if isinstance(value, dict)] if isinstance(value, list) else []


def blocks_of_data(text: str, source: str, facts: Facts) -> Iterator[Found | Unresolved | Broken]:
    """Yield the blocks of a file of data, each with its line; nothing where it holds none.

    YAML that repeats itself without an end is not looked through: that is unresolved. A file that has blocks and does
    not parse, such as a template, is broken.
    """
    if "/" not in text:
        return
    stem = posixpath.splitext("/".join(source.split("/")[-_SEEN:]))[0]
    name, about = posixpath.basename(stem), stem.replace("-", "_")
    lines = lines_of_blocks(text)
    documents = _parsed_data(text, source)
    if isinstance(documents, Broken):
        if lines:
            yield documents
        return
    # No document has more values than letters, unless it repeats them.
    for leaf, value_path in leaves(documents, ValuePath(), most=len(text)):
        if isinstance(leaf, str):
            line = line_of(leaf, lines)
            yield from blocks_in(leaf, value_path, facts, about=about, name=name, source=source, line=line)
        else:
            yield Unresolved(
                name=name, argument="values", expression="...", reason=leaf.reason, source=source, fails=True
            )


def _parsed_data(text: str, source: str) -> list[Any] | Broken:
    from escscaffold.terraform.encoding_functions import NotYamlError, read_yaml_documents

    try:
        return [json.loads(text)] if source.endswith(".json") else read_yaml_documents(text)
    except json.JSONDecodeError as error:
        return _broken(source, f"this is not JSON: {error.msg}", error.lineno)
    except NotYamlError as error:
        return _broken(source, f"this is not YAML: {error.message}", error.line)
    except (ValueError, RecursionError):
        return _broken(source, "this is not data that is read here: it is nested too deeply or has a number too long")


def _broken(source: str, message: str, line: int | None = None) -> Broken:
    return Broken(source=source, line=line, message=f"{message}. The CIDR blocks in it were not looked at")
