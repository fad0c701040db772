"""Which of the networks that were found become reserved blocks of the spec, and under which names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network
from unicodedata import combining, normalize

from msgspec import Struct

from escscaffold.planning.ranges import BlockIndex
from escscaffold.scanning.found import Found, Listed

# From the begin of a word only, or each of its letters would begin one.
_TYPED = re.compile(r"(.*?)(?:data\.)?(?<!\w)[a-z0-9]++_(\w++)\.(.+)", re.DOTALL)
_SPELLED = {"\u00df": "ss", "\u00e6": "ae", "\u00c6": "AE", "\u00f8": "o", "\u00d8": "O", "\u0142": "l", "\u0141": "L"}
"""Letters that are not one of the alphabet with a mark."""
_ROOT_NAMES = 2
_LONGEST_NAME = 50
"""Names of reserved blocks may have 63 characters; some are kept for a number that distinguishes equal names."""


class Addition(Struct, frozen=True, kw_only=True):
    """A block to reserve, and where it was found."""

    name: str
    cidr: IPv4Network
    place: str


class SkippedBlock(Struct, frozen=True, kw_only=True):
    """A block that is not reserved, and why; `expected` where nothing is amiss with that."""

    cidr: IPv4Network
    place: str
    reason: str
    expected: bool


class Reservations(Struct, frozen=True, kw_only=True):
    """What to add to the spec, and what not."""

    added: tuple[Addition, ...]
    skipped: tuple[SkippedBlock, ...]


def choose(
    networks: Iterable[Listed],
    reserved: Mapping[str, IPv4Network],
    planned: Iterable[tuple[IPv4Network, str]],
    existing: Iterable[tuple[IPv4Network, str]] = (),
) -> Reservations:
    """Return the outermost networks that are not reserved yet, without those that overlap something planned.

    `networks` are in the order of their addresses, each behind those that it is in. `existing` are those of the
    planned ranges of existing networks: they are expected to be found.
    """
    reserved_blocks, taken, existing_blocks = (
        BlockIndex((block, name) for name, block in reserved.items()),
        BlockIndex(planned),
        BlockIndex(existing),
    )
    added: list[Addition] = []
    skipped: dict[IPv4Network, SkippedBlock] = {}
    names = _Names(reserved)
    outermost: IPv4Network | None = None
    warned: IPv4Network | None = None
    for network in networks:
        cidr, place = network.cidr, network.block.place
        if outermost and cidr.subnet_of(outermost):
            continue
        if overlapped := list(dict.fromkeys(taken.overlapping(cidr))):
            # Its parts are looked at one by one: some may be clear of the plan.
            if not (warned and cidr.subnet_of(warned)):
                holder = next(existing_blocks.holding(cidr), None)
                reason = f"is part of {holder}, which exists" if holder else f"overlaps {some(overlapped)}"
                skipped[cidr] = SkippedBlock(cidr=cidr, place=place, reason=reason, expected=holder is not None)
                warned = cidr
            continue
        outermost = cidr
        if holder := next(reserved_blocks.holding(cidr), None):
            skipped[cidr] = SkippedBlock(
                cidr=cidr, place=place, reason=f"is already reserved, by {holder}", expected=True
            )
        else:
            added.append(Addition(name=names.free(_reserved_name(network.block)), cidr=cidr, place=place))
    return Reservations(added=tuple(added), skipped=tuple(skipped.values()))


def some(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - 2} more" if len(names) > 3 else ""
    return ", ".join(names[: 2 if more else 3]) + more


class _Names:
    """Names that are taken, and how often each was asked for."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self.asked: dict[str, int] = {}

    def free(self, name: str) -> str:
        """Return the name, or one with a number behind it, that is unused; it is taken from now on."""
        free = name
        while free in self.taken:
            self.asked[name] = self.asked.get(name, 1) + 1
            free = f"{name}-{self.asked[name]}"
        self.taken.add(free)
        return free


def _reserved_name(block: Found) -> str:
    """Return a name for the block that can be in the spec, from what the thing is called where it was found.

    A resource's type loses its first word, which is the provider's. The folder that Terraform runs in comes first, and
    the file of values that was chosen: two roots have the same names in them.
    """
    name = block.name.removeprefix("module.")
    if match := _TYPED.fullmatch(name):
        name = f"{match[1]}{match[2]}-{match[3]}".replace(".module.", "-")
    words = _plain(name)[:_LONGEST_NAME].strip("-_")
    if not words:
        return re.sub(r"[./]", "-", f"net-{block.cidr}")
    return f"{_root_of(block)[: max(0, _LONGEST_NAME - len(words))]}{words}".lstrip("-_")


def _root_of(block: Found) -> str:
    """Return the last names of the root's folder and of its file of values, each with a hyphen behind it."""
    folder = [part for part in block.root.split("/") if part.strip(".")][-_ROOT_NAMES:]
    values = block.values.removesuffix(".json").removesuffix(".tfvars").split("/")
    if values[-1] == "terraform":
        values.pop()
    return "".join(f"{word}-" for part in (*folder, *values[-1:]) if (word := _plain(part)))


def _plain(text: str) -> str:
    """Return the text in letters, digits, `-` and `_`: a letter with a mark loses the mark and not its place.

    >>> _plain("Centre de donn\u00e9es"), _plain("Stra\u00dfe")
    ('Centre-de-donnees', 'Strasse')
    """
    letters = text
    if not text.isascii():
        spelled = "".join(_SPELLED.get(letter, letter) for letter in text)
        letters = "".join(letter for letter in normalize("NFKD", spelled) if not combining(letter))
    return re.sub(r"[^A-Za-z0-9_]+", "-", letters.replace("_", "-")).strip("-_")
