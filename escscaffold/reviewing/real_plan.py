"""A real plan, as `terraform show -json` prints it, compared with the review's own conclusions. Pure."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.replacing import CLUSTER
from escscaffold.errors import ScaffoldError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import environment_of, folder_of
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.roots import Root
from escscaffold.terraform.addresses import without_keys
from escscaffold.terraform.configuration import ANY
from escscaffold.terraform.resource_changes import ResourceChange

_WORDS = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "replace",
    ("forget", "create"): "replace",
    ("forget",): "forget",
}
"""What Terraform's actions are called here. https://developer.hashicorp.com/terraform/internals/json-format"""
_REASONS = {
    "replace_because_tainted": "it is tainted",
    "replace_by_request": "it was requested with -replace",
    "replace_by_triggers": "replace_triggered_by",
    "delete_because_no_resource_config": "it is no longer declared",
    "delete_because_no_module": "it is no longer declared",
    "delete_because_wrong_repetition": "count or for_each was added or removed",
    "delete_because_count_index": "count is smaller",
    "delete_because_each_key": "its for_each key was removed",
}
# Terraform 1.0 and later write 1.x; before that it was 0.x, and the same in what is read here.
_FORMAT = re.compile(r"[01]\.\d{1,4}")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,2}(-[a-z0-9]{1,20})?")
_DESTRUCTIVE = ("destroy", "replace")
"""The worst first."""


class RealAction(Struct, frozen=True, kw_only=True):
    """What Terraform plans to do to one resource."""

    address: str
    type: str
    action: str
    """`create`, `update`, `replace`, `destroy`, `forget`, `import` or `move`."""
    was: str = ""
    """Its old address, where it has another one now."""
    because: tuple[str, ...] = ()
    """The arguments that cannot change in place, or a reason in words."""
    follows: bool = False
    """Whether all of these are unknown until apply: it is replaced together with what it depends on."""


class RealPlan(Struct, frozen=True, kw_only=True):
    """A plan that was read."""

    environment: str
    """The value of its variable `environment`; nothing where it has none."""
    ranges: Mapping[str, str] = field(default_factory=dict)
    """The blocks that its variables `ranges` and `remote` say."""
    terraform: str = ""
    """The version that made it; nothing where that is no version."""
    is_complete: bool = True
    """Whether it is all that is going to change: planning neither failed nor was put off in part."""
    actions: tuple[RealAction, ...] = ()
    addresses: frozenset[str] = frozenset()
    """The addresses of all that exists or is planned, changed or not."""


def read_plan(text: str, source: str) -> RealPlan:
    """Return the plan in a plan's JSON; raises ScaffoldError for anything else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    changes = document.get("resource_changes", []) if isinstance(document, dict) else None
    if not isinstance(document, dict) or "format_version" not in document or not isinstance(changes, list):
        raise ScaffoldError(
            f"{source} is not a JSON plan.",
            hint="To write one: terraform plan -out plan.tfplan, then terraform show -json plan.tfplan > plan.json",
        )
    if not _FORMAT.fullmatch(str(document["format_version"])):
        raise ScaffoldError(f"{source} is a plan in an unknown format.", hint="Versions 1.x are supported.")
    if "planned_values" not in document and "values" in document:
        raise ScaffoldError(f"{source} is a state, not a plan.", hint="Run `terraform show -json` with a plan file.")
    version = _text(document.get("terraform_version"))
    return RealPlan(
        environment=_text(_variable(document, "environment")),
        ranges=_ranges(document),
        terraform=version if _VERSION.fullmatch(version) else "",
        is_complete=document.get("errored") is not True and document.get("complete") is not False,
        actions=tuple(_actions(changes)),
        addresses=frozenset(_text(row.get("address")) for row in changes if isinstance(row, dict)),
    )


def _variable(document: dict[str, Any], name: str) -> Any:
    variables = document.get("variables")
    variable = variables.get(name) if isinstance(variables, dict) else None
    return variable.get("value") if isinstance(variable, dict) else None


def _ranges(document: dict[str, Any]) -> Mapping[str, str]:
    ranges, remote = _variable(document, "ranges"), _variable(document, "remote")
    blocks = {name: cidr for name, cidr in ranges.items() if isinstance(cidr, str)} if isinstance(ranges, dict) else {}
    return {**blocks, "remote": ", ".join(map(str, remote))} if isinstance(remote, list) else blocks


def _actions(changes: list[Any]) -> Iterator[RealAction]:
    for row in changes:
        change = row.get("change") if isinstance(row, dict) else None
        actions = change.get("actions") if isinstance(change, dict) else None
        if not isinstance(change, dict) or not isinstance(actions, list) or row.get("mode") == "data":
            continue
        action = _WORDS.get(tuple(map(str, actions)), "")
        was = _text(row.get("previous_address"))
        if not action or action in ("create", "update"):
            # What is imported is updated, too, where it is not what is declared.
            action = "import" if isinstance(change.get("importing"), dict) else action or ("move" if was else "")
        if action:
            paths = _paths(change.get("replace_paths"))
            reason = _REASONS.get(_text(row.get("action_reason")), "")
            deposed = _text(row.get("deposed"))
            if deposed:
                # What an earlier replacement could not destroy; the resource itself is another entry.
                reason = "an earlier replacement left it"
            yield RealAction(
                address=_text(row.get("address")) + (f" (deposed {deposed})" if deposed else ""),
                type=_text(row.get("type")),
                action=action,
                was=was,
                because=tuple(dict.fromkeys(map(_dotted, paths))) or ((reason,) if reason else ()),
                follows=bool(paths) and all(_is_unknown(change.get("after_unknown"), path) for path in paths),
            )


def _paths(value: Any) -> list[list[Any]]:
    return [path for path in value if isinstance(path, list) and path] if isinstance(value, list) else []


def _dotted(path: list[Any]) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def _is_unknown(unknown: Any, path: list[Any]) -> bool:
    """Return True if the value at this path, or one that holds it, is known after the apply only."""
    for step in path:
        if isinstance(unknown, dict):
            unknown = unknown.get(step) if isinstance(step, str) else None
        elif isinstance(unknown, list) and isinstance(step, int) and 0 <= step < len(unknown):
            unknown = unknown[step]
        else:
            break
    return unknown is True


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class Comparison(Struct, frozen=True, kw_only=True):
    """One plan of Terraform compared with the computed impact."""

    environment: str
    """The environment that the plan names; nothing where it names none."""
    terraform: str
    """The version of Terraform that made it."""
    is_complete: bool
    is_known: bool
    """Whether there is such an environment on the new side; true where none is named."""
    other_ranges: tuple[str, ...]
    """The ranges that the plan was made with and the spec does not have so."""
    actions: tuple[RealAction, ...]
    only_terraform: tuple[str, ...]
    """The addresses that only Terraform replaces or destroys, with the arguments that decide."""
    only_here: tuple[str, ...]
    """The addresses that only the computed impact replaces or destroys, with the arguments."""
    refused: tuple[str, ...]
    """Reported changes that Terraform would make in place and the cloud refuses, with the reason, as sentences."""
    settled: tuple[str, ...] = ()
    """The addresses of what is not known here, and the plan knows."""
    decides: tuple[str, ...] = ()
    """The root module that the plan is of; nothing where it does not have all resources of exactly one."""

    @property
    def is_of_something_else(self) -> bool:
        """Whether it proves nothing about this change."""
        return not self.is_complete or not self.is_known or bool(self.other_ranges)


def compare_plan(
    real: RealPlan, roots: Sequence[Root], of_branch: Iterable[Impact], plan: AddressPlan | None
) -> Comparison:
    """Return the plan compared with the impact on its environment, or on all root modules where it names none."""
    concerned = [root for root in roots if _concerns(root, real)]
    ours = {resource.instance.was: resource for root in concerned for resource in root.changes.resources}
    destructive = {action.address: action for action in real.actions if action.action in _DESTRUCTIVE}
    decides = _decided(real, concerned)
    # In two root modules of one address, the plan is of either.
    inside = Counter(r.instance.was for root in concerned for r in root.changes.resources if r.action == "unknown")
    computed = {address for address, change in ours.items() if change.is_destructive}
    unknown = {address for address, change in ours.items() if change.action == "unknown"}
    replaced = {change.instance.type for address, change in ours.items() if address in destructive}
    more = [
        _with_arguments(action)
        for address, action in destructive.items()
        if address not in computed | unknown and not any(ANY in of and _is_of(address, of) for of in unknown)
    ]
    fewer = [
        _with_causes(ours[address])
        for address in computed
        if address not in destructive and not ours[address].is_stopped
    ]
    return Comparison(
        environment=real.environment,
        terraform=real.terraform,
        is_complete=real.is_complete,
        is_known=plan is None or not real.environment or real.environment in plan.spec.environments,
        other_ranges=_other_ranges(real, plan),
        actions=tuple(
            sorted(map(_with_decisive(ours), real.actions), key=lambda a: (a.action not in _DESTRUCTIVE, a.address))
        ),
        only_terraform=tuple(sorted(more)),
        only_here=tuple(sorted(fewer)),
        refused=tuple(dict.fromkeys(_refused(real, of_branch, replaced))),
        settled=tuple(sorted(address for address in unknown if inside[address] == 1 and _has(real, address))),
        decides=decides,
    )


def _refused(real: RealPlan, of_branch: Iterable[Impact], replaced: Collection[str]) -> Iterator[str]:
    """Yield the changes of the plan's environment that the cloud refuses and Terraform would make in place.

    `replaced` are the types of what the plan replaces.
    """
    for impact in of_branch:
        is_of_plan = not real.environment or impact.environment == real.environment
        if is_of_plan and impact.is_destructive and impact.refused:
            for resource in impact.affected:
                if resource.role == CLUSTER and resource.types.isdisjoint(replaced):
                    yield f"{impact.subject}: {impact.refused}"


def planned_actions(plan: Comparison) -> dict[str, str]:
    """Return the worst that the plan does at each address that it settles, or to any instance where it is of all."""
    at: dict[str, list[str]] = {}
    at_any: dict[str, list[str]] = {}
    for action in plan.actions:
        at.setdefault(action.address, []).append(action.action)
        at_any.setdefault(without_keys(action.address), []).append(action.action)
    return {
        address: _worst(at_any.get(without_keys(address), ()) if ANY in address else at.get(address, ()))
        for address in plan.settled
    }


def _worst(actions: Collection[str]) -> str:
    return next((action for action in (*_DESTRUCTIVE, *actions) if action in actions), "no-op")


def settled(of_branch: Sequence[Impact], plans: Sequence[Comparison]) -> tuple[Impact, ...]:
    """Return the impacts with what is not known here as the plans of the same environment know it."""
    whole = [plan for plan in plans if not plan.is_of_something_else]

    @cache
    def actions_in(environment: str) -> Mapping[str, str]:
        planned: dict[str, str] = {}
        for plan in whole:
            if not plan.environment or not environment or plan.environment == environment:
                planned |= planned_actions(plan)
        return planned

    decided = {root for plan in whole for root in plan.decides}

    return tuple(
        settled_impact
        for impact in of_branch
        if not _is_setting_of(impact, decided)
        if (settled_impact := _settled(impact, actions_in(impact.environment))) is not None
    )


def _settled(impact: Impact, actions: Mapping[str, str]) -> Impact | None:
    if impact.effect != "not known" or not impact.addresses or not all(a in actions for a in impact.addresses):
        return impact
    destructive = [address for address in impact.addresses if actions[address] in _DESTRUCTIVE]
    if not destructive:
        return None
    destroyed = any(actions[address] == "destroy" for address in destructive)
    return replace(
        impact,
        effect="destroy" if destroyed else "replace",
        addresses=tuple(destructive),
        reason=("This is from the Terraform plan.",),
    )


def _is_setting_of(impact: Impact, decided: Collection[str]) -> bool:
    """Return True for a module or a provider as a whole in a root module of which the plan has all resources."""
    root = impact.callers[0] if impact.callers else folder_of(impact.environment) if impact.environment else "."
    is_setting = impact.effect == "not known" and not impact.addresses
    is_backend = impact.subject.name == "cloud" or impact.subject.name.startswith("backend ")
    return is_setting and root in decided and not is_backend


def _decided(real: RealPlan, roots: Sequence[Root]) -> tuple[str, ...]:
    """Return the root module that the plan is of.

    Where it creates what exists, its state is not the one that has the resources, and it decides nothing.
    """
    addresses: list[str] = []
    created = {action.address for action in real.actions if action.action == "create"}
    for root in roots:
        old = {instance.was for instance in root.old.instances.values()}
        existing = {i.was for i in root.new.instances.values() if not i.is_data and i.address in root.old.instances}
        certain = {address for address in existing if ANY not in address}
        calls = [
            call
            for call in root.new.calls
            if any(address.startswith((f"{call}.", f"{call}[")) for address in real.addresses)
        ]
        if root.fate == "kept" and (certain or calls) and certain <= real.addresses and not created & old:
            addresses.append(root.name)
    return tuple(addresses) if len(addresses) == 1 else ()


def _has(real: RealPlan, address: str) -> bool:
    if ANY not in address:
        return address in real.addresses
    return any(_is_of(planned, address) for planned in real.addresses)


def _is_of(address: str, every: str) -> bool:
    """Return True for an instance of what an address with `[*]` stands for."""
    return without_keys(address) == without_keys(every)


def _concerns(root: Root, real: RealPlan) -> bool:
    environment = environment_of(root.folder)
    return not real.environment or not environment or environment == real.environment


def _with_decisive(ours: dict[str, ResourceChange]):  # type: ignore[no-untyped-def]
    """Return how to report an action: with the computed deciding argument, where the plan names none."""

    def with_decisive(action: RealAction) -> RealAction:
        change = ours.get(action.address)
        if action.because or change is None or not change.causes:
            return action
        return replace(action, because=tuple(dict.fromkeys(cause.leaf.path for cause in change.causes[:3])))

    return with_decisive


def _with_arguments(action: RealAction) -> str:
    return f"{action.address} ({', '.join(action.because)})" if action.because else action.address


def _with_causes(change: ResourceChange) -> str:
    arguments = dict.fromkeys(cause.leaf.path for cause in change.causes if cause.answer == "replaces")
    return f"{change.instance.was} ({', '.join(arguments)})" if arguments else change.instance.was


def _other_ranges(real: RealPlan, plan: AddressPlan | None) -> tuple[str, ...]:
    environment = (
        next((environment for environment in plan.environments if environment.name == real.environment), None)
        if plan
        else None
    )
    if environment is None:
        return ()
    ours = {planned.name: str(planned.cidr) for planned in environment.ranges} | {
        "remote": ", ".join(map(str, environment.remote))
    }
    return tuple(sorted(name for name in ours.keys() & real.ranges.keys() if ours[name] != real.ranges[name]))


def sentences(plan: Comparison) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return what there is to say of it: sentences, and what each of them is about."""
    program = f"Terraform {plan.terraform}" if plan.terraform else "Terraform"
    candidates = [
        (not plan.is_known, "This environment does not exist here", ()),
        (not plan.is_complete, "The plan is incomplete: another apply can change more", ()),
        (bool(plan.other_ranges), "The plan has other ranges than the spec", plan.other_ranges),
        (
            bool(plan.only_terraform),
            f"{program} also replaces or destroys resources not listed above",
            plan.only_terraform,
        ),
        (bool(plan.only_here), f"{program} does not replace resources listed above", plan.only_here),
        (bool(plan.settled), "The plan decides what was unknown", plan.settled),
    ]
    holding = [(sentence, about) for holds, sentence, about in candidates if holds]
    return holding or [("The plan matches the list above", ())]
