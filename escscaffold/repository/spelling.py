"""Names that a disk may take for one though they are spelled differently: `Main.tf` and `main.tf` on macOS, Windows."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from escscaffold.errors import ScaffoldError


class SpellingError(ScaffoldError):
    """A new file would be written where another one stands that is spelled differently."""


class Lookalike(Struct, frozen=True, kw_only=True):
    """A file or folder that is spelled almost as one that is generated."""

    path: str
    wanted: str
    """What is generated."""
    beside: bool
    """Whether that is there, too; this disk tells the two apart, then."""


def folded(name: str) -> str:
    r"""Return what two names have in common where a disk may take them for one.

    >>> folded("R\u00e9gion.TF") == folded("re\u0301gion.tf")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def lookalikes(folder: Path, paths: Iterable[str]) -> Iterator[Lookalike]:
    """Yield each file or folder that is there and spelled almost as one of the paths, or as a folder above them."""
    seen: dict[str, Mapping[str, list[str]]] = {}
    done: set[str] = set()
    for path in paths:
        above = ""
        for part in path.split("/"):
            if above + part not in done:
                done.add(above + part)
                if above not in seen:
                    seen[above] = _names_in(folder / above)
                names = seen[above].get(folded(part), [])
                others = [name for name in names if name != part]
                yield from (Lookalike(path=above + n, wanted=above + part, beside=part in names) for n in others)
            above += f"{part}/"


def refuse_another_spelling(folder: Path, paths: Iterable[str]) -> None:
    """Raise SpellingError where one of the files, which nobody wrote yet, is there in another spelling."""
    for one in lookalikes(folder, paths):
        if not one.beside:
            raise SpellingError(
                f"{folder / one.path} is where {one.wanted} would be written: this disk takes both names for one.",
                hint=f"Rename it; to {one.wanted.rpartition('/')[2]} if it is the same thing.",
            )


def _names_in(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with suppress(OSError):
        for name in sorted(file.name for file in folder.iterdir()):
            found.setdefault(folded(name), []).append(name)
    return found
