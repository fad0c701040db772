"""The picture of one environment: who is peered with whom, and an address bar to scale.

Computes places and lengths; the template writes the SVG. Units are SVG user units.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network

from escscaffold.planning.plan import EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import first_address
from escscaffold.rendering.templates import template

_LINE = 56
_TOP = 116
_BAR_WIDTH = 860
_NARROWEST_LABEL = 96


@dataclass(frozen=True, kw_only=True)
class Box:
    """One range in the picture."""

    y: int
    name: str
    cidr: str
    purpose: str
    kind: str
    """"covered", "hidden" or "other": how the range stands to the peering."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One stretch of the address bar."""

    x: float
    width: float
    name: str
    cidr: str
    kind: str
    labelled: bool


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A remote range to scale."""

    y: int
    cidr: str
    segments: tuple[Segment, ...]


def network_diagram(environment: EnvironmentPlan) -> str:
    """Return the SVG of one environment; the same plan gives the same bytes."""
    own = [r for r in environment.leaves if r.name != "kurrent"]
    inside = [r for r in own if not r.hidden]
    beside = [r for r in own if r.hidden]
    frame = _TOP + 36 + _LINE * len(inside)
    boxes = [_box(r, _TOP + 44 + _LINE * row) for row, r in enumerate(inside)]
    boxes += [_box(r, frame + 64 + _LINE * row) for row, r in enumerate(beside)]
    bottom = frame + (36 + _LINE * len(beside) if beside else 0)
    bars = [_bar(environment, block, bottom + 60 + 84 * row) for row, block in enumerate(environment.remote)]
    return template("repository/_network.svg.j2").render(
        name=environment.name,
        region=environment.spec.region,
        cloud=environment.spec.cloud.title,
        network_term=environment.spec.cloud.network_term,
        mode=environment.spec.mode.title,
        holder=next((str(r.cidr) for r in environment.ranges if r not in environment.leaves), ""),
        kurrent=str(environment.kurrent.cidr) if environment.kurrent else "",
        remote=environment.routed,
        top=_TOP,
        frame=frame,
        beside=bool(beside),
        middle=(_TOP + frame) // 2,
        height=bottom + 52 + 84 * len(bars),
        boxes=boxes,
        bars=bars,
    )


def _box(planned: PlannedRange, y: int) -> Box:
    kind = "hidden" if planned.hidden else "covered" if planned.facts.covered or planned.facts.inside else "other"
    return Box(y=y, name=planned.name, cidr=str(planned.cidr), purpose=planned.facts.purpose, kind=kind)


def _bar(environment: EnvironmentPlan, block: IPv4Network, y: int) -> Bar:
    used = [(r.cidr, r.name, "covered") for r in environment.leaves if r.cidr.subnet_of(block)]
    free = [(gap, "free", "free") for gap in environment.free if gap.subnet_of(block)]
    segments = tuple(_segment(block, *part) for part in sorted(used + free))
    return Bar(y=y, cidr=str(block), segments=segments)


def _segment(block: IPv4Network, part: IPv4Network, name: str, kind: str) -> Segment:
    scale = _BAR_WIDTH / block.num_addresses
    width = round(part.num_addresses * scale, 2)
    return Segment(
        x=round(20 + (first_address(part) - first_address(block)) * scale, 2),
        width=width,
        name=name,
        cidr=str(part),
        kind=kind,
        labelled=width >= _NARROWEST_LABEL,
    )
