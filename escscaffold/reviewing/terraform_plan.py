"""A real plan's actions (`terraform show -json`) beside what is said here of the same change. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from escscaffold.errors import ScaffoldError
from escscaffold.reviewing.impact import ENVIRONMENTS, Impact
from escscaffold.reviewing.replacing import resource_facts

_WORDS = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "forget",
}


@dataclass(frozen=True, kw_only=True)
class RealAction:
    """What Terraform plans to do to one resource."""

    address: str
    type: str
    action: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One plan beside ours."""

    environment: str
    """The environment that the plan says it is of; nothing where it says none."""
    actions: tuple[RealAction, ...]
    only_terraform: tuple[str, ...]
    """What Terraform makes anew, or destroys, and is not said here; in words or by address."""
    only_here: tuple[str, ...]
    """What is said here to be made anew, or destroyed, and Terraform leaves alone, in words."""


def read_plan(text: str, source: str) -> tuple[str, tuple[RealAction, ...]]:
    """Return the environment and the actions of a plan's JSON; raises ScaffoldError for anything else."""
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
    return _environment(document), tuple(_actions(changes))


def compare_plan(environment: str, actions: Sequence[RealAction], told: Iterable[Impact]) -> Comparison:
    """Return the plan beside what is told of its environment, or of all where it names none."""
    ours = {_bare(thing) for impact in told if _concerns(impact, environment) for thing in impact.things}
    theirs = {_words(action) for action in actions if action.action in ("replace", "destroy")}
    everything = any(thing.startswith("everything") for thing in ours)
    return Comparison(
        environment=environment,
        actions=tuple(sorted(actions, key=lambda a: (a.action not in ("replace", "destroy"), a.address))),
        only_terraform=() if everything else tuple(sorted(theirs - ours)),
        only_here=() if everything else tuple(sorted(ours - theirs)),
    )


def _concerns(impact: Impact, environment: str) -> bool:
    """Return True if something that exists would be gone in this environment, or in any where it is not named."""
    named = not environment or environment == impact.environment
    return impact.is_lasting and (named or f"{ENVIRONMENTS}/{environment}" in impact.callers)


def _environment(document: dict[str, Any]) -> str:
    variables = document.get("variables")
    variable = variables.get("environment") if isinstance(variables, dict) else None
    value = variable.get("value") if isinstance(variable, dict) else None
    return value if isinstance(value, str) else ""


def _actions(changes: list[Any]) -> Iterator[RealAction]:
    for one in changes:
        change = one.get("change") if isinstance(one, dict) else None
        actions = change.get("actions") if isinstance(change, dict) else None
        if not isinstance(actions, list) or one.get("mode") == "data":
            continue
        action = _WORDS.get(tuple(map(str, actions)))
        if action:
            yield RealAction(address=str(one.get("address", "")), type=str(one.get("type", "")), action=action)


def _words(action: RealAction) -> str:
    facts = resource_facts().get(action.type)
    return _bare(facts.is_) if facts else action.address


def _bare(thing: str) -> str:
    """Return the words in one form: "its subnets" and "the subnet" are the same."""
    return f"the {thing.removeprefix('the ').removeprefix('its ').removesuffix('s')}" if " " in thing else thing
