"""Reads all prefixes of one table, and releases what a removed environment holds in it."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.ipam.interface import Ipam
from escscaffold.ipam.needing import Key
from escscaffold.planning.address_plan import Granted
from escscaffold.planning.lock_records import Claim, Claims, label_in
from escscaffold.planning.snapshot import Prefix, Snapshot
from escscaffold.spec.model import IpamSpec


def pull(ipam: Ipam, table: IpamSpec, today: date) -> Snapshot:
    """Return what the IPAM has in the table of the spec; raises IpamError."""
    return Snapshot(kind=table.kind, url=table.url, vrf=table.vrf, pulled=today.isoformat(), prefixes=ipam.prefixes())


class Releasing(Struct, frozen=True, kw_only=True):
    """What is to be deleted in the IPAM, and what is not."""

    claims: Claims
    """What the lock remembers afterwards."""
    deleted: tuple[Prefix, ...]
    missing: tuple[Key, ...]
    """What the IPAM has no more."""
    reassigned: tuple[Prefix, ...]
    """What somebody described otherwise since: it is not deleted."""
    shared: tuple[Key, ...]
    """What another environment of this repository uses, too: it keeps it."""


def plan_release(
    ipam: Ipam, claims: Claims, environments: Iterable[str], ranges: Granted, repository: str
) -> Releasing:
    """Return what is to be released for these environments; `ranges` are those of all that stay. Raises IpamError."""
    names = {*environments}
    going = {key: claim for key, claim in claims.held.items() if key[0] in names}
    there = {prefix.id: prefix for prefix in ipam.own(repository, [claim.id for claim in going.values()])}
    numbers = {claim.id for claim in going.values()}
    labelled = [prefix for prefix in there.values() if _is_ours(prefix, repository, names, numbers)]
    used = {block: key for key, block in ranges.items() if key[0] not in names}
    shared = {key: used[claim.cidr] for key, claim in going.items() if claim.cidr in used}
    ours = {prefix.id: prefix for prefix in labelled}
    reassigned, deleted = [], dict(ours)
    for key, claim in going.items():
        if key in shared:
            deleted.pop(claim.id, None)
        elif claim.id in there and claim.id not in ours:
            reassigned.append(there[claim.id])
    kept = {prefix.id for prefix in reassigned}
    held: dict[Key, Claim] = {key: c for key, c in claims.held.items() if key not in going or c.id in kept}
    held |= {new: going[key] for key, new in shared.items()}
    return Releasing(
        claims=replace(claims, held=held),
        deleted=tuple(deleted.values()),
        missing=tuple(_missing(going, there)),
        reassigned=tuple(reassigned),
        shared=tuple(shared),
    )


def _is_ours(prefix: Prefix, repository: str, environments: set[str], numbers: set[int]) -> bool:
    """Return True for what has a label of these environments, or is known by its number and has one of any."""
    label = label_in(prefix.description)
    return (
        label is not None
        and label.repository == repository
        and (prefix.id in numbers or label.environment in environments)
    )


def _missing(going: dict[Key, Claim], there: dict[int, Prefix]) -> Iterator[Key]:
    return (key for key, claim in going.items() if claim.id not in there)
