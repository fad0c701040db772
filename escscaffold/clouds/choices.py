"""What a person can choose of an environment, a mode, a cluster or a database, as data.

A setting is one argument of the object that a root module's variable is.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

Part = Literal["create", "existing", "absent"]
"""How a part of an environment comes to be: created, looked up, or absent."""


OptionValue = bool | str
"""What an option is: a switch, or one of its words."""
Value = bool | int | str | tuple[str, ...]
"""What a setting can be."""
Kind = Literal["number", "text", "switch", "texts", "ranges"]
"""`texts` is a set of texts, `ranges` a set of CIDR blocks."""


class Option(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A choice of a mode that decides what is written, and what its ranges have to be."""

    default: OptionValue
    """The default; also for an environment whose lock is older than the option."""
    earlier: OptionValue = ""
    """What it is for an environment that is older than the option; nothing where that is the default."""
    purpose: str
    source: str
    choices: tuple[str, ...] = ()
    """Its words, the default first; nothing where it is a switch."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What each of its words means, where the interview asks for it."""
    why: str = ""
    """Why the interview asks for it, in one line."""
    changed: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    """The facts that differ, by the option's value (`true` and `false` for a switch) and the range."""
    replaces: tuple[str, ...] = ()
    """Resources that are replaced where it changes; nothing where it changes in place."""
    replaces_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Resources that are removed or replaced where it becomes this value, in addition to those of any change."""
    replaces_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Resources that are replaced where it was this value, in addition to those of any change."""
    reason: str = ""
    """The reason, where not all of it is replaced; nothing where all is."""
    part: str = ""
    """The part that it is a choice of: where that is not created, it stays at its default. Nothing for no part."""
    goes_with_account: str = ""
    """The setting of the account without which it stays at its default; nothing for none."""


class AlsoReplaces(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What else is replaced where a range changes, and the options and their values under which that is so."""

    replaces: tuple[str, ...]
    only_with: Mapping[str, tuple[str, ...]]


class ExistingFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person names something that exists already."""

    purpose: str
    pattern: str
    """A regular expression that the whole name matches."""
    example: str
    id: str = ""
    """A regular expression that its full id matches: its groups, a slash between them, are the name."""
    settings: tuple[str, ...] = ()
    """The settings of what is created that are still asked for: what it is like cannot be looked up."""


def option_word(value: OptionValue) -> str:
    """Return an option's value as facts and locks write it.

    >>> option_word(True)
    'true'
    """
    return value if isinstance(value, str) else str(value).lower()


class RatedWith(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The least value that a vendor recommends for this setting, by the value of another one."""

    setting: str
    least: Mapping[str, int]
    source: str


class SettingRelation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One demand. Without a number to compare, the value itself is refused."""

    because: str
    """The reason, as the end of a sentence."""
    source: str
    fix: str = ""
    """What works instead; nothing where it follows from the numbers."""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other settings and their values, as a lock writes them, under which it holds; nothing for always."""
    pattern: str = ""
    """A regular expression that a refused text matches; nothing for every value that is not empty."""
    other: str = ""
    """The setting that a number is compared with."""
    other_pattern: str = ""
    """A regular expression with one group: the number in the other setting's text. It holds for no other text."""
    at_least_product: int = 0
    """What the number times the other one is at least."""
    at_most_times: float = 0
    """How many times the other number it is at most."""


class Setting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One setting, as one argument of the object that a root module's variable is."""

    name: str
    kind: Kind
    purpose: str
    source: str
    default: Value | None = None
    """None where the provider or the cloud decides."""
    earlier: Value = ""
    """What it is for an environment that is older than it, `none` for None; nothing where that is the default."""
    choices: tuple[str, ...] = ()
    """All that it, or each of its texts, can be; nothing where anything goes."""
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    """A regular expression that the whole text, or each of the texts, matches."""
    once_before: str = ""
    """What ends the part of each of its texts that no two have alike; nothing where only whole texts repeat."""
    example: str = ""
    numbers: tuple[int, ...] = ()
    """All numbers that it can be; nothing where any from least to most works."""
    in_region: bool = False
    """Whether each of its texts is a zone of the environment's region."""
    relations: tuple[SettingRelation, ...] = ()
    """What its value demands of other settings."""
    at_most: str = ""
    """Another setting that is never less than this one."""
    none_means_all: bool = False
    """Whether an empty set of ranges lets in every address, as 0.0.0.0/0 does everywhere."""
    needed_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Another setting and its values with which this one is needed; with any other value it is refused."""
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Another setting and its values with which this one can be more than its default."""
    only_with_options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """An option and its values with which there is this setting; nothing where there always is."""
    providers: tuple[str, ...] = ()
    """The Terraform providers that have it; nothing where all do."""
    needed: bool = False
    """Whether there is nothing without it."""
    selects_module: bool = False
    """Whether it selects the module that the root module calls, and is no argument."""
    variable: str = ""
    """The environment variable that Terraform reads where it is not set, for a provider's own configuration."""
    goes_with: str = ""
    """Another setting without which it means nothing."""
    instead_of: str = ""
    """The setting of the account that holds for `parts` where this one is not given; nothing for none.

    To set it, or to unset it, moves them to another account.
    """
    parts: tuple[str, ...] = ()
    """The parts that lie in the account of this name and not in that of `instead_of`."""
    repeats: Mapping[str, str] = field(default_factory=dict)
    """Other settings whose value is in this one, too: a regular expression whose group it is."""
    warnings: Mapping[str, str] = field(default_factory=dict)
    """Notes on some of its values."""
    rated: RatedWith | None = None
    """How large it should be for the value of another setting; None where it can be anything."""
    replaces: tuple[str, ...] = ()
    """Resources that are replaced where it changes; nothing where it changes in place."""
    replaces_when_unset: bool = False
    """Whether that is so only where it is unset; set, or set to another value, it changes in place."""
    in_place_from: str = ""
    """The value from which it changes in place, as a lock writes it; nothing for none."""
    changes_with: str = ""
    """The setting without whose change another value does nothing to what exists; nothing for none."""
    refused: str = ""
    """Why the cluster is replaced though Terraform would leave it as it is; nothing where Terraform replaces it."""
    refused_between: tuple[str, ...] = ()
    """The value before and the one after with which that is so, as a lock writes them; nothing for all that replace."""

    def refusal(self, before: str, after: str) -> str:
        """Return why the cluster is replaced for this change, though Terraform would leave it as it is."""
        return self.refused if self.refused_between in ((), (before, after)) else ""


class TagFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the cloud allows as a tag of what is created there; `term` is its word for one."""

    term: str
    key_pattern: str
    """A regular expression that a whole key matches."""
    value_pattern: str
    example: str
    source: str
