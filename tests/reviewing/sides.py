"""Two sides of a review from texts by path, and what a review of them says."""

from collections.abc import Mapping

from escscaffold.jobs.review import compare
from escscaffold.reviewing.real_plan import read_plan
from escscaffold.reviewing.trees import TextTree
from escscaffold.reviewing.verdict import Report
from escscaffold.terraform.resource_changes import ResourceChange


def report_of(before: Mapping[str, str], after: Mapping[str, str], plan: str = "") -> Report:
    """Compare two sides that are given as texts by path, and a plan's JSON."""
    plans = [read_plan(plan, "plan.json")] if plan else []
    return compare(TextTree(before), TextTree(after), plans)


def resources(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, ResourceChange]:
    """Return what becomes of each resource, by its address."""
    roots = report_of(before, after).contents.roots
    return {one.instance.was: one for root in roots for one in root.changes.resources}


def actions(before: Mapping[str, str] | str, after: Mapping[str, str] | str) -> dict[str, str]:
    """Return what Terraform does to each resource; of a single text, it is that of main.tf."""
    old, new = ({"main.tf": side} if isinstance(side, str) else side for side in (before, after))
    return {address: one.action for address, one in resources(old, new).items()}
