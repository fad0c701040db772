"""What an IPAM had at the last pull: `escscaffold.ipam.json`, read, written, and kept free of ranges. Pure."""

import re
from collections.abc import Iterable, Iterator, Set
from datetime import date
from ipaddress import IPv4Network

from msgspec import DecodeError, Struct, ValidationError, json

from escscaffold.errors import Problem, SpecError
from escscaffold.planning.lock_records import label_in
from escscaffold.planning.ranges import covered_by
from escscaffold.spec.model import IpamSpec

IPAM_FILE = "escscaffold.ipam.json"
VERSION = 1
CONTAINER = "container"
"""The status of a prefix that only holds others, and is not in use itself."""
_MARKS = ("<<<<<<< ", ">>>>>>> ")
_OCTET = "(0|1[0-9]{0,2}|2[0-4]?[0-9]?|25[0-5]|[3-9][0-9]?)"
_CIDR = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}/(0|[12][0-9]?|3[0-2]?|[4-9])")
_FIX = "Run `escscaffold ipam pull` again."


class Prefix(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One prefix as the IPAM has it."""

    id: int
    prefix: str
    """In CIDR notation."""
    status: str
    description: str = ""
    tenant: str = ""
    full: bool = False
    """Whether the IPAM counts it as used up, whatever is registered inside."""

    @property
    def block(self) -> IPv4Network:
        """The prefix as a block."""
        first, length, _ = _place(self)
        return IPv4Network((first, length))

    @property
    def is_used(self) -> bool:
        """Whether its addresses are taken; those of a container are where something inside has them."""
        return self.full or self.status != CONTAINER

    @property
    def in_words(self) -> str:
        """The prefix in words: `10.8.0.0/16 (office)`."""
        label = self.description or self.tenant or self.status
        return f"{self.prefix} ({label})"


class Snapshot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The IPv4 prefixes of one VRF, lowest first."""

    version: int = VERSION
    kind: str
    url: str
    vrf: str = ""
    """The name of the VRF; nothing for the global table."""
    pulled: str
    """The day (ISO 8601, UTC) on which the IPAM had them."""
    prefixes: tuple[Prefix, ...] = ()

    def is_of(self, ipam: IpamSpec) -> bool:
        """Return True if it is of the IPAM and the VRF that the spec names."""
        return (self.kind, self.url, self.vrf) == (ipam.kind, ipam.url, ipam.vrf)

    def age(self, today: date) -> int:
        """Return how many days ago the IPAM had them."""
        return (today - date.fromisoformat(self.pulled)).days


class HeldPrefix(Struct, frozen=True, kw_only=True):
    """A block of another owner, and whose it is."""

    cidr: IPv4Network
    prefix: Prefix


def ordered(prefixes: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """Return the prefixes by address, a larger one before those in it, and those of the same block by number."""
    return tuple(sorted(prefixes, key=_place))


def _place(prefix: Prefix) -> tuple[int, int, int]:
    """Return first address, length and number; raises ValueError for what is no prefix as it is usually written.

    `ipaddress` takes ten times as long, and an organization has tens of thousands.
    """
    read = _CIDR.fullmatch(prefix.prefix)
    if read is None:
        raise ValueError(f"{prefix.prefix!a} is not a prefix")
    first, second, third, fourth, length = map(int, read.groups())
    address = first << 24 | second << 16 | third << 8 | fourth
    if address & (1 << 32 - length) - 1:
        raise ValueError(f"{prefix.prefix!a} has host bits set")
    return address, length, prefix.id


def snapshot_text(snapshot: Snapshot) -> str:
    """Return the text of the file: a line for each prefix, so that a difference names what changed."""
    head = {"version": VERSION, "kind": snapshot.kind, "url": snapshot.url}
    head |= {"vrf": snapshot.vrf, "pulled": snapshot.pulled}
    lines = "".join(f" {json.encode(key).decode()}: {json.encode(value).decode()},\n" for key, value in head.items())
    rows = ",\n".join(f"  {json.encode(prefix).decode()}" for prefix in snapshot.prefixes)
    return "{\n" + lines + ' "prefixes": [' + (f"\n{rows}\n " if rows else "") + "]\n}\n"


def read_snapshot(text: str) -> Snapshot:
    """Read the file's text; raises SpecError for anything that `snapshot_text` would not have written."""
    if text.startswith(_MARKS) or any(f"\n{mark}" in text for mark in _MARKS):
        raise unreadable_snapshot("it contains merge conflict markers.")
    try:
        snapshot = json.decode(text.encode("utf-8", errors="surrogateescape"), type=Snapshot)
        date.fromisoformat(snapshot.pulled)
        in_order = ordered(snapshot.prefixes)
    except (DecodeError, ValidationError, ValueError, RecursionError) as error:
        raise unreadable_snapshot(f"it cannot be read: {error}.") from None
    if snapshot.version != VERSION:
        raise unreadable_snapshot(f"its version is {snapshot.version}; this escscaffold reads {VERSION}.")
    if snapshot.prefixes != in_order:
        raise unreadable_snapshot("its prefixes are not sorted by address.")
    return snapshot


def unreadable_snapshot(message: str) -> SpecError:
    """Return the error for a file that is not as it was written."""
    return SpecError((Problem(code="ESC705", path=(), place=IPAM_FILE, message=message.capitalize(), fix=_FIX),))


def held_prefixes(
    snapshot: Snapshot, ipam: IpamSpec, own_ids: Set[int], own_labels: Set[tuple[str, str]]
) -> tuple[HeldPrefix, ...]:
    """Return what others have: the prefixes in use, without one's own and what one claims from.

    Own are the prefixes with these numbers, and those that are labelled for one of these
    repositories and environments.
    """
    return tuple(_taken(snapshot.prefixes, ipam.claim_from, own_ids, own_labels))


def _taken(
    prefixes: Iterable[Prefix], claim_from: tuple[IPv4Network, ...], own_ids: Set[int], own_labels: Set[tuple[str, str]]
) -> Iterator[HeldPrefix]:
    for prefix in prefixes:
        if not prefix.is_used or prefix.id in own_ids:
            continue
        label = label_in(prefix.description) if own_labels else None
        if label is not None and (label.repository, label.environment) in own_labels:
            continue
        block = prefix.block
        # What one claims from, and what holds it, has room by definition.
        if not any(covered_by(root, (block,)) for root in claim_from):
            yield HeldPrefix(cidr=block, prefix=prefix)


class SnapshotChange(Struct, frozen=True, kw_only=True):
    """One prefix that two snapshots do not have alike."""

    change: str
    """`added`, `removed` or `changed`."""
    prefix: str
    before: str = ""
    after: str = ""


def ipam_changes(before: str | None, after: str | None) -> tuple[SnapshotChange, ...]:
    """Return what differs between two texts of the file, in the order of addresses; None for no file.

    Raises SpecError where one of them cannot be read.
    """
    old, new = ({p.id: p for p in read_snapshot(text).prefixes} if text else {} for text in (before, after))
    changes = []
    for prefix in ordered([*new.values(), *(prefix for id_, prefix in old.items() if id_ not in new)]):
        was, now = old.get(prefix.id), new.get(prefix.id)
        if was == now:
            continue
        change = "added" if was is None else "removed" if now is None else "changed"
        changes.append(
            SnapshotChange(change=change, prefix=prefix.prefix, before=_summary(was), after=_summary(now)),
        )
    return tuple(changes)


def _summary(prefix: Prefix | None) -> str:
    if prefix is None:
        return ""
    parts = (prefix.prefix, prefix.status, prefix.description, prefix.tenant, "full" if prefix.full else "")
    return ", ".join(part for part in parts if part)
