"""What merging makes Terraform do to what exists: by the spec's own names, and by what each root module comes to. Pure.

A change of the spec has a name that it can be accepted by (`prod.pods`); what it replaces is what the root module of
its environment says, where that was computed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from escscaffold.clouds.resource_facts import badness, resource_words
from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.replacements import gone, replacements
from escscaffold.reviewing.addresses import Addresses
from escscaffold.reviewing.effects import Effect, Impact, effects_of, environment_of, follows
from escscaffold.reviewing.lost_routes import lost_routes
from escscaffold.reviewing.reasons import why
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.states import State
from escscaffold.terraform.consequences import Consequence
from escscaffold.terraform.provider_facts import ProviderFacts

_ORDER: tuple[Effect, ...] = ("destroy", "replace", "unreachable", "leave behind", "not known", "in place")
EVERYTHING = "everything"
"""What the words begin with where an environment goes as a whole."""


def impacts(
    before: State,
    after: State,
    addresses: Addresses,
    roots: Sequence[Root],
    providers: Mapping[str, ProviderFacts | None],
    accepted: Collection[str] = (),
) -> tuple[Impact, ...]:
    """Return all of it; `accepted` are names whose replacement, or loss, is meant."""
    by_environment = {environment_of(root.folder): root for root in roots if environment_of(root.folder)}
    planned = [_as_computed(one, by_environment.get(one.environment)) for one in _planned(before, after)]
    told = {(one.environment, address) for one in planned for address in one.addresses}
    left = {one.environment for one in planned if one.effect == "leave behind"}
    hidden = _hidden(after.plan)
    found = list(planned)
    for root in roots:
        environment = environment_of(root.folder)
        own = environment if by_environment.get(environment) is root else None
        for one in effects_of(root, providers):
            if one.effect == "leave behind" and environment in left:
                continue
            rest = tuple(address for address in one.addresses if (own, address) not in told)
            if rest or not one.addresses:
                found.append(replace(one, addresses=rest))
        found += lost_routes(root, hidden)
    named = {impact.subject for impact in found}
    replaced = {impact.environment for impact in found if impact.subject.endswith(".place")}
    found += (one for one in _in_place(addresses) if one.subject not in named and one.environment not in replaced)
    found = [replace(one, accepted=_is_accepted(one, accepted)) for one in found]
    return tuple(sorted(found, key=lambda i: (_ORDER.index(i.effect), badness(i.things), i.subject, i.argument)))


def _is_accepted(impact: Impact, accepted: Collection[str]) -> bool:
    names = {impact.subject, impact.environment, impact.cause} - {""}
    return impact.effect != "in place" and bool(names & set(accepted))


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
        reason = "Its files are deleted, and what they created stays. Run `terraform destroy` before merging."
        things = ("everything in the environment",)
        yield Impact(effect="leave behind", things=things, environment=name, subject=name, reason=(reason,))


def _as_computed(planned: Impact, root: Root | None) -> Impact:
    """Return what the spec's change replaces as the environment's root module says it, where that was computed."""
    if root is None or root.fate != "kept" or root.incomplete or not root.consequences.is_complete:
        return planned
    if planned.effect != "replace" or planned.refused:
        return planned
    lasting = [one for one in root.consequences.resources if one.is_lasting]
    unknown = [one for one in root.consequences.resources if one.action == "unknown"]
    if not lasting and not unknown:
        # `generate` was not run yet: nothing of it is in the files.
        return planned
    if any(thing.startswith(EVERYTHING) for thing in planned.things):
        matching = lasting
    else:
        words = {bare(thing) for thing in planned.things}
        matching = [one for one in lasting if bare(in_words(one)) in words]
    if not matching and unknown and not lasting:
        things = tuple(dict.fromkeys(in_words(one) for one in unknown))
        return replace(planned, effect="not known", things=things)
    if not matching:
        return planned
    found = {bare(in_words(one)) for one in matching}
    things = tuple(thing for thing in planned.things if bare(thing) in found)
    if not things:
        leading = {in_words(one) for one in matching if not follows(one)}
        things = tuple(sorted(leading, key=lambda thing: badness([thing])))
    concerned = tuple(one.instance.was for one in lasting if one in matching or follows(one))
    return replace(planned, things=things, addresses=concerned)


def in_words(one: Consequence) -> str:
    """Return what a resource is in words, or its address where there are none."""
    words = resource_words().get(one.instance.type)
    return words.is_ if words else one.instance.was


def bare(thing: str) -> str:
    """Return words in one form: "its subnets", "the pod subnet" and "the subnet" are the same."""
    if " " not in thing:
        return thing
    words = thing.removeprefix("the ").removeprefix("its ").removesuffix("s")
    return "the subnet" if words.endswith("subnet") else f"the {words}"


def _hidden(plan: AddressPlan | None) -> dict[str, frozenset[str]]:
    """Return the names of ranges that never cross a peering, by environment."""
    if plan is None:
        return {}
    return {one.name: frozenset(planned.name for planned in one.ranges if planned.hidden) for one in plan.environments}


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
