"""The impact of a change on existing resources, by the plan and by the evaluated root modules. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypedDict

from msgspec.structs import replace

from escscaffold.clouds.choices import Option, Setting
from escscaffold.clouds.facts import RANGES_OF_EVERY_MODE, RangeFacts
from escscaffold.clouds.replacing import CLUSTER, DATABASE, ENVIRONMENT, LAST_RANK, AffectedResource, types_of
from escscaffold.clouds.resource_facts import ResourceFacts
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.immutable_settings import choice_of
from escscaffold.planning.lock import environment_of, folder_of
from escscaffold.planning.replacements import Replacement, removed_environments, replacements
from escscaffold.reviewing.impact import LEFT_BEHIND, STOPPED, Effect, Impact, effects_of, follows, lost_routes
from escscaffold.reviewing.quoting import Sentence
from escscaffold.reviewing.range_changes import Addresses
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.sides import Side
from escscaffold.spec.model import Reference
from escscaffold.terraform.resource_changes import ResourceChange

_ORDER: tuple[Effect, ...] = ("destroy", "replace", "unreachable", "leave behind", "not known", "in place")


class Why(TypedDict):
    """The fields of an impact that say why."""

    reason: Sentence
    refused: str
    source: str


def refused_by_the_cloud(plan: AddressPlan, replacements: Iterable[Replacement]) -> set[str]:
    """Return the names of the changes that the cloud refuses while there is a cluster, whatever Terraform plans."""
    names = set()
    for replacement in replacements:
        environment, name = replacement.reference
        reason = _why(plan, environment, name, replacement.resources, old=replacement.old, new=replacement.new)
        if reason["refused"] and any(resource.role == CLUSTER for resource in replacement.resources):
            names.add(replacement.name)
    return names


def _why(
    plan: AddressPlan,
    environment: str,
    name: str,
    affected: Sequence[AffectedResource],
    *,
    old: str = "",
    new: str = "",
) -> Why:
    """Return why a change of this range, option or setting replaces these resources."""
    specs = {environment.name: environment.spec for environment in plan.environments}
    match choice_of(specs[environment], name) if environment in specs else None:
        case Setting(source=source) as setting if refused := setting.refusal(old, new):
            return Why(reason=(refused,), refused=refused, source=source)
        case Option(reason=reason, source=source) if reason:
            return Why(reason=(reason,), refused="", source=source)
    facts = _facts_of(plan, environment, name)
    roles = {resource.role for resource in affected}
    refused = facts.refused if facts and CLUSTER in roles else ""
    if facts and refused and roles == {CLUSTER}:
        return Why(reason=(refused,), refused=refused, source=facts.refused_source)
    reason = (
        facts.why if facts and name in RANGES_OF_EVERY_MODE else "It cannot change in place: Terraform replaces it."
    )
    database = "The new database is empty: restore a backup." if DATABASE in roles else ""
    clouds = {environment.name: environment.spec.cloud.name for environment in plan.environments}
    return Why(
        reason=(" ".join(part for part in (reason, refused, database) if part),),
        refused=refused,
        source=plan.spec.facts.resources.source_of(affected, clouds.get(environment, ""), plan.spec.provider),
    )


def _facts_of(plan: AddressPlan, environment: str, name: str) -> RangeFacts | None:
    """Return what is known of an environment's range; None where it has no such range."""
    environments: dict[str, EnvironmentPlan] = {environment.name: environment for environment in plan.environments}
    if name == "remote":
        return plan.spec.facts.kurrent.remote
    planned = environments[environment].range(name) if environment in environments else None
    return planned.facts if planned else None


def impacts(
    before: Side,
    after: Side,
    addresses: Addresses,
    roots: Sequence[Root],
    resources: ResourceFacts,
    accepted: Collection[str] = (),
    further: Iterable[Impact] = (),
) -> tuple[Impact, ...]:
    """Return all of it; `accepted` are names whose replacement, or loss, is meant, `further` is found elsewhere."""
    by_environment = {environment_of(root.folder): root for root in roots if environment_of(root.folder)}
    planned = [
        _as_computed(impact, by_environment.get(impact.environment), resources)
        for impact in _planned(before, after, resources)
    ]
    covered = {(impact.environment, address) for impact in planned for address in impact.addresses}
    left_behind = {impact.environment for impact in planned if impact.effect == "leave behind"}
    hidden = _hidden(after.plan)
    all_impacts = [*planned, *further]
    for root in roots:
        environment = environment_of(root.folder)
        environment_of_root = environment if by_environment.get(environment) is root else None
        for effect in effects_of(root, resources):
            if effect.effect == "leave behind" and environment in left_behind:
                continue
            rest = tuple(address for address in effect.addresses if (environment_of_root, address) not in covered)
            if rest or not effect.addresses:
                all_impacts.append(replace(effect, addresses=rest))
        all_impacts += lost_routes(root, hidden, resources)
    named = {impact.subject for impact in all_impacts}
    replaced = {impact.environment for impact in all_impacts if impact.subject.name == "place"}
    all_impacts += (
        impact for impact in _in_place(addresses) if impact.subject not in named and impact.environment not in replaced
    )
    all_impacts = [replace(impact, accepted=_is_accepted(impact, accepted)) for impact in all_impacts]
    if after.plan and len(after.plan.environments) > 1:
        all_impacts = [_with_environment(impact) for impact in all_impacts]
    return tuple(
        sorted(all_impacts, key=lambda i: (_ORDER.index(i.effect), _rank(i.affected), str(i.subject), i.argument))
    )


def _with_environment(impact: Impact) -> Impact:
    """Return the impact on a resource with the folder of its environment: others have resources of the same address."""
    if not impact.environment or impact.subject.environment or impact.callers:
        return impact
    return replace(impact, callers=(folder_of(impact.environment),))


def _rank(affected: Iterable[AffectedResource]) -> int:
    """Return how bad it is to lose all of these, 0 for the worst."""
    return min((resource.rank for resource in affected), default=LAST_RANK)


def _is_accepted(impact: Impact, accepted: Collection[str]) -> bool:
    names = {str(impact.subject), impact.environment, impact.cause} - {""}
    return impact.effect != "in place" and bool(names & set(accepted))


def _planned(before: Side, after: Side, resources: ResourceFacts) -> Iterator[Impact]:
    if after.plan is None:
        return
    for replacement in replacements(before.lock, after.plan):
        environment, name = replacement.reference
        yield Impact(
            effect="replace",
            affected=replacement.resources,
            environment=environment,
            subject=replacement.reference,
            old=replacement.old,
            new=replacement.new,
            **_why(after.plan, environment, name, replacement.resources, old=replacement.old, new=replacement.new),
        )
    for name in removed_environments(before.lock, after.plan):
        affected = resources.named([ENVIRONMENT])
        yield Impact(
            effect="leave behind",
            affected=affected,
            environment=name,
            subject=Reference(name, ""),
            reason=(LEFT_BEHIND,),
        )


def _as_computed(planned: Impact, root: Root | None, resources: ResourceFacts) -> Impact:
    """Return what the spec's change replaces by the environment's evaluated root module, if there is one."""
    if root is None or root.fate != "kept" or root.incomplete or not root.changes.is_complete:
        return planned
    if planned.effect != "replace" or planned.refused:
        return planned
    destructive = [resource for resource in root.changes.resources if resource.is_destructive]
    unknown = [resource for resource in root.changes.resources if resource.action == "unknown"]
    if not destructive and not unknown:
        # `generate` was not run yet: nothing of it is in the files.
        return planned
    if any(resource.everything for resource in planned.affected):
        matching = destructive
    else:
        types = types_of(planned.affected)
        matching = [change for change in destructive if change.instance.type in types]
    if not matching and unknown and not destructive:
        return replace(planned, effect="not known", affected=_resources_of(unknown, resources))
    if not matching:
        return planned
    replaced = {change.instance.type for change in matching}
    affected = tuple(resource for resource in planned.affected if replaced & resource.types)
    if not affected:
        leading = [change for change in matching if not follows(change, resources)]
        affected = tuple(sorted(_resources_of(leading, resources), key=lambda resource: resource.rank))
    concerned = tuple(change.instance.was for change in destructive if change in matching or follows(change, resources))
    stopped = (STOPPED,) if any(change.is_stopped for change in matching) else ()
    return replace(planned, affected=affected, addresses=concerned, reason=(*planned.reason, *stopped))


def _resources_of(changes: Iterable[ResourceChange], resources: ResourceFacts) -> tuple[AffectedResource, ...]:
    """Return resources by their types or addresses, those of the same words once."""
    affected = (resources.at(change.instance.was, change.instance.type) for change in changes)
    return tuple({resource.words: resource for resource in affected}.values())


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
                affected=(),
                environment=change.environment,
                subject=Reference(change.environment, change.name),
                old=blocks(change.old),
                new=blocks(change.new),
            )


def blocks(of: Sequence[object]) -> str:
    """Return CIDR blocks separated by commas; "none" where there are none."""
    return ", ".join(map(str, of)) or "none"
