"""What can be set of a cluster or a database, as data.

The same facts check the spec and become the validations in Terraform.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

Value = bool | int | str | tuple[str, ...]
"""What a setting can be."""

Kind = Literal["number", "text", "switch", "texts", "ranges"]
"""`texts` is a set of texts, `ranges` a set of CIDR blocks."""


class Setting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One setting, as one argument of the object that a root module's variable is."""

    name: str
    kind: Kind
    purpose: str
    source: str
    default: Value | None = None
    """None where the provider or the cloud decides."""
    choices: tuple[str, ...] = ()
    """All that it, or each of its texts, can be; nothing where anything goes."""
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    """A regular expression that the whole text, or each of the texts, matches."""
    example: str = ""
    at_most: str = ""
    """Another setting that is never less than this one."""
    none_means_all: bool = False
    """Whether an empty set of ranges lets in every address, as 0.0.0.0/0 does everywhere."""
    needed_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Another setting and its values with which this one is needed; with any other value it is refused."""
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Another setting and its values with which this one can be more than its default."""
    providers: tuple[str, ...] = ()
    """The Terraform providers that have it; nothing where all do."""
    needed: bool = False
    """Whether there is nothing without it."""
    warnings: Mapping[str, str] = field(default_factory=dict)
    """What is to be said of some of its values."""
    replaces: tuple[str, ...] = ()
    """What is made anew where it changes, in words; nothing where it changes in place."""
    replaces_when_unset: bool = False
    """Whether that is so only where it is taken off; set anew, or to something else, it changes in place."""
    in_place_from: str = ""
    """The value from which it changes in place, as a lock writes it; nothing for none."""
    refused: str = ""
    """Why the cluster is made anew though Terraform would leave it as it is; nothing where Terraform replaces it."""
    refused_between: tuple[str, ...] = ()
    """The value before and the one after with which that is so, as a lock writes them; nothing for all that replace."""

    def refusal(self, before: str, after: str) -> str:
        """Return why the cluster is made anew for this change, though Terraform would leave it as it is."""
        return self.refused if self.refused_between in ((), (before, after)) else ""


class TagFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the cloud allows as a tag of what is made there; `term` is its word for one."""

    term: str
    key_pattern: str
    """A regular expression that a whole key matches."""
    value_pattern: str
    example: str
    source: str
