"""What a person can choose of a mode or of an environment's parts, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Part = Literal["create", "existing", "absent"]
"""What becomes of a part of an environment: made, looked up, or left out."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """A switch of a mode that changes what its ranges have to be."""

    default: bool
    purpose: str
    source: str
    changed: Mapping[str, Mapping[str, Any]]
    """The facts, by range, that differ where it is not the default."""


@dataclass(frozen=True, kw_only=True)
class ExistingFacts:
    """How a person names something that exists already."""

    purpose: str
    pattern: str
    """A regular expression that the whole name matches."""
    example: str
