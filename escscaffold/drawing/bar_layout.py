"""Address bars on paper: to scale, named where there is room, numbered and explained below where there is none."""

from collections.abc import Iterator

from msgspec import Struct

from escscaffold.drawing import words
from escscaffold.drawing.bars import AddressBar, Stretch
from escscaffold.drawing.shapes import Area, Box, Stroke, Text, fitting, text_width
from escscaffold.drawing.sheet import INNER, LEFT, RIGHT, Sheet
from escscaffold.planning.ranges import first_address

_HEIGHT = 46
_THINNEST = 2.0
"""What is less is drawn as wide as this, to be seen at all."""
_MOST_KEPT = 8
"""Reserved stretches that a legend tells one by one."""


class _Piece(Struct, frozen=True, kw_only=True):
    """A stretch with its place on the bar."""

    stretch: Stretch
    left: float
    width: float

    @property
    def name(self) -> str:
        """What can stand in the piece: nothing where the piece has to be explained."""
        explained = self.stretch.use in ("growth", "reserved", "clash")
        return "" if explained else ", ".join(self.stretch.names) or "free"

    @property
    def is_named(self) -> bool:
        return bool(self.name) and text_width(self.name, 13) + 8 <= self.width


def bars_below(sheet: Sheet, bars: tuple[AddressBar, ...]) -> None:
    """Draw the bars, each with its legend, below what is there."""
    for bar in bars:
        sheet.y += 40
        _bar(sheet, bar)


def _bar(sheet: Sheet, bar: AddressBar) -> None:
    what = "The peering routes to" if bar.is_routed else "All of it lies in"
    free, whole = words.free_of(bar)[0], bar.block.num_addresses
    count = f"{whole:,} addresses, {words.share(free, whole) if free else 'none'} free"
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


def _pieces(bar: AddressBar) -> list[_Piece]:
    scale = INNER / bar.block.num_addresses
    start = first_address(bar.block)
    return [_Piece(stretch=s, left=LEFT + (s.first - start) * scale, width=s.addresses * scale) for s in bar.stretches]


def _explained(pieces: list[_Piece]) -> list[_Piece]:
    """Return what the legend tells by number: what could not be named in the bar, but for free addresses."""
    found = [p for p in pieces if p.stretch.use != "free" and not p.is_named]
    kept = [p for p in found if p.stretch.use == "reserved"]
    told = sorted(kept, key=lambda p: -p.width)[:_MOST_KEPT]
    return [p for p in found if p.stretch.use != "reserved" or p in told]


def _drawn(pieces: list[_Piece], y: float) -> Iterator[Area | Text]:
    """Yield the bar: free addresses below, what is used above, and names where they fit."""
    left, right = pieces[0].left, pieces[-1].left + pieces[-1].width
    yield Area(x=round(left, 1), y=y, width=round(right - left, 1), height=_HEIGHT, kind="free")
    shown: _Piece | None = None
    for piece in (p for p in pieces if p.stretch.use != "free"):
        # Thousands of crumbs would be no more to see than the few that a screen can show apart.
        alike = shown is not None and piece.stretch.use == shown.stretch.use
        if shown and alike and piece.width < 1 and piece.left < shown.left + 2 * _THINNEST:
            continue
        shown = piece
        width = max(piece.width, _THINNEST)
        x = min(piece.left, right - width)
        title = f"{words.stretch_name(piece.stretch)} {words.block_list(piece.stretch.blocks)}"
        yield Area(x=round(x, 1), y=y, width=round(width, 1), height=_HEIGHT, kind=piece.stretch.use, title=title)
    for piece in (p for p in pieces if p.is_named):
        middle = round(piece.left + piece.width / 2, 1)
        block = str(piece.stretch.blocks[0]) if len(piece.stretch.blocks) == 1 else ""
        fits = block and text_width(block, 12, is_code=True) + 8 <= piece.width
        yield Text(x=middle, y=y + (20 if fits else 28), text=piece.name, size=13, anchor="middle")
        if fits:
            yield Text(x=middle, y=y + 36, text=block, size=12, anchor="middle", is_code=True)


def _marks(sheet: Sheet, explained: list[_Piece]) -> None:
    """Draw the numbers over the bar; numbers that would touch are one mark."""
    marks: list[tuple[float, int, int]] = []
    apart = text_width(f"{len(explained)}-{len(explained)}", 12, is_strong=True) + 10
    for number, piece in enumerate(explained, start=1):
        middle = min(max(piece.left + piece.width / 2, LEFT + 4), RIGHT - 4)
        if marks and middle - marks[-1][0] < apart:
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


def _legend(sheet: Sheet, bar: AddressBar, pieces: list[_Piece], explained: list[_Piece]) -> None:
    whole = bar.block.num_addresses
    sheet.y += 8
    for number, piece in enumerate(explained, start=1):
        stretch = piece.stretch
        name, where = words.stretch_name(stretch), words.block_list(stretch.blocks)
        _legend_row(sheet, stretch.use, str(number), name, where, words.share(stretch.addresses, whole))
    rest = [p.stretch for p in pieces if p.stretch.use == "reserved" and p not in explained]
    if rest:
        amount = words.share(sum(s.addresses for s in rest), whole)
        _legend_row(sheet, "reserved", "", f"{len(rest):,} more that are reserved", "", amount)
    free, blocks = words.free_of(bar)
    if free:
        _legend_row(sheet, "free", "", "free", words.block_list(blocks), words.share(free, whole))


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
