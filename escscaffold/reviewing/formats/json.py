"""The report as JSON-ready data, version 1 (docs/reference/json.md). Pure."""

from typing import Any

from msgspec import to_builtins

from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.reviewing.differences import AttributeChange, Difference
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.quoting import as_text
from escscaffold.reviewing.range_changes import Addresses, Assignable
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.secrets import old_and_new
from escscaffold.reviewing.verdict import Contents, Report
from escscaffold.terraform.resource_changes import ResourceChange
from escscaffold.terraform.value_changes import Leaf

NOTHING: dict[str, Any] = {
    "before": "",
    "after": "",
    "verdict": {"level": "error", "text": "", "answer": "not known", "counts": {}},
    "addresses": {"added": [], "removed": [], "ranges": [], "free": []},
    "renamed": {},
    "impact": [],
    "instances": [],
    "resources": [],
    "generated_files": [],
    "not_generated": [],
    "secrets": [],
    "unread": [],
    "ipam": [],
    "other_files": [],
    "untracked_files": [],
    "plans": [],
    "known": [],
    "mended": [],
}
"""What the document holds where nothing could be compared."""


def review_document(report: Report) -> dict[str, Any]:
    """Return the document that `review --json` prints."""
    contents = report.contents
    document = {
        "version": VERSION,
        "before": contents.before,
        "after": contents.after,
        "verdict": {
            "level": report.level,
            "text": as_text(report.verdict),
            "answer": contents.answer,
            "counts": dict(contents.counts),
        },
        "addresses": _addresses(contents.addresses),
        "renamed": dict(contents.renames),
        "impact": [_impact(impact) for impact in contents.impacts],
        "instances": [
            _instance(root, resource)
            for root in contents.roots
            if root.fate == "kept"
            for resource in root.changes.resources
        ],
        "resources": [_difference(difference) for difference in contents.differences],
        "generated_files": [to_builtins(note) for note in contents.notes],
        "not_generated": list(contents.not_generated),
        "secrets": [to_builtins(secret) for secret in contents.secrets],
        "unread": [to_builtins(unread) for unread in contents.unread],
        "ipam": [to_builtins(change) for change in contents.ipam],
        "other_files": list(contents.others),
        "untracked_files": list(contents.untracked),
        "plans": [to_builtins(plan) for plan in contents.plans],
        "known": _known(contents),
        "mended": finding_list(contents.fixed),
        "findings": finding_list(contents.findings),
    }
    cleaned: dict[str, Any] = _clean(document)
    return cleaned


def _impact(impact: Impact) -> dict[str, Any]:
    fields = {key: value for key, value in to_builtins(impact).items() if key not in ("effect", "affected")}
    words = {"subject": str(impact.subject), "reason": as_text(impact.reason, str)}
    return {"effect": impact.effect, "things": list(impact.things), **fields, **words}


def _known(contents: Contents) -> list[dict[str, str]]:
    return [{"code": f.code, "environment": f.environment, "subject": f.subject} for f in contents.existing]


def _addresses(addresses: Addresses) -> dict[str, Any]:
    return {
        "added": list(addresses.added),
        "removed": list(addresses.removed),
        "ranges": [
            {
                "environment": change.environment,
                "name": change.name,
                "change": change.change,
                "old": [str(block) for block in change.old],
                "new": [str(block) for block in change.new],
                "old_addresses": change.sizes[0],
                "new_addresses": change.sizes[1],
                "old_assignable": _assignable(change.old_assignable),
                "new_assignable": _assignable(change.new_assignable),
            }
            for change in addresses.ranges
        ],
        "free": [
            {
                "environment": space.environment,
                "freed": [str(block) for block in space.freed],
                "taken": [str(block) for block in space.taken],
            }
            for space in addresses.spaces
        ],
    }


def _assignable(side: Assignable | None) -> dict[str, Any] | None:
    return {"count": side.count, "first": str(side.first), "last": str(side.last)} if side else None


def _difference(difference: Difference) -> dict[str, Any]:
    item = difference.item
    return {
        "change": difference.change,
        "action": difference.action,
        "kind": item.kind,
        "address": item.address,
        "was": difference.was,
        "path": item.path,
        "line": item.line,
        "attributes": [_attribute(change, difference) for change in difference.attributes],
    }


def _attribute(change: AttributeChange, difference: Difference) -> dict[str, Any]:
    return {
        "name": change.name,
        "old": change.old.text if change.old else None,
        "new": change.new.text if change.new else None,
        "forces": change.name in difference.forcing,
    }


def _instance(root: Root, change: ResourceChange) -> dict[str, Any]:
    return {
        "root": root.folder,
        "variant": root.variant,
        "address": change.instance.was,
        "was": change.was,
        "action": change.action,
        "path": change.instance.path,
        "line": change.instance.line,
        "why": change.why,
        "arguments": [_argument(leaf, "in place", "") for leaf in _undecisive(change)]
        + [_argument(cause.leaf, cause.answer, cause.because) for cause in change.causes],
    }


def _undecisive(change: ResourceChange) -> list[Leaf]:
    decisive = {cause.leaf.shown for cause in change.causes}
    return [leaf for leaf in change.leaves if leaf.shown not in decisive]


def _argument(leaf: Leaf, answer: str, because: str) -> dict[str, Any]:
    old, new = old_and_new(leaf)
    return {"name": leaf.shown, "old": old, "new": new, "answer": answer, "because": because}


def _clean(value: Any) -> Any:
    """Return the value with bytes that are not UTF-8 written out: half a surrogate pair is no JSON."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value
