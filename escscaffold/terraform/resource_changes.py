"""What Terraform would do to each resource for the difference between two sides, as far as that is known. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from escscaffold.terraform.addresses import outer_addresses, without_keys
from escscaffold.terraform.configuration import ANY, REPETITION
from escscaffold.terraform.hcl_values import (
    Source,
    Value,
    fingerprint,
    is_known,
    is_of_other_type,
    same,
    text_of,
    unknowns_in,
)
from escscaffold.terraform.instances import Evaluated, Instance, passed_on, removal
from escscaffold.terraform.provider_facts import Answer, Change, ProviderFacts
from escscaffold.terraform.value_changes import (
    Conditions,
    Configured,
    Leaf,
    configured_between,
    flipped,
    is_empty,
    is_same_unknown,
    is_twin,
    joined_of,
    names_another,
    no_longer_ignored,
    on_one_side,
    required_between,
    sources_of,
    value_changes,
    without_common,
)

Action = Literal["create", "import", "update", "replace", "destroy", "forget", "move", "unknown", "read"]
State = Literal["same", "may differ", "differs", "later"]
"""Of a value that is not known: `later` is known after the apply only, so that it counts as another one."""
Load = Callable[[str], ProviderFacts | None]

# What an update leaves as it is, where the provider's facts do not say what it computes again.
_STABLE_ATTRIBUTES = {"id", "arn", "self_link", "name"}
_ROUNDS = 200
_ACTIONS: Mapping[Answer, Action] = {"replaces": "replace", "unknown": "unknown", "in place": "update"}
_STATES: tuple[State, ...] = ("same", "may differ", "differs", "later")
_WORSE: Mapping[Answer, int] = {"in place": 0, "unknown": 1, "replaces": 2}
_ORDER: tuple[Action, ...] = ("read", "move", "update", "unknown", "replace")
_LATER = "it is read after the apply"
_HOW_MANY = "the number of instances is computed"
_IGNORED = "ignore_changes does not cover it any more, and the real value is unknown"


class Cause(Struct, frozen=True, kw_only=True):
    """One argument, and what its change does."""

    leaf: Leaf
    answer: Answer
    becomes_unknown: bool = False
    """Whether its value is known after the apply only, because of something else that is replaced or created."""
    because: str = ""
    """The address of that, or why it is not known, in words."""


class ResourceChange(Struct, frozen=True, kw_only=True):
    """One resource, and what becomes of it."""

    action: Action
    instance: Instance
    """As it is now, or as it was where it is removed."""
    was: str = ""
    """Its old address, where it has another one now."""
    causes: tuple[Cause, ...] = ()
    """The arguments that decide, or that are not known."""
    leaves: tuple[Leaf, ...] = ()
    """All that certainly differs."""
    why: str = ""
    """Why it is not known, or replaced, where no argument decides."""
    is_stopped: bool = False
    """Whether `prevent_destroy` makes the plan fail."""

    @property
    def is_destructive(self) -> bool:
        """Whether what exists is destroyed, for good or for a new one."""
        return self.action in ("replace", "destroy")


class RootChanges(Struct, kw_only=True):
    """All that becomes of one root module."""

    resources: list[ResourceChange] = field(default_factory=list)
    calls: list[Configured] = field(default_factory=list)
    """Modules that are not at hand, and are given something else."""
    ended_calls: list[Configured] = field(default_factory=list)
    """Modules that were not at hand, and are not called any more."""
    providers: list[Configured] = field(default_factory=list)
    backends: list[Configured] = field(default_factory=list)
    required: list[tuple[str, str, str]] = field(default_factory=list)
    """Providers whose required versions differ: the source, before, after."""
    is_complete: bool = True


def root_changes(old: Evaluated, new: Evaluated, load: Load, conditions: Conditions) -> RootChanges:
    """Return what becomes of each resource; both sides call the same thing by the same address.

    `load` returns a provider's answers by its source, `conditions` go before those.
    """
    return _Comparison(old, new, load, conditions).result()


class _Pair:
    """One resource on both sides, while it is not known yet what becomes of it."""

    def __init__(self, old: Instance, new: Instance, load: Load) -> None:
        self.old, self.new = old, new
        provider = load(new.provider)
        self.facts = provider.resources.get(new.type) if provider else None
        self.sets = self.facts.sets if self.facts else frozenset()
        self.typed = self.facts.typed if self.facts else frozenset()
        self.leaves = value_changes(old.attributes, new.attributes, self.sets, new.ignored, self.typed)
        self.action: Action | None = None
        self.causes: dict[str, Cause] = {}
        self.why = ""

    @property
    def no_facts(self) -> str:
        return f"no facts on {self.new.type} of the provider {self.new.provider}"


class _Comparison:
    def __init__(self, old: Evaluated, new: Evaluated, load: Load, conditions: Conditions) -> None:
        self.old, self.new = old, new
        self.conditions = conditions
        shared = [address for address in new.instances if address in old.instances]
        self.pairs = {address: _Pair(old.instances[address], new.instances[address], load) for address in shared}
        self.created = {address for address in new.instances if address not in old.instances}
        ended = (a for a, instance in old.instances.items() if a not in new.instances and not instance.is_data)
        self.ended = {outer for address in ended for outer in outer_addresses(address)}
        self.inside: dict[str, list[str]] = {}
        for address in new.instances:
            for outer in outer_addresses(address):
                self.inside.setdefault(outer, []).append(address)
        self.calls = dict(configured_between(old.calls, new.calls))
        self.called_new = new.calls.keys() - old.calls.keys()
        managed = [pair for pair in self.pairs.values() if not pair.new.is_data]
        unchanged = [pair.new.configuration for pair in managed if pair.old.configuration == pair.new.configuration]
        used = {f"provider.{name}" for name in unchanged}.union(passed_on(old, new))
        self.providers = dict(configured_between(old.providers, new.providers, used))
        self.used = {pair.new.provider for pair in managed if pair.old.provider == pair.new.provider}
        self.gave_up = False

    def result(self) -> RootChanges:
        for pair in self.pairs.values():
            self._directly(pair)
        for _ in range(_ROUNDS):
            news = [address for address, pair in self.pairs.items() if self._indirectly(pair)]
            if not news and not self._is_given_news():
                break
        else:
            self.gave_up = True
        changes = RootChanges(
            calls=[call for _, call in sorted(self.calls.items())],
            providers=[provider for _, provider in sorted(self.providers.items())],
            backends=[block for _, block in sorted(configured_between(self.old.backends, self.new.backends))],
            required=required_between(self.old.required, self.new.required, self.used),
            is_complete=self.old.is_complete and self.new.is_complete and not self.gave_up,
        )
        changes.backends += on_one_side(self.old.backends, self.new.backends)
        changes.ended_calls += (
            call for call in on_one_side(self.old.calls, self.new.calls) if self._ends(call.address)
        )
        changes.resources += self._kept()
        changes.resources += self._come()
        changes.resources += self._removed(changes.resources)
        changes.resources.sort(key=lambda change: change.instance.address)
        return changes

    def _directly(self, pair: _Pair) -> None:
        """Decide by what is known on both sides."""
        is_adopted = pair.old.type != pair.new.type
        if not is_adopted and not self._has_same_provider(pair):
            sides = (pair.old.configuration, pair.new.configuration)
            what = "of another provider's configuration"
            if pair.old.provider != pair.new.provider:
                sides, what = (pair.old.provider, pair.new.provider), "of another provider"
            pair.why = f"it is {what}: {' -> '.join(sides)}"
            _worsen(pair, "unknown")
        for leaf in pair.leaves:
            if leaf.is_known:
                self._cause(pair, leaf, leaf.change, certain=not leaf.is_order)
        for leaf in no_longer_ignored(pair.new.attributes, pair.sets, pair.old.ignored, pair.new.ignored):
            if self._answer(pair, leaf, "other")[0] not in ("in place", "kept"):
                self._cause(pair, leaf, "other", certain=False, because=_IGNORED)

    def _has_same_provider(self, pair: _Pair) -> bool:
        """Return True if a resource has the same provider, configured by the same arguments under whatever alias."""
        if pair.old.provider != pair.new.provider or pair.old.configuration == pair.new.configuration:
            return pair.old.provider == pair.new.provider
        old = self.old.providers.get(f"provider.{pair.old.configuration}")
        new = self.new.providers.get(f"provider.{pair.new.configuration}")
        return old is not None and new is not None and not any(configured_between({"": old}, {"": new}))

    def _cause(
        self, pair: _Pair, leaf: Leaf, change: Change, *, certain: bool, because: str = "", later: bool = False
    ) -> bool:
        """Note what a changed argument does; return whether that is news."""
        answer, why = self._answer(pair, leaf, change)
        if answer == "kept":
            return False
        if answer == "replaces" and not certain:
            answer = "unknown"
        earlier = pair.causes.get(leaf.shown)
        if earlier and _WORSE[earlier.answer] >= _WORSE[answer]:
            return False
        pair.causes[leaf.shown] = Cause(leaf=leaf, answer=answer, becomes_unknown=later, because=because or why)
        return _worsen(pair, _ACTIONS[answer])

    def _answer(self, pair: _Pair, leaf: Leaf, change: Change) -> tuple[Answer, str]:
        """Return what the change of an argument does, and why that is not known."""
        if pair.new.is_data:
            return "in place", ""
        if leaf.path.partition(".")[0].partition(" ")[0] in REPETITION:
            return "unknown", _HOW_MANY
        if condition := self.conditions.get(pair.new.type, {}).get(leaf.path):
            answer = condition.answer_to(leaf, pair.old.attributes, pair.new.attributes)
            return answer, "it depends on values that only a plan has" if answer == "unknown" else ""
        if pair.facts is None:
            return "unknown", pair.no_facts
        answer = pair.facts.answer(leaf.path, change)
        if answer == "unknown":
            return answer, f"the provider did not answer whether a change of {leaf.path} replaces it"
        is_empty_side = (change == "set" and is_empty(leaf.new)) or (change == "unset" and is_empty(leaf.old))
        if answer == "replaces" and is_empty_side and leaf.path not in pair.typed:
            return "unknown", f"{leaf.path} may have that value without being set"
        if answer == "replaces" and change == "set" and pair.facts.answer(leaf.path, "unset") == "in place":
            # The provider computes it where it is not set, and may have come to the same.
            return "unknown", f"{leaf.path} had a computed value, which may be the same"
        other_way = flipped(leaf, change) if answer == "in place" else None
        if other_way and pair.facts.answer(leaf.path, other_way) != "in place":
            return "unknown", f"{leaf.path} may have a default, from which this is a change"
        return answer, ""

    def _indirectly(self, pair: _Pair) -> bool:
        """Decide by what becomes of others; return whether that is news."""
        news = False
        for leaf in pair.leaves:
            if not leaf.is_known:
                is_set = pair.facts is not None and leaf.path in pair.facts.sets
                state, because = self._difference(leaf.old, leaf.new, is_set=is_set)
                if leaf.path in pair.typed and is_of_other_type(leaf.old, leaf.new):
                    state, because = "differs", "its type differs"
                if state != "same":
                    certain, later = state != "may differ", state == "later"
                    news |= self._cause(pair, leaf, "other", certain=certain, because=because, later=later)
        for address, name in pair.new.triggers:
            news |= self._triggered(pair, address, name)
        if pair.new.is_data:
            news |= self._deferred(pair)
        return news

    def _is_given_news(self) -> bool:
        """Note the modules that are not at hand and are given what may be another value after the apply."""
        number_before = len(self.calls)
        for address in (self.old.calls.keys() & self.new.calls.keys()) - self.calls.keys():
            old, new = self.old.calls[address], self.new.calls[address]
            leaves = value_changes(old.attributes, new.attributes, frozenset())
            differing = tuple(leaf for leaf in leaves if self._difference(leaf.old, leaf.new)[0] != "same")
            if differing or any(self._state_of_all(address) != "same" for address in new.depends_on):
                self.calls[address] = Configured(address=address, leaves=differing, path=new.path, line=new.line)
        return len(self.calls) > number_before

    def _difference(self, old: Value, new: Value, *, is_set: bool = False) -> tuple[State, str]:
        """Return whether a value that is not known as a whole differs, and because of what.

        The order of a list counts, unless it `is_set`.
        """
        match old, new:
            case list(), list():
                before, after = without_common(old, new)
                pairs = list(zip(before, after, strict=False))
                states = [self._difference(*pair) for pair in pairs]
                states += [self._difference(item, item) for item in new if item not in after]
                if len(old) != len(new):
                    states += [("differs", ""), *(self._difference(None, item) for item in after[len(before) :])]
                if (
                    not is_set
                    and not after
                    and not before
                    and list(map(fingerprint, old)) != list(map(fingerprint, new))
                ):
                    states.append(("may differ", "its items have another order"))
                return _worst(states)
            case dict(), dict():
                return _worst(self._difference(old.get(key), new.get(key)) for key in old.keys() | new.keys())
        if is_known(old) and is_known(new):
            return ("same", "") if same(old, new) else ("differs", "")
        if is_same_unknown(old, new):
            return _worst(self._state(source) for source in sorted(sources_of(new)))
        fresh = _worst(self._state(source) for source in sorted(sources_of(new)))
        if fresh[0] == "later":
            return fresh
        if names_another(old, new) or self._is_another_text(old, new):
            return "differs", ""
        reasons = [unknown.reason for unknown in unknowns_in([new, old])]
        return "may differ", fresh[1] or (reasons[0] if reasons else "its value is computed")

    def _is_another_text(self, old: Value, new: Value) -> bool:
        """Return True if two strings differ for certain: in known texts, around parts that stay what they are."""
        before, after = joined_of(old), joined_of(new)
        for end in (0, -1):
            while before and after and self._is_kept(before[end], after[end]):
                before.pop(end)
                after.pop(end)
        texts = [[text_of(part) for part in side] for side in (before, after)]
        known_texts = [[text for text in side if text is not None] for side in texts]
        return known_texts == texts and "".join(known_texts[0]) != "".join(known_texts[1])

    def _is_kept(self, old: Value, new: Value) -> bool:
        if is_known(old) and is_known(new):
            return same(old, new)
        return is_same_unknown(old, new) and _worst(map(self._state, sources_of(new)))[0] == "same"

    def _state(self, source: Source) -> tuple[State, str]:
        """Return whether what decides a value stays, may be another one, or is known after the apply only."""
        address, name = source
        if address in self.created:
            # A new data source is read before the plan, unless it waits for a resource.
            return "may differ" if self.new.instances[address].is_data else "later", f"{address} is created"
        if address in self.calls:
            return "may differ", f"{address} has other arguments, and its files are not in this repository"
        if address in self.called_new:
            return "later", f"{address} is created"
        pair = self.pairs.get(address) or self._of_all(address)
        if pair is None or pair.action is None:
            return "same", ""
        if pair.new.is_data:
            return (
                ("later", f"{address} is read later")
                if pair.why == _LATER
                else ("may differ", f"{address} is looked up by other values")
            )
        if pair.action == "replace":
            return "later", f"{address} is replaced"
        if pair.action == "unknown":
            return "may differ", f"{address} may be replaced"
        again = pair.facts.computed_on_update if pair.facts else None
        if not name or name in pair.new.attributes:
            return "same", ""
        if again is None:
            return (
                ("same", "")
                if name in _STABLE_ATTRIBUTES
                else ("may differ", f"{address} changes, and may compute {name} again")
            )
        return ("later", f"{address} computes {name} again") if name in again else ("same", "")

    def _of_all(self, address: str) -> "_Pair | None":
        """Return the worst of a resource's instances, where all of them are meant."""
        if not address.endswith(ANY):
            return None
        pairs = [pair for pair in self._pairs_of(address.removesuffix(ANY)) if pair.action]
        return max(pairs, key=lambda pair: _ORDER.index(pair.action or "update"), default=None)

    def _pairs_of(self, address: str) -> list[_Pair]:
        """Return the instances of a resource, or of a module."""
        return [self.pairs[inner] for inner in self.inside.get(address, ()) if inner in self.pairs]

    def _triggered(self, pair: _Pair, address: str, name: str) -> bool:
        # As it is read, a key and an attribute are alike.
        if (keyed := f'{address}["{name}"]') in self.inside:
            address, name = keyed, ""
        # One that is created does not count: only what exists and changes.
        worst: Action | None = None
        for other in self._pairs_of(address):
            state = self._touched(other, name)
            if state in ("differs", "later"):
                worst = "replace"
            elif state == "may differ" and worst is None:
                worst = "unknown"
        if worst is None:
            return False
        pair.why = pair.why or f"replace_triggered_by names {address}"
        return _worsen(pair, worst)

    def _touched(self, pair: _Pair, name: str) -> State:
        """Return whether an attribute of a resource changes, or anything of it where no attribute is named."""
        if pair.action is None:
            return "same"
        if name and pair.old.attributes.get(name) is not None and pair.new.attributes.get(name) is not None:
            leaves = (leaf for leaf in pair.leaves if leaf.path.partition(".")[0] == name)
            return _worst(
                ("differs", "") if leaf.is_known else self._difference(leaf.old, leaf.new) for leaf in leaves
            )[0]
        if pair.action in ("replace", "unknown"):
            return "later" if pair.action == "replace" else "may differ"
        if not name or any(cause.leaf.path.partition(".")[0] == name for cause in pair.causes.values()):
            return "differs"
        return self._state((pair.new.address, name))[0]

    def _deferred(self, pair: _Pair) -> bool:
        """Note a data source that depends on what is still to change: Terraform reads it after the apply."""
        states = {self._state_of_all(address) for address in pair.new.depends_on}
        waits = "later" in states or any(cause.becomes_unknown for cause in pair.causes.values())
        if (waits and pair.why != _LATER) or ("may differ" in states and pair.action is None):
            pair.why, pair.action = (_LATER if waits else ""), "update"
            return True
        return False

    def _state_of_all(self, address: str) -> State:
        """Return `later` if anything of a resource or module changes, whatever it is."""
        if address in self.ended or any(inner in self.created for inner in self.inside.get(address, ())):
            return "later"
        actions = {pair.action for pair in self._pairs_of(address) if not pair.new.is_data} - {None}
        return "later" if actions - {"unknown"} else "may differ" if actions else "same"

    def _kept(self) -> Iterator[ResourceChange]:
        for pair in self.pairs.values():
            moved = pair.old.was if pair.old.was != pair.new.was else ""
            if pair.action is None and not moved:
                continue
            certain = tuple(leaf for leaf in pair.leaves if leaf.is_known)
            decisive = tuple(sorted(pair.causes.values(), key=lambda cause: (-_WORSE[cause.answer], cause.leaf.shown)))
            action: Action = pair.action or ("move" if pair.old.type == pair.new.type else "import")
            if pair.new.is_data:
                if pair.action is None:
                    continue
                action = "read"
            yield ResourceChange(
                action=action,
                instance=pair.new,
                was=moved,
                causes=decisive,
                leaves=certain,
                why=pair.why if action in ("replace", "unknown") else "",
                is_stopped=action == "replace" and pair.new.prevent_destroy,
            )

    def _come(self) -> Iterator[ResourceChange]:
        imported = {import_.address for import_ in self.new.imports}
        for address in sorted(self.created):
            instance = self.new.instances[address]
            leaves = tuple(value_changes({}, instance.attributes, frozenset()))
            if instance.is_data:
                yield ResourceChange(action="read", instance=instance)
            elif instance.was in imported:
                why = "it is imported and can differ from the declaration"
                yield ResourceChange(action="unknown", instance=instance, leaves=leaves, why=why)
            else:
                yield ResourceChange(action="create", instance=instance, leaves=leaves)

    def _removed(self, changes: list[ResourceChange]) -> list[ResourceChange]:
        created = [change for change in changes if change.action == "create"]
        removed: list[ResourceChange] = []
        for address, instance in self.old.instances.items():
            if address in self.new.instances or instance.is_data:
                continue
            if removal(self.new, instance) is False:
                removed.append(ResourceChange(action="forget", instance=instance))
                continue
            uncertain = self._is_uncertain(instance)
            if uncertain:
                removed.append(ResourceChange(action="unknown", instance=instance, why=uncertain))
                continue
            twin = next((change for change in created if is_twin(instance, change.instance)), None)
            why = f"{twin.instance.was} is created with the same arguments" if twin else ""
            stopped = without_keys(instance.address) in self.new.protected
            removed.append(ResourceChange(action="destroy", instance=instance, why=why, is_stopped=stopped))
        return removed

    def _is_uncertain(self, instance: Instance) -> str:
        """Return why a resource that is not on the new side may be there all the same."""
        for call in self.new.calls:
            if instance.was.startswith((f"{call}.", f"{call}[")):
                return f"the files of {call} are not in this repository"
        resource = without_keys(instance.was)
        for other in self.new.instances.values():
            if other.is_all != instance.is_all and without_keys(other.was) == resource:
                return f"how many instances {resource} has is computed"
        return ""

    def _ends(self, call: str) -> bool:
        """Return True if a module is not called any more, and what it created is not only forgotten."""
        return call in self.old.calls and not any(
            removal.address == call and not removal.destroys for removal in self.new.removals
        )


def _worsen(pair: _Pair, action: Action) -> bool:
    if pair.action is not None and _ORDER.index(pair.action) >= _ORDER.index(action):
        return False
    pair.action = action
    return True


def _worst(states: Iterable[tuple[State, str]]) -> tuple[State, str]:
    return max(states, key=lambda state: _STATES.index(state[0]), default=("same", ""))
