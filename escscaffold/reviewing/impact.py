"""What merging makes Terraform do to what exists, the worst first, with the reason and its source. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from escscaffold.planning.impact import gone, replacements
from escscaffold.planning.plan import AddressPlan
from escscaffold.reviewing.addresses import Addresses
from escscaffold.reviewing.differences import Difference
from escscaffold.reviewing.folders import Fate, callers
from escscaffold.reviewing.reasons import facts_of, why
from escscaffold.reviewing.replacing import badness, resource_facts, widens
from escscaffold.reviewing.states import State
from escscaffold.reviewing.words import Quoted, Sentence

Effect = Literal["replace", "destroy", "perhaps replace", "leave behind", "in place"]

_ORDER: tuple[Effect, ...] = ("replace", "destroy", "perhaps replace", "leave behind", "in place")
_EFFECTS: dict[str, Effect] = {"replace": "replace", "replace?": "perhaps replace", "destroy": "destroy"}
ENVIRONMENTS = "environments"
"""The folder with a root module for each environment."""
_VALUES = "terraform.tfvars"


class Impact(Struct, frozen=True, kw_only=True):
    """What becomes of things that exist because one value changes."""

    effect: Effect
    things: tuple[str, ...]
    """What is concerned, in words."""
    environment: str
    """The environment; nothing where a module changes that several may call."""
    subject: str
    """What changes: `prod.pods`, or a resource's address."""
    old: str = ""
    new: str = ""
    callers: tuple[str, ...] = ()
    """Where Terraform is run that calls the module in which it changes."""
    reason: Sentence = ()
    refused: str = ""
    """Why the cluster goes though Terraform would change it in place; nothing where Terraform replaces it."""
    source: str = ""
    path: str = ""
    line: int | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether something that exists would be gone, for a time or for good."""
        return self.effect in ("replace", "destroy")


def impacts(
    before: State,
    after: State,
    addresses: Addresses,
    found: Sequence[Difference],
    edited: Collection[str],
    whole: Mapping[str, Fate],
) -> tuple[Impact, ...]:
    """Return all of it.

    `edited` names the generated files that were edited by hand in this change, `whole` the folders that are on one
    side only.
    """
    told = [
        *_planned(before, after),
        *_of_values(after.plan, found, edited),
        *_of_resources(found, whole, callers(after.calling)),
    ]
    replaced = {impact.subject for impact in told}
    anew = {impact.environment for impact in told if impact.subject.endswith(".place")}
    told += (one for one in _in_place(addresses) if one.subject not in replaced and one.environment not in anew)
    return tuple(sorted(told, key=lambda i: (_ORDER.index(i.effect), badness(i.things), i.subject)))


def _planned(before: State, after: State) -> Iterator[Impact]:
    if after.plan is None:
        return
    for one in replacements(before.lock, after.plan):
        environment, _, name = one.name.rpartition(".")
        yield Impact(
            effect="replace",
            things=one.replaces,
            environment=environment,
            subject=one.name,
            old=one.old,
            new=one.new,
            **why(after.plan, environment, name, one.replaces, old=one.old, new=one.new),
        )
    for name in gone(before.lock, after.plan):
        reason = "Its files go, and what Terraform made stays. To destroy it, run `terraform destroy` before merging."
        things = ("everything in the environment",)
        yield Impact(effect="leave behind", things=things, environment=name, subject=name, reason=(reason,))


def _of_values(plan: AddressPlan | None, found: Sequence[Difference], edited: Collection[str]) -> Iterator[Impact]:
    """Yield what a hand edit of the values does: Terraform reads those, whatever the spec says."""
    for difference in found:
        item = difference.item
        environment = _environment_of(item.path) if item.path in edited and item.path.endswith(_VALUES) else ""
        if item.address not in ("ranges", "remote") or not plan or not environment:
            continue
        for change in difference.attributes:
            name = change.name or item.address
            facts = facts_of(plan, environment, name)
            if facts and facts.replaces and not (facts.widens_in_place and widens(change.old, change.new)):
                yield Impact(
                    effect="replace",
                    things=facts.replaces,
                    environment=environment,
                    subject=f"{environment}.{name}",
                    old=change.old.text if change.old else "none",
                    new=change.new.text if change.new else "none",
                    **why(plan, environment, name, facts.replaces),
                    path=item.path,
                    line=item.line,
                )


def _of_resources(
    found: Sequence[Difference], whole: Mapping[str, Fate], calls: Mapping[str, tuple[str, ...]]
) -> Iterator[Impact]:
    for difference in found:
        item = difference.item
        effect = _EFFECTS.get(difference.action)
        # Of a module or an environment that goes as a whole, its callers or the spec tell what becomes of it.
        if effect is None or item.folder in whole:
            continue
        kind = next(iter(difference.inside), item.type if item.kind == "resource" else "")
        facts = resource_facts().get(kind)
        first = next((c for c in difference.attributes if c.name in difference.forcing), None)
        computed = " Its value is computed: only a plan tells." if effect == "perhaps replace" else ""
        changed: Sentence = (Quoted(", ".join(difference.forcing)), f" cannot change in place.{computed}")
        yield Impact(
            effect=effect,
            things=difference.replaces,
            environment=_environment_of(item.path),
            callers=calls.get(item.folder, ()),
            subject=item.address,
            old=first.old.text if first and first.old else "",
            new=first.new.text if first and first.new else "",
            reason=("It is no longer declared.",) if effect == "destroy" else changed,
            source=facts.source if facts and effect != "destroy" else "",
            path=item.path,
            line=item.line,
        )


def _in_place(addresses: Addresses) -> Iterator[Impact]:
    for change in addresses.ranges:
        if change.environment not in (*addresses.added, *addresses.removed):
            yield Impact(
                effect="in place",
                things=(),
                environment=change.environment,
                subject=f"{change.environment}.{change.name}",
                old=blocks(change.old),
                new=blocks(change.new),
            )


def blocks(of: Sequence[object]) -> str:
    """Return CIDR blocks as they are read out; "none" where there are none."""
    return ", ".join(map(str, of)) or "none"


def _environment_of(path: str) -> str:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == ENVIRONMENTS else ""
