"""One resource type of a running provider: configurations that it takes, what it would create, and its plans.

It decides how a refused configuration is changed until the provider takes it. It does not know which changes are asked
about, nor what an answer means.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct, convert, field
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tools.provider_facts.connection import Provider
from tools.provider_facts.drafts import Draft, Refusal, refusals
from tools.provider_facts.hints import Pair, demanded, made_up
from tools.provider_facts.schema import Block, Place, Type
from tools.provider_facts.values import Row, Value, created, decode, empty_block, encode, proposed, unknown_places

_ROUNDS = 40  # of refusals that are answered with other values
_ROUNDS_OF_VARIANTS = 8
_MOST_VARIANTS = 12
_KINDS: Mapping[str, type] = {"string": str, "number": int}
_PATH = re.compile(r"Path: (?:\S+\.)?(\w+)")


class Start(Struct, frozen=True, forbid_unknown_fields=True):
    """What a type's questions start from besides its required arguments."""

    configured: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    values: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    """Of arguments that are set only where they are asked about."""
    raised: Mapping[str, Value] = field(default_factory=dict)
    """Values above the first one."""
    state: Mapping[str, Value] = field(default_factory=dict)


@cache
def _starts() -> Mapping[str, Start]:
    text = Path(__file__).with_name("starts.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), dict[str, Start])


class Side(Struct, frozen=True):
    """A resource that exists, as it is configured and as its state has it."""

    config: Row
    state: Row
    private: bytes
    refused: bool
    """Whether the provider refused to plan its creation: then its state lacks what the provider would add."""


class Plan(Struct, frozen=True):
    """What a provider plans for a change."""

    before: Side
    replaced: set[Place]
    planned: Row
    refused: Sequence[Refusal]


class Resource:
    """One resource type, and the smallest configuration of it that the provider takes: `base`."""

    def __init__(self, provider: Provider, name: str, block: Block) -> None:
        self.block = block
        start = _starts().get(name, Start())
        self.base = Draft(block, (tuple(path.split(".")) for path in start.configured))
        for path, values in {**start.configured, **start.values}.items():
            place = tuple(path.split("."))
            first, other = (_complete(block.at(place).type, value) for value in values)
            self.base.pairs[place] = Pair(first, other, {"u": start.raised[path]} if path in start.raised else {})
        self.replaced_without_change: set[Place] = set()
        self.unknown_without_change: set[Place] = set()
        self._provider = provider
        self.name = name
        self._creations: dict[bytes, Any] = {}
        self._known_refusals: set[str] = set()
        self._computed: dict[str, Value] = dict(start.state)

    def begin(self) -> None:
        """Find the smallest configuration, and what its provider plans when nothing changes at all.

        Raises BrokeOffError where the provider gives no answer; so do all methods that ask it.
        """
        for _ in range(_ROUNDS):
            self._known_refusals |= {refusal.text for refusal in self.settle(self.base)}
            side = self.create(self.base.config())
            nothing = self.plan(side, side.config)
            # Some configurations are refused for a resource that exists, and not where it is created.
            if not nothing.refused or not self.base.fix(nothing.refused):
                break
        if not nothing.refused:
            self.replaced_without_change = nothing.replaced
            self.unknown_without_change = set(unknown_places(self.block, nothing.planned))

    def forget(self) -> None:
        """Forget what was created for one question; most of them start from the base, so that one stays."""
        packed = encode(self.base.config())
        self._creations = {packed: self._creations[packed]} if packed in self._creations else {}

    def settle_both(self, draft: Draft, place: Place) -> list[Refusal]:
        """Settle a draft with both values of an argument that is no block; return what is refused of the argument."""
        for _ in range(_ROUNDS):
            told = [r for r in self.settle(draft, place) if concerns(r, place)]
            if not told:
                told = [r for r in self._validate(draft.config({place: draft.pair(place).other})) if concerns(r, place)]
                if told and draft.fix(told, place):
                    continue
            break
        return told

    def settle(self, draft: Draft, asked: Place = ()) -> list[Refusal]:
        """Change a draft until the provider takes it or nothing is left to try; return what it still refuses."""
        told = self._settle_as_it_is(draft, asked, _ROUNDS)
        if told and not any(refusal.place for refusal in told):
            # It refuses values that do not go together, and does not tell which: an `iops` of the wrong disk type.
            for variant in islice(draft.variants(asked), _MOST_VARIANTS):
                if not self._settle_as_it_is(variant, asked, _ROUNDS_OF_VARIANTS):
                    draft.take(variant)
                    return []
        return told

    def without(self, draft: Draft, place: Place) -> Row:
        """Return the configuration without an argument, and with another one where the provider demands either."""
        without = draft.copy(without=place, extra=[place[:-1]] if place[:-1] else [])
        if any(refusal.text not in self._known_refusals for refusal in self._validate(without.config())):
            self.settle(without, place)
            # Values that both sides have must not differ, or the plan shows more than the change that is asked about.
            without.pairs |= draft.pairs
        return without.config()

    def _settle_as_it_is(self, draft: Draft, asked: Place, rounds: int) -> list[Refusal]:
        told: list[Refusal] = []
        for _ in range(rounds):
            config = draft.config()
            told = [r for r in self._validate(config) if r.text not in self._known_refusals]
            if not told:
                told = [r for r in self._refused_creation(config) if r.text not in self._known_refusals]
            if not told or not draft.fix(told, asked):
                break
        return told

    def _validate(self, config: Row) -> list[Refusal]:
        response = self._provider.validate(self.name, encode(config))
        return refusals(response.diagnostics, protocol.Diagnostic.ERROR)

    def _refused_creation(self, config: Row) -> list[Refusal]:
        response = self._planned_creation(config)
        return refusals(response.diagnostics, protocol.Diagnostic.ERROR)

    def _planned_creation(self, config: Row) -> Any:
        packed = encode(config)
        if packed not in self._creations:
            new = proposed(self.block, None, config)
            self._creations[packed] = self._provider.plan(self.name, encode(None), encode(new), packed, b"")
        return self._creations[packed]

    def create(self, config: Row) -> Side:
        """Return a resource with this configuration as its state would be after apply."""
        response = self._planned_creation(config)
        planned = decode(response.planned_state.msgpack) if response.planned_state.msgpack else None
        refused = planned is None or bool(refusals(response.diagnostics, protocol.Diagnostic.ERROR))
        if planned is None or refused:
            planned = proposed(self.block, None, config)
        state = created(self.block, planned, self._made_up)
        if state.get("id", "") is None:
            state["id"] = "one"
        return Side(config, state, response.planned_private, refused)

    def plan(self, before: Side, config: Row) -> Plan:
        """Return what the provider plans for a change to this configuration."""
        new = proposed(self.block, before.state, config)
        response = self._provider.plan(self.name, encode(before.state), encode(new), encode(config), before.private)
        errors = refusals(response.diagnostics, protocol.Diagnostic.ERROR)
        if self._learn(errors):
            return self.plan(self.create(before.config), config)
        replaced = {tuple(s.attribute_name for s in p.steps if s.attribute_name) for p in response.requires_replace}
        planned = decode(response.planned_state.msgpack) if response.planned_state.msgpack else None
        if planned is None and not errors:
            errors = [Refusal("the plan has no state", ())]
        return Plan(before, replaced, planned or empty_block(self.block), errors)

    def _learn(self, refused: Sequence[Refusal]) -> bool:
        """Take the values that a plan demands of what was made up for computed arguments; return whether there are new.

        A computed argument that the configuration leaves alone has its value from the state alone.
        """
        learned = False
        for refusal in refused:
            named = _PATH.search(refusal.text)
            name = refusal.place[-1] if refusal.place else named.group(1) if named else ""
            listed = demanded(refusal.text)
            if name and listed and name not in self._computed:
                self._computed[name] = listed[0]
                learned = True
        return learned

    def _made_up(self, name: str, kind: Type) -> Value:
        if name in self._computed and isinstance(self._computed[name], _KINDS.get(str(kind), ())):
            return self._computed[name]
        return made_up(name, kind)


def _complete(kind: Type, value: Value) -> Value:
    """Return a value in which each object has all of its type's members, those that are left out as null."""
    if isinstance(value, list) and isinstance(kind, list):
        return [_complete(kind[1], item) for item in value]
    if isinstance(value, dict) and isinstance(kind, list) and kind[0] == "object":
        return {name: value.get(name) for name in kind[1]}
    return value


def concerns(refusal: Refusal, place: Place) -> bool:
    """Return whether a refusal is about an argument, or about what is inside it."""
    return bool(refusal.place) and refusal.place[: len(place)] == place
