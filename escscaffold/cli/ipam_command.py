"""`escscaffold ipam`: one address space with other repositories, which an IPAM holds."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from escscaffold.cli import completing
from escscaffold.cli.command import CLEAN, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options
from escscaffold.cli.hints import command_line, runnable
from escscaffold.cli.ipam_claiming import (
    SECONDS,
    Connecting,
    change_lines,
    changed_text,
    claim_for,
    claim_rows,
    claimed_text,
    named_ipam,
    prefix_row,
    write_plan,
)
from escscaffold.cli.options import accept_replace_option
from escscaffold.cli.output import Output, hanging, working
from escscaffold.cli.tables import table_of, today
from escscaffold.cli.terminal_reporter import holding
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import MeanwhileError, ScaffoldError, SpecError
from escscaffold.ipam.claiming import Releasing, plan_release, pull
from escscaffold.ipam.comparing import Differing, Status, compare_claims
from escscaffold.jobs.generate import Terms
from escscaffold.planning.lock import LOCK_FILE, Lock, format_lock
from escscaffold.planning.planner import plan_allocated
from escscaffold.planning.snapshot import IPAM_FILE, ipam_changes, snapshot_text
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.disk import Basis, read_basis, with_ends_of
from escscaffold.repository.journal import Change
from escscaffold.repository.transaction import refuse_changed, write_changes
from escscaffold.rules.catalogue import check_plan
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import Spec
from escscaffold.spec.values import counted, known_environment

F = TypeVar("F", bound=Callable[..., Any])

_ABOUT_THE_IPAM = ("ESC701", "ESC702")


@click.group(
    "ipam",
    short_help="Share one address space with other repositories through NetBox.",
    epilog="\b\nExample:\n  escscaffold ipam status",
)
def command() -> None:
    """Share one address space with other repositories through an IPAM (NetBox).

    [ipam] in the spec names the IPAM; NETBOX_TOKEN holds the token. Besides these commands, only init and add
    connect to it, if [ipam] has claim_from and --no-claim is not set.
    """


def _connecting(function: F) -> F:
    timeout = click.option(
        "--timeout",
        type=click.FloatRange(min=0.1, max=3600),
        default=SECONDS,
        show_default=True,
        help="Timeout of each request in seconds.",
    )
    return common_options(timeout(function))


def _dry_run(text: str) -> Callable[[F], F]:
    return click.option("--dry-run", is_flag=True, help=text)


@command.command(
    "pull",
    short_help="Write the prefixes of the IPAM to escscaffold.ipam.json.",
    cls=ScaffoldCommand,
    example="escscaffold ipam pull",
    document={"prefixes": 0, "pulled": "", "changes": []},
)
@_dry_run("Print changes since the last pull without writing; exit 3 if there are any.")
@_connecting
@click.pass_context
def pull_command(
    ctx: click.Context, dry_run: bool, timeout: float, folder: Path, as_json: bool, quiet: bool, color: str
) -> None:
    """Write the prefixes of the IPAM to escscaffold.ipam.json.

    Commit the file, so that plan and check avoid these prefixes offline. The token needs permission to view
    prefixes and VRFs.
    """
    output = Output(as_json=as_json, quiet=quiet)
    with nullcontext() if dry_run else holding(folder, output):
        on_disk, basis = read_basis(folder, load_facts())
        spec = basis.read_spec(on_disk.text)
        ipam = named_ipam(spec)
        with working("Reading the prefixes", output):
            snapshot = pull(Connecting(folder=folder, seconds=timeout).open(ipam), ipam, today())
        pulled, before = snapshot_text(snapshot), basis.ipam_text
        try:
            changes = ipam_changes(before, pulled)
        except SpecError:
            changes = ipam_changes(None, pulled)  # what cannot be read is written again
        findings: tuple[Finding, ...] = ()
        if spec.environments:
            plan = plan_allocated(basis.lock, spec, snapshot)
            findings = tuple(f for f in check_plan(plan) if f.code in _ABOUT_THE_IPAM)
        text = changed_text(basis, pulled)
        if not dry_run and text is not None:
            write_changes(folder, [Change(path=IPAM_FILE, old=before, text=text)], read=basis.ids)
    lines = [f"{counted(len(snapshot.prefixes), 'prefix')} of {table_of(snapshot)}.", *change_lines(changes)]
    rows = [{"change": c.change, "prefix": c.prefix, "before": c.before, "after": c.after} for c in changes]
    output.findings(findings, err=True)
    output.result(
        "\n".join(lines),
        {
            "version": VERSION,
            "prefixes": len(snapshot.prefixes),
            "pulled": snapshot.pulled,
            "changes": rows,
            "findings": finding_list(findings),
        },
    )
    ctx.exit(WOULD_CHANGE if dry_run and (changes or before is None) else CLEAN)


@command.command(
    "claim",
    short_help="Claim the addresses of environments.",
    cls=ScaffoldCommand,
    example="escscaffold ipam claim prod",
    document={"files": [], "replaces": [], "claims": [], "released": []},
)
@click.argument("environment", required=False, shell_complete=completing.offer_environments)
@_dry_run("Print what would be claimed and why; exit 3 if there are any claims.")
@accept_replace_option
@_connecting
@click.pass_context
def claim_command(
    ctx: click.Context,
    environment: str | None,
    dry_run: bool,
    accepted: tuple[str, ...],
    timeout: float,
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Claim the addresses of ENVIRONMENT, or of all, in the IPAM, and regenerate.

    The IPAM allocates blocks inside claim_from. The plan places ranges in these blocks and registers them. Pinned
    ranges are registered unchanged. A repeated run continues where the last one stopped.
    """
    output = Output(as_json=as_json, quiet=quiet)
    again = ("ipam", "claim", *([environment] if environment else []))
    terms = Terms(dry_run=dry_run, accepted=accepted)
    with nullcontext() if dry_run else holding(folder, output):
        spec, lock, basis = _loaded(folder)
        ipam = named_ipam(spec)
        if not ipam.claim_from:
            raise ScaffoldError(
                "[ipam] has no claim_from; nothing was claimed.",
                hint='Set prefixes of the IPAM: claim_from = ["10.64.0.0/10"]',
            )
        names = tuple(spec.environments)
        if environment is not None:
            names = (known_environment(environment, names, "ENVIRONMENT"),)
        claimed = claim_for(Connecting(folder=folder, seconds=timeout), spec, basis, names, output, terms, again)
        if text := claimed_text(claimed):
            output.note(f"{text}\n")
        code = write_plan(
            folder,
            claimed.plan,
            lock,
            basis,
            output,
            replace(terms, dry_run=False),
            ipam_text=changed_text(basis, snapshot_text(claimed.snapshot)),
            more=claim_rows(claimed),
            again=again,
        )
    ctx.exit(code)


def _loaded(folder: Path) -> tuple[Spec, Lock, Basis]:
    on_disk, basis = read_basis(folder, load_facts())
    lock = basis.sound_lock
    return basis.read_spec(on_disk.text), lock, basis


@command.command(
    "status",
    short_help="Compare the claims in the lock with the IPAM.",
    cls=ScaffoldCommand,
    example="escscaffold ipam status",
    document={"repository": "", "claims": [], "differences": [], "retired": []},
)
@_connecting
@click.pass_context
def status_command(ctx: click.Context, timeout: float, folder: Path, as_json: bool, quiet: bool, color: str) -> None:
    """Compare the claims in the lock with the IPAM; exit 3 if they differ.

    Each difference names the user who changed the prefix last.
    """
    output = Output(as_json=as_json, quiet=quiet)
    spec, lock, basis = _loaded(folder)
    ipam = named_ipam(spec)
    plan = plan_allocated(lock, spec, basis.snapshot_for(spec))
    connecting = Connecting(folder=folder, seconds=timeout)
    with working("Reading the IPAM", output):
        repository = connecting.repository(ipam, lock.grants.claims)
        status = compare_claims(connecting.open(ipam), plan, ipam, repository)
    output.result(_status_text(status, quiet=quiet), _status_document(status))
    ctx.exit(WOULD_CHANGE if status.differences else CLEAN)


def _status_text(status: Status, *, quiet: bool) -> str:
    lines = [line for difference in status.differences for line in _differing_lines(difference)]
    if not quiet:
        held = counted(len(status.claims), "prefix")
        end = f", {counted(len(status.differences), 'difference')}" if status.differences else ", no differences"
        lines.append(f"{status.repository}: {held}{end}.")
        lines += [
            hanging(
                f"{name} is no longer in the spec. To release its claims: {command_line('ipam', 'release', name)}", ""
            )
            for name in status.retired
        ]
        lines += [hanging(f"{p.in_words}, id {p.id}, is claimed on another branch.", "") for p in status.elsewhere]
    return "\n".join(lines)


def _differing_lines(difference: Differing) -> list[str]:
    number = f", id {difference.number}" if difference.number is not None else ""
    changed = f" ({difference.last_change.in_words})" if difference.last_change else ""
    where = " ".join(part for part in (difference.environment, difference.range) if part)
    return [
        hanging(f"{where} {difference.cidr}{number}: {difference.message}{changed}.", ""),
        hanging(runnable(difference.fix), "  "),
    ]


def _status_document(status: Status) -> dict[str, Any]:
    return {
        "version": VERSION,
        "repository": status.repository,
        "claims": [
            {"environment": key.environment, "range": key.name, "cidr": str(claim.cidr), "number": claim.id}
            for key, claim in sorted(status.claims.items())
        ],
        "differences": [
            {
                "environment": difference.environment,
                "range": difference.range,
                "cidr": difference.cidr,
                "number": difference.number,
                "message": difference.message,
                "fix": difference.fix,
                "last_change": None
                if difference.last_change is None
                else {
                    "user": difference.last_change.user,
                    "time": difference.last_change.time,
                    "action": difference.last_change.action,
                },
            }
            for difference in status.differences
        ],
        "retired": list(status.retired),
        "findings": [],
    }


@command.command(
    "release",
    short_help="Delete the claims of a removed environment.",
    cls=ScaffoldCommand,
    example="escscaffold ipam release staging",
    document={"released": [], "kept": []},
)
@click.argument("environment", required=False, shell_complete=completing.offer_claimed)
@click.option("--retired", is_flag=True, help="Release the claims of all removed environments.")
@_dry_run("Print what would be deleted; exit 3 if there is any.")
@_connecting
@click.pass_context
def release_command(
    ctx: click.Context,
    environment: str | None,
    retired: bool,
    dry_run: bool,
    timeout: float,
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Delete the IPAM claims of an ENVIRONMENT that is no longer in the spec.

    The IPAM can then allocate its addresses to another owner: run `terraform destroy` first.
    """
    if (environment is None) is not retired:
        raise click.UsageError("Set ENVIRONMENT, or use --retired for all removed environments.")
    output = Output(as_json=as_json, quiet=quiet)
    with nullcontext() if dry_run else holding(folder, output):
        spec, lock, basis = _loaded(folder)
        ipam = named_ipam(spec)
        claims = lock.grants.claims
        if environment in spec.environments:
            raise ScaffoldError(
                f"{environment} is in the spec, so its addresses are in use.",
                hint=f"First: escscaffold remove {environment}",
            )
        removed = tuple(name for name in claims.environments() if name not in spec.environments)
        names = removed if environment is None else (environment,)
        connecting = Connecting(folder=folder, seconds=timeout)
        connected = connecting.open(ipam)
        with working("Reading the IPAM", output):
            repository = connecting.repository(ipam, claims)
            releasing = plan_release(connected, claims, names, lock.grants.ranges, repository)
            if not dry_run:
                # What is deleted in the IPAM cannot be taken back: an environment may be in the spec again by now.
                refuse_changed(folder, basis.ids)
                connected.release([prefix.id for prefix in releasing.deleted])
        if not dry_run and releasing.claims != claims:
            grants = replace(lock.grants, claims=releasing.claims)
            text = with_ends_of(basis.lock_text or "", format_lock(replace(lock, grants=grants)))
            change = Change(path=LOCK_FILE, old=basis.lock_text, text=text)
            try:
                write_changes(folder, [*_without(basis, spec, releasing), change], read=basis.ids)
            except MeanwhileError as error:
                if not releasing.deleted:
                    raise
                hint = f"The prefixes were deleted in the IPAM, but {LOCK_FILE} still has them: run the command again."
                raise ScaffoldError(error.problem, hint=hint) from None
    rows = {"released": [*map(prefix_row, releasing.deleted)], "kept": [*map(prefix_row, releasing.reassigned)]}
    output.result(_release_text(releasing, names, dry_run=dry_run), {"version": VERSION, **rows, "findings": []})
    if releasing.reassigned:
        ctx.exit(FAILED)
    ctx.exit(WOULD_CHANGE if dry_run and releasing.deleted else CLEAN)


def _without(basis: Basis, spec: Spec, releasing: Releasing) -> list[Change]:
    """Return the change that takes what was deleted out of what was pulled."""
    snapshot, deleted = basis.snapshot_for(spec), {prefix.id for prefix in releasing.deleted}
    if snapshot is None or not deleted & {prefix.id for prefix in snapshot.prefixes}:
        return []
    remaining = tuple(prefix for prefix in snapshot.prefixes if prefix.id not in deleted)
    text = changed_text(basis, snapshot_text(replace(snapshot, prefixes=remaining)))
    return [Change(path=IPAM_FILE, old=basis.ipam_text, text=text)]


def _release_text(releasing: Releasing, names: tuple[str, ...], *, dry_run: bool) -> str:
    verb = "Would delete" if dry_run else "Deleted"
    lines = [hanging(f"{verb} {prefix.in_words}.", "") for prefix in releasing.deleted]
    lines += [f"{'.'.join(key)} was already deleted in the IPAM." for key in releasing.missing]
    lines += [f"{'.'.join(key)} is kept: another environment uses it." for key in releasing.shared]
    lines += [
        hanging(
            f"{prefix.in_words}, id {prefix.id}, is kept: its description was changed. Delete it in the IPAM, or "
            f"restore "
            f"its description.",
            "",
        )
        for prefix in releasing.reassigned
    ]
    held = " or ".join(names)
    return "\n".join(lines) or (f"{held} has no claims in the IPAM." if held else "All claims belong to the spec.")
