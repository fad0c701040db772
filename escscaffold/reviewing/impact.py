"""What Terraform would do to what exists, by root module and by provider, and which ranges lose their route. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Literal

from msgspec import Struct

from escscaffold.clouds.replacing import DATABASE, AffectedResource
from escscaffold.clouds.resource_facts import ConfigurationArgument, ResourceFacts
from escscaffold.planning.lock import environment_of
from escscaffold.planning.ranges import covered_by
from escscaffold.reviewing.quoting import Quoted, Sentence
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.secrets import old_and_new
from escscaffold.spec.model import Reference
from escscaffold.spec.values import counted
from escscaffold.terraform.hcl_values import Value, is_known
from escscaffold.terraform.instances import Evaluated, Instance
from escscaffold.terraform.provider_facts import Change
from escscaffold.terraform.resource_changes import Cause, ResourceChange
from escscaffold.terraform.value_changes import Configured, Leaf, value_changes

Effect = Literal["destroy", "replace", "unreachable", "not known", "leave behind", "in place"]
"""What becomes of things that exist."""
_EFFECTS: Mapping[str, Effect] = {"destroy": "destroy", "replace": "replace", "unknown": "not known"}
STOPPED = " prevent_destroy stops the plan."
"""What is added to the reason of a change that Terraform refuses to plan."""
LEFT_BEHIND = "Files deleted; existing cloud resources are not destroyed. Run `terraform destroy` before merging."
_PEERING = "_peering"
_ROUTES = "routes"
"""No other peering than that of Kurrent Cloud has such an argument."""
_RANGES = "ranges"
_ELSEWHERE = "Terraform may look up all resources of this provider in another account, project or region."


class Impact(Struct, frozen=True, kw_only=True):
    """What becomes of things that exist because one value changes."""

    effect: Effect
    affected: tuple[AffectedResource, ...]
    """What is replaced, destroyed or cut off."""
    environment: str
    """The environment; nothing where it is of none."""
    subject: Reference
    """What changes, or what it happens to: `prod.pods`, or a resource's address."""
    argument: str = ""
    """The argument that decides; nothing where none does."""
    old: str = ""
    new: str = ""
    callers: tuple[str, ...] = ()
    """The root modules in which it happens, where that is not the environment."""
    addresses: tuple[str, ...] = ()
    """The resources that it happens to."""
    cause: str = ""
    """What a person changed to bring it about: `prod.pods`, `var.vpc_cidr`; nothing where that is not known."""
    follows: bool = False
    """Whether it is replaced because something else is."""
    reason: Sentence = ()
    refused: str = ""
    """Why the cluster goes though Terraform would change it in place; nothing where Terraform replaces it."""
    source: str = ""
    path: str = ""
    line: int | None = None
    accepted: bool = False
    """Whether the reviewer accepted it."""

    @property
    def things(self) -> tuple[str, ...]:
        """What is affected, in words."""
        return tuple(resource.words for resource in self.affected)

    @property
    def is_destructive(self) -> bool:
        """Whether something that exists would be gone or cut off, for a time or for good."""
        return self.effect in ("replace", "destroy", "unreachable", "leave behind") and not self.accepted


def effects_of(root: Root, resources: ResourceFacts) -> Iterator[Impact]:
    """Yield the impact on the resources of a root module, alike ones as one, and what only a plan decides."""
    if root.fate == "removed":
        yield from _left_behind(root, resources)
    if root.fate != "kept":
        return
    if root.incomplete or not root.changes.is_complete:
        yield _not_computed(root)
    yield from _configurations(root, resources)
    groups: dict[tuple[object, ...], list[ResourceChange]] = {}
    for resource in root.changes.resources:
        if resource.action in _EFFECTS:
            groups.setdefault(_like(resource), []).append(resource)
    variables = _given(root)
    for group in groups.values():
        yield _impact(root, group, resources, variables)


def follows(change: ResourceChange, resources: ResourceFacts) -> bool:
    """Return True for what belongs to another resource, or is replaced because another is."""
    words = resources.words.get(change.instance.type)
    decisive = [cause for cause in change.causes if cause.answer == "replaces"]
    return bool(words and words.follows) or (bool(decisive) and all(cause.becomes_unknown for cause in decisive))


def _given(root: Root) -> Mapping[tuple[str, str], str]:
    """Return which variable of a root module was given another value, by both values as text."""
    environment = environment_of(root.folder)
    names: dict[tuple[str, str], str] = {}
    for leaf in value_changes(root.old.variables, root.new.variables, frozenset()):
        if leaf.is_known:
            name = leaf.shown.removeprefix("ranges.")
            reference = f"{environment}.{name}" if environment else f"var.{leaf.shown}"
            names.setdefault(old_and_new(leaf), reference)
    return names


def _like(change: ResourceChange) -> tuple[object, ...]:
    """Return what effects have in common that are reported as one."""
    decisive = change.causes[0] if change.causes else None
    values = (decisive.leaf.path, *old_and_new(decisive.leaf)) if decisive and decisive.leaf.is_known else ()
    why = (decisive.leaf.path, decisive.becomes_unknown) if decisive else (change.why,)
    return (
        change.action,
        change.instance.path,
        change.instance.declared,
        values,
        why,
        change.is_stopped,
    )


def _impact(
    root: Root,
    group: list[ResourceChange],
    resources: ResourceFacts,
    variables: Mapping[tuple[str, str], str],
) -> Impact:
    first = group[0]
    instance = first.instance
    cause = next((cause for cause in first.causes if cause.answer != "in place"), None)
    old, new = old_and_new(cause.leaf) if cause and not cause.becomes_unknown else ("", "")
    if cause and old == new and not cause.leaf.is_known:
        # Two values that only Terraform knows are written alike.
        old = new = ""
    environment = environment_of(root.folder)
    line = instance.lines.get(cause.leaf.path.partition(".")[0], instance.line) if cause else instance.line
    return Impact(
        effect=_EFFECTS[first.action],
        affected=_of_types((change.instance for change in group), resources),
        environment=environment,
        subject=Reference("", instance.was),
        argument=cause.leaf.shown if cause else "",
        old=old,
        new=new,
        callers=_callers(root),
        addresses=tuple(change.instance.was for change in group),
        cause=variables.get((old, new), "") if new else "",
        follows=first.action == "replace" and follows(first, resources),
        reason=_reason(first, cause, len(group)),
        source=_source(first, cause, resources),
        path=instance.path,
        line=line,
    )


def _of_types(instances: Iterable[Instance], resources: ResourceFacts) -> tuple[AffectedResource, ...]:
    """Return resources by their types, those of the same words once; types without words are dropped."""
    types = dict.fromkeys(instance.type for instance in instances if instance.type in resources.words)
    return tuple({resource.words: resource for resource in resources.named(types)}.values())


def _reason(change: ResourceChange, cause: Cause | None, number: int) -> Sentence:
    stopped = (STOPPED,) if change.is_stopped else ()
    others = (f" The same holds for {counted(number - 1, 'more instance')}.",) if number > 1 else ()
    if change.action == "destroy":
        moved = (" A moved block keeps it: ", Quoted(change.why), ".") if change.why else ()
        first_sentence = "Its number of instances decreases." if change.is_stopped else "It is no longer declared."
        return (first_sentence, *moved, *others, *stopped)
    if cause is None:
        leading = "Impact unknown: " if change.action == "unknown" else "It is replaced: "
        return (leading, Quoted(change.why or "the deciding value is computed"), ".", *others, *stopped)
    shown = Quoted(cause.leaf.shown)
    if change.action == "unknown":
        because = Quoted(cause.because or "its value is computed")
        return ("Whether ", shown, " changes or can change in place is unknown: ", because, ".", *others)
    if cause.becomes_unknown:
        return (shown, " is known only after apply: ", Quoted(cause.because), ".", *others, *stopped)
    return (shown, " cannot change in place.", *others, *stopped)


def _source(change: ResourceChange, cause: Cause | None, resources: ResourceFacts) -> str:
    """Return whose answer it is: that of the provider which was asked."""
    facts = resources.provider(change.instance.provider)
    if cause is None or cause.answer != "replaces" or facts is None:
        return ""
    day = f", asked on {facts.answered}" if facts.answered else ""
    return f"{facts.source} {facts.version}{day}"


def _configurations(root: Root, resources: ResourceFacts) -> Iterator[Impact]:
    """Yield what changes for a whole provider, state or module, which only a plan decides."""
    changes = root.changes
    for call in changes.calls:
        yield _unknown(root, call, "The module's files are not in this repository.")
    for call in changes.ended_calls:
        yield _unknown(root, call, "The module is no longer called: everything that it created is destroyed.")
    for provider in changes.providers:
        for argument in _open_arguments(provider, root, resources):
            yield _unknown_by(root, provider, argument.leaf, argument.reason)
    for backend in changes.backends:
        yield _unknown(root, backend, "Terraform may find no state in the new place and create all resources again.")
    yield from _versions(root)


def _unknown(root: Root, configured: Configured, reason: str) -> Impact:
    return _unknown_by(root, configured, next(iter(configured.leaves), None), (reason,))


def _unknown_by(root: Root, configured: Configured, leaf: Leaf | None, reason: Sentence) -> Impact:
    old, new = old_and_new(leaf) if leaf else ("", "")
    return Impact(
        effect="not known",
        affected=(),
        environment=environment_of(root.folder),
        subject=Reference("", configured.address),
        argument=leaf.shown if leaf else "",
        old=old,
        new=new,
        callers=_callers(root),
        reason=reason,
        path=configured.path,
        line=configured.line,
    )


def _callers(root: Root) -> tuple[str, ...]:
    """Return the root module by its name, where that is neither an environment nor the only one."""
    return () if environment_of(root.folder) or root.name == "." else (root.name,)


def _versions(root: Root) -> Iterator[Impact]:
    """Yield the providers of which another version is required, or locked."""
    required = {source for source, _, _ in root.changes.required}
    used = {resource.provider for resource in root.new.instances.values() if not resource.is_data}
    locked = [lock for lock in root.locked if lock[0] not in required and (lock[0] in used or root.new.calls)]
    for source, old, new in (*root.changes.required, *locked):
        yield Impact(
            effect="not known",
            affected=(),
            environment=environment_of(root.folder),
            subject=Reference("", source),
            old=old,
            new=new,
            callers=_callers(root),
            reason=("Another provider version may replace resources that this one changes in place.",),
        )


def _left_behind(root: Root, resources: ResourceFacts) -> Iterator[Impact]:
    """Yield what is left of a root module whose folder goes: Terraform is not run there any more."""
    created = [instance for instance in root.old.instances.values() if not instance.is_data]
    calls = [*root.old.calls.values()]
    if not created and not calls:
        return
    counted_only = counted(len(created), "resource") if created else counted(len(calls), "module")
    environment = environment_of(root.folder)
    yield Impact(
        effect="leave behind",
        affected=_of_types(created, resources) or (AffectedResource("", counted_only),),
        environment=environment,
        subject=Reference(environment, "" if environment else root.name),
        addresses=(*(instance.was for instance in created), *(call.address for call in calls)),
        reason=(LEFT_BEHIND,),
        path=(created[0] if created else calls[0]).path,
    )


def _not_computed(root: Root) -> Impact:
    files = root.incomplete
    reason: Sentence = (
        ("It was read only in part: see ", Quoted(files[0]), ".")
        if files
        else ("It exceeds the limits of the analysis.",)
    )
    return Impact(
        effect="not known",
        affected=(),
        environment=environment_of(root.folder),
        subject=Reference("", root.name),
        reason=reason,
    )


def lost_routes(root: Root, unrouted: Mapping[str, frozenset[str]], resources: ResourceFacts) -> Iterator[Impact]:
    """Yield each range that could reach the database and cannot any more.

    `unrouted` has the names of ranges, by environment, that never cross the peering, such as those of services.
    """
    if root.fate != "kept":
        return
    environment = environment_of(root.folder)
    for address, new in root.new.instances.items():
        old = root.old.instances.get(address)
        if old is None or not new.type.endswith(_PEERING) or new.is_data:
            continue
        before, after = _blocks(old.attributes.get(_ROUTES)), _blocks(new.attributes.get(_ROUTES))
        if before is None or after is None or before == after:
            continue
        for name, cidr in _ranges(root.new):
            is_hidden = name in unrouted.get(environment, frozenset())
            if not is_hidden and covered_by(cidr, before) and not covered_by(cidr, after):
                yield _lost_route(new, environment, name, cidr, before, after, resources)


def _lost_route(
    peering: Instance,
    environment: str,
    name: str,
    cidr: IPv4Network,
    before: list[IPv4Network],
    after: list[IPv4Network],
    resources: ResourceFacts,
) -> Impact:
    return Impact(
        effect="unreachable",
        affected=resources.named([DATABASE]),
        environment=environment,
        subject=Reference(environment, name),
        argument=_ROUTES,
        old=", ".join(map(str, before)),
        new=", ".join(map(str, after)) or "none",
        addresses=(peering.was,),
        reason=(f"{name} {cidr} can no longer reach the database: the peering does not route to it.",),
        path=peering.path,
        line=peering.lines.get(_ROUTES, peering.line),
    )


def _ranges(side: Evaluated) -> Iterator[tuple[str, IPv4Network]]:
    """Yield the ranges that a root module names, or else those of the subnets that it declares."""
    named = side.variables.get(_RANGES)
    if isinstance(named, dict):
        blocks = {name: cidr for name, value in named.items() if (cidr := _block(value))}
        for name, cidr in blocks.items():
            # A range that holds others is reported by those.
            if not any(other != cidr and other.subnet_of(cidr) for other in blocks.values()):
                yield name, cidr
        return
    for address, instance in side.instances.items():
        for argument in ("cidr_block", "ip_cidr_range", "address_prefixes"):
            value = instance.attributes.get(argument)
            for item in value if isinstance(value, list) else [value]:
                if "subnet" in instance.type and (cidr := _block(item)):
                    yield address, cidr


def _blocks(value: Value) -> list[IPv4Network] | None:
    """Return a list of CIDR blocks; None where one of them is not known."""
    if not isinstance(value, list):
        return None
    blocks = [_block(item) for item in value]
    cidrs = [block for block in blocks if block is not None]
    return sorted(cidrs) if len(cidrs) == len(blocks) else None


def _block(value: Value) -> IPv4Network | None:
    try:
        return IPv4Network(value) if isinstance(value, str) and "/" in value else None
    except ValueError:
        return None


class OpenArgument(Struct, frozen=True, kw_only=True):
    """An argument whose change may concern all that the provider manages."""

    leaf: Leaf | None
    reason: Sentence


def _open_arguments(configured: Configured, root: Root, resources: ResourceFacts) -> list[OpenArgument]:
    """Return what is not known of the change of one provider; nothing where all of it is known to be in place."""
    old, new = root.old.providers, root.new.providers
    name = configured.address.removeprefix("provider.").partition(".")[0]
    facts_of = resources.configurations.get(name, {})
    sides = [side[configured.address].attributes if configured.address in side else {} for side in (old, new)]
    leaves = [inner for leaf in configured.leaves for inner in _arguments(leaf)]
    created = [instance for instance in root.new.instances.values() if instance.provider.endswith(f"/{name}")]
    unread_modules = root.old.calls.keys() & root.new.calls.keys()

    def is_in_place(facts: ConfigurationArgument | None) -> bool:
        if facts is None or not _is_in_place(facts, sides) or (facts.reaches and unread_modules):
            return False
        reached = ((instance, argument) for instance in created for argument in facts.reaches)
        return all(_is_set_in_place(instance, argument, resources) for instance, argument in reached)

    decided = ((leaf, _facts_on(leaf.path, facts_of)) for leaf in leaves)
    undecided = [(leaf, facts) for leaf, facts in decided if not is_in_place(facts)]
    if not configured.leaves:
        return [OpenArgument(leaf=None, reason=(_ELSEWHERE,))]
    if not undecided:
        return []
    # One that nothing is known of decides for all of them.
    first, first_facts = min(undecided, key=lambda row: bool(row[1] and row[1].reason))
    return [OpenArgument(leaf=first, reason=_reason_open(first, first_facts))]


def _facts_on(path: str, facts_of: Mapping[str, ConfigurationArgument]) -> ConfigurationArgument | None:
    """Return the facts on an argument, or on the one around it whose values reach resources."""
    around = (facts for outer, facts in facts_of.items() if facts.reaches and path.startswith(f"{outer}."))
    return facts_of.get(path) or next(around, None)


def _arguments(leaf: Leaf) -> Iterator[Leaf]:
    """Yield the arguments of a block that is on one side only; anything else as it is."""
    sides = [side[0] if isinstance(side, list) and len(side) == 1 else side for side in (leaf.old, leaf.new)]
    blocks = [side if isinstance(side, dict) else {} for side in sides]
    if any(side and not isinstance(side, dict) for side in sides) or not any(blocks):
        yield leaf
        return
    for name in sorted(blocks[0].keys() | blocks[1].keys()):
        old, new = (block.get(name) for block in blocks)
        yield Leaf(path=f"{leaf.path}.{name}", shown=f"{leaf.shown}.{name}", old=old, new=new)


def _is_in_place(facts: ConfigurationArgument, sides: list[Mapping[str, Value]]) -> bool:
    if facts.answer != "in place":
        return False
    before, after = sides
    return all(
        is_known(before.get(name)) and before.get(name) and before.get(name) == after.get(name)
        for name in facts.unchanged
    )


def _is_set_in_place(instance: Instance, argument: str, resources: ResourceFacts) -> bool:
    """Return whether any change of this argument is made in place, or the type of the resource does not have it."""
    if instance.is_data:
        return True
    provider = resources.provider(instance.provider)
    facts = provider.resources.get(instance.type) if provider else None
    if facts is None:
        return False
    changes: tuple[Change, ...] = ("other", "set", "unset")
    has_it = facts.arguments is None or argument in facts.arguments.get("", "").split()
    return not has_it or all(facts.answer(argument, change) in ("in place", "kept") for change in changes)


def _reason_open(leaf: Leaf, facts: ConfigurationArgument | None) -> Sentence:
    before, new, after = facts.reason.partition("{new}") if facts else ("", "", "")
    if before and not new:
        return (before,)
    if not before or not leaf.is_known or leaf.new is None:
        return (_ELSEWHERE,)
    return (before, Quoted(old_and_new(leaf)[1]), after)
