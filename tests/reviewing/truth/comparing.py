"""Holds what a review says of each instance against what Terraform plans for it."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec import Struct

Fate = Literal["stays", "comes", "goes", "not known"]
"""What becomes of one instance: `goes` where it is destroyed, or replaced."""
Result = Literal["agrees", "not known", "ours alone replaces", "instances differ", "MISSED", "refused"]

RESULTS: tuple[Result, ...] = ("agrees", "not known", "ours alone replaces", "instances differ", "MISSED")
"""What a comparison may come to, the worst last."""
_OURS: Mapping[str, Fate] = {
    "create": "comes",
    "replace": "goes",
    "destroy": "goes",
    "unknown": "not known",
}
_TERRAFORMS: Mapping[str, Fate] = {"create": "comes", "replace": "goes", "delete": "goes"}


class Difference(Struct, frozen=True):
    """One instance of which both say different things."""

    address: str
    ours: str
    terraform: str
    why: str = ""


class Comparison(Struct, frozen=True):
    """How a whole change compares."""

    result: Result
    differences: tuple[Difference, ...] = ()
    ours: Mapping[str, str] = {}
    terraform: Mapping[str, str] = {}


def planned(messages: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what `terraform plan -json` does to each instance of a resource, by its address."""
    changes = [message["change"] for message in messages if message.get("type") == "planned_change"]
    return {
        change["resource"]["addr"]: change["action"]
        for change in changes
        if change["action"] not in ("read", "noop") and ".data." not in f".{change['resource']['addr']}"
    }


def compared(document: Mapping[str, Any], terraform: Mapping[str, str]) -> Comparison:
    """Compare the document of a review with the actions that Terraform plans."""
    told = {one["address"]: one for one in document["instances"] if one["action"] != "read"}
    ours = {address: one["action"] for address, one in told.items()}
    differences: list[Difference] = []
    results: set[Result] = {"agrees"}
    for address in sorted({*ours, *terraform}):
        said, fate = _said(address, ours), _TERRAFORMS.get(terraform.get(address, ""), "stays")
        if said != fate and "[*]" not in address:
            results.add(_result(said, fate))
            entry = told.get(address, {})
            decisive = [one["name"] + ": " + one["answer"] for one in entry.get("arguments", ())]
            why = "; ".join(filter(None, [entry.get("why", ""), *decisive]))
            differences.append(Difference(address, ours.get(address, "-"), terraform.get(address, "-"), why))
    worst = max(results, key=RESULTS.index)
    is_left_open = any(
        impact["effect"] == "not known" and impact["subject"].startswith("provider.") for impact in document["impact"]
    )
    if worst == "MISSED" and (document["unread"] or is_left_open):
        # A file that was not read is told, and so is another configuration of a provider: nothing is said of what
        # stands in the one, or of the resources of the other.
        worst = "not known"
    return Comparison(worst, tuple(differences), ours, dict(terraform))


def _said(address: str, ours: Mapping[str, str]) -> Fate:
    if address in ours:
        return _OURS.get(ours[address], "stays")
    # One entry stands for all instances where how many there are is not known.
    every = [one for one in ours if "[*]" in one and _matches(one, address)]
    return "not known" if every else "stays"


def _matches(pattern: str, address: str) -> bool:
    parts, there = pattern.split("[*]"), address
    for part in parts:
        if not there.startswith(part):
            return False
        there = there[len(part) :]
        if there.startswith("["):
            there = there[there.index("]") + 1 :]
    return not there


def _result(said: Fate, fate: Fate) -> Result:
    if said == "not known":
        return "not known"
    if fate == "goes":
        return "MISSED"
    return "ours alone replaces" if said == "goes" else "instances differ"
