"""What the files that are about to be written make Terraform replace, compared with those that stand. Pure.

What a change of the spec replaces is known by its name (`prod.pods`) from the lock. This computes both sides, so that
nothing more is claimed than the providers do, and nothing that they do is missing: also where it is a newer version
of escscaffold that writes another argument.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from escscaffold.clouds.resource_facts import badness, load_conditions, load_provider
from escscaffold.planning.replacements import Replacement
from escscaffold.reviewing.effects import environment_of, follows
from escscaffold.reviewing.impact import EVERYTHING, bare, in_words
from escscaffold.reviewing.reading import Reader
from escscaffold.reviewing.reasons import CLUSTER
from escscaffold.reviewing.roots import Root, roots_between
from escscaffold.reviewing.sources import Sources
from escscaffold.reviewing.trees import TextTree
from escscaffold.reviewing.value_text import sides_of
from escscaffold.terraform.consequences import Consequence


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
        _as_computed(one, by_environment.get(one.name.partition(".")[0]), is_refused=one.name in refused)
        for one in planned
    ]
    for environment, root in by_environment.items():
        things = [thing for one in planned if one.name.startswith(f"{environment}.") for thing in one.replaces]
        if not any(thing.startswith(EVERYTHING) for thing in things):
            found += _unexplained(environment, root, set(map(bare, things)), known)
    return tuple(found)


def _as_computed(planned: Replacement, root: Root | None, *, is_refused: bool) -> Replacement:
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
