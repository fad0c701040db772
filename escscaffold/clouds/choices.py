"""What a person can choose of a mode or of an environment's parts, as data."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

Part = Literal["create", "existing", "absent"]
"""What becomes of a part of an environment: made, looked up, or left out."""


OptionValue = bool | str
"""What an option is: a switch, or one of its words."""


class Option(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A choice of a mode that decides what is written, and what its ranges have to be."""

    default: OptionValue
    """What it is where nobody says: also what it was, where a lock that is older than the option says nothing of it."""
    purpose: str
    source: str
    choices: tuple[str, ...] = ()
    """Its words, the default first; nothing where it is a switch."""
    changed: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    """The facts that differ, by the option's value (`true` and `false` for a switch) and the range."""
    replaces: tuple[str, ...] = ()
    """What is made anew where it changes, in words; nothing where it changes in place."""
    replaces_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What goes or is made anew where it becomes this value, in words, besides what any change replaces."""
    reason: str = ""
    """Why so, where it is not that all of it is made anew; nothing where it is."""
    part: str = ""
    """The part that it is a choice of: where that is not made, it stays at its default. Nothing for no part."""


class AlsoReplaces(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is made anew besides where a range changes, and the options and their values under which that is so."""

    words: tuple[str, ...]
    only_with: Mapping[str, tuple[str, ...]]


class ExistingFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person names something that exists already."""

    purpose: str
    pattern: str
    """A regular expression that the whole name matches."""
    example: str
    settings: tuple[str, ...] = ()
    """The settings of what is made that are still asked for: what it is like cannot be looked up."""


def option_word(value: OptionValue) -> str:
    """Return an option's value as facts and locks write it.

    >>> option_word(True)
    'true'
    """
    return value if isinstance(value, str) else str(value).lower()
