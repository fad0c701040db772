"""Lists that a person or an IPAM keeps: a CIDR block a line, or a table with a header."""

import csv
import re
from collections.abc import Iterator
from itertools import chain

from escscaffold.scanning.found import Broken, Found, Network, network_of, networks_in
from escscaffold.scanning.kinds import Kind

# NetBox: Prefix, Status, VRF, Tenant, Site, Role, Description. Azure IPAM: vNet Name, Address Space; Block Name,
# CIDR Block. The first of these columns that has something in it names the block.
_NAMING = (
    re.compile(r"name"),
    re.compile(r"(v?net|subnet|network|block|space|vhub|prefix|range|pool)[ _-]?name"),
    re.compile(r"label|title"),
    re.compile(r"description|comments?|notes?|purpose"),
    *map(re.compile, ("site|scope|location", "role", "tenant", "vrf")),
)
_BULLETS = " \t\u2022\u00b7"
"""NetBox shows how deep a prefix lies by bullets before it."""
_QUOTED = re.compile(r'"[^"]*+"?')
_DELIMITERS = ",;\t|"
_LONGEST_NAME = 200
_HOLDERS = {"container"}
"""What NetBox calls a prefix that is there to hold others: nobody uses it itself."""


def scan_table(text: str, source: str) -> Iterator[Found | Broken]:
    """Yield every cell that is a CIDR block, by a name from its row."""
    header: list[str] | None = None
    rows = csv.reader(map("{}\n".format, _lines(text)), delimiter=_delimiter(text))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Broken(source=source, line=rows.line_num, message=f"this is not CSV: {error}")
            return
        networks = [_networks(cell) for cell in row]
        if not any(networks):
            header = header or [cell.strip().lower() for cell in row]
        else:
            others = ["" if networks_of else cell.strip() for cell, networks_of in zip(row, networks, strict=True)]
            name = _cut(_row_name(header or [], others))
            kind: Kind = "value" if _status(header or [], row) in _HOLDERS else "list"
            for network in dict.fromkeys(chain.from_iterable(networks)):
                yield Found(cidr=network, kind=kind, name=name, source=source, line=rows.line_num)


def scan_lines(text: str, source: str) -> Iterator[Found | Broken]:
    """Yield the CIDR blocks of a plain list: what else stands in the line, or in a comment behind it, is the name."""
    strange: list[tuple[int, str]] = []
    for number, line in enumerate(_lines(text), start=1):
        entry, _, comment = line.partition("#")
        words = entry.replace(",", " ").replace(";", " ").split()
        networks = [_entry(word) for word in words]
        strangers = (word for word, network in zip(words, networks, strict=True) if network is None)
        name = _cut(comment.strip() or " ".join(strangers))
        for network in networks:
            if network is not None:
                yield Found(cidr=network, kind="list", name=name, source=source, line=number)
        if words and not any(networks):
            strange.append((number, entry.strip()))
    if strange:
        number, entry = strange[0]
        more = f", and so are {len(strange)} lines in all" if len(strange) > 1 else ""
        yield Broken(source=source, line=number, message=f"{entry[:60]!r} is no CIDR block{more}")


def is_table(text: str) -> bool:
    """Whether the first line that says anything has columns."""
    first = next((line for line in _lines(text) if line.strip() and not line.startswith("#")), "")
    return any(mark in first.partition("#")[0] for mark in _DELIMITERS)


def _lines(text: str) -> list[str]:
    """Return the lines as editors count them: other signs that end a line for Python stand in names."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def _delimiter(text: str) -> str:
    """Return the sign that most of the first lines have, each as often as the others, outside of quotes."""
    lines = [line for line in _QUOTED.sub("", text[:10_000]).splitlines() if line.strip()]

    def regular(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if mark in line]
        usual = max(counts, key=counts.count, default=0)
        return counts.count(usual), usual

    return max(_DELIMITERS, key=regular)


def _networks(cell: str) -> list[Network]:
    return list(networks_in(cell.strip(_BULLETS)))


def _status(header: list[str], row: list[str]) -> str:
    return next((cell.strip().lower() for title, cell in zip(header, row, strict=False) if title == "status"), "")


def _row_name(header: list[str], cells: list[str]) -> str:
    """Return the name of a row by its cells, of which those with CIDR blocks are empty."""
    if not header:
        return next(filter(None, cells), "")
    for naming in _NAMING:
        for title, cell in zip(header, cells, strict=False):
            if naming.fullmatch(title) and cell:
                return cell
    return ""


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."


def _entry(word: str) -> Network | None:
    """Return a word's network; an address alone is the block that holds only it."""
    return network_of(word) or network_of(f"{word}/{128 if ':' in word else 32}")
