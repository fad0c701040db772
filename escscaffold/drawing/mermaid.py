"""A topology as a Mermaid flowchart, with what a person wrote as text that means nothing to Mermaid or Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from escscaffold.drawing import topology as pictured
from escscaffold.drawing.topology import RangeGroup, Topology, topology_of
from escscaffold.planning.address_plan import AddressPlan

HEAD = "flowchart LR"
_LONGEST = 60
_MOST_OVERVIEW = 60
"""GitHub draws no chart of more than 50,000 characters."""
_STYLES = {
    "cut-off": "stroke:#c4302b,stroke-width:3px",
    "hidden": "stroke-dasharray:5",
}


class Mark(Struct, frozen=True, kw_only=True):
    """Further words for a range."""

    kind: str = ""
    """The name of a style."""
    text: str = ""


def flowchart(topologies: Sequence[Topology]) -> str:
    """Return a chart of these environments with every range of theirs."""
    lines = [line for number, topology in enumerate(topologies) for line in environment_lines(topology, f"e{number}")]
    used = {shown.standing for topology in topologies for shown in topology.ranges}
    styles = [f"  classDef {kind} {style}" for kind, style in _STYLES.items() if kind in used]
    return "\n".join([HEAD, *lines, *styles]) + "\n"


def overview(plan: AddressPlan) -> str:
    """Return a chart of who is peered with whom, without addresses, of as many as a chart can hold."""
    shown = map(topology_of, plan.environments[:_MOST_OVERVIEW])
    lines = [line for number, topology in enumerate(shown) for line in _peer_lines(topology, f"e{number}")]
    more = len(plan.environments) - _MOST_OVERVIEW
    return "\n".join([HEAD, *lines, *([f'  more["and {more:,} more"]'] if more > 0 else [])]) + "\n"


def environment_lines(topology: Topology, prefix: str, marks: Mapping[str, Mark] | None = None) -> Iterator[str]:
    """Yield one environment as a subgraph; `marks` are by the range's name, and `remote` for the peering."""
    by_name = marks or {}
    yield f'  subgraph {prefix}["{label(topology.name)}: {label(topology.place)}"]'
    yield "    direction LR"
    network = pictured.network_title(topology) + (f" {topology.holder.cidr}" if topology.holder else "")
    mark_or_none = by_name.get(topology.holder.name, Mark()) if topology.holder else Mark()
    yield f'    subgraph {prefix}n["{_with(label(network), mark_or_none)}"]'
    yield "      direction LR"
    yield from (f"  {node}" for node in _ranges(topology.inside, f"{prefix}r", by_name))
    if topology.cluster_only:
        yield f'      subgraph {prefix}o["{pictured.CLUSTER_ONLY}"]'
        yield from (f"    {node}" for node in _ranges(topology.cluster_only, f"{prefix}c", by_name))
        yield "      end"
    yield "    end"
    if mark_or_none.kind:
        yield f"    class {prefix}n {mark_or_none.kind}"
    yield _node(f"{prefix}k", f"Kurrent network {topology.kurrent or ''}".rstrip(), by_name.get("kurrent"), "[(", ")]")
    yield _node(f"{prefix}p", _peering(topology), by_name.get("remote"), "([", "])")
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


def _ranges(groups: Iterable[RangeGroup], prefix: str, by_name: Mapping[str, Mark]) -> Iterator[str]:
    shown = (range_ for group in groups for range_ in group.ranges)
    for number, topology in enumerate(shown):
        kind = topology.standing if topology.standing in _STYLES and not by_name else ""
        mark = by_name.get(topology.name, Mark(kind=kind))
        yield _node(f"{prefix}{number}", f"{topology.name} {topology.cidr}", mark)


def _node(node: str, text: str, mark: Mark | None, opening: str = "[", closing: str = "]") -> str:
    mark_or_none = mark or Mark()
    style = f":::{mark_or_none.kind}" if mark_or_none.kind else ""
    return f'    {node}{opening}"{_with(label(text), mark_or_none)}"{closing}{style}'


def _with(text: str, mark: Mark) -> str:
    return f"{text}<br/>{label(mark.text)}" if mark.text else text


def _peering(topology: Topology) -> str:
    return f"peering to {pictured.block_list(topology.remote) or 'nothing'}"


def _peer_lines(topology: Topology, prefix: str) -> Iterator[str]:
    ranges = ", ".join(shown.name for shown in topology.ranges)
    yield f'  subgraph {prefix}["{label(topology.name)}"]'
    yield "    direction LR"
    yield f'    {prefix}n["{label(topology.place)}<br/>{label(ranges)}"]'
    yield f'    {prefix}p(["peering"])'
    yield f'    {prefix}k[("Kurrent network")]'
    yield f"    {prefix}n --- {prefix}p --- {prefix}k"
    yield "  end"
