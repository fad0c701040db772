"""Answers that hang on the old and the new value of an argument, which no provider was asked about. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from escscaffold.terraform.provider_facts import Answer, Change
from escscaffold.terraform.value_changes import Leaf
from escscaffold.terraform.values import text_of


class Otherwise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of change, with an answer of its own."""

    answer: Answer
    change: Change | None = None
    old: str | None = None
    new: str | None = None

    def fits(self, leaf: Leaf) -> bool:
        """Return True if a change is of this kind."""
        return (
            self.change in (None, leaf.change)
            and self.old in (None, text_of(leaf.old))
            and self.new in (None, text_of(leaf.new))
        )


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a resource when one of its arguments changes."""

    answer: Answer
    source: str
    otherwise: tuple[Otherwise, ...] = ()

    def answer_to(self, leaf: Leaf) -> Answer:
        """Return what becomes of the resource for this change."""
        return next((one.answer for one in self.otherwise if one.fits(leaf)), self.answer)


Conditions = Mapping[str, Mapping[str, Condition]]
"""By the resource's type and the argument's path."""
