"""What a new plan makes Terraform replace, compared with what was allocated before. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from msgspec import Struct, to_builtins

from escscaffold.clouds.facts import REMOTE, Mode, RangeFacts
from escscaffold.clouds.replacing import ENVIRONMENT, NODE_POOL, SUBNET, AffectedResource, ModuleResources, Work
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.immutable_settings import POOLS, UNSET, account_moves, immutable_settings, replaced_with
from escscaffold.planning.lock import LastPlan, Lock, mode_before
from escscaffold.planning.sizing import pool_nodes
from escscaffold.spec.model import EnvironmentSpec, Reference

_CREATE = "create"
_RESERVED = "reserved"
"""The new value of a range that keeps its addresses without a subnet."""


class ModeChange(Struct, frozen=True, kw_only=True):
    """What one mode instead of another replaces, and what can be done instead."""

    replaces: tuple[str, ...]
    """Resources; nothing where all changes in place."""
    parts: frozenset[str]
    """The parts that are replaced as a whole."""
    instead: str
    """What makes the change in place, where that is known."""


class ReferencedChange(Struct, frozen=True, kw_only=True):
    """A change of a range, a setting or a resource of an environment."""

    reference: Reference
    """What to accept it by: `prod.pods`."""

    @property
    def name(self) -> str:
        """The reference as it is printed."""
        return str(self.reference)

    @property
    def row(self) -> dict[str, Any]:
        """The change as JSON-ready data."""
        return {"name": self.name, **{key: value for key, value in to_builtins(self).items() if key != "reference"}}

    def accepted_by(self, names: tuple[str, ...]) -> bool:
        """Return True if one of the names is this one, or its whole environment."""
        return self.name in names or self.reference.environment in names


class Replacement(ReferencedChange, frozen=True, kw_only=True):
    """One value whose change is not made in place."""

    old: str
    new: str
    resources: tuple[AffectedResource, ...]
    """What is replaced."""
    instead: str = ""
    """What can be done that replaces nothing, where that is known."""
    impossible: str = ""
    """Why an apply fails half way, where it would."""
    see: str = ""
    """A page with details, where there is one."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """What is replaced, in words."""
        return tuple(resource.words for resource in self.resources)

    @property
    def row(self) -> dict[str, Any]:
        """The change as JSON-ready data."""
        return {
            "name": self.name,
            "old": self.old,
            "new": self.new,
            "replaces": list(self.replaces),
            "instead": self.instead,
            "impossible": self.impossible,
            "see": self.see,
        }


class DestroyedResource(ReferencedChange, frozen=True, kw_only=True):
    """One resource that a change of the spec no longer asks for, and that nothing replaces."""

    resource: str
    """What it is, in words; its address where its type has none."""
    number: int = 1
    """How many instances of it are destroyed."""
    lost: str = ""
    """The data or addresses that are lost with it, in words; nothing where it holds neither."""

    def accepted_by(self, names: tuple[str, ...]) -> bool:
        """Return True if nothing is lost, or one of the names is this one, or its whole environment."""
        return not self.lost or super().accepted_by(names)


class Unlearned(ReferencedChange, frozen=True, kw_only=True):
    """A change in place that the other side of the peering does not learn by itself."""

    old: str
    new: str
    text: str
    steps: tuple[str, ...]
    source: str


class RangeMove(ReferencedChange, frozen=True, kw_only=True):
    """One range, or one remote range, that does not stay what it was."""

    old: str
    new: str


def moves(lock: Lock, plan: AddressPlan) -> tuple[RangeMove, ...]:
    """Return what is elsewhere, or routes elsewhere, than the lock remembers."""
    range_moves: list[RangeMove] = []
    for environment in plan.environments:
        for planned in environment.ranges:
            old = lock.grants.ranges.get(Reference(environment.name, planned.name), planned.cidr)
            if old != planned.cidr:
                reference = Reference(environment.name, planned.name)
                range_moves.append(RangeMove(reference=reference, old=str(old), new=str(planned.cidr)))
        routed = lock.grants.routed.get(environment.name, environment.remote)
        if routed != environment.remote:
            reference, old_routes = Reference(environment.name, REMOTE), ", ".join(map(str, routed))
            range_moves.append(RangeMove(reference=reference, old=old_routes, new=environment.routed))
    return tuple(range_moves)


def replacements(lock: Lock, plan: AddressPlan) -> tuple[Replacement, ...]:
    """Return what the plan replaces of that which the lock remembers; new environments replace nothing."""
    granted, last = lock.grants.by_environment(), LastPlan(lock, plan.spec)
    return tuple(
        r for environment in plan.environments for r in _in(environment, lock, granted.get(environment.name, {}), last)
    )


def _in(
    environment: EnvironmentPlan, lock: Lock, granted: Mapping[str, IPv4Network], last: LastPlan
) -> Iterator[Replacement]:
    before, covered = lock.locations.get(environment.name), frozenset[str]()
    facts = environment.spec.facts
    if before is not None and before != environment.spec.location:
        mode = mode_before(before, environment.spec)
        if mode is None:
            yield Replacement(
                reference=Reference(environment.name, "place"),
                old=str(before),
                new=str(environment.spec.location),
                resources=facts.resources.named([ENVIRONMENT]),
            )
            return
        change = _change_of_mode(mode, last.spec_of(environment.name), environment, granted)
        # The defaults of a cluster's settings differ from mode to mode: they are reported with the cluster.
        covered = frozenset(environment.spec.mode.kubernetes) if "kubernetes" in change.parts else covered
        if change.replaces:
            yield Replacement(
                reference=Reference(environment.name, "mode"),
                old=mode.name,
                new=environment.spec.mode.name,
                resources=facts.resources.named(change.replaces),
                instead=change.instead,
                see=f"docs/modes/{environment.spec.mode.name}.md",
            )
    yield from _of_kurrent_region(environment, last.spec_of(environment.name))
    yield from _more_or_fewer(environment, granted)
    for subnet in _removed_subnets(environment.spec, last.spec_of(environment.name), granted):
        reference = Reference(environment.name, subnet.range)
        yield Replacement(
            reference=reference, old=subnet.was, new=subnet.now, resources=facts.resources.named([SUBNET])
        )
    for pool in _removed_pools(environment.spec, last.spec_of(environment.name)):
        reference = Reference(environment.name, pool.name)
        yield Replacement(reference=reference, old=pool.was, new="none", resources=facts.resources.named([NODE_POOL]))
    unset = {} if before is None else dict.fromkeys(account_moves(environment.spec), UNSET)
    immutable = {**unset, **last.immutable(environment).by_name()}
    for setting, value in {**unset, **immutable_settings(environment.spec).by_name()}.items():
        recorded = immutable.get(setting, value)
        if recorded != value and setting not in covered:
            replaces = replaced_with(environment.spec, setting, recorded)
            if replaces:
                reference = Reference(environment.name, setting)
                yield Replacement(
                    reference=reference, old=recorded, new=value, resources=facts.resources.named(replaces)
                )
    for planned in environment.ranges:
        old = granted.get(planned.name)
        if old is not None and not _in_place(old, planned.cidr, planned.facts):
            yield _replacement(environment, planned.name, str(old), str(planned.cidr), planned.facts)
    before_routed = lock.grants.routed.get(environment.name, environment.remote)
    if before_routed != environment.remote:
        old_routes = ", ".join(map(str, before_routed))
        yield _replacement(environment, REMOTE, old_routes, environment.routed, environment.spec.facts.kurrent.remote)


def _change_of_mode(
    before: Mode, spec_before: EnvironmentSpec | None, environment: EnvironmentPlan, granted: Mapping[str, IPv4Network]
) -> ModeChange:
    """Return what the environment's mode replaces where it had the mode `before`.

    `asked` is what the last plan was asked for, None where it is not known: then every part counts as created.
    `granted` is where the environment's ranges lay.
    """
    step = environment.spec.facts.replacing.step_between(
        environment.spec.cloud.name, before.name, environment.spec.mode.name
    )
    parts = spec_before.parts if spec_before else {}
    modules = [] if step.in_place else list(_replaced_modules(before, parts, environment))
    replaced = [
        *(name for module in modules for name in module.replaces),
        *_of_parts(parts, environment),
        *_of_ranges(spec_before.mode if spec_before else before, parts, environment, granted),
    ]
    return ModeChange(
        replaces=tuple(dict.fromkeys(replaced)),
        parts=frozenset(module.part for module in modules),
        instead=step.instead,
    )


def _of_ranges(
    before: Mode, parts: Mapping[str, str], environment: EnvironmentPlan, granted: Mapping[str, IPv4Network]
) -> Iterator[str]:
    """Yield what the ranges held that the new mode has no more."""
    for name in granted:
        facts = before.facts_of(name)
        stays = environment.range(name) is not None or name in environment.spec.mode.range_names()
        if facts is not None and not stays and parts.get(facts.part, _CREATE) == _CREATE:
            yield from facts.replaces


def _of_parts(parts: Mapping[str, str], environment: EnvironmentPlan) -> Iterator[str]:
    """Yield what goes with a part that was created and exists elsewhere now, or the other way round."""
    for part in environment.spec.mode.parts:
        was, now = parts.get(part, _CREATE), environment.spec.parts.get(part, _CREATE)
        if was != now and part in environment.spec.facts.kurrent.parts_replace:
            yield from replaced_with(environment.spec, part, was)


def _replaced_modules(
    before: Mode, parts: Mapping[str, str], environment: EnvironmentPlan
) -> Iterator[ModuleResources]:
    """Yield the modules that were in use and that the new mode has not."""
    for module, resources in environment.spec.facts.replacing.module_resources(environment.spec.cloud.name).items():
        is_removed = module in before.modules and module not in environment.spec.mode.modules
        if is_removed and parts.get(resources.part, _CREATE) == _CREATE:
            yield resources


def _of_kurrent_region(environment: EnvironmentPlan, spec_before: EnvironmentSpec | None) -> Iterator[Replacement]:
    """Yield the region of the Kurrent network where the last plan had another one, and created the network."""
    old, new = spec_before.place_of_kurrent if spec_before else "", environment.spec.place_of_kurrent
    if spec_before and old != new and spec_before.creates("kurrent-network"):
        facts, reference = environment.spec.facts, Reference(environment.name, "kurrent_region")
        replaced = facts.resources.named(facts.kurrent.network.replaces)
        yield Replacement(reference=reference, old=old, new=new, resources=replaced)


def _more_or_fewer(environment: EnvironmentPlan, before: Mapping[str, IPv4Network]) -> Iterator[Replacement]:
    """Yield the ranges per zone that come or go in an environment that was there."""
    now = {planned.name: planned.cidr for planned in environment.ranges}
    for name in sorted(before.keys() ^ now.keys()) if before else ():
        facts = environment.spec.mode.facts_of(name)
        if facts is not None and facts.count_replaces:
            old, new = (str(blocks.get(name, "none")) for blocks in (before, now))
            reference = Reference(environment.name, name)
            replaced = environment.spec.facts.resources.named(facts.count_replaces)
            yield Replacement(reference=reference, old=old, new=new, resources=replaced)


def _in_place(old: IPv4Network, new: IPv4Network, facts: RangeFacts) -> bool:
    return new == old or not facts.replaces or (facts.widens_in_place and old.subnet_of(new))


def _replacement(environment: EnvironmentPlan, name: str, old: str, new: str, facts: RangeFacts) -> Replacement:
    all_facts, place = environment.spec.facts, (environment.spec.cloud.name, environment.spec.mode.name, facts.name)
    has_cluster = environment.spec.parts.get("kubernetes", "create") != "absent" and not facts.pinned_only
    return Replacement(
        reference=Reference(environment.name, name),
        old=old,
        new=new,
        resources=all_facts.resources.named(facts.replaces),
        instead=all_facts.replacing.instead(*place),
        impossible=all_facts.replacing.impossible(*place, environment.spec.options) if has_cluster else "",
    )


def unlearned(lock: Lock, plan: AddressPlan) -> tuple[Unlearned, ...]:
    """Return what changes in place and is not learned by the peering, which stays as it is."""
    granted = lock.grants.by_environment()
    moved = [
        (environment, planned, old)
        for environment in plan.environments
        for planned in environment.ranges
        if (old := granted.get(environment.name, {}).get(planned.name)) not in (None, planned.cidr)
    ]
    replaced = {r.reference for r in replacements(lock, plan)} if moved else set()
    return tuple(
        Unlearned(
            reference=reference,
            old=str(old),
            new=str(planned.cidr),
            text=facts.text,
            steps=facts.steps,
            source=facts.source,
        )
        for environment, planned, old in moved
        if (reference := Reference(environment.name, planned.name)) not in replaced
        and Reference(environment.name, REMOTE) not in replaced
        and not planned.facts.pinned_only
        and (facts := environment.spec.facts.replacing.unlearned(environment.spec.cloud.name, planned.name)) is not None
    )


def order_of_work(replaced: Iterable[Replacement], all_work: Iterable[Work]) -> tuple[str, ...]:
    """Return what has to be done of all work known, step by step, where these are let go ahead; nothing for none."""
    resources = [resource for replacement in replaced for resource in replacement.resources]
    needed = [work for work in all_work if any(work.what & {resource.name, resource.role} for resource in resources)]
    if not resources:
        return ()
    before, after = ([step for work in needed if (step := getattr(work, when))] for when in ("before", "after"))
    return (*before, "Review the plan, then run `terraform apply`.", *after)


def newly_moving(lock: Lock, plan: AddressPlan) -> tuple[str, ...]:
    """Return the environments that begin to move to another Terraform provider, which replaces nothing."""
    return tuple(name for name, before in plan.moving.items() if lock.grants.moving.get(name) != before)


def removed_environments(lock: Lock, plan: AddressPlan) -> tuple[str, ...]:
    """Return the environments that the lock remembers and the plan has no more."""
    return tuple(sorted(lock.locations.keys() - {environment.name for environment in plan.environments}))


class RemovedSubnet(Struct, frozen=True, kw_only=True):
    """A subnet of a team's own that Terraform destroys."""

    range: str
    was: str
    now: str


def _removed_subnets(
    spec: EnvironmentSpec, spec_before: EnvironmentSpec | None, granted: Mapping[str, IPv4Network]
) -> Iterator[RemovedSubnet]:
    """Yield each subnet of a team's own of the last plan that this one does not have."""
    for name, before in sorted(spec_before.ranges.items()) if spec_before else ():
        now = spec.ranges.get(name)
        if before.subnet and name in granted and not (now and now.subnet):
            yield RemovedSubnet(range=name, was=str(granted[name]), now=_RESERVED if now else "none")


class RemovedPool(Struct, frozen=True, kw_only=True):
    """A node pool that Terraform destroys, with its nodes."""

    name: str
    """What it is accepted by, below its environment."""
    was: str


def _removed_pools(spec: EnvironmentSpec, spec_before: EnvironmentSpec | None) -> Iterator[RemovedPool]:
    """Yield each pool of the last plan that this one does not have, unless its cluster goes with it."""
    if spec_before is None or spec_before.mode.name != spec.mode.name:
        return
    if not spec.creates("kubernetes"):
        return
    for pool in pool_nodes(spec_before):
        if pool.name not in spec.node_pools:
            yield RemovedPool(name=f"{POOLS}.{pool.name}", was=f"up to {pool.nodes:,} nodes")
