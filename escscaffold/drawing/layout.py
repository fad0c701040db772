"""Where each part of a picture stands: networks at the top, address bars below them.

Bars are drawn to scale: names stand in the bar where they fit, and as numbers with a legend where they do not.
Units are SVG's user units.
"""

from collections.abc import Iterator

from msgspec import Struct

from escscaffold.drawing import topology as pictured
from escscaffold.drawing.shapes import (
    INNER,
    LEFT,
    MARGIN,
    RIGHT,
    WIDTH,
    Area,
    Box,
    Picture,
    Sheet,
    Stroke,
    Text,
    Tone,
    fitting,
    text_width,
    wrapped,
)
from escscaffold.drawing.topology import STANDINGS, AddressBar, RangeGroup, ShownRange, Stretch, Topology
from escscaffold.planning.ranges import first_address

_HEIGHT = 46
_THINNEST = 2.0
"""What is less is drawn as wide as this, to be seen at all."""
_MOST_KEPT = 8
"""The most reserved stretches that a legend lists one by one."""
_MANY = 8
"""More ranges than these stand closer together."""
_PAD = 14
_MIDDLE = WIDTH // 2
_MOST_ROUTES = 6


class _Piece(Struct, frozen=True, kw_only=True):
    """A stretch with its place on the bar."""

    stretch: Stretch
    left: float
    width: float

    @property
    def name(self) -> str:
        """What can be in the piece: nothing where the piece has to be explained."""
        explained = self.stretch.use in ("growth", "reserved", "clash")
        return "" if explained else ", ".join(self.stretch.names) or "free"

    @property
    def is_named(self) -> bool:
        return bool(self.name) and text_width(self.name, 13) + 8 <= self.width


def picture_of(topology: Topology, *, has_heading: bool = True) -> Picture:
    """Return the picture of one environment, without its heading where the page has one."""
    sheet = Sheet()
    if has_heading:
        _heading(sheet, topology)
    _network(sheet, topology)
    _peering(sheet, topology)
    _kurrent(sheet, topology)
    _bars_below(sheet, topology.bars)
    height = round(sheet.y + MARGIN)
    paper = Area(x=0, y=0, width=WIDTH, height=height, kind="paper")
    return Picture(
        width=WIDTH,
        height=height,
        title=pictured.title_of(topology),
        description=pictured.description_of(topology),
        shapes=(paper, *sheet.shapes),
    )


def _bars_below(sheet: Sheet, bars: tuple[AddressBar, ...]) -> None:
    """Draw the bars, each with its legend, below the shapes so far."""
    for bar in bars:
        sheet.y += 40
        _bar(sheet, bar)


def _bar(sheet: Sheet, bar: AddressBar) -> None:
    what = "The peering routes to" if bar.is_routed else "All ranges:"
    free, whole = pictured.free_of(bar)[0], bar.block.num_addresses
    count = f"{whole:,} addresses, {pictured.share(free, whole) if free else 'none'} free"
    title = fitting(f"{what} {bar.block}", INNER - text_width(count, 13) - 16, 15, is_strong=True)
    sheet.add(Text(x=LEFT, y=sheet.y, text=title, is_strong=True))
    sheet.add(Text(x=RIGHT, y=sheet.y, text=count, size=13, anchor="end", tone="quiet"))
    pieces = _pieces(bar)
    explained = _explained(pieces)
    sheet.y += 14
    if explained:
        _marks(sheet, explained)
    for shape in _drawn(pieces, sheet.y):
        sheet.add(shape)
    sheet.y += _HEIGHT + 18
    sheet.add(Text(x=LEFT, y=sheet.y, text=str(bar.block[0]), size=12, is_code=True, tone="quiet"))
    end = str(bar.block[-1])
    sheet.add(Text(x=RIGHT, y=sheet.y, text=end, size=12, anchor="end", is_code=True, tone="quiet"))
    _legend(sheet, bar, pieces, explained)


def _legend(sheet: Sheet, bar: AddressBar, pieces: list[_Piece], explained: list[_Piece]) -> None:
    whole = bar.block.num_addresses
    sheet.y += 8
    for number, piece in enumerate(explained, start=1):
        stretch = piece.stretch
        name, where = pictured.stretch_name(stretch), pictured.block_list(stretch.blocks)
        _legend_row(sheet, stretch.use, str(number), name, where, pictured.share(stretch.addresses, whole))
    rest = [p.stretch for p in pieces if p.stretch.use == "reserved" and p not in explained]
    if rest:
        amount = pictured.share(sum(s.addresses for s in rest), whole)
        _legend_row(sheet, "reserved", "", f"{len(rest):,} more that are reserved", "", amount)
    free, blocks = pictured.free_of(bar)
    if free:
        _legend_row(sheet, "free", "", "free", pictured.block_list(blocks), pictured.share(free, whole))


def _legend_row(sheet: Sheet, kind: str, number: str, name: str, blocks: str, amount: str) -> None:
    sheet.y += 24
    y = sheet.y
    amount_room = text_width("less than 0.1 %", 13)
    blocks_room = text_width(blocks, 13, is_code=True)
    left = LEFT + 24 + (text_width(number, 13, is_strong=True) + 6 if number else 0)
    name_room = RIGHT - left - amount_room - blocks_room - 24
    sheet.add(Area(x=LEFT, y=y - 12, width=14, height=14, kind=kind, radius=2))
    if number:
        sheet.add(Text(x=LEFT + 24, y=y, text=number, size=13, is_strong=True))
    sheet.add(Text(x=left, y=y, text=fitting(name, name_room, 13), size=13))
    if blocks:
        right = RIGHT - amount_room - 12
        sheet.add(Text(x=right, y=y, text=blocks, size=13, anchor="end", is_code=True))
    sheet.add(Text(x=RIGHT, y=y, text=amount, size=13, anchor="end", tone="quiet"))


def _marks(sheet: Sheet, explained: list[_Piece]) -> None:
    """Draw the numbers over the bar; numbers that would touch are one mark."""
    marks: list[tuple[float, int, int]] = []
    least_distance = text_width(f"{len(explained)}-{len(explained)}", 12, is_strong=True) + 10
    for number, piece in enumerate(explained, start=1):
        middle = min(max(piece.left + piece.width / 2, LEFT + 4), RIGHT - 4)
        if marks and middle - marks[-1][0] < least_distance:
            marks[-1] = (marks[-1][0], marks[-1][1], number)
        else:
            marks.append((middle, number, number))
    sheet.y += 12
    for middle, first, last in marks:
        text = str(first) if first == last else f"{first}-{last}"
        half = text_width(text, 12, is_strong=True) / 2
        x = round(min(max(middle, LEFT + half), RIGHT - half), 1)
        sheet.add(Text(x=x, y=sheet.y, text=text, size=12, anchor="middle", is_strong=True))
        at = round(middle, 1)
        path = f"M{at:g} {sheet.y + 4:g}v6"
        sheet.add(Stroke(path=path, kind="mark", box=Box(at - 1, sheet.y + 4, at + 1, sheet.y + 10)))
    sheet.y += 11


def _drawn(pieces: list[_Piece], y: float) -> Iterator[Area | Text]:
    """Yield the bar: free addresses below, what is used above, and names where they fit."""
    left, right = pieces[0].left, pieces[-1].left + pieces[-1].width
    yield Area(x=round(left, 1), y=y, width=round(right - left, 1), height=_HEIGHT, kind="free")
    shown: _Piece | None = None
    for piece in (p for p in pieces if p.stretch.use != "free"):
        # Thousands of crumbs would be no more to see than the few that a screen can show apart.
        same_use = shown is not None and piece.stretch.use == shown.stretch.use
        if shown and same_use and piece.width < 1 and piece.left < shown.left + 2 * _THINNEST:
            continue
        shown = piece
        width = max(piece.width, _THINNEST)
        x = min(piece.left, right - width)
        title = f"{pictured.stretch_name(piece.stretch)} {pictured.block_list(piece.stretch.blocks)}"
        yield Area(x=round(x, 1), y=y, width=round(width, 1), height=_HEIGHT, kind=piece.stretch.use, title=title)
    for piece in (p for p in pieces if p.is_named):
        middle = round(piece.left + piece.width / 2, 1)
        block = str(piece.stretch.blocks[0]) if len(piece.stretch.blocks) == 1 else ""
        fits = block and text_width(block, 12, is_code=True) + 8 <= piece.width
        yield Text(x=middle, y=y + (20 if fits else 28), text=piece.name, size=13, anchor="middle")
        if fits:
            yield Text(x=middle, y=y + 36, text=block, size=12, anchor="middle", is_code=True)


def _explained(pieces: list[_Piece]) -> list[_Piece]:
    """Return what the legend lists by number: what has no name in the bar, except free addresses."""
    unnamed = [p for p in pieces if p.stretch.use != "free" and not p.is_named]
    reserved = [p for p in unnamed if p.stretch.use == "reserved"]
    widest = sorted(reserved, key=lambda p: -p.width)[:_MOST_KEPT]
    return [p for p in unnamed if p.stretch.use != "reserved" or p in widest]


def _pieces(bar: AddressBar) -> list[_Piece]:
    scale = INNER / bar.block.num_addresses
    start = first_address(bar.block)
    return [_Piece(stretch=s, left=LEFT + (s.first - start) * scale, width=s.addresses * scale) for s in bar.stretches]


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
    title = fitting(pictured.network_title(topology), room, 15, is_strong=True)
    sheet.add(Text(x=LEFT + _PAD, y=sheet.y, text=title, is_strong=True))
    if holder:
        tone: Tone = "warn" if holder.standing == "cut-off" else "plain"
        sheet.add(Text(x=RIGHT - _PAD, y=sheet.y, text=block, anchor="end", is_code=True, is_strong=True, tone=tone))
    sheet.y += 4
    for group in topology.inside:
        standing = group.ranges[0].standing
        unrouted = f"; {STANDINGS[standing]}" if standing in ("beside", "hidden") else ""
        _group(sheet, group, f"{group.purpose}{unrouted}", LEFT + _PAD)
    if topology.cluster_only:
        _cluster(sheet, topology.cluster_only)
    sheet.y += _PAD
    sheet.fill(frame, Area(x=LEFT, y=top, width=INNER, height=sheet.y - top, kind="network", radius=10))


def _cluster(sheet: Sheet, groups: tuple[RangeGroup, ...]) -> None:
    sheet.y += 18
    frame = sheet.reserve()
    top, left = sheet.y, LEFT + _PAD
    sheet.y += 24
    title = f"{pictured.CLUSTER_ONLY}: never crosses the peering"
    sheet.add(Text(x=left + _PAD, y=sheet.y, text=title, size=13, is_strong=True))
    for group in groups:
        _group(sheet, group, group.purpose, left + _PAD)
    sheet.y += _PAD
    sheet.fill(frame, Area(x=left, y=top, width=INNER - 2 * _PAD, height=sheet.y - top, kind="cluster", radius=8))


def _group(sheet: Sheet, group: RangeGroup, title: str, left: float) -> None:
    width = 2 * (_MIDDLE - left)
    sheet.y += 4
    for line in wrapped(title, width, 13):
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
    assignable = "not reached" if missed else f"{shown.assignable:,} assignable"
    assignable_left = left + width - 10 - text_width("16,777,214 assignable", 13)
    block_right = assignable_left - 12
    room = block_right - text_width("255.255.255.255/32", 15, is_code=True) - left - 24
    yield Area(x=left, y=y, width=width, height=height, kind=shown.standing, radius=5, title=_caption(shown))
    line = y + height / 2 + 5
    yield Text(x=left + 12, y=line, text=fitting(shown.name, room, 15, is_strong=True), is_strong=True)
    yield Text(x=block_right, y=line, text=str(shown.cidr), anchor="end", is_code=True)
    yield Text(x=left + width - 10, y=line, text=assignable, size=13, anchor="end", tone="warn" if missed else "plain")


def _caption(shown: ShownRange) -> str:
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
