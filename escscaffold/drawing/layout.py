"""Where each part of a picture stands: the networks above, the address bars below. Units are SVG's user units.

The picture is narrow and tall, so that its text can still be read where a page is as narrow as a telephone.
"""

from collections.abc import Iterator

from escscaffold.drawing import words
from escscaffold.drawing.bar_layout import bars_below
from escscaffold.drawing.shapes import Area, Box, Picture, Stroke, Text, Tone, fitting, text_width, wrapped
from escscaffold.drawing.sheet import INNER, LEFT, MARGIN, RIGHT, WIDTH, Sheet
from escscaffold.drawing.standing import STANDINGS
from escscaffold.drawing.topology import RangeGroup, ShownRange, Topology

_MANY = 8
"""More ranges than these stand closer together."""
_PAD = 14
_MIDDLE = WIDTH // 2
_MOST_ROUTES = 6


def picture_of(topology: Topology, *, has_heading: bool = True) -> Picture:
    """Return the picture of one environment, without its heading where that stands beside it."""
    sheet = Sheet()
    if has_heading:
        _heading(sheet, topology)
    _network(sheet, topology)
    _peering(sheet, topology)
    _kurrent(sheet, topology)
    bars_below(sheet, topology.bars)
    height = round(sheet.y + MARGIN)
    paper = Area(x=0, y=0, width=WIDTH, height=height, kind="paper")
    return Picture(
        width=WIDTH,
        height=height,
        title=words.title_of(topology),
        description=words.description_of(topology),
        shapes=(paper, *sheet.shapes),
    )


def _heading(sheet: Sheet, topology: Topology) -> None:
    sheet.y = 38
    sheet.add(Text(x=LEFT, y=sheet.y, text=fitting(topology.name, INNER, 22, is_strong=True), size=22, is_strong=True))
    for line in wrapped(f"{topology.place}: {topology.mode}", INNER, 14):
        sheet.y += 22
        sheet.add(Text(x=LEFT, y=sheet.y, text=line, size=14, tone="quiet"))
    sheet.y += 18


def _network(sheet: Sheet, topology: Topology) -> None:
    frame = sheet.reserve()
    top = sheet.y
    sheet.y += 28
    holder = topology.holder
    block = str(holder.cidr) if holder else ""
    room = INNER - 3 * _PAD - text_width(block, 15, is_code=True)
    title = fitting(words.network_title(topology), room, 15, is_strong=True)
    sheet.add(Text(x=LEFT + _PAD, y=sheet.y, text=title, is_strong=True))
    if holder:
        tone: Tone = "warn" if holder.standing == "cut-off" else "plain"
        sheet.add(Text(x=RIGHT - _PAD, y=sheet.y, text=block, anchor="end", is_code=True, is_strong=True, tone=tone))
    sheet.y += 4
    for group in topology.inside:
        _group(sheet, group, LEFT + _PAD)
    if topology.cluster_only:
        _cluster(sheet, topology.cluster_only)
    sheet.y += _PAD
    sheet.fill(frame, Area(x=LEFT, y=top, width=INNER, height=sheet.y - top, kind="network", radius=10))


def _cluster(sheet: Sheet, groups: tuple[RangeGroup, ...]) -> None:
    sheet.y += 18
    frame = sheet.reserve()
    top, left = sheet.y, LEFT + _PAD
    sheet.y += 24
    title = "Known to the cluster only: never crosses the peering"
    sheet.add(Text(x=left + _PAD, y=sheet.y, text=title, size=13, is_strong=True))
    for group in groups:
        _group(sheet, group, left + _PAD)
    sheet.y += _PAD
    sheet.fill(frame, Area(x=left, y=top, width=INNER - 2 * _PAD, height=sheet.y - top, kind="cluster", radius=8))


def _group(sheet: Sheet, group: RangeGroup, left: float) -> None:
    width = 2 * (_MIDDLE - left)
    sheet.y += 4
    for line in wrapped(group.purpose, width, 13):
        sheet.y += 18
        sheet.add(Text(x=left, y=sheet.y, text=line, size=13, tone="quiet"))
    sheet.y += 8
    height, gap = (32, 6) if len(group.ranges) <= _MANY else (26, 3)
    for shown in group.ranges:
        for shape in _row(shown, sheet.y, left, width, height):
            sheet.add(shape)
        sheet.y += height + gap
    sheet.y -= gap


def _row(shown: ShownRange, y: float, left: float, width: float, height: int) -> Iterator[Text | Area]:
    missed = shown.standing == "cut-off"
    usable = "not reached" if missed else f"{shown.usable:,} usable"
    usable_left = left + width - 10 - text_width("16,777,214 usable", 13)
    block_right = usable_left - 12
    room = block_right - text_width("255.255.255.255/32", 15, is_code=True) - left - 24
    yield Area(x=left, y=y, width=width, height=height, kind=shown.standing, radius=5, title=_said(shown))
    line = y + height / 2 + 5
    yield Text(x=left + 12, y=line, text=fitting(shown.name, room, 15, is_strong=True), is_strong=True)
    yield Text(x=block_right, y=line, text=str(shown.cidr), anchor="end", is_code=True)
    yield Text(x=left + width - 10, y=line, text=usable, size=13, anchor="end", tone="warn" if missed else "plain")


def _said(shown: ShownRange) -> str:
    return f"{shown.name} {shown.cidr}: {STANDINGS[shown.standing]}"


def _peering(sheet: Sheet, topology: Topology) -> None:
    """Two ways through the peering: what each side routes to the other."""
    shown = topology.remote[:_MOST_ROUTES]
    more = len(topology.remote) - len(shown)
    lines = [str(block) for block in shown] + ([f"and {more:,} more"] if more else [])
    kind = "way" if topology.remote else "broken"
    top = sheet.y
    height = 62 + 20 * max(len(lines), 1)
    bottom = top + height
    up, down = _MIDDLE - 26, _MIDDLE + 26
    sheet.add(_arrow(up, bottom, top, kind))
    sheet.add(_arrow(down, top, bottom, "way"))
    sheet.add(Area(x=_MIDDLE - 46, y=top + height / 2 - 15, width=92, height=30, kind="peering", radius=15))
    sheet.add(Text(x=_MIDDLE, y=top + height / 2 + 5, text="peering", anchor="middle", is_strong=True))
    y = top + height / 2 - 10 * max(len(lines), 1) - 2
    side = _MIDDLE - 60
    sheet.add(Text(x=side, y=y, text="Kurrent routes to", size=13, anchor="end", tone="quiet"))
    for number, line in enumerate(lines, start=1):
        sheet.add(Text(x=side, y=y + 20 * number, text=line, anchor="end", is_code=True))
    if not lines:
        sheet.add(Text(x=side, y=y + 20, text="nothing", anchor="end", is_strong=True, tone="warn"))
    other = _MIDDLE + 60
    yours = fitting(f"your {topology.network} routes to", RIGHT - other, 13)
    sheet.add(Text(x=other, y=y, text=yours, size=13, tone="quiet"))
    sheet.add(Text(x=other, y=y + 20, text=str(topology.kurrent or "nothing"), is_code=True))
    sheet.y = bottom


def _arrow(x: float, start: float, end: float, kind: str) -> Stroke:
    back = 6 if end > start else -6
    tip = end - back / 3
    path = f"M{x:g} {start:g}V{tip:g}m-5 {-back}l5 {back} 5 {-back}"
    return Stroke(path=path, kind=kind, box=Box(x - 6, min(start, end), x + 6, max(start, end)))


def _kurrent(sheet: Sheet, topology: Topology) -> None:
    top = sheet.y
    state = f", {topology.kurrent_state}" if topology.kurrent_state else ""
    database = f"Database: {topology.database_state}" if topology.database_state else "Database, port 2113"
    sheet.add(Area(x=LEFT, y=top, width=INNER, height=62, kind="kurrent", radius=10))
    sheet.add(Text(x=LEFT + _PAD, y=top + 26, text=f"Kurrent network{state}", is_strong=True))
    sheet.add(Text(x=LEFT + _PAD, y=top + 47, text=database, size=13))
    block = str(topology.kurrent or "no range")
    sheet.add(Text(x=RIGHT - _PAD, y=top + 26, text=block, anchor="end", is_code=True, is_strong=True))
    sheet.y = top + 62
