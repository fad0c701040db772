"""Claims what environments need (blocks, then the ranges inside) and releases what a removed environment holds."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.ipam.interface import Ipam, IpamError, NewPrefix, OvertakenError, UncertainError
from escscaffold.ipam.needing import (
    ClaimScope,
    NeededClaim,
    Outlook,
    OwnPrefixes,
    blocking_prefixes,
    label_of,
    outlook,
    planned,
)
from escscaffold.planning.address_plan import AddressPlan, Granted
from escscaffold.planning.claim_requests import claim_requests
from escscaffold.planning.lock_records import Claim, Claims, label_in
from escscaffold.planning.ranges import covered_by
from escscaffold.planning.snapshot import Prefix, Snapshot, ordered
from escscaffold.rules.catalogue import check_plan
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import IpamSpec, Reference

ATTEMPTS = 12
"""How often a claim starts again after another run was faster, or an answer was lost."""

PATIENCE = 4
"""After so many attempts, what others have in the way is there to stay, and an answer that is lost will be again."""


class Claimed(Struct, frozen=True, kw_only=True):
    """What a repository holds once its claims are made."""

    plan: AddressPlan
    snapshot: Snapshot
    """What the IPAM has, with what was claimed."""
    registered: tuple[Prefix, ...] = ()
    """What this run registered."""
    released: tuple[Prefix, ...] = ()
    """What it deleted, because nothing needs it any more."""
    described: tuple[Prefix, ...] = ()
    """What it gave another description: an environment, or the repository, is called otherwise now."""
    found_again: tuple[Reference, ...] = ()
    """What was registered already and the lock did not know: an earlier run was ended, or another branch claimed it."""


class PlanErrors(IpamError):  # noqa: N818 - findings, each reported as one
    """The plan with what was to be claimed has errors; nothing is claimed."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("The plan has errors: nothing was claimed.")
        self.findings = findings


def claim(ipam: Ipam, scope: ClaimScope, agree: Callable[[Outlook], None]) -> Claimed:
    """Claim what the environments need and return what is held then.

    `agree` gets what is about to be claimed before anything is changed, and raises to stop it.
    Raises IpamError where the IPAM refuses, PlanErrors where what it has makes the plan wrong.
    """
    created: dict[int, Prefix] = {}
    try:
        return _claim(ipam, scope, agree, created)
    except UncertainError:
        raise  # what the IPAM has made of it, the next run finds
    except IpamError:
        with suppress(IpamError):
            ipam.release(list(created))
        raise


def _claim(ipam: Ipam, scope: ClaimScope, agree: Callable[[Outlook], None], created: dict[int, Prefix]) -> Claimed:
    """Claim in as many attempts as it takes; `created` gets what is registered, until it is withdrawn."""
    agreed = False
    for attempt in range(ATTEMPTS):
        ahead = outlook(scope, ipam.prefixes())
        if not agreed or attempt >= PATIENCE:
            _refuse_taken(ahead)
        if not agreed:
            agree(ahead)
            agreed = True
        try:
            return _Attempt(ipam, ahead, created).carry_out()
        except (OvertakenError, UncertainError) as error:
            if attempt == ATTEMPTS - 1 or (isinstance(error, UncertainError) and attempt >= PATIENCE):
                raise
            time.sleep(random.uniform(0.1, 1) * (attempt + 1))
    raise AssertionError("the last attempt returns or raises")


def _refuse_taken(ahead: Outlook) -> None:
    """Raise IpamError for the first pinned block that overlaps another owner's prefix."""
    for need in ahead.needs:
        taken = blocking_prefixes(ahead.snapshot.prefixes, need.requested.cidr, ahead.own_prefixes, ahead.scope.ipam)
        if taken and not need.roots:
            raise _taken(need, taken[0])


def _taken(need: NeededClaim, prefix: Prefix) -> IpamError:
    return IpamError(
        f"{need.environment} {need.requested.range} {need.requested.cidr} cannot be claimed: it overlaps "
        f"{prefix.in_words}, id {prefix.id}.",
        hint="Set another block, or only a size, in escscaffold.toml.",
    )


class _Attempt:
    """One attempt, which changes the IPAM step by step."""

    def __init__(self, ipam: Ipam, ahead: Outlook, created: dict[int, Prefix]) -> None:
        self._ipam = ipam
        self._scope = ahead.scope
        self._needs = ahead.needs
        self._ours: OwnPrefixes = ahead.own_prefixes
        self._held_before = frozenset(ahead.own_prefixes.held)
        self._prefixes = {prefix.id: prefix for prefix in ahead.snapshot.prefixes}
        self._snapshot = ahead.snapshot
        self._registered = created
        self._released: dict[int, Prefix] = {}
        self._replaced: list[Prefix] = []
        self._described: list[Prefix] = []

    def carry_out(self) -> Claimed:
        """Make the claims; where one of them cannot be made, what is registered on the way is for the caller.

        Raises PlanErrors where the plan with the claims has errors, and IpamError.
        """
        if self._needs:
            self._ipam.prepare()
        self._delete(self._ours.surplus)
        for need in self._needs:
            # A block that two environments share is claimed once.
            if not self._ours.claims.holds(need.requested.cidr) or need.roots:
                self._claim_block(need)
        plan = planned(self._scope, self._now(), self._ours)
        findings = check_plan(plan)
        if any(finding.severity == "error" for finding in findings):
            raise PlanErrors(findings)
        self._settle(plan)
        self._refuse_overtaken()
        snapshot = self._now()
        return Claimed(
            plan=planned(self._scope, snapshot, self._ours),
            snapshot=snapshot,
            registered=ordered(self._registered.values()),
            released=ordered(self._released.values()),
            described=ordered(self._described),
            found_again=tuple(self._found()),
        )

    def _found(self) -> Iterator[Reference]:
        remembered = self._scope.lock.grants.claims.held
        return (key for key in sorted(self._held_before & self._ours.held.keys()) if key not in remembered)

    def _now(self) -> Snapshot:
        return replace(self._snapshot, prefixes=ordered(self._prefixes.values()))

    def _claim_block(self, need: NeededClaim) -> None:
        label = label_of(self._scope, need.environment, need.requested.range)
        if need.roots:
            claimed = self._allocate(need, label)
        else:
            (claimed,) = self._ipam.register([NewPrefix(cidr=need.requested.cidr, description=label)])
        # NetBox refuses no overlap of what is registered as it is, so each block is looked at once it is there.
        overlapping = self._ipam.overlapping(claimed.block)
        others = blocking_prefixes(
            [p for p in overlapping if p.id != claimed.id], claimed.block, self._ours, self._scope.ipam
        )
        # Another run of this repository may claim at the same moment: what was registered first stays.
        mine = {claimed.id, *self._ours.claims.ids}
        labelled = [p for p in self._ipam.own_prefixes(self._scope.repository, ()) if p.description == label]
        same = [p for p in labelled if p.id not in mine and p.id < claimed.id]
        if others or same or claimed.id not in {prefix.id for prefix in overlapping}:
            self._withdraw((claimed,))
            raise OvertakenError(
                f"{(others or same or [claimed])[0].in_words} was registered at the same moment as {need.environment} "
                f"{need.requested.range} {claimed.prefix}.",
                hint="This run's registration was withdrawn. Run again.",
            )
        self._keep(Reference(need.environment, need.requested.range), claimed)

    def _allocate(self, need: NeededClaim, label: str) -> Prefix:
        for root in need.roots:
            allocated = self._ipam.allocate(root, need.length, label)
            if allocated is not None:
                return allocated
        raise IpamError(
            f"{need.environment} {need.requested.range} needs a /{need.length}, but no such block is free in "
            f"{' or '.join(root.prefix for root in need.roots)}.",
            hint=f"Free: {self._free_counts(need)}. Use a smaller size, or add another prefix to claim_from in [ipam].",
        )

    def _free_counts(self, need: NeededClaim) -> str:
        lengths = Counter(block.prefixlen for root in need.roots for block in self._ipam.free(root))
        return ", ".join(f"{count} x /{length}" for length, count in sorted(lengths.items())[:8]) or "no addresses"

    def _settle(self, plan: AddressPlan) -> None:
        """Register the ranges inside the blocks in one request, and bring the rest in line with the plan."""
        missing: dict[Reference, NewPrefix] = {}
        needed: set[Reference] = set()
        for name in self._scope.environments:
            for key, new in self._inner(plan, name):
                held = self._ours.held.get(key)
                if held is None or held.block != new.cidr:
                    missing[key] = new
                needed.add(key)
        stale = [
            p for key, p in self._ours.held.items() if key.environment in self._scope.environments and key not in needed
        ]
        for key, prefix in zip(missing, self._ipam.register(list(missing.values())), strict=True):
            self._keep(key, prefix)
        self._delete([*stale, *self._replaced])
        self._describe()

    def _refuse_overtaken(self) -> None:
        """Raise OvertakenError where another run of this repository deleted what is held, or registered it before."""
        if not self._registered and self._ours.held.keys() == self._scope.lock.grants.claims.held.keys():
            return
        ours = self._ipam.own_prefixes(self._scope.repository, ())
        numbers = {prefix.id for prefix in ours}
        for key, prefix in self._ours.held.items():
            if key.environment not in self._scope.environments:
                continue
            earlier = any(p.description == prefix.description and p.id < prefix.id for p in ours)
            if earlier and prefix.id in self._registered:
                self._withdraw((prefix,))
            if earlier or prefix.id not in numbers:
                raise OvertakenError(
                    f"{prefix.in_words} was claimed by another run of {self._scope.repository} at the same moment.",
                    hint="Run again: the command continues from there.",
                )

    def _inner(self, plan: AddressPlan, name: str) -> Iterator[tuple[Reference, NewPrefix]]:
        """Yield what an environment needs registered: the blocks as they are, and every range inside them."""
        requested = claim_requests(plan.environment(name), [prefix.cidr for prefix in plan.ipam_prefixes])
        held = self._ours.of(name)
        blocks = self._ours.claims.blocks(name)
        keepers = {range_name for range_name, prefix in held.items() if prefix.block in blocks}
        for range_name in keepers:
            if any(need.cidr.subnet_of(held[range_name].block) for need in requested):
                yield Reference(name, range_name), self._new(name, range_name, held[range_name])
        ranges = {planned.name for planned in plan.environment(name).ranges}
        for need in requested:
            # What is a block already needs no second prefix of the same addresses.
            is_block = need.range in keepers or need.cidr in blocks or need.range not in ranges
            if not is_block and covered_by(need.cidr, blocks):
                described = label_of(self._scope, name, need.range)
                yield Reference(name, need.range), NewPrefix(cidr=need.cidr, description=described)

    def _new(self, name: str, range_name: str, prefix: Prefix) -> NewPrefix:
        return NewPrefix(cidr=prefix.block, description=label_of(self._scope, name, range_name))

    def _describe(self) -> None:
        """Give what is held the labels of the environments as they are called now."""
        wrong = {
            prefix.id: label
            for key, prefix in self._ours.held.items()
            if key.environment in self._scope.environments
            and prefix.description != (label := label_of(self._scope, key.environment, key.name))
        }
        self._ipam.describe(wrong)
        for key, prefix in self._ours.held.items():
            if prefix.id in wrong:
                self._remember(key, replace(prefix, description=wrong[prefix.id]))
                self._described.append(self._prefixes[prefix.id])

    def _keep(self, key: Reference, prefix: Prefix) -> None:
        if key in self._ours.held:
            self._replaced.append(self._ours.held[key])
        self._registered[prefix.id] = prefix
        self._remember(key, prefix)

    def _remember(self, key: Reference, prefix: Prefix) -> None:
        self._ours = self._ours.with_prefix(key, prefix)
        self._prefixes[prefix.id] = prefix

    def _delete(self, prefixes: tuple[Prefix, ...] | list[Prefix]) -> None:
        ids = [prefix.id for prefix in prefixes]
        self._ipam.release(ids)
        self._released |= {prefix.id: prefix for prefix in prefixes}
        self._forget(ids)

    def _withdraw(self, prefixes: tuple[Prefix, ...]) -> None:
        ids = [prefix.id for prefix in prefixes]
        self._ipam.release(ids)
        self._forget(ids)

    def _forget(self, ids: list[int]) -> None:
        held = {key: prefix for key, prefix in self._ours.held.items() if prefix.id not in ids}
        self._ours = replace(self._ours, held=held, surplus=())
        for number in ids:
            self._prefixes.pop(number, None)
            self._registered.pop(number, None)


def pull(ipam: Ipam, table: IpamSpec, today: date) -> Snapshot:
    """Return what the IPAM has in the table of the spec; raises IpamError."""
    return Snapshot(kind=table.kind, url=table.url, vrf=table.vrf, pulled=today.isoformat(), prefixes=ipam.prefixes())


class Releasing(Struct, frozen=True, kw_only=True):
    """What is to be deleted in the IPAM, and what is not."""

    claims: Claims
    """What the lock remembers afterwards."""
    deleted: tuple[Prefix, ...]
    missing: tuple[Reference, ...]
    """What the IPAM has no more."""
    reassigned: tuple[Prefix, ...]
    """Prefixes whose description was changed since: they are not deleted."""
    shared: tuple[Reference, ...]
    """What another environment of this repository uses, too: it keeps it."""


def plan_release(
    ipam: Ipam, claims: Claims, environments: Iterable[str], ranges: Granted, repository: str
) -> Releasing:
    """Return what is to be released for these environments; `ranges` are those of all that stay. Raises IpamError."""
    names = {*environments}
    released = {key: claim for key, claim in claims.held.items() if key.environment in names}
    numbers = {claim.id for claim in released.values()}
    registered = {prefix.id: prefix for prefix in ipam.own_prefixes(repository, sorted(numbers))}
    labelled = [prefix for prefix in registered.values() if _is_ours(prefix, repository, names, numbers)]
    used = {block: key for key, block in ranges.items() if key.environment not in names}
    shared = {key: used[claim.cidr] for key, claim in released.items() if claim.cidr in used}
    ours = {prefix.id: prefix for prefix in labelled}
    reassigned, deleted = [], dict(ours)
    for key, claim in released.items():
        if key in shared:
            deleted.pop(claim.id, None)
        elif claim.id in registered and claim.id not in ours:
            reassigned.append(registered[claim.id])
    reassigned_ids = {prefix.id for prefix in reassigned}
    held: dict[Reference, Claim] = {
        key: c for key, c in claims.held.items() if key not in released or c.id in reassigned_ids
    }
    held |= {new: released[key] for key, new in shared.items()}
    return Releasing(
        claims=replace(claims, held=held),
        deleted=tuple(deleted.values()),
        missing=tuple(_missing(released, registered)),
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


def _missing(released: dict[Reference, Claim], registered: dict[int, Prefix]) -> Iterator[Reference]:
    return (key for key, claim in released.items() if claim.id not in registered)
