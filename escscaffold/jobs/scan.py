"""The job `scan`: the CIDR blocks of what others wrote, what they overlap, and which of them to reserve."""

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.known_facts import Facts, load_facts
from escscaffold.errors import ScaffoldError, UnknownNameError, printable
from escscaffold.jobs.reporter import SILENT, Reporter, holding_folder
from escscaffold.jobs.repository_plan import plan_basis
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.ranges import BlockIndex
from escscaffold.repository.disk import Basis, NoRepositoryError, read_basis
from escscaffold.repository.journal import hard_links
from escscaffold.repository.transaction import write_changes
from escscaffold.repository.updating import spec_change
from escscaffold.scanning.diagnosis import Diagnosis, diagnose, has_peering
from escscaffold.scanning.found import Found, Listed, Scan, listed, why_ignored
from escscaffold.scanning.kinds import KINDS, OWNED, Kind
from escscaffold.scanning.peerings import Peering, Unrouted, has_unknown_routes, peerings_in, unrouted
from escscaffold.scanning.reserving import Addition, Reservations, choose
from escscaffold.scanning.scan_paths import scan_paths
from escscaffold.scanning.source_files import exists
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.values import read_reserved_name

_COUNTED: tuple[Kind, ...] = ("rule", "route", "value")
"""What only speaks of addresses: it is counted, and listed where its kind is asked for."""


class ScanResult(Struct, frozen=True, kw_only=True, dict=True):
    """What `scan` found."""

    scan: Scan
    networks: list[Listed]
    kinds: tuple[Kind, ...]
    """What is listed; all where none is named."""
    plan: AddressPlan | None
    """The plan of the repository, if there is one."""
    unplanned: str = ""
    """Why there is no plan, where there should be one."""
    reservations: Reservations | None = None
    """What was reserved, or would be, and what not; None where nothing was to be."""
    hard_linked: tuple[str, ...] = ()
    """Files with a second name (a hard link), which keeps the old text."""

    @property
    def environments(self) -> tuple[EnvironmentPlan, ...]:
        """The planned environments; none where there is no plan."""
        return self.plan.environments if self.plan else ()

    @property
    def shown(self) -> list[Listed]:
        """The networks of the kinds that were asked for."""
        return [n for n in self.networks if not self.kinds or n.block.kind in self.kinds]

    @cached_property
    def in_table(self) -> list[tuple[Listed, list[str]]]:
        """The rows of the table, with what each overlaps: without a choice of kinds, only what has addresses."""
        pairs = zip(self.shown, self.overlaps, strict=True)
        return [(network, names) for network, names in pairs if self.kinds or network.block.kind not in _COUNTED]

    @property
    def not_reserved(self) -> Counter[str]:
        """How many there are of each kind that `--reserve` does not take, in the order of the kinds."""
        counts = Counter(network.block.kind for network in self.networks)
        taken = self.kinds or OWNED
        return Counter({kind: counts[kind] for kind in KINDS if counts[kind] and kind not in taken})

    @property
    def ignored(self) -> list[tuple[Found, str]]:
        """The blocks that no plan has to avoid, such as 0.0.0.0/0, each with the reason."""
        pairs = ((block, why_ignored(block.cidr, self.scan.facts)) for block in self.scan.blocks)
        return [(f, reason) for f, reason in pairs if reason and (not self.kinds or f.kind in self.kinds)]

    @cached_property
    def peerings(self) -> tuple[Peering, ...]:
        """The peerings with Kurrent Cloud that were found, whatever kinds were asked for."""
        return peerings_in(self.scan)

    @cached_property
    def unrouted(self) -> tuple[Unrouted, ...] | None:
        """The ranges that none of the peerings routes to; None where routes are not known."""
        if not self.peerings or has_unknown_routes(self.scan, self.peerings):
            return None
        # Ranges that a plan leaves uncovered are SNATed to the address of their node.
        hidden = {r.cidr for e in self.environments for r in e.ranges if not r.facts.covered}
        return unrouted([network for network in self.shown if network.cidr not in hidden], self.peerings)

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """Why the peerings that were found do not work, as far as that is known."""
        if not has_peering(self.scan):
            return ()
        return diagnose(self.scan)

    @cached_property
    def overlaps(self) -> list[list[str]]:
        """For each shown network the planned ranges that it overlaps; a rule or a route uses no address."""
        blocks = BlockIndex((r.cidr, f"{e.name} {r.name}") for e in self.environments for r in e.ranges)
        return [
            list(dict.fromkeys(blocks.overlapping(network.cidr))) if network.block.kind in OWNED else []
            for network in self.shown
        ]

    @property
    def has_problems(self) -> bool:
        """Whether a file could not be read, or a block not be computed that matters."""
        return bool(self.scan.broken) or any(unresolved.fails for unresolved in self.scan.unresolved)


def scan(
    folder: Path | str,
    paths: Iterable[str],
    *,
    kinds: Iterable[Kind] = (),
    reserve: bool = False,
    dry_run: bool = False,
    reporter: Reporter = SILENT,
) -> ScanResult:
    """Scan files and folders, named relative to `folder` or `-` for standard input, and compare with its plan.

    `reserve` adds the outermost networks to [reserved] of the folder's spec, unless it is a `dry_run`. Raises
    UnknownNameError for a path that is not there, and ScaffoldError where a spec to write cannot be read or changed.
    """
    folder, paths, facts = Path(folder), tuple(paths), load_facts()
    for path in paths:
        if not exists(folder, path):
            raise UnknownNameError(f"{printable(path)} does not exist.", flag="PATH")
    with holding_folder(folder, reporter) if reserve and not dry_run else nullcontext():
        plan, unplanned, basis = _planned(folder, facts) if reserve else _planned_if_any(folder, facts)
        with reporter.working("Reading"):
            scanned = scan_paths(folder, paths, facts)
        result = ScanResult(
            scan=scanned,
            networks=listed(scanned.blocks, scanned.facts),
            kinds=tuple(kinds),
            plan=plan,
            unplanned=unplanned,
        )
        if not reserve or plan is None:
            return result
        reservations = _reservations(result, plan)
        if not reservations.added or basis.spec is None:
            return replace(result, reservations=reservations)
        change = spec_change(basis.spec, _spec_with(basis, basis.spec.text, reservations.added))
        hard_linked = hard_links(folder, [SPEC_FILE])
        if not dry_run:
            write_changes(folder, [change], read=basis.ids)
        return replace(result, reservations=reservations, hard_linked=hard_linked)


def _planned(folder: Path, facts: Facts) -> tuple[AddressPlan, str, Basis]:
    on_disk, basis = read_basis(folder, facts)
    return plan_basis(on_disk.text, basis), "", basis


def _planned_if_any(folder: Path, facts: Facts) -> tuple[AddressPlan | None, str, Basis]:
    """Return the repository's plan, or None and what is wrong with it; where there is no repository, nothing is."""
    try:
        return _planned(folder, facts)
    except NoRepositoryError:
        return None, "", Basis(facts=facts)
    except ScaffoldError as error:
        return None, printable(error.problem.splitlines()[0]), Basis(facts=facts)


def _reservations(result: ScanResult, plan: AddressPlan) -> Reservations:
    """Return which networks become reserved blocks."""
    kinds = result.kinds or OWNED
    # What was placed by this very plan has not been written anywhere: it gives way to what exists.
    allocated = [
        (environment, r)
        for environment in plan.environments
        for r in environment.ranges
        if r.origin not in ("placed", "sized")
    ]
    return choose(
        [n for n in result.networks if n.block.kind in kinds],
        plan.spec.reserved,
        [(r.cidr, f"{environment.name} {r.name}") for environment, r in allocated],
        [(r.cidr, f"{environment.name} {r.name}") for environment, r in allocated if environment.is_existing(r)],
    )


def _spec_with(basis: Basis, text: str, added: tuple[Addition, ...]) -> str:
    from escscaffold.spec.editing import with_reserved  # slow to import, and most scans reserve nothing

    written = with_reserved(text, [(read_reserved_name(a.name), str(a.cidr), printable(a.place)) for a in added])
    reserved = basis.read_spec(written).reserved
    missing = [a.name for a in added if reserved.get(a.name) != a.cidr]
    if missing:
        raise ScaffoldError(
            f"{SPEC_FILE} has a layout to which {', '.join(missing)} cannot be added.",
            hint="Nothing was changed. Write [reserved] under its own header.",
        )
    return written
