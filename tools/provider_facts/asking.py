"""Asks a provider which changes of one resource type replace the resource, an argument and a kind of change at a time.

It decides what is asked, and what counts as an answer: an error is none, nor is a plan that does not show the change.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from tools.provider_facts.connection import BrokeOffError, Provider
from tools.provider_facts.drafts import Draft, Refusal
from tools.provider_facts.resource import Resource, Side, concerns
from tools.provider_facts.schema import Argument, Block, Place
from tools.provider_facts.values import Row, found_at, unknown_places

MOST_PLACES = 600  # arguments of one type that are asked one by one
# Of larger schemas fewer are asked: a provider takes seconds to plan one with 20,000 arguments.
MOST_WORK = 60_000  # arguments that are asked, times those that the schema has
MOST_BREAKS = 2  # of one type, before the rest of it is left
_MOST_OTHERS = 6  # values for one change, where those before gave no answer
# Settings of Terraform itself, which no provider stores at the cloud.
_NOT_ASKED = {"id", "timeouts"}
_SPARE = set("wnud")
_IDS: set[Place] = {("id",)}


class Answers(Struct):
    """What a provider answered about one resource type; the letters are those of the data files."""

    replaces: dict[Place, str] = field(default_factory=dict)
    in_place: dict[Place, str] = field(default_factory=dict)
    unknown: dict[Place, str] = field(default_factory=dict)
    computed: set[Place] = field(default_factory=set)
    whole: set[Place] = field(default_factory=set)
    """Blocks of which nothing inside was asked about."""
    questions: int = 0
    why: dict[tuple[Place, str], str] = field(default_factory=dict)
    """What stood in the way of an answer, for whoever wants to ask better; it is not written."""

    def add(self, place: Place, letter: str, answer: str) -> None:
        """Note the answer to one question."""
        into = {"replaces": self.replaces, "in place": self.in_place, "unknown": self.unknown}[answer]
        into[place] = into.get(place, "") + letter


_Change: TypeAlias = Callable[[], tuple[Side, Row]]


@cache
def _conditional() -> Mapping[str, Mapping[str, str]]:
    """Return which arguments' answers hang on another argument, by resource type."""
    return tomllib.loads(Path(__file__).with_name("conditional.toml").read_text(encoding="utf-8"))


def ask_type(provider: Provider, name: str, block: Block, *, every_argument: bool = False) -> Answers:
    """Return what the provider answers about a resource type; of very large ones about the outer arguments only.

    `every_argument` asks about all of theirs, too.
    """
    return _Asking(Resource(provider, name, block), every_argument=every_argument).ask()


class _Asking:
    def __init__(self, resource: Resource, *, every_argument: bool) -> None:
        self._resource = resource
        self._block = resource.block
        self._every_argument = every_argument
        self._answers = Answers()
        self._breaks = 0

    def ask(self) -> Answers:
        asked = dict(self._places())
        try:
            self._resource.begin()
        except BrokeOffError:
            self._breaks = MOST_BREAKS
        for place, argument in asked.items():
            self._resource.forget()
            try:
                if self._breaks >= MOST_BREAKS:
                    raise BrokeOffError("it broke off before")
                self._ask_block(place, argument) if argument.inside else self._ask_argument(place, argument)
            except BrokeOffError:
                self._breaks += 1
                self._answers.unknown[place] = "*"
                self._answers.questions += 1
        return self._answers

    def _places(self) -> Iterator[tuple[Place, Argument]]:
        """Yield what can be asked about; of very large types the outer arguments only."""
        found = [(p, a) for p, a in self._block.paths() if self._can_be_asked(p)]
        depth = max((len(place) for place, _ in found), default=0)
        most = len(found) if self._every_argument else min(MOST_PLACES, MOST_WORK // max(len(found), 1))
        while depth > 1 and sum(len(place) <= depth for place, _ in found) > most:
            depth -= 1
        for place, argument in found:
            if len(place) <= depth:
                yield place, argument
                if argument.inside and any(len(p) > depth and p[:depth] == place for p, _ in found):
                    self._answers.whole.add(place)

    def _can_be_asked(self, place: Place) -> bool:
        steps = [self._block.at(place[:depth]) for depth in range(1, len(place) + 1)]
        return place[0] not in _NOT_ASKED and all(a.configurable and not a.write_only for a in steps)

    def _ask_argument(self, place: Place, argument: Argument) -> None:
        draft = self._resource.base.copy(extra=[place])
        draft.choose_for(place)
        wrong, wrong_other = self._resource.settle_both(draft, place), list[Refusal]()
        pair = draft.pair(place)
        first, other = draft.config({place: pair.first}), draft.config({place: pair.other})
        changes: dict[str, list[_Change]] = {}

        def between(before: Row, after: Row) -> _Change:
            return lambda: (self._resource.create(before), after)

        if argument.type == "bool":
            changes["t"], changes["f"] = [between(other, first)], [between(first, other)]
        else:
            more = [draft.config({place: text}) for text in draft.others(place)] if argument.type == "string" else []
            if pair.first == pair.other and argument.type == "string":
                # The one value that is allowed: a plan to another one may tell all the same that it would replace.
                more, wrong_other = [draft.config({place: "other"})], [Refusal("no other value is allowed", place)]
            # Of values that are listed every change counts, also back: some replace in one direction only.
            back = [between(other, first)] if draft.lists_values(place) else []
            others = [after for after in [other, *more[:_MOST_OTHERS]] if after != first]
            changes["c"] = [*(between(first, after) for after in others), *back]
        unset = self._resource.without(draft, place) if argument.optional else first
        # An argument that the provider demands in the end cannot be unset.
        if unset != first:
            changes["a"] = [between(unset, first), between(unset, other)]
            changes["r"] = [between(first, unset), between(other, unset)]
        related = dict(pair.related)
        for letter, value in related.items():
            changes[letter] = [between(first, draft.config({place: value}))]
        if "w" in related and argument.type != "string":
            changes["n"] = [between(draft.config({place: related["w"]}), first)]
        if "u" in related and argument.type == "number":
            changes["d"] = [between(other, first)]
        refused = {"c": [*wrong, *wrong_other]}
        self._record(
            place, {of: self._worst(place, of, asked, refused.get(of, wrong)) for of, asked in changes.items()}
        )

    def _ask_block(self, place: Place, argument: Argument) -> None:
        draft = self._resource.base.copy(extra=[place])
        draft.choose_for(place)
        wrong = [r for r in self._resource.settle(draft, place) if concerns(r, place)]
        present = draft.config()
        changes: dict[str, list[_Change]] = {}
        absent = self._resource.without(draft, place) if argument.optional else present
        if absent != present:
            changes["a"] = [lambda: (self._resource.create(absent), present)]
            changes["r"] = [lambda: (self._resource.create(present), absent)]
        if argument.nesting in ("list", "set", "map") and argument.max_items != 1:
            two = draft.config(doubled=place)
            changes["c"] = [
                lambda: (self._resource.create(present), two),
                lambda: (self._resource.create(two), present),
            ]
        found = {letter: self._worst(place, letter, asked, wrong) for letter, asked in changes.items()}
        for letter in ("a", "c"):
            if found.get(letter) == "unknown" and not wrong:
                found[letter] = self._with_content(draft, place, letter, absent)
        self._record(place, found)

    def _with_content(self, draft: Draft, place: Place, letter: str, absent: Row) -> str:
        """Return the answer for a block that is set, or has one more beside it, with one argument in it.

        One that is in place is enough: what else is set in it has answers of its own. Two blocks of a set that have
        nothing in them are one.
        """
        inside, found = self._block.at(place).inside, set()
        assert inside is not None
        inner = [name for name, argument in inside.arguments.items() if argument.configurable and not argument.inside]
        for name in inner[:_MOST_OTHERS]:
            filled = draft.copy(extra=[(*place, name)])
            if not self._resource.settle(filled, place):
                filled.pairs |= draft.pairs
                present = filled.config()
                before, after = (absent, present) if letter == "a" else (present, filled.config(doubled=place))
                answer, _ = self._answer(place, letter, self._resource.create(before), after, wrong=())
                found.add(answer)
                if answer == "in place":
                    break
        return next((answer for answer in ("in place", "replaces") if answer in found), "unknown")

    def _worst(self, place: Place, letter: str, asked: Sequence[_Change], wrong: Sequence[Refusal]) -> str:
        """Ask for the same kind of change with different values until one shows, or with all that differ in kind."""
        argument, found = self._block.at(place), set()
        every_one = argument.type == "bool" or (letter == "c" and len(asked) > 1)
        for change in asked:
            answer, shown = self._answer(place, letter, *change(), wrong=wrong)
            found.add(answer)
            if shown and not every_one:
                break
        return next((answer for answer in ("replaces", "in place") if answer in found), "unknown")

    def _answer(
        self, place: Place, letter: str, before: Side, after: Row, *, wrong: Sequence[Refusal]
    ) -> tuple[str, bool]:
        """Return one answer, and whether the plan shows the change."""
        plan = self._resource.plan(before, after)
        if plan.refused:
            self._answers.why[place, letter] = f"plan refused: {plan.refused[0].text}"
            return "unknown", False
        replaced = plan.replaced - self._resource.replaced_without_change
        # The id of what is replaced is told along with the argument that replaces it.
        if any(self._is_of(path, place, before, after) for path in replaced - _IDS or replaced):
            return "replaces", True
        if wrong or place in self._resource.replaced_without_change:
            why = f"value refused: {wrong[0].text}" if wrong else "replaced without a change"
            self._answers.why[place, letter] = why
            return "unknown", False
        old, new = (found_at(self._block, state, place) for state in (plan.before.state, plan.planned))
        # A provider that keeps what is unset has answered; another value that makes no difference may be one of two
        # spellings, and a block that adds nothing may be one that the provider had computed before.
        if old == new and letter != "r":
            self._answers.why[place, letter] = "the plan does not show the change"
            return "unknown", False
        unknown = set(unknown_places(self._block, plan.planned))
        self._answers.computed |= unknown - self._resource.unknown_without_change - {place}
        return "in place", old != new

    def _is_of(self, replaced: Place, place: Place, before: Side, after: Row) -> bool:
        """Return whether the change at `place` is why `replaced` demands a new resource.

        Another argument that changes along, as the provider wants one of the two, has an answer of its own; and so has
        one whose default the state lacks, because the provider refused to plan the creation.
        """
        if _related(replaced, place):
            return True
        old, new = (found_at(self._block, config, replaced) for config in (before.config, after))
        return bool(old == new and not before.refused)

    def _record(self, place: Place, found: dict[str, str]) -> None:
        usual = found.get("c", "")
        both = {found.get("u"), found.get("d")}
        if {"u", "d"} <= found.keys() and len(both) == 2 and self._block.at(place).type == "number":
            usual = found["c"] = "unknown"
        self._answers.questions += len(found)
        if other := _conditional().get(self._resource.name, {}).get(".".join(place)):
            for letter in [letter for letter, answer in found.items() if answer == "in place"]:
                found[letter] = "unknown"
                self._answers.why[place, letter] = f"it hangs on {other}"
        told = {letter: answer for letter, answer in found.items()
                if letter not in _SPARE or answer not in (usual, "unknown")}  # fmt: skip
        # An argument that is in no map is changed in place for every question that was asked.
        if set(told.values()) - {"in place"}:
            for letter, answer in told.items():
                self._answers.add(place, letter, answer)


def _related(one: Place, other: Place) -> bool:
    """Return whether one place is the other, is in it, or holds it."""
    return one[: len(other)] == other or other[: len(one)] == one
