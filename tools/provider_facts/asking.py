"""Asks a provider which changes of one resource type replace the resource, an argument and a kind of change at a time.

It decides what is asked, and what counts as an answer: an error is none, nor is a plan that does not show the change.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias

from msgspec import Struct, field
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tools.provider_facts.connection import BrokeOffError, Provider
from tools.provider_facts.drafts import Draft, Refusal, refusals
from tools.provider_facts.hints import made_up
from tools.provider_facts.schema import Argument, Block, Place
from tools.provider_facts.values import (
    Row,
    created,
    decode,
    empty_block,
    encode,
    found_at,
    proposed,
    unknown_places,
)

MOST_PLACES = 600  # arguments of one type that are asked one by one
MOST_BREAKS = 2  # of one type, before the rest of it is left
_ROUNDS = 40  # of refusals that are answered with other values
_ROUNDS_OF_VARIANTS = 8
_MOST_VARIANTS = 12
_MOST_OTHERS = 6  # values for one change, where those before gave no answer
# Settings of Terraform itself, which no provider stores at the cloud.
_NOT_ASKED = {"id", "timeouts"}
_SPARE = set("wnud")


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


class _Side(Struct, frozen=True):
    """A resource that exists, as it is configured and as its state has it."""

    config: Row
    state: Row
    private: bytes
    refused: bool
    """Whether the provider refused to plan its creation: then its state lacks what the provider would add."""


_Change: TypeAlias = Callable[[], tuple[_Side, Row]]


def ask_type(provider: Provider, name: str, block: Block) -> Answers:
    """Return what the provider answers about a resource type."""
    return _Asking(provider, name, block).ask()


class _Asking:
    def __init__(self, provider: Provider, name: str, block: Block) -> None:
        self._provider = provider
        self._name = name
        self._block = block
        self._answers = Answers()
        self._breaks = 0
        self._creations: dict[bytes, Any] = {}
        self._base = Draft(block)
        self._known_refusals: set[str] = set()
        self._noise: set[Place] = set()
        self._noise_unknown: set[Place] = set()

    def ask(self) -> Answers:
        asked = dict(self._places())
        try:
            self._known_refusals = {r.text for r in self._settle(self._base, ())}
            side = self._create(self._base.config())
            replaced, planned, errors = self._plan(side, side.config)
            if not errors:
                self._noise = replaced
                self._noise_unknown = set(unknown_places(self._block, planned))
        except BrokeOffError:
            self._breaks = MOST_BREAKS
        kept = (encode(self._base.config()),)
        for place, argument in asked.items():
            if self._breaks >= MOST_BREAKS:
                self._answers.unknown[place] = "*"
                self._answers.questions += 1
                continue
            # Most questions start from the resource without the argument, so that one stays.
            self._creations = {packed: self._creations[packed] for packed in kept if packed in self._creations}
            try:
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
        while depth > 1 and sum(len(place) <= depth for place, _ in found) > MOST_PLACES:
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
        draft = self._base.copy(extra=[place])
        draft.choose_for(place)
        wrong, wrong_other = self._settle_both(draft, place), list[Refusal]()
        pair = draft.pair(place)
        first, other = draft.config({place: pair.first}), draft.config({place: pair.other})
        changes: dict[str, list[_Change]] = {}

        def between(before: Row, after: Row) -> _Change:
            return lambda: (self._create(before), after)

        if argument.type == "bool":
            changes["t"], changes["f"] = [between(other, first)], [between(first, other)]
        else:
            more = [draft.config({place: text}) for text in draft.others(place)] if argument.type == "string" else []
            if pair.first == pair.other and argument.type == "string":
                # The one value that is allowed: a plan to another one may tell all the same that it would replace.
                more, wrong_other = [draft.config({place: "other"})], [Refusal("no other value is allowed", place)]
            changes["c"] = [between(first, after) for after in [other, *more[:_MOST_OTHERS]] if after != first]
        if argument.optional:
            unset = self._without(draft, place)
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
        draft = self._base.copy(extra=[place])
        draft.choose_for(place)
        wrong = [r for r in self._settle(draft, place) if _concerns(r, place)]
        present = draft.config()
        changes: dict[str, list[_Change]] = {}
        absent: Row = {}
        if argument.optional:
            absent = self._without(draft, place)
            changes["a"] = [lambda: (self._create(absent), present)]
            changes["r"] = [lambda: (self._create(present), absent)]
        if argument.nesting in ("list", "set", "map") and argument.max_items != 1:
            two = draft.config(doubled=place)
            changes["c"] = [lambda: (self._create(present), two), lambda: (self._create(two), present)]
        found = {letter: self._worst(place, letter, asked, wrong) for letter, asked in changes.items()}
        if found.get("a") == "unknown" and not wrong:
            found["a"] = self._set_with_content(draft, place, absent, wrong)
        self._record(place, found)

    def _without(self, draft: Draft, place: Place) -> Row:
        """Return the configuration without an argument, and with another one where the provider demands either."""
        without = draft.copy(without=place, extra=[place[:-1]] if place[:-1] else [])
        if any(refusal.text not in self._known_refusals for refusal in self._validate(without.config())):
            self._settle(without, place)
        return without.config()

    def _set_with_content(self, draft: Draft, place: Place, absent: Row, wrong: Sequence[Refusal]) -> str:
        """Return the answer for a block that is set with one argument in it; one that is in place is enough.

        What else is set in it has answers of its own.
        """
        inside, found = self._block.at(place).inside, set()
        assert inside is not None
        inner = [name for name, argument in inside.arguments.items() if argument.configurable and not argument.inside]
        for name in inner[:_MOST_OTHERS]:
            filled = draft.copy(extra=[(*place, name)])
            if not self._settle(filled, place):
                answer, _ = self._answer(place, "a", self._create(absent), filled.config(), wrong=wrong)
                found.add(answer)
                if answer == "in place":
                    break
        return next((answer for answer in ("in place", "replaces") if answer in found), "unknown")

    def _worst(self, place: Place, letter: str, asked: Sequence[_Change], wrong: Sequence[Refusal]) -> str:
        """Ask the same kind of change with different values until one shows, or with all where they differ in kind."""
        argument, found = self._block.at(place), set()
        both_ways = argument.type == "bool" or (argument.inside is not None and letter == "c")
        for change in asked:
            answer, shown = self._answer(place, letter, *change(), wrong=wrong)
            found.add(answer)
            if shown and not both_ways:
                break
        return next((answer for answer in ("replaces", "in place") if answer in found), "unknown")

    def _answer(
        self, place: Place, letter: str, before: _Side, after: Row, *, wrong: Sequence[Refusal]
    ) -> tuple[str, bool]:
        """Return one answer, and whether the plan shows the change."""
        replaced, planned, errors = self._plan(before, after)
        if errors:
            self._answers.why[place, letter] = f"plan refused: {errors[0].text}"
            return "unknown", False
        replaced -= self._noise
        if replaced and (not before.refused or any(_related(path, place) for path in replaced)):
            return "replaces", True
        if wrong or place in self._noise:
            why = f"value refused: {wrong[0].text}" if wrong else "replaced without a change"
            self._answers.why[place, letter] = why
            return "unknown", False
        old, new = (found_at(self._block, state, place) for state in (before.state, planned))
        # A provider that keeps what is unset has answered; another value that makes no difference may be one of two
        # spellings, and a block that adds nothing may be one that the provider had computed before.
        if old == new and letter != "r":
            self._answers.why[place, letter] = "the plan does not show the change"
            return "unknown", False
        self._answers.computed |= set(unknown_places(self._block, planned)) - self._noise_unknown - {place}
        return "in place", old != new

    def _record(self, place: Place, found: dict[str, str]) -> None:
        usual = found.get("c", "")
        both = {found.get("u"), found.get("d")}
        if {"u", "d"} <= found.keys() and len(both) == 2 and self._block.at(place).type == "number":
            usual = found["c"] = "unknown"
        self._answers.questions += len(found)
        told = {letter: answer for letter, answer in found.items()
                if letter not in _SPARE or answer not in (usual, "unknown")}  # fmt: skip
        # An argument that is in no map is changed in place for every question that was asked.
        if set(told.values()) - {"in place"}:
            for letter, answer in told.items():
                self._answers.add(place, letter, answer)

    def _settle_both(self, draft: Draft, place: Place) -> list[Refusal]:
        """Settle a draft with both values of an argument that is no block; return what is refused of the argument."""
        for _ in range(_ROUNDS):
            told = [r for r in self._settle(draft, place) if _concerns(r, place)]
            if not told:
                told = [
                    r for r in self._validate(draft.config({place: draft.pair(place).other})) if _concerns(r, place)
                ]
                if told and draft.mend(told, place):
                    continue
            break
        return told

    def _settle(self, draft: Draft, asked: Place) -> list[Refusal]:
        """Change a draft until the provider takes it or nothing is left to try; return what it still refuses."""
        told = self._settle_as_it_is(draft, asked, _ROUNDS)
        if told and not any(refusal.place for refusal in told):
            # It refuses values that do not go together, and does not tell which: an `iops` of the wrong disk type.
            for variant in islice(draft.variants(asked), _MOST_VARIANTS):
                if not self._settle_as_it_is(variant, asked, _ROUNDS_OF_VARIANTS):
                    draft.take(variant)
                    return []
        return told

    def _settle_as_it_is(self, draft: Draft, asked: Place, rounds: int) -> list[Refusal]:
        told: list[Refusal] = []
        for _ in range(rounds):
            config = draft.config()
            told = [r for r in self._validate(config) if r.text not in self._known_refusals]
            if not told:
                told = [r for r in self._refused_creation(config) if r.text not in self._known_refusals]
            if not told or not draft.mend(told, asked):
                break
        return told

    def _validate(self, config: Row) -> list[Refusal]:
        response = self._provider.validate(self._name, encode(config))
        return refusals(response.diagnostics, protocol.Diagnostic.ERROR)

    def _refused_creation(self, config: Row) -> list[Refusal]:
        response = self._planned_creation(config)
        return refusals(response.diagnostics, protocol.Diagnostic.ERROR)

    def _planned_creation(self, config: Row) -> Any:
        packed = encode(config)
        if packed not in self._creations:
            new = proposed(self._block, None, config)
            self._creations[packed] = self._provider.plan(self._name, encode(None), encode(new), packed, b"")
        return self._creations[packed]

    def _create(self, config: Row) -> _Side:
        """Return a resource with this configuration as its state would be after apply."""
        response = self._planned_creation(config)
        planned = decode(response.planned_state.msgpack) if response.planned_state.msgpack else None
        refused = planned is None or bool(refusals(response.diagnostics, protocol.Diagnostic.ERROR))
        if planned is None or refused:
            planned = proposed(self._block, None, config)
        state = created(self._block, planned, made_up)
        if state.get("id", "") is None:
            state["id"] = "one"
        return _Side(config, state, response.planned_private, refused)

    def _plan(self, before: _Side, config: Row) -> tuple[set[Place], Row, Sequence[Refusal]]:
        """Return what a change to this configuration replaces, what it plans, and whether it is refused."""
        new = proposed(self._block, before.state, config)
        response = self._provider.plan(self._name, encode(before.state), encode(new), encode(config), before.private)
        errors = refusals(response.diagnostics, protocol.Diagnostic.ERROR)
        replaced = {tuple(s.attribute_name for s in p.steps if s.attribute_name) for p in response.requires_replace}
        planned = decode(response.planned_state.msgpack) if response.planned_state.msgpack else None
        if planned is None and not errors:
            errors = [Refusal("the plan has no state", ())]
        return replaced, planned or empty_block(self._block), errors


def _related(one: Place, other: Place) -> bool:
    """Return whether one place is the other, is in it, or holds it."""
    return one[: len(other)] == other or other[: len(one)] == one


def _concerns(refusal: Refusal, place: Place) -> bool:
    """Return whether a refusal is about an argument, or about what is inside it."""
    return bool(refusal.place) and refusal.place[: len(place)] == place
