"""What a change makes Terraform do to what exists: as the plan says it and as root modules come to it. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from msgspec.structs import replace

from escscaffold.clouds.choices import Option, Setting
from escscaffold.clouds.facts import RangeFacts
from escscaffold.clouds.resource_facts import (
    EVERYTHING,
    badness,
    load_conditions,
    load_provider,
    resource_words,
    source_of,
    types_of,
)
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.immutable_settings import choice_of
from escscaffold.planning.lock import environment_of
from escscaffold.planning.replacements import Replacement, removed_environments, replacements
from escscaffold.reviewing.addresses import Addresses
from escscaffold.reviewing.effects import Effect, Impact, effects_of, follows, lost_routes
from escscaffold.reviewing.quoting import Sentence, sides_of
from escscaffold.reviewing.roots import Root, roots_between
from escscaffold.reviewing.states import State
from escscaffold.reviewing.terraform_sources import Reader, Sources
from escscaffold.reviewing.trees import TextTree
from escscaffold.spec.model import Reference
from escscaffold.terraform.consequences import Consequence
from escscaffold.terraform.provider_facts import ProviderFacts

_KEPT = ("kurrent", "remote")
"""Ranges whose facts say why they can never change."""
_DATABASE = "the database"
CLUSTER = "the cluster"
"""What may be refused by the cloud, and not by Terraform."""
_ORDER: tuple[Effect, ...] = ("destroy", "replace", "unreachable", "leave behind", "not known", "in place")


class Why(TypedDict):
    """The fields of an impact that say why."""

    reason: Sentence
    refused: str
    source: str


def why(
    plan: AddressPlan, environment: str, name: str, things: tuple[str, ...], *, old: str = "", new: str = ""
) -> Why:
    """Return why a change of this range, option or setting replaces these things."""
    known = {environment.name: environment.spec for environment in plan.environments}
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
    database = "The new database is empty: restore a backup." if _DATABASE in things else ""
    clouds = {environment.name: environment.spec.cloud.name for environment in plan.environments}
    return Why(
        reason=(" ".join(part for part in (reason, refused, database) if part),),
        refused=refused,
        source=source_of(things, clouds.get(environment, ""), plan.spec.provider),
    )


def refused_by_the_cloud(plan: AddressPlan, replacements: Iterable[Replacement]) -> set[str]:
    """Return the names of the changes that the cloud refuses while there is a cluster, whatever Terraform plans."""
    found = set()
    for replacement in replacements:
        environment, name = replacement.reference
        if (
            CLUSTER in replacement.replaces
            and why(plan, environment, name, replacement.replaces, old=replacement.old, new=replacement.new)["refused"]
        ):
            found.add(replacement.name)
    return found


def facts_of(plan: AddressPlan, environment: str, name: str) -> RangeFacts | None:
    """Return what is known of an environment's range; None where it has no such range."""
    known: dict[str, EnvironmentPlan] = {environment.name: environment for environment in plan.environments}
    if name == "remote":
        return plan.spec.facts.kurrent.remote
    planned = known[environment].range(name) if environment in known else None
    return planned.facts if planned else None


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
    planned = [_as_computed(impact, by_environment.get(impact.environment)) for impact in _planned(before, after)]
    covered = {(impact.environment, address) for impact in planned for address in impact.addresses}
    left_behind = {impact.environment for impact in planned if impact.effect == "leave behind"}
    hidden = _hidden(after.plan)
    found = list(planned)
    for root in roots:
        environment = environment_of(root.folder)
        own = environment if by_environment.get(environment) is root else None
        for effect in effects_of(root, providers):
            if effect.effect == "leave behind" and environment in left_behind:
                continue
            rest = tuple(address for address in effect.addresses if (own, address) not in covered)
            if rest or not effect.addresses:
                found.append(replace(effect, addresses=rest))
        found += lost_routes(root, hidden)
    named = {impact.subject for impact in found}
    replaced = {impact.environment for impact in found if impact.subject.name == "place"}
    found += (
        impact for impact in _in_place(addresses) if impact.subject not in named and impact.environment not in replaced
    )
    found = [replace(impact, accepted=_is_accepted(impact, accepted)) for impact in found]
    return tuple(sorted(found, key=lambda i: (_ORDER.index(i.effect), badness(i.things), str(i.subject), i.argument)))


def _is_accepted(impact: Impact, accepted: Collection[str]) -> bool:
    names = {str(impact.subject), impact.environment, impact.cause} - {""}
    return impact.effect != "in place" and bool(names & set(accepted))


def _planned(before: State, after: State) -> Iterator[Impact]:
    if after.plan is None:
        return
    for replacement in replacements(before.lock, after.plan):
        environment, name = replacement.reference
        yield Impact(
            effect="replace",
            things=replacement.replaces,
            environment=environment,
            subject=replacement.reference,
            old=replacement.old,
            new=replacement.new,
            **why(after.plan, environment, name, replacement.replaces, old=replacement.old, new=replacement.new),
        )
    for name in removed_environments(before.lock, after.plan):
        reason = "Files deleted; existing cloud resources are not destroyed. Run `terraform destroy` before merging."
        things = ("everything in the environment",)
        yield Impact(
            effect="leave behind", things=things, environment=name, subject=Reference(name, ""), reason=(reason,)
        )


def _as_computed(planned: Impact, root: Root | None) -> Impact:
    """Return what the spec's change replaces as the environment's root module says it, where that was computed."""
    if root is None or root.fate != "kept" or root.incomplete or not root.consequences.is_complete:
        return planned
    if planned.effect != "replace" or planned.refused:
        return planned
    destructive = [resource for resource in root.consequences.resources if resource.is_destructive]
    unknown = [resource for resource in root.consequences.resources if resource.action == "unknown"]
    if not destructive and not unknown:
        # `generate` was not run yet: nothing of it is in the files.
        return planned
    if any(thing.startswith(EVERYTHING) for thing in planned.things):
        matching = destructive
    else:
        types = types_of(planned.things)
        matching = [consequence for consequence in destructive if type_of(consequence) in types]
    if not matching and unknown and not destructive:
        things = tuple(dict.fromkeys(in_words(consequence) for consequence in unknown))
        return replace(planned, effect="not known", things=things)
    if not matching:
        return planned
    found = {type_of(consequence) for consequence in matching}
    things = tuple(thing for thing in planned.things if found & types_of([thing]))
    if not things:
        leading = {in_words(consequence) for consequence in matching if not follows(consequence)}
        things = tuple(sorted(leading, key=lambda thing: badness([thing])))
    concerned = tuple(
        consequence.instance.was for consequence in destructive if consequence in matching or follows(consequence)
    )
    return replace(planned, things=things, addresses=concerned)


def in_words(consequence: Consequence) -> str:
    """Return what a resource is in words, or its address where there are none."""
    words = resource_words().get(consequence.instance.type)
    return words.is_ if words else consequence.instance.was


def type_of(consequence: Consequence) -> str:
    """Return the type of a resource that has words, or else its address, which stands in their place."""
    instance = consequence.instance
    return instance.type if instance.type in resource_words() else instance.was


def _hidden(plan: AddressPlan | None) -> dict[str, frozenset[str]]:
    """Return the names of ranges that never cross a peering, by environment."""
    if plan is None:
        return {}
    return {
        environment.name: frozenset(planned.name for planned in environment.ranges if planned.hidden)
        for environment in plan.environments
    }


def _in_place(addresses: Addresses) -> Iterator[Impact]:
    for change in addresses.ranges:
        if change.environment not in (*addresses.added, *addresses.removed):
            yield Impact(
                effect="in place",
                things=(),
                environment=change.environment,
                subject=Reference(change.environment, change.name),
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
        _as_rewritten(impact, by_environment.get(impact.reference.environment), is_refused=impact.name in refused)
        for impact in planned
    ]
    for environment, root in by_environment.items():
        here = [impact for impact in planned if impact.reference.environment == environment]
        things = [thing for impact in here for thing in impact.replaces]
        if not any(thing.startswith(EVERYTHING) for thing in things):
            found += _unexplained(environment, root, types_of(things), known)
    return tuple(found)


def _as_rewritten(planned: Replacement, root: Root | None, *, is_refused: bool) -> Replacement:
    """Return a replacement without what the root module does not replace, where all of it is known."""
    if root is None or root.incomplete or not root.consequences.is_complete:
        return planned
    resources = root.consequences.resources
    if any(resource.action == "unknown" for resource in resources) or not any(
        resource.is_destructive for resource in resources
    ):
        return planned
    destructive = {type_of(resource) for resource in resources if resource.is_destructive}
    if is_refused:
        destructive |= types_of([CLUSTER])
    things = tuple(thing for thing in planned.replaces if destructive & types_of([thing]))
    return replace(planned, replaces=things) if things else planned


def _unexplained(
    environment: str, root: Root, covered: Collection[str], known: Collection[str]
) -> Iterator[Replacement]:
    destructive = [
        resource for resource in root.consequences.resources if resource.action == "replace" and not follows(resource)
    ]
    more = [
        consequence
        for consequence in destructive
        if type_of(consequence) not in covered and consequence.instance.was not in known
    ]
    for resource in sorted(more, key=lambda resource: badness([in_words(resource)])):
        old, new = _sides(resource)
        yield Replacement(
            reference=Reference(environment, resource.instance.was), old=old, new=new, replaces=(in_words(resource),)
        )


def _sides(consequence: Consequence) -> tuple[str, str]:
    cause = next((cause for cause in consequence.causes if cause.answer == "replaces"), None)
    if cause is None:
        return "unchanged", consequence.why
    old, new = sides_of(cause.leaf)
    return f"{cause.leaf.shown} {old or 'none'}", new or "none"
