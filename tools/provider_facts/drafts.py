"""A configuration of one resource that is minimal but for what is asked about, and how refusals change it.

It decides which arguments are set and which pair of values each has. It does not call the provider.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from tools.provider_facts.hints import Pair, allowed, allowed_by, names_an_id, pairs
from tools.provider_facts.schema import Argument, Block, Place
from tools.provider_facts.values import Row, Value, empty, wrapped

# What a provider says of arguments that are missing, too many, or too few elements.
_MISSING = re.compile(
    r"must be (?:specified|set|configured|provided|defined)|is required|are required"
    r"|required (?:when|if|field|argument)|: required|missing required|must have a configuration value"
    r"|must specify|exactly one|at least one|one of these|no attribute specified|must not be empty|should be set",
    re.IGNORECASE,
)
_CONFLICTING = re.compile(
    r"conflicts? with|cannot be (?:configured|specified|set|used)|only one of|mutually exclusive|not be specified"
    r"|can not be|can't be set|must not be set|invalid attribute combination"
    r"|is not (?:supported|allowed|valid) (?:when|with|for)",
    re.IGNORECASE,
)
_EXACTLY_ONE = re.compile(r"exactly one|only one|one and only one", re.IGNORECASE)
_TOO_FEW = re.compile(
    r"at least (\d+) (?:element|item)|items in \S+ to be at least \(?(\d+)|requires (\d+) item minimum", re.IGNORECASE
)
# How Terraform's framework writes an element of a set: by its whole value.
_ELEMENT = re.compile(r"\[Value\(.*?\)\]")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:(?:\.<|\[[^\]]*\])?\.[a-z0-9_<]+)*")
_MOST_ELEMENTS = 4
_SHORTEST_ABBREVIATION = 4
_MOST_TRIED = 60  # values of one argument


class Refusal(Struct, frozen=True):
    """One error that a provider returned."""

    text: str
    place: Place


def refusals(diagnostics: Iterable[Any], error: int) -> list[Refusal]:
    """Return the errors among a response's diagnostics; `error` is their severity."""
    return [
        Refusal(f"{d.summary}: {d.detail}", tuple(s.attribute_name for s in d.attribute.steps if s.attribute_name))
        for d in diagnostics
        if d.severity == error
    ]


class Draft:
    """Which arguments of a resource are set, and with what: required ones, those in `extra`, and all around these."""

    def __init__(self, block: Block, extra: Iterable[Place] = ()) -> None:
        self.block = block
        self.extra = set(extra)
        self.elements: dict[Place, int] = {}
        self.pairs: dict[Place, Pair] = {}
        self._tried: dict[Place, frozenset[str]] = {}
        self._told: dict[Place, str] = {}
        self._allowed: dict[Place, list[str]] = {}

    def copy(self, *, without: Place = (), extra: Iterable[Place] = ()) -> "Draft":
        """Return a draft of its own; `without` an argument and all inside it, or with more arguments."""
        kept = [p for p in self.extra if not without or p[: len(without)] != without]
        made = Draft(self.block, {*kept, *extra})
        made.elements, made.pairs, made._tried = dict(self.elements), dict(self.pairs), dict(self._tried)
        made._told, made._allowed = dict(self._told), dict(self._allowed)
        return made

    def config(self, values: dict[Place, Value] | None = None, doubled: Place = ()) -> Row:
        """Return the configuration; `values` replaces what the draft has, `doubled` has a second, other element."""
        return self._row(self.block, (), values or {}, doubled, which=0)

    def pair(self, place: Place) -> Pair:
        """Return the two values of an argument that is no block."""
        if place not in self.pairs:
            self.pairs[place] = pairs(self.block.at(place))[0]
        return self.pairs[place]

    def choose_for(self, asked: Place) -> None:
        """Choose values that the asked argument's path suggests: type `fixed-response` for `fixed_response`."""
        for place, listed in self._allowed.items():
            for text in listed:
                if re.sub(r"\W", "_", text.lower()) in asked and self.block.at(place).type == "string":
                    other = next((one for one in listed if one != text), text)
                    self.pairs[place] = Pair(text, other)

    def variants(self, asked: Place) -> Iterator["Draft"]:
        """Yield drafts with another one of the values that the provider named for what else is set."""
        for place, listed in self._allowed.items():
            if place == asked or not self.holds(place) or self.block.at(place).type != "string":
                continue
            for text in listed:
                if text != self.pair(place).first:
                    draft = self.copy()
                    draft.pairs[place] = Pair(text, self.pair(place).first)
                    yield draft

    def others(self, asked: Place) -> list[str]:
        """Return more values of the asked argument that the provider named."""
        pair = self.pair(asked)
        return [text for text in self._allowed.get(asked, ()) if text not in (pair.first, pair.other)]

    def lists_values(self, asked: Place) -> bool:
        """Return whether the provider named the values of the asked argument, or its description does."""
        return asked in self._allowed or bool(allowed_by(self.block.at(asked).description))

    def take(self, other: "Draft") -> None:
        """Become another draft of the same resource."""
        self.extra, self.elements, self.pairs = other.extra, other.elements, other.pairs
        self._tried, self._told, self._allowed = other._tried, other._told, other._allowed

    def holds(self, place: Place) -> bool:
        """Return whether an argument is set."""
        block: Block | None = self.block
        for depth, name in enumerate(place):
            if block is None or name not in block.arguments:
                return False
            argument = block.arguments[name]
            if not (argument.required or self._wanted(place[: depth + 1])):
                return False
            block = argument.inside
        return True

    def fix(self, told: Sequence[Refusal], asked: Place = ()) -> bool:
        """Change what was refused, but keep the argument that is asked about; return whether anything changed."""
        changed = False
        for refusal in told:
            before = len(self.extra)
            changed |= self._fix(refusal, asked)
            if len(self.extra) != before:
                # Two refusals may name the same arguments, of which one alone is wanted.
                break
        return changed

    def _fix(self, refusal: Refusal, asked: Place) -> bool:
        place = self._known(refusal.place)
        if few := _TOO_FEW.search(refusal.text):
            return self._more_elements(place, int(next(filter(None, few.groups()))))
        about = self._named(refusal, place)
        named = [p for p in about if p != asked]
        if _EXACTLY_ONE.search(refusal.text):
            group = [*about, *([place] if place else [])]
            held = [p for p in group if self.holds(p)]
            if len(held) > 1:
                kept = asked if asked in held else held[0]
                unset = [self._unset(p, asked) for p in held if p != kept]
                return any(unset)
            if held:
                return False
        if _CONFLICTING.search(refusal.text):
            unset = [self._unset(other, asked) for other in named]
            if any(unset):
                return True
        if _MISSING.search(refusal.text):
            for other in [*named, *([place] if place and place != asked else [])]:
                if not self.holds(other) and self.block.at(other).configurable:
                    self.extra.add(other)
                    return True
        if place and not self._inside(place) and self.holds(place):
            return self._next_pair(place, refusal.text)
        # Of a set, or without a place, the text tells which values it is about.
        mistaken = named if _CONFLICTING.search(refusal.text) else about
        told_of = [p for p in mistaken if self.holds(p) and not self._inside(p)]
        changed = [self._next_pair(p, refusal.text) for p in told_of]
        return any(changed)

    def _unset(self, place: Place, asked: Place) -> bool:
        """Unset an argument that nothing demands; return whether there was one."""
        if place not in self.extra or asked[: len(place)] == place:
            return False
        self.extra = {p for p in self.extra if p[: len(place)] != place}
        return True

    def _inside(self, place: Place) -> bool:
        return self.block.at(place).inside is not None

    def _next_pair(self, place: Place, told: str) -> bool:
        tried = self._tried.setdefault(place, frozenset()) | {repr(self.pair(place))}
        if listed := allowed(told):
            self._allowed[place] = listed
        # What is refused later repeats the value that was tried, which tells nothing of the form that is demanded.
        first = self._told.setdefault(place, told)
        now = pairs(self.block.at(place), told) if listed or names_an_id(told) else ()
        candidates = [*now, *pairs(self.block.at(place), first)]
        left = [pair for pair in candidates if repr(pair) not in tried]
        if not left or len(tried) > _MOST_TRIED:
            return False
        self._tried[place], self.pairs[place] = tried, left[0]
        return True

    def _more_elements(self, place: Place, least: int) -> bool:
        if not place or self.elements.get(place, 1) >= least or least > _MOST_ELEMENTS:
            return False
        self.elements[place] = least
        if not self.holds(place):
            self.extra.add(place)
        return True

    def _known(self, place: Place) -> Place:
        """Return as much of a place as the schema has."""
        block: Block | None = self.block
        for depth, name in enumerate(place):
            if block is None or name not in block.arguments:
                return place[:depth]
            block = block.arguments[name].inside
        return place

    def _named(self, refusal: Refusal, place: Place) -> list[Place]:
        """Return the arguments whose names a refusal's text has, as far as they exist beside or above its place."""
        found: dict[Place, None] = {}
        for text in _NAME.findall(_ELEMENT.sub("", refusal.text)):
            names = tuple(n for n in re.split(r"[.\[\]<]+", text) if n and not n.isdigit())
            for depth in range(len(place), -1, -1):
                full = (*place[:depth], *names)
                if names and self._known(full) == full:
                    if full != place:
                        found[full] = None
                    break
            else:
                found |= dict.fromkeys(self._ending_in(names))
        return list(found)

    def _ending_in(self, names: Place) -> list[Place]:
        """Return the resource's argument that a text abbreviates, as `iops` does `disk_iops`, if there is just one."""
        if len(names) != 1 or len(names[0]) < _SHORTEST_ABBREVIATION:
            return []
        ending: list[Place] = [(name,) for name in self.block.arguments if name.endswith(f"_{names[0]}")]
        return ending if len(ending) == 1 else []

    def _wanted(self, place: Place) -> bool:
        return any(p[: len(place)] == place for p in self.extra)

    def _row(self, block: Block, before: Place, values: dict[Place, Value], doubled: Place, which: int) -> Row:
        row = {}
        for name, argument in block.arguments.items():
            place = (*before, name)
            if argument.required or self._wanted(place) or place in values:
                row[name] = self._value(argument, place, values, doubled, which)
            else:
                row[name] = empty(argument)
        return row

    def _value(self, argument: Argument, place: Place, values: dict[Place, Value], doubled: Place, which: int) -> Value:
        if argument.inside is None:
            value = self.pair(place).other if which else self.pair(place).first
            value = values.get(place, value)
            count = self.elements.get(place, 1)
            if count > 1 and isinstance(value, list):
                return _longer(value, self.pair(place), count)
            return value
        count = max(self.elements.get(place, 1), argument.min_items, 2 if place == doubled else 1)
        rows = [self._row(argument.inside, place, values, doubled, which if n == 0 else 1 - which)
                for n in range(count)]  # fmt: skip
        return wrapped(argument, rows)


def _longer(value: list[Value], pair: Pair, count: int) -> list[Value]:
    """Return a list of as many elements, different ones where they are texts."""
    both = [*value, *(pair.other if value == pair.first else pair.first)]
    more = [f"{both[0]}{number}" if isinstance(both[0], str) else both[0] for number in range(2, count)]
    return [*both, *more][:count]
