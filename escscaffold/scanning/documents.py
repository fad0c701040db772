"""A file of JSON or YAML: a state, a plan, what a cloud's command prints, or none of these, which is refused."""

from collections.abc import Iterator
from typing import Any

from escscaffold.scanning.cloud_listings import cloud_resources, documents_in, right_command
from escscaffold.scanning.found import Broken, CloudResource, Found
from escscaffold.scanning.loading import NotJsonError, parse_json
from escscaffold.scanning.state import NotStateError, scan_state

_A_LIST = "Or pass a list with one CIDR block per line."


def scan_document(text: str, source: str) -> Iterator[Found | CloudResource | Broken]:
    """Yield what a file of JSON holds."""
    try:
        yield from _pieces(text, source)
    except NotJsonError as error:
        yield Broken(source=source, line=error.line, message=error.message)
    except NotStateError as error:
        yield Broken(source=source, message=str(error))
    except RecursionError:
        yield Broken(source=source, message="it is nested too deeply")


def scan_yaml(text: str, source: str) -> Iterator[Broken]:
    """Refuse a file of YAML, with the command that prints the same as JSON."""
    from escscaffold.terraform.text_functions import read_yaml

    try:
        document = read_yaml(text)
    except ValueError:
        document = None
    yield Broken(source=source, message=f"YAML is not read here. For JSON: {right_command(document)}. {_A_LIST}")


def _pieces(text: str, source: str) -> Iterator[Found | CloudResource | Broken]:
    documents = _documents(text)
    document = documents[0]
    if len(documents) == 1 and isinstance(document, dict) and _is_terraforms(document):
        yield from _state(document, source)
    elif (resources := cloud_resources(documents, source)) is not None:
        yield from resources
    else:
        yield Broken(
            source=source,
            message="unknown JSON: not from `terraform show -json` or a cloud's command. For supported JSON: "
            f"{right_command(document)}. {_A_LIST}",
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


def _state(document: dict[str, Any], source: str) -> Iterator[Found]:
    if "encrypted_data" in document:
        raise NotStateError(
            "encrypted by OpenTofu. Decrypt it where the key is: `tofu show -json > state.json`, or `tofu state pull "
            "> state.json`"
        )
    yield from scan_state(document, source)
