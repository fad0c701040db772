"""Lists that a person or an IPAM keeps: a CIDR block per line, or a table with a header and any column names.

NetBox and Azure IPAM write a CIDR block into one cell; Infoblox, phpIPAM and Windows an address and its mask into two.
A row that holds others is found by the table's words and by its shape, for the words for it are of many languages.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, NetmaskValueError
from itertools import pairwise

from msgspec import Struct

from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.found import (
    LONGEST_NAME,
    Broken,
    Found,
    Network,
    Unresolved,
    kind_of_value,
    network_of,
    networks_in,
    shortened,
)
from escscaffold.scanning.kinds import Kind

_QUOTED = re.compile(r'"[^"]*+"?')
_DELIMITERS = ",;\t|"
# An address, and a mask in either form behind it; an address alone has none.
_ADDRESS = re.compile(
    r"(?<![\w.:/])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.:])(?:\s{0,3}/\s{0,3}(\d{1,3}(?:\.\d{1,3}){3}|\d{1,2})(?![\w.]))?"
)
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_LENGTH = re.compile(r"/?(\d{1,2})")
_BULLETS = " \t\u2022\u00b7"
"""NetBox shows how deep a prefix lies by bullets before it."""
_MASK_TITLE = re.compile(r"mas[kq]|m\u00e1scara|bitmask|length|l\u00e4nge|longueur|longitud|cidr|prefix")
_NAMING = tuple(
    map(
        re.compile,
        (
            r"name|nom|nombre|nome|navn|naam|nazwa|namn|bezeichnung",
            r"(v?net|subnet|network|block|space|vhub|prefix|range|pool)[ _-]?name",
            r"label|title|titel|libell\u00e9|etikett",
            r"desc(ription)?|comments?|notes?|purpose|beschreibung|kommentar|descripci\u00f3n|descri\u00e7\u00e3o"
            r"|descrizione|omschrijving|opis|commentaire|comentario|commento|bemerkung|zweck|remarques?",
            r"(ea-)?(site|scope|location|standort|ort|lieu|sede|locatie)",
            r"role|rolle|r\u00f4le",
            r"tenant|mandant",
            r"vrf",
        ),
    )
)
_HOLDS_OTHERS = re.compile(
    r"(?:network|ip|prefix)?[ _-]?(?:container|supernet|aggregate|conteneur|contenedor|cont\u00eaineres?|contenitore"
    r"|beh\u00e4lter|kontener|beholder|beh\u00e5llare|agr\u00e9gat|agregado|aggregat|folder|ordner)"
)
"""What an IPAM calls a prefix that is there to hold others."""
_HOLDING_TITLE = re.compile(r"(?:master|parent|super|container|aggregate|\u00fcbergeordnet|parente?|padre)")
_WIDEST_NETWORK = 16
"""The widest block that a cloud's network usually has: what is wider and holds others is hardly one itself."""
_SURELY_HOLDING = 12


def scan_table(text: str, source: str) -> Iterator[Found | Unresolved | Broken]:
    """Yield the blocks of a table, and where it is no table any more."""
    reader = csv.reader(map("{}\n".format, _lines(text)), delimiter=_delimiter(text))
    rows: list[tuple[list[str], int]] = []
    broken: Broken | None = None
    while broken is None:
        try:
            rows.append((next(reader), reader.line_num))
        except StopIteration:
            break
        except csv.Error as error:
            broken = Broken(source=source, line=reader.line_num, message=f"this is not CSV: {error}")
    yield from _ranges_of_table(rows, source)
    if broken:
        yield broken


def scan_lines(text: str, source: str, facts: Facts) -> Iterator[Found | Broken]:
    """Yield the CIDR blocks of a plain list: what else is in the line, or in a comment behind it, is the name."""
    strange: list[tuple[int, str]] = []
    for number, line in enumerate(_lines(text), start=1):
        entry, _, comment = line.partition("#")
        words = entry.replace(",", " ").replace(";", " ").split()
        networks = [_entry(word) for word in words]
        # Lines between columns are no part of a name.
        strangers = (w for w, network in zip(words, networks, strict=True) if network is None and w.strip("|+-"))
        name = shortened(_readable(comment.strip()) or " ".join(strangers))
        for network in networks:
            if network is not None:
                yield Found(
                    cidr=network,
                    kind=kind_of_value("list", network, (), facts),
                    name=name,
                    source=source,
                    line=number,
                )
        if words and not any(networks) and not (number == 1 and _is_heading(entry)):
            strange.append((number, entry.strip()))
    if strange:
        number, entry = strange[0]
        more = f" ({len(strange)} such lines)" if len(strange) > 1 else ""
        yield Broken(source=source, line=number, message=f"{entry[:60]!r} is not a CIDR block{more}")


def _is_heading(line: str) -> bool:
    """Whether a line names columns, as `gcloud` and `kubectl` write them."""
    words = line.split()
    return len(words) > 1 and all(re.fullmatch(r"[A-Z][A-Z0-9_]*", word) for word in words)


def is_table(text: str) -> bool:
    """Whether the first line with content has columns."""
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
        most_common = max(counts, key=counts.count, default=0)
        return counts.count(most_common), most_common

    return max(_DELIMITERS, key=regular)


def _entry(word: str) -> Network | None:
    """Return a word's network; an address alone is the block that holds only it."""
    return network_of(word) or network_of(f"{word}/{128 if ':' in word else 32}")


class _TableRow(Struct, frozen=True, kw_only=True):
    """A row with its blocks, by the column that each is in."""

    cells: Sequence[str]
    header: Sequence[str]
    line: int
    blocks: tuple[tuple[int, Network], ...]

    def is_type(self, column: int) -> bool:
        """Whether a cell only repeats what kind of object the header is for."""
        return column == 0 and self.header[:1] == [f"header-{self.cells[0].strip().lower()}"]

    @property
    def holds_by_name(self) -> bool:
        """Whether a cell marks a block that only contains others."""
        return any(_HOLDS_OTHERS.fullmatch(cell.strip().lower()) for cell in self.cells)


def _ranges_of_table(rows: Iterable[tuple[list[str], int]], source: str) -> Iterator[Found | Unresolved]:
    """Yield the blocks of a table's rows, each with its line, and the addresses from which no block follows."""
    read, lost = _rows_with_blocks(rows)
    holding = _holding(read)
    naming = _naming_columns(read)
    for row in read:
        name = _name_of(row, naming)
        narrowest = _narrowest_of_each_column(row)
        for column, network in dict.fromkeys(row.blocks):
            is_holding = network in holding or row.holds_by_name or column not in narrowest
            kind: Kind = "container" if is_holding else "list"
            yield Found(cidr=network, kind=kind, name=name, source=source, line=row.line)
    for row, column, reason in lost:
        yield Unresolved(
            name=_name_of(row, naming) or "row",
            argument=row.header[column] if column < len(row.header) else f"column {column + 1}",
            expression=" ".join(row.cells[column].split())[:LONGEST_NAME],
            reason=reason,
            source=source,
            line=row.line,
            fails=True,
        )


def _readable(text: str) -> str:
    """Return a text whose UTF-8 was read as a code page of Windows as it was meant.

    >>> _readable("B\u00c3\u00bcro"), _readable("B\u00fcro")
    ('B\u00fcro', 'B\u00fcro')
    """
    if not any(sign in text for sign in "\u00c3\u00e2\u00c2"):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _rows_with_blocks(
    rows: Iterable[tuple[list[str], int]],
) -> tuple[list[_TableRow], list[tuple[_TableRow, int, str]]]:
    header: list[str] = []
    read: list[_TableRow] = []
    lost: list[tuple[_TableRow, int, str]] = []
    plain: list[_TableRow] = []
    for cells, line in rows:
        if not any(cells) or cells[0].startswith("#") or cells[0].lower().startswith("sep="):
            continue
        blocks = tuple((column, network) for column, cell in enumerate(cells) for network in _exact(cell))
        row = _TableRow(cells=cells, header=header, line=line, blocks=blocks)
        if blocks:
            read.append(row)
        elif any(_ADDRESS.search(cell) for cell in cells):
            plain.append(row)
        elif not header or cells[0].lower().startswith("header-"):
            # Infoblox writes a header before each kind of object.
            header = [_readable(cell.strip().lower().removesuffix("*")) for cell in cells]
    titled, shaped = _length_columns(plain + read)
    read = [_with_own_pair(row, titled) for row in read]
    for row in plain:
        blocks_of_row = _from_two_cells(row, titled | shaped) or _from_within(row)
        if blocks_of_row:
            read.append(_TableRow(cells=row.cells, header=row.header, line=row.line, blocks=blocks_of_row))
        else:
            column = next(n for n, cell in enumerate(row.cells) if _ADDRESS.search(cell))
            lost.append((row, column, _why_lost(row.cells[column])))
    read.sort(key=lambda row: row.line)
    return read, lost


def _exact(cell: str) -> tuple[Network, ...]:
    return _blocks_in(cell) if "/" in cell else ()


# A cell is read for what it holds, for the row's name and for its status, each time for all rows of the table.
@lru_cache(maxsize=65_536)
def _blocks_in(cell: str) -> tuple[Network, ...]:
    return tuple(networks_in(cell.strip(_BULLETS)))


def _from_within(row: _TableRow) -> tuple[tuple[int, Network], ...]:
    """Return the blocks that are in cells with something else around them, or with a dotted mask."""
    return tuple(
        (column, network)
        for column, cell in enumerate(row.cells)
        for address, mask in _ADDRESS.findall(cell)
        if mask and (network := _network(address, mask)) is not None
    )


def _from_two_cells(row: _TableRow, lengths: set[int]) -> tuple[tuple[int, Network], ...]:
    """Return the block of an address and a mask in two columns."""
    masks = [n for n, cell in enumerate(row.cells) if _is_mask(cell.strip())]
    masks += [n for n in sorted(lengths) if n < len(row.cells) and _LENGTH.fullmatch(row.cells[n].strip())]
    addresses = [n for n, cell in enumerate(row.cells) if _DOTTED.fullmatch(cell.strip()) and n not in masks]
    for mask in masks:
        # The address stands before its mask, if there is one there; behind it there may be a gateway.
        before = [n for n in addresses if n < mask]
        for column in [*reversed(before[-1:]), *addresses[:1]]:
            network = _network(row.cells[column].strip(), row.cells[mask].strip().lstrip("/"))
            if network is not None:
                return ((column, network),)
    return ()


def _with_own_pair(row: _TableRow, lengths: set[int]) -> _TableRow:
    """Return the row with the block of its address and mask, where what else it has is a master subnet around that."""
    pair = _from_two_cells(row, lengths)
    if pair and all(_holds(network, pair[0][1]) for _, network in row.blocks):
        return _TableRow(cells=row.cells, header=row.header, line=row.line, blocks=(*pair, *row.blocks))
    return row


def _length_columns(rows: Sequence[_TableRow]) -> tuple[set[int], set[int]]:
    """Return the columns that hold prefix lengths by their titles, and those that do by all they hold."""
    titled: set[int] = set()
    shaped: set[int] = set()
    for column in range(max((len(row.cells) for row in rows), default=0)):
        cells = [row.cells[column].strip() for row in rows if column < len(row.cells) and row.cells[column].strip()]
        if not cells or not all((match := _LENGTH.fullmatch(cell)) and 1 <= int(match[1]) <= 32 for cell in cells):
            continue
        titles = [row.header[column] for row in rows if column < len(row.header)]
        before = [row.cells[column - 1].strip() for row in rows if 0 < column < len(row.cells)]
        if any(map(_MASK_TITLE.search, titles)):
            titled.add(column)
        elif all(map(_DOTTED.fullmatch, filter(None, before))):
            shaped.add(column)
    return titled, shaped


def _is_mask(text: str) -> bool:
    return text.startswith("255.") and _DOTTED.fullmatch(text) is not None and _network("0.0.0.0", text) is not None


@lru_cache(maxsize=4096)
def _network(address: str, mask: str) -> Network | None:
    try:
        # A mask of the form 0.0.255.255 is a wildcard to Python, and a mistake in a list of networks.
        if "." in mask and not mask.startswith(("255.", "128.", "192.", "224.", "240.", "248.", "252.", "254.")):
            return None
        return IPv4Network(f"{address}/{mask}", strict=False)
    except (ValueError, NetmaskValueError):
        return None


def _why_lost(cell: str) -> str:
    match = _ADDRESS.search(cell)
    if match is None or not match[2]:
        return "an address without mask or prefix length"
    try:
        IPv4Address(match[1])
    except ValueError:
        return "not an IPv4 address"
    return "not an IPv4 mask or prefix length"


def _narrowest_of_each_column(row: _TableRow) -> set[int]:
    """Return the columns that hold the row's own blocks: a parent block has another column than its parts."""
    columns = {column for column, _ in row.blocks}
    for column in sorted(columns):
        if len(columns) == 1:
            break
        title = row.header[column] if column < len(row.header) else ""
        mine = [network for n, network in row.blocks if n == column]
        others = [network for n, network in row.blocks if n != column and n in columns]
        holds = any(_holds(network, other) for network in mine for other in others)
        if holds or _HOLDING_TITLE.match(title):
            columns.discard(column)
    return columns


def _holds(outer: Network, inner: Network) -> bool:
    return (
        isinstance(outer, IPv4Network) and isinstance(inner, IPv4Network) and outer != inner and inner.subnet_of(outer)
    )


def _holding(rows: Sequence[_TableRow]) -> set[Network]:
    """Return the blocks that hold others of the table and that nothing uses itself, by the shape of the table.

    A block wider than a cloud's network usually is, if some column calls only such blocks what it calls this one,
    or if it is too wide for one network.
    """
    blocks = sorted(
        {n for row in rows for _, n in row.blocks if isinstance(n, IPv4Network)},
        key=lambda network: (network.network_address, network.prefixlen),
    )
    outer = {first for first, second in pairwise(blocks) if second.subnet_of(first)}
    wide = {network for network in outer if network.prefixlen < _WIDEST_NETWORK}
    if not wide:
        return set()
    words = _words_of_holders(rows, outer)
    return {
        network
        for row in rows
        for _, network in row.blocks
        if network in wide
        and (
            network.prefixlen <= _SURELY_HOLDING
            or any((column, cell.strip().lower()) in words for column, cell in enumerate(row.cells))
        )
    }


def _words_of_holders(rows: Sequence[_TableRow], outer: set[IPv4Network]) -> set[tuple[int, str]]:
    """Return the cells, by their columns, that only rows with blocks around others have, more than one of them."""
    holders: Counter[tuple[int, str]] = Counter()
    others: set[tuple[int, str]] = set()
    for row in rows:
        cells = {(column, cell.strip().lower()) for column, cell in enumerate(row.cells) if cell.strip()}
        if any(network in outer for _, network in row.blocks):
            holders.update(cells)
        else:
            others |= cells
    return {cell for cell, count in holders.items() if count > 1 and cell not in others}


def _naming_columns(rows: Sequence[_TableRow]) -> tuple[int, ...]:
    """Return the columns whose cells differ most from row to row, for a header in no language that is known here."""
    distinct: dict[int, set[str]] = {}
    for row in rows:
        taken = {column for column, _ in row.blocks}
        for column, cell in enumerate(row.cells):
            text = cell.strip()
            if column not in taken and text and not text.replace(".", "").isdigit() and not _exact(text):
                distinct.setdefault(column, set()).add(text)
    return tuple(sorted(distinct, key=lambda column: (-len(distinct[column]), column)))


def _name_of(row: _TableRow, naming: tuple[int, ...]) -> str:
    cells = ["" if _exact(cell) or _ADDRESS.fullmatch(cell.strip()) else cell.strip() for cell in row.cells]
    if not row.header:
        return _cut(next(filter(None, cells), ""))
    for words in _NAMING:
        for title, cell in zip(row.header, cells, strict=False):
            if cell and words.fullmatch(title):
                return _cut(cell)
    if any(words.fullmatch(title) for words in _NAMING for title in row.header):
        return ""
    names = [cells[column] for column in naming if column < len(cells) and cells[column] and not row.is_type(column)]
    return _cut(next((name for name in names if not _HOLDS_OTHERS.fullmatch(name.lower())), ""))


def _cut(name: str) -> str:
    return shortened(_readable(name))
