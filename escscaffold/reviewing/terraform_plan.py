"""Reads a real plan as `terraform show -json` prints it: what Terraform is going to do to what, and why. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from escscaffold.errors import ScaffoldError

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
    "replace_by_request": "it was asked for with -replace",
    "replace_by_triggers": "replace_triggered_by",
    "delete_because_no_resource_config": "it is no longer declared",
    "delete_because_no_module": "it is no longer declared",
    "delete_because_wrong_repetition": "count or for_each came or went",
    "delete_because_count_index": "count asks for fewer",
    "delete_because_each_key": "for_each has no such key",
}
# Terraform 1.0 and later write 1.x; before that it was 0.x, and the same in what is read here.
_FORMAT = re.compile(r"[01]\.\d{1,4}")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,2}(-[a-z0-9]{1,20})?")


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
    """Whether all of these are unknown yet: it is made anew with what it hangs on."""


class RealPlan(Struct, frozen=True, kw_only=True):
    """A plan that was read."""

    environment: str
    """What its variable `environment` says; nothing where it has none."""
    ranges: Mapping[str, str] = field(default_factory=dict)
    """The blocks that its variables `ranges` and `remote` say."""
    terraform: str = ""
    """The version that made it; nothing where that is no version."""
    is_complete: bool = True
    """Whether it is all that is going to change: planning neither failed nor was put off in part."""
    actions: tuple[RealAction, ...] = ()


def read_plan(text: str, source: str) -> RealPlan:
    """Return what a plan's JSON says; raises ScaffoldError for anything else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    changes = document.get("resource_changes", []) if isinstance(document, dict) else None
    if not isinstance(document, dict) or "format_version" not in document or not isinstance(changes, list):
        raise ScaffoldError(
            f"{source} is not a plan as JSON.",
            hint="Write one: terraform plan -out plan.tfplan, then terraform show -json plan.tfplan > plan.json",
        )
    if not _FORMAT.fullmatch(str(document["format_version"])):
        raise ScaffoldError(f"{source} is a plan in a format that is not known here.", hint="Versions 1.x are read.")
    if "planned_values" not in document and "values" in document:
        raise ScaffoldError(f"{source} is a state, and no plan.", hint="Give `terraform show -json` a plan's file.")
    version = _text(document.get("terraform_version"))
    return RealPlan(
        environment=_text(_variable(document, "environment")),
        ranges=_ranges(document),
        terraform=version if _VERSION.fullmatch(version) else "",
        is_complete=document.get("errored") is not True and document.get("complete") is not False,
        actions=tuple(_actions(changes)),
    )


def _variable(document: dict[str, Any], name: str) -> Any:
    variables = document.get("variables")
    variable = variables.get(name) if isinstance(variables, dict) else None
    return variable.get("value") if isinstance(variable, dict) else None


def _ranges(document: dict[str, Any]) -> Mapping[str, str]:
    ranges, remote = _variable(document, "ranges"), _variable(document, "remote")
    found = {name: cidr for name, cidr in ranges.items() if isinstance(cidr, str)} if isinstance(ranges, dict) else {}
    return {**found, "remote": ", ".join(map(str, remote))} if isinstance(remote, list) else found


def _actions(changes: list[Any]) -> Iterator[RealAction]:
    for one in changes:
        change = one.get("change") if isinstance(one, dict) else None
        actions = change.get("actions") if isinstance(change, dict) else None
        if not isinstance(change, dict) or not isinstance(actions, list) or one.get("mode") == "data":
            continue
        action = _WORDS.get(tuple(map(str, actions)), "")
        was = _text(one.get("previous_address"))
        if not action or action in ("create", "update"):
            # What is imported is updated, too, where it is not what is declared.
            action = "import" if isinstance(change.get("importing"), dict) else action or ("move" if was else "")
        if action:
            paths = _paths(change.get("replace_paths"))
            reason = _REASONS.get(_text(one.get("action_reason")), "")
            yield RealAction(
                address=_text(one.get("address")),
                type=_text(one.get("type")),
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
