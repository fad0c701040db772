"""Lists that a person or an IPAM keeps: a CIDR block a line, or a table with a header."""

import csv
import re
from collections.abc import Iterator

from escscaffold.scanning.found import Broken, Found, Network, Unresolved, network_of, shortened
from escscaffold.scanning.ipam_tables import ranges_of_table, readable
from escscaffold.scanning.private_space import kind_of_value

_QUOTED = re.compile(r'"[^"]*+"?')
_DELIMITERS = ",;\t|"


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
    yield from ranges_of_table(rows, source)
    if broken:
        yield broken


def scan_lines(text: str, source: str) -> Iterator[Found | Broken]:
    """Yield the CIDR blocks of a plain list: what else stands in the line, or in a comment behind it, is the name."""
    strange: list[tuple[int, str]] = []
    for number, line in enumerate(_lines(text), start=1):
        entry, _, comment = line.partition("#")
        words = entry.replace(",", " ").replace(";", " ").split()
        networks = [_entry(word) for word in words]
        strangers = (word for word, network in zip(words, networks, strict=True) if network is None)
        name = shortened(readable(comment.strip()) or " ".join(strangers))
        for network in networks:
            if network is not None:
                yield Found(
                    cidr=network, kind=kind_of_value("list", network, ()), name=name, source=source, line=number
                )
        if words and not any(networks) and not (number == 1 and _is_heading(entry)):
            strange.append((number, entry.strip()))
    if strange:
        number, entry = strange[0]
        more = f", and {len(strange)} such lines in all" if len(strange) > 1 else ""
        yield Broken(source=source, line=number, message=f"{entry[:60]!r} is not a CIDR block{more}")


def _is_heading(line: str) -> bool:
    """Whether a line names columns, as `gcloud` and `kubectl` write them."""
    words = line.split()
    return len(words) > 1 and all(re.fullmatch(r"[A-Z][A-Z0-9_]*", word) for word in words)


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


def _entry(word: str) -> Network | None:
    """Return a word's network; an address alone is the block that holds only it."""
    return network_of(word) or network_of(f"{word}/{128 if ':' in word else 32}")
