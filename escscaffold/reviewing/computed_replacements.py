"""What a write would have Terraform replace or destroy, by the root modules before and after it. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from escscaffold.clouds.replacing import CLUSTER, LAST_RANK, types_of
from escscaffold.clouds.resource_facts import ResourceFacts
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import environment_of
from escscaffold.planning.replacements import DestroyedResource, Replacement
from escscaffold.reviewing.impact import follows
from escscaffold.reviewing.roots import Root, roots_between
from escscaffold.reviewing.secrets import old_and_new
from escscaffold.reviewing.side_files import Reader, SideFiles
from escscaffold.reviewing.trees import TextTree, differing_paths
from escscaffold.spec.model import Reference
from escscaffold.terraform.addresses import without_keys
from escscaffold.terraform.resource_changes import ResourceChange


def roots_of_writing(before: Mapping[str, str], after: Mapping[str, str], resources: ResourceFacts) -> list[Root]:
    """Return what the root modules come to whose files differ; the texts are all Terraform of either side, by path."""
    sides = SideFiles(TextTree(before)), SideFiles(TextTree(after))
    differing = differing_paths(*(side.entries for side in sides))
    roots, _ = roots_between(*sides, differing, Reader(), resources)
    return [root for root in roots if root.fate == "kept" and environment_of(root.folder)]


def computed_replacements(
    planned: Sequence[Replacement],
    roots: Sequence[Root],
    reported: Collection[str],
    refused: Collection[str],
    resources: ResourceFacts,
) -> tuple[Replacement, ...]:
    """Return the replacements with what the root modules come to, and those that nothing in the spec explains.

    `reported` are the addresses of resources that are reported elsewhere, `refused` the names of changes that the cloud
    refuses unless the cluster is replaced.
    """
    by_environment = {environment_of(root.folder): root for root in roots}
    computed = [
        _as_rewritten(impact, by_environment.get(impact.reference.environment), is_refused=impact.name in refused)
        for impact in planned
    ]
    for environment, root in by_environment.items():
        in_spec = [impact for impact in planned if impact.reference.environment == environment]
        affected = [resource for impact in in_spec for resource in impact.resources]
        if not any(resource.everything for resource in affected):
            computed += _unexplained(environment, root, types_of(affected), reported, resources)
    return tuple(computed)


def destroyed_resources(
    plan: AddressPlan, planned: Sequence[Replacement], roots: Sequence[Root], reported: Collection[str]
) -> tuple[DestroyedResource, ...]:
    """Return what the root modules no longer declare, and nothing in `planned` explains.

    `reported` are the addresses of resources that are reported elsewhere.
    """
    clouds = {environment.name: environment.spec.cloud.name for environment in plan.environments}
    destroyed: dict[Reference, DestroyedResource] = {}
    for root in roots:
        environment = environment_of(root.folder)
        in_spec = [impact for impact in planned if impact.reference.environment == environment]
        affected = [resource for impact in in_spec for resource in impact.resources]
        # Terraform does not run any more for an environment that is removed.
        if environment not in clouds or any(resource.everything for resource in affected):
            continue
        types = types_of(affected)
        going = [change for change in root.changes.resources if change.is_destructive]
        # What stands in a module with what a replacement names goes with that: addresses with their NAT gateways.
        modules = {
            _module_of(change) for change in going if change.instance.type in types or change.instance.was in types
        }
        lost = plan.spec.facts.replacing.lost_with(clouds[environment])
        for change in going:
            address = without_keys(change.instance.was)
            explained = address in reported or _module_of(change) in modules
            if change.action != "destroy" or explained:
                continue
            resource = plan.spec.facts.resources.at(address, change.instance.type)
            reference = Reference(environment, address)
            number = destroyed[reference].number + 1 if reference in destroyed else 1
            destroyed[reference] = DestroyedResource(
                reference=reference,
                resource=resource.words,
                number=number,
                lost=lost.get(change.instance.type, resource.words if resource.rank < LAST_RANK else ""),
            )
    return tuple(destroyed[reference] for reference in sorted(destroyed, key=str))


def _module_of(change: ResourceChange) -> str:
    """Return the address of the module around a resource, without keys; nothing for the root module."""
    return without_keys(change.instance.was).removesuffix(change.instance.declared).rstrip(".")


def _as_rewritten(planned: Replacement, root: Root | None, *, is_refused: bool) -> Replacement:
    """Return a replacement without what the root module does not replace, where all of it is known."""
    if root is None or root.incomplete or not root.changes.is_complete:
        return planned
    resources = root.changes.resources
    if any(resource.action == "unknown" for resource in resources) or not any(
        resource.is_destructive for resource in resources
    ):
        return planned
    destructive = {resource.instance.type for resource in resources if resource.is_destructive}
    affected = tuple(
        resource
        for resource in planned.resources
        if destructive & resource.types or (is_refused and resource.role == CLUSTER)
    )
    return replace(planned, resources=affected) if affected else planned


def _unexplained(
    environment: str, root: Root, covered: Collection[str], reported: Collection[str], resources: ResourceFacts
) -> Iterator[Replacement]:
    more = [
        (resources.at(change.instance.was, change.instance.type), change)
        for change in root.changes.resources
        if change.action == "replace"
        and not follows(change, resources)
        and change.instance.type not in covered
        and change.instance.was not in reported
    ]
    for resource, change in sorted(more, key=lambda row: row[0].rank):
        old, new = _sides(change)
        reference = Reference(environment, change.instance.was)
        yield Replacement(reference=reference, old=old, new=new, resources=(resource,))


def _sides(change: ResourceChange) -> tuple[str, str]:
    cause = next((cause for cause in change.causes if cause.answer == "replaces"), None)
    if cause is None:
        return "unchanged", change.why
    old, new = old_and_new(cause.leaf)
    return f"{cause.leaf.shown} {old or 'none'}", new or "none"
