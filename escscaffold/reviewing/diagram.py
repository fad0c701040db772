"""A map of what changes as a Mermaid flowchart: ranges by environment, and resources by folder. Pure."""

import re
from collections.abc import Iterator

from escscaffold.planning.plan import EnvironmentPlan
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
    "replace?": "replaced",
}


def diagram(contents: Contents) -> str:
    """Return the flowchart; nothing where there is nothing to show."""
    lines = [*_environments(contents), *_resources(contents)]
    return "\n".join(["flowchart LR", *lines, _CLASSES]) if lines else ""


def _environments(contents: Contents) -> Iterator[str]:
    changes = {(change.environment, change.name): change for change in contents.addresses.ranges}
    changed = {environment for environment, _ in changes}
    replaced = {impact.subject for impact in contents.impacts if impact.is_lasting}
    shown = [one for one in (contents.plan.environments if contents.plan else ()) if one.name in changed]
    for number, one in enumerate(shown[:_ENVIRONMENTS]):
        yield f'  subgraph e{number}["{_plain(one.name)}"]'
        for node, name, text in _nodes(one, f"e{number}"):
            change = changes.get((one.name, name))
            kind = ""
            if change is not None:
                kind = ":::replaced" if f"{one.name}.{name}" in replaced else ":::changed"
                kind = ":::added" if change.change == "added" else kind
                text += f"<br/>was {_plain(blocks(change.old))}" if change.old else ""
            yield f'    {node}["{text}"]{kind}'
        yield f"    e{number}k --- e{number}p"
        for node, name, _ in _nodes(one, f"e{number}"):
            planned = one.range(name)
            if planned and planned.facts.covered:
                yield f"    e{number}p --- {node}"
        yield "  end"


def _nodes(one: EnvironmentPlan, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield each node's id, the name of its range, and its text."""
    for number, planned in enumerate(one.ranges):
        node = f"{prefix}k" if planned.name == "kurrent" else f"{prefix}r{number}"
        yield node, planned.name, f"{_plain(planned.name)} {planned.cidr}"
    yield f"{prefix}p", "remote", f"peering to {_plain(one.routed or 'nothing')}"


def _resources(contents: Contents) -> Iterator[str]:
    found = [d for d in contents.single if d.item.kind in ("resource", "module") and d.action]
    folders: dict[str, list[str]] = {}
    for number, difference in enumerate(found[:_RESOURCES]):
        kind = _OF_ACTION.get(difference.action, "changed")
        node = f'    r{number}["{_plain(difference.item.address)}"]:::{kind}'
        folders.setdefault(difference.item.folder, []).append(node)
    for number, (folder, nodes) in enumerate(folders.items()):
        yield from (f'  subgraph f{number}["{_plain(folder)}"]', *nodes, "  end")


def _plain(text: str) -> str:
    """Return the text with only such signs as mean nothing to Mermaid, Markdown or HTML."""
    return re.sub(r"[^A-Za-z0-9 ./,_-]", "?", text)[:60] or "?"
