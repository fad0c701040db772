"""What a change makes Terraform do to what exists: as the plan says it and as root modules come to it. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from msgspec.structs import replace

from escscaffold.clouds.choices import Option, Setting
from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.clouds.facts import RangeFacts
from escscaffold.clouds.resource_facts import badness, load_conditions, load_provider, resource_words, source_of
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.replacements import Replacement, gone, replacements
from escscaffold.planning.sizing import choice_of
from escscaffold.reviewing.addresses import Addresses
from escscaffold.reviewing.effects import Effect, Impact, effects_of, environment_of, follows, lost_routes
from escscaffold.reviewing.reading import Reader, Sources
from escscaffold.reviewing.roots import Root, roots_between
from escscaffold.reviewing.secrets import sides_of
from escscaffold.reviewing.sentences import Sentence
from escscaffold.reviewing.states import State
from escscaffold.reviewing.trees import TextTree
from escscaffold.terraform.consequences import Consequence
from escscaffold.terraform.provider_facts import ProviderFacts

_KEPT = ("kurrent", "remote")
"""Ranges whose facts say why they can never change."""
_DATABASE = "the database"
CLUSTER = "the cluster"
"""What may be refused by the cloud, and not by Terraform."""


class Why(TypedDict):
    """The fields of an impact that say why."""

    reason: Sentence
    refused: str
    source: str


def why(
    plan: AddressPlan, environment: str, name: str, things: tuple[str, ...], *, old: str = "", new: str = ""
) -> Why:
    """Return why a change of this range, option or setting replaces these things."""
    known = {one.name: one.spec for one in plan.environments}
    match choice_of(known[environment], name) if environment in known else None:
        case Setting(source=source) as setting if refused := setting.refusal(old, new):
            return Why(reason=(refused,), refused=refused, source=source)
        case Option(reason=reason, source=source) if reason:
            return Why(reason=(reason,), refused="", source=source)
    facts = facts_of(plan, environment, name)
    refused = facts.refused if facts and CLUSTER in things else ""
    if facts and refused and things == (CLUSTER,):
        return Why(reason=(refused,), refused=refused, source=facts.refused_source)
    reason = facts.why if facts and name in _KEPT else "It cannot change in place: Terraform replaces it."
    database = "The new database is empty: have a backup to restore." if _DATABASE in things else ""
    clouds = {one.name: one.spec.cloud.name for one in plan.environments}
    return Why(
        reason=(" ".join(part for part in (reason, refused, database) if part),),
        refused=refused,
        source=source_of(things, clouds.get(environment, ""), plan.spec.provider),
    )


def refused_by_the_cloud(plan: AddressPlan, replacements: Iterable[Replacement]) -> set[str]:
    """Return the names of the changes that the cloud refuses while there is a cluster, whatever Terraform plans."""
    found = set()
    for one in replacements:
        environment, _, name = one.name.partition(".")
        if CLUSTER in one.replaces and why(plan, environment, name, one.replaces, old=one.old, new=one.new)["refused"]:
            found.add(one.name)
    return found


def facts_of(plan: AddressPlan, environment: str, name: str) -> RangeFacts | None:
    """Return what is known of an environment's range; None where it has no such range."""
    known: dict[str, EnvironmentPlan] = {one.name: one for one in plan.environments}
    if name == "remote":
        return load_kurrent().remote
    planned = known[environment].range(name) if environment in known else None
    return planned.facts if planned else None


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
        environment, _, name = one.name.partition(".")
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


def roots_of_writing(before: Mapping[str, str], after: Mapping[str, str]) -> list[Root]:
    """Return what the root modules come to whose files differ; the texts are all Terraform of either side, by path."""
    sides = Sources(TextTree(before)), Sources(TextTree(after))
    differing = [path for path in {*before, *after} if before.get(path) != after.get(path)]
    roots, _ = roots_between(*sides, differing, Reader(), (load_provider, load_conditions()))
    return [root for root in roots if root.fate == "kept" and environment_of(root.folder)]


def computed_replacements(
    planned: Sequence[Replacement], roots: Sequence[Root], known: Collection[str], refused: Collection[str]
) -> tuple[Replacement, ...]:
    """Return the replacements with what the root modules come to, and those that nothing in the spec explains.

    `known` are the addresses of resources that are told otherwise, `refused` the names of changes that the cloud
    refuses unless the cluster is replaced.
    """
    by_environment = {environment_of(root.folder): root for root in roots}
    found = [
        _as_rewritten(one, by_environment.get(one.name.partition(".")[0]), is_refused=one.name in refused)
        for one in planned
    ]
    for environment, root in by_environment.items():
        things = [thing for one in planned if one.name.startswith(f"{environment}.") for thing in one.replaces]
        if not any(thing.startswith(EVERYTHING) for thing in things):
            found += _unexplained(environment, root, set(map(bare, things)), known)
    return tuple(found)


def _as_rewritten(planned: Replacement, root: Root | None, *, is_refused: bool) -> Replacement:
    """Return a replacement without what the root module does not replace, where all of it is known."""
    if root is None or root.incomplete or not root.consequences.is_complete:
        return planned
    resources = root.consequences.resources
    if any(one.action == "unknown" for one in resources) or not any(one.is_lasting for one in resources):
        return planned
    lasting = {bare(in_words(one)) for one in resources if one.is_lasting}
    if is_refused:
        lasting.add(CLUSTER)
    things = tuple(thing for thing in planned.replaces if bare(thing) in lasting)
    return replace(planned, replaces=things) if things else planned


def _unexplained(environment: str, root: Root, told: Collection[str], known: Collection[str]) -> Iterator[Replacement]:
    lasting = [one for one in root.consequences.resources if one.action == "replace" and not follows(one)]
    more = [one for one in lasting if bare(in_words(one)) not in told and one.instance.was not in known]
    for one in sorted(more, key=lambda one: badness([in_words(one)])):
        old, new = _sides(one)
        yield Replacement(name=f"{environment}.{one.instance.was}", old=old, new=new, replaces=(in_words(one),))


def _sides(one: Consequence) -> tuple[str, str]:
    cause = next((cause for cause in one.causes if cause.answer == "replaces"), None)
    if cause is None:
        return "unchanged", one.why
    old, new = sides_of(cause.leaf)
    return f"{cause.leaf.shown} {old or 'none'}", new or "none"
