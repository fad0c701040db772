"""Resources whose type or blocks are not where those of others are: azapi's `type`, and a network without a range."""

import json
from collections.abc import Iterator
from typing import Any

from escscaffold.clouds.range_kinds import RangeKind, range_kinds

_TYPED_BY_ARGUMENT = "azapi_"
_DOCUMENTS = ("body", "output")


def type_of(resource_type: str, type_argument: object) -> str:
    """Return what a resource is: an `azapi_resource` is what its `type` says, without the version of the API.

    >>> type_of("azapi_resource", "Microsoft.Network/virtualNetworks@2024-01-01"), type_of("aws_vpc", None)
    ('Microsoft.Network/virtualNetworks', 'aws_vpc')
    """
    if resource_type.startswith(_TYPED_BY_ARGUMENT) and isinstance(type_argument, str) and type_argument:
        return type_argument.partition("@")[0]
    return resource_type


def body_of(resource_type: str, argument: str, value: Any) -> Any:
    """Return what the text of azapi's `body` says, as `jsonencode` wrote it; any other value as it is."""
    if not resource_type.startswith(_TYPED_BY_ARGUMENT) or argument not in _DOCUMENTS or not isinstance(value, str):
        return value
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return document if isinstance(document, (dict, list)) else value


def implied_ranges(resource_type: str) -> Iterator[RangeKind]:
    """Yield the blocks that a resource of this type has without an argument that says so."""
    return (known for known in range_kinds().get(resource_type.lower(), ()) if known.cidr is not None)
