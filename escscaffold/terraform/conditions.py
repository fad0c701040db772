"""Answers that hang on the old and the new value of an argument, which no provider was asked about. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from escscaffold.terraform.provider_facts import Answer, Change
from escscaffold.terraform.value_changes import Leaf
from escscaffold.terraform.values import Value, is_known, text_of


class Otherwise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of change, with an answer of its own."""

    answer: Answer
    change: Change | None = None
    old: str | None = None
    new: str | None = None
    where: Mapping[str, str] = {}
    """Other arguments of the resource, with the values that they must have."""

    def fits(self, leaf: Leaf, attributes: Mapping[str, Value]) -> bool | None:
        """Return whether a change is of this kind; None where that hangs on an argument that is not known."""
        if (
            self.change not in (None, leaf.change)
            or self.old not in (None, text_of(leaf.old))
            or self.new not in (None, text_of(leaf.new))
        ):
            return False
        return self.holds(attributes)

    def holds(self, attributes: Mapping[str, Value]) -> bool | None:
        """Return whether the other arguments are as this says; None where one is not known."""
        values = {name: attributes.get(name) for name in self.where}
        if any(is_known(value) and text_of(value) != self.where[name] for name, value in values.items()):
            return False
        return True if is_known([*values.values()]) else None


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a resource when one of its arguments changes."""

    answer: Answer
    source: str
    otherwise: tuple[Otherwise, ...] = ()

    def answer_to(self, leaf: Leaf, attributes: Mapping[str, Value]) -> Answer:
        """Return what becomes of the resource for this change; `attributes` are all that it has after it."""
        if not leaf.is_known:
            possible = [one for one in self.otherwise if one.holds(attributes) is not False]
            return "unknown" if possible and self.answer == "in place" else self.answer
        for one in self.otherwise:
            fits = one.fits(leaf, attributes)
            if fits is None:
                return "unknown"
            if fits:
                return one.answer
        return self.answer


Conditions = Mapping[str, Mapping[str, Condition]]
"""By the resource's type and the argument's path."""
