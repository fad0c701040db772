"""A topology as a Mermaid flowchart, with what a person wrote as text that means nothing to Mermaid or Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from escscaffold.drawing import descriptions
from escscaffold.drawing.topology import RangeGroup, Topology, topology_of
from escscaffold.planning.plan import AddressPlan

HEAD = "flowchart LR"
_LONGEST = 60
_MOST_OVERVIEW = 60
"""GitHub draws no chart of more than 50,000 characters."""
_STYLES = {
    "cut-off": "stroke:#c4302b,stroke-width:3px",
    "hidden": "stroke-dasharray:5",
}


class Mark(Struct, frozen=True, kw_only=True):
    """What is to be said of a range besides what it is."""

    kind: str = ""
    """The name of a style."""
    text: str = ""


def flowchart(topologies: Sequence[Topology]) -> str:
    """Return a chart of these environments with every range of theirs."""
    lines = [line for number, one in enumerate(topologies) for line in environment_lines(one, f"e{number}")]
    used = {shown.standing for one in topologies for shown in one.ranges}
    styles = [f"  classDef {kind} {style}" for kind, style in _STYLES.items() if kind in used]
    return "\n".join([HEAD, *lines, *styles]) + "\n"


def overview(plan: AddressPlan) -> str:
    """Return a chart of who is peered with whom, without addresses, of as many as a chart can hold."""
    shown = map(topology_of, plan.environments[:_MOST_OVERVIEW])
    lines = [line for number, one in enumerate(shown) for line in _peer_lines(one, f"e{number}")]
    more = len(plan.environments) - _MOST_OVERVIEW
    return "\n".join([HEAD, *lines, *([f'  more["and {more:,} more"]'] if more > 0 else [])]) + "\n"


def environment_lines(topology: Topology, prefix: str, marks: Mapping[str, Mark] | None = None) -> Iterator[str]:
    """Yield one environment as a subgraph; `marks` are by the range's name, and `remote` for the peering."""
    told = marks or {}
    yield f'  subgraph {prefix}["{label(topology.name)}: {label(topology.place)}"]'
    yield "    direction LR"
    network = descriptions.network_title(topology) + (f" {topology.holder.cidr}" if topology.holder else "")
    said = told.get(topology.holder.name, Mark()) if topology.holder else Mark()
    yield f'    subgraph {prefix}n["{_with(label(network), said)}"]'
    yield "      direction LR"
    yield from (f"  {node}" for node in _ranges(topology.inside, f"{prefix}r", told))
    if topology.cluster_only:
        yield f'      subgraph {prefix}o["{descriptions.CLUSTER_ONLY}"]'
        yield from (f"    {node}" for node in _ranges(topology.cluster_only, f"{prefix}c", told))
        yield "      end"
    yield "    end"
    if said.kind:
        yield f"    class {prefix}n {said.kind}"
    yield _node(f"{prefix}k", f"Kurrent network {topology.kurrent or ''}".rstrip(), told.get("kurrent"), "[(", ")]")
    yield _node(f"{prefix}p", _peering(topology), told.get("remote"), "([", "])")
    yield f"    {prefix}n --- {prefix}p --- {prefix}k"
    yield "  end"


def label(text: str) -> str:
    """Return the text as Mermaid shows it: every sign that could mean something is an entity of Mermaid's.

    >>> label('a"b<i>`x`')
    'a#34;b#60;i#62;#96;x#96;'
    """
    whole = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return re.sub(r"[^A-Za-z0-9 ./,:_-]", _entity, whole) or "?"


def _entity(match: re.Match[str]) -> str:
    return f"#{ord(match[0])};" if match[0].isprintable() else "?"


def _ranges(groups: Iterable[RangeGroup], prefix: str, told: Mapping[str, Mark]) -> Iterator[str]:
    shown = (one for group in groups for one in group.ranges)
    for number, one in enumerate(shown):
        kind = one.standing if one.standing in _STYLES and not told else ""
        mark = told.get(one.name, Mark(kind=kind))
        yield _node(f"{prefix}{number}", f"{one.name} {one.cidr}", mark)


def _node(node: str, text: str, mark: Mark | None, opening: str = "[", closing: str = "]") -> str:
    said = mark or Mark()
    style = f":::{said.kind}" if said.kind else ""
    return f'    {node}{opening}"{_with(label(text), said)}"{closing}{style}'


def _with(text: str, mark: Mark) -> str:
    return f"{text}<br/>{label(mark.text)}" if mark.text else text


def _peering(topology: Topology) -> str:
    return f"peering to {descriptions.block_list(topology.remote) or 'nothing'}"


def _peer_lines(topology: Topology, prefix: str) -> Iterator[str]:
    ranges = ", ".join(one.name for one in topology.ranges)
    yield f'  subgraph {prefix}["{label(topology.name)}"]'
    yield "    direction LR"
    yield f'    {prefix}n["{label(topology.place)}<br/>{label(ranges)}"]'
    yield f'    {prefix}p(["peering"])'
    yield f'    {prefix}k[("Kurrent network")]'
    yield f"    {prefix}n --- {prefix}p --- {prefix}k"
    yield "  end"
