"""A map of what changes as a Mermaid flowchart: ranges by environment, and resources by folder. Pure."""

from collections.abc import Iterator

from escscaffold.drawing.mermaid import HEAD, Mark, environment_lines, label
from escscaffold.drawing.topology import topology_of
from escscaffold.reviewing.impact import blocks
from escscaffold.reviewing.report import Contents

_ENVIRONMENTS = 6
_RESOURCES = 20
_CLASSES = """\
  classDef added stroke:#1a7f37,stroke-width:2px
  classDef changed stroke:#9a6700,stroke-width:2px
  classDef replaced stroke:#cf222e,stroke-width:3px
  classDef removed stroke:#cf222e,stroke-dasharray:5
"""
_OF_ACTION = {
    "create": "added",
    "import": "added",
    "destroy": "removed",
    "forget": "removed",
    "replace": "replaced",
    "unknown": "replaced",
}


def diagram(contents: Contents) -> str:
    """Return the flowchart; nothing where there is nothing to show."""
    lines = [*_environments(contents), *_resources(contents)]
    return "\n".join([HEAD, *lines, _CLASSES]) if lines else ""


def _environments(contents: Contents) -> Iterator[str]:
    plan = contents.plan
    changes = {(change.environment, change.name): change for change in contents.addresses.ranges}
    changed = {environment for environment, _ in changes}
    replaced = {impact.subject for impact in contents.impacts if impact.is_lasting}
    shown = [one for one in (plan.environments if plan else ()) if one.name in changed]
    for number, one in enumerate(shown[:_ENVIRONMENTS]):
        marks = {}
        for name in (*(r.name for r in one.ranges), "remote"):
            if change := changes.get((one.name, name)):
                kind = "replaced" if f"{one.name}.{name}" in replaced else "changed"
                was = f"was {blocks(change.old)}" if change.old else ""
                marks[name] = Mark(kind="added" if change.change == "added" else kind, text=was)
        yield from environment_lines(topology_of(one), f"e{number}", marks)


def _resources(contents: Contents) -> Iterator[str]:
    found = [d for d in contents.single if d.item.kind in ("resource", "module") and d.action]
    folders: dict[str, list[str]] = {}
    for number, difference in enumerate(found[:_RESOURCES]):
        kind = _OF_ACTION.get(difference.action, "changed")
        node = f'    r{number}["{label(difference.item.address)}"]:::{kind}'
        folders.setdefault(difference.item.folder, []).append(node)
    for number, (folder, nodes) in enumerate(folders.items()):
        yield from (f'  subgraph f{number}["{label(folder)}"]', *nodes, "  end")
