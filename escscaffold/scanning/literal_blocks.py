"""CIDR blocks that stand as they are in a text: each with the line where it stands first."""

import re
from collections.abc import Iterator, Mapping

from escscaffold.scanning.found import Found, networks_in
from escscaffold.scanning.kinds import kind_of
from escscaffold.scanning.leaves import Way
from escscaffold.scanning.private_space import kind_of_value

# From the begin of an address only, or each of its letters would begin one.
_BLOCK = re.compile(r"(?<![0-9A-Fa-f:.])[0-9A-Fa-f:.]++/[0-9]++")


def lines_of_blocks(text: str) -> Mapping[str, int]:
    """Return the line on which each CIDR block of the text stands first."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _BLOCK.finditer(line):
            found.setdefault(match[0], number)
    return found


def blocks_in(leaf: str, way: Way, *, about: str, name: str, source: str, line: int | None) -> Iterator[Found]:
    """Yield the blocks of a single value; what says no kind of its own is an entry of a list.

    `about` is what the whole text is about, in words with `_` between them, and `name` what it is called.
    """
    for network in networks_in(leaf):
        kind = kind_of(about, way.path)
        yield Found(
            cidr=network,
            kind=kind_of_value("list" if kind == "value" else kind, network, way.path),
            name=way.name_after(name),
            source=source,
            line=line,
        )


def line_of(leaf: str, lines: Mapping[str, int]) -> int | None:
    """Return the line of the first block of a value; None where the text spells it in another way."""
    match = _BLOCK.search(leaf)
    return lines.get(match[0]) if match else None
