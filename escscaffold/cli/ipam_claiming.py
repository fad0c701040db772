"""Claims in the IPAM as a part of a command, for `ipam claim`, `init` and `add`, and how they are printed."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from escscaffold.cli.command import FAILED, WOULD_CHANGE
from escscaffold.cli.output import Output, hanging, working
from escscaffold.cli.replacement_lines import replaced_lines
from escscaffold.cli.tables import today
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.cli.writing import print_generated
from escscaffold.errors import ScaffoldError, printable
from escscaffold.git import name_of
from escscaffold.ipam.claiming import Claimed, PlanErrors, claim
from escscaffold.ipam.interface import TOKEN_VARIABLE, Ipam, IpamError, open_ipam
from escscaffold.ipam.needing import ClaimScope, NeededClaim, Outlook
from escscaffold.jobs.generate import DEFAULT_TERMS, Terms, write_files
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock
from escscaffold.planning.lock_records import Claims
from escscaffold.planning.replacements import replacements
from escscaffold.planning.snapshot import Prefix, SnapshotChange, snapshot_text
from escscaffold.rendering.document import VERSION
from escscaffold.repository.disk import Basis, with_ends_of
from escscaffold.rules.catalogue import check_plan, has_errors
from escscaffold.spec.model import IpamSpec, Spec
from escscaffold.spec.repository_tables import read_repository
from escscaffold.spec.values import BadValue

_CHANGES_SHOWN = 10

SECONDS = 30.0
"""How long an answer of the IPAM may take, unless `--timeout` sets another limit."""


class Connecting(Struct, frozen=True, kw_only=True):
    """How to reach the IPAM of a spec."""

    folder: Path
    seconds: float = SECONDS

    def open(self, ipam: IpamSpec) -> Ipam:
        """Return the IPAM; raises IpamError."""
        return open_ipam(ipam, os.environ.get(TOKEN_VARIABLE, "").strip(), self.seconds)

    def repository(self, ipam: IpamSpec, claims: Claims) -> str:
        """Return the repository's name in the IPAM; raises IpamError where it is not known."""
        name = ipam.repository or claims.repository or name_of(self.folder)
        try:
            if name:
                return read_repository(name)
        except BadValue as error:
            raise IpamError(error.message, hint='Set repository = "platform/network" in [ipam].') from None
        raise IpamError(
            "Claims need a repository name, and git has no remote `origin`.",
            hint='Set a unique name in [ipam]: repository = "platform/network"',
        )


def named_ipam(spec: Spec) -> IpamSpec:
    """Return the IPAM of the spec; raises ScaffoldError where it names none."""
    if spec.ipam is None:
        raise ScaffoldError(
            "The spec has no [ipam].",
            hint='Add [ipam] with kind = "netbox" and url = "https://netbox.example.com" to escscaffold.toml.',
        )
    return spec.ipam


def claim_for(
    connecting: Connecting,
    spec: Spec,
    basis: Basis,
    environments: tuple[str, ...],
    output: Output,
    terms: Terms = DEFAULT_TERMS,
    again: Sequence[str] = ("generate",),
) -> Claimed:
    """Claim what the environments need, after telling what that is, and return what is held then.

    Ends the command where nothing is to be changed (`terms`), where the plan has errors, or where
    Terraform would replace what is not accepted. Raises IpamError.
    """
    ipam, lock = named_ipam(spec), basis.lock
    scope = ClaimScope(
        spec=spec,
        ipam=ipam,
        lock=lock,
        repository=connecting.repository(ipam, lock.grants.claims) if environments else "",
        environments=environments,
        today=today(),
    )

    def agree(ahead: Outlook) -> None:
        replaced = replacements(lock, ahead.plan)
        refused = not terms.dry_run and any(not r.accepted_by(terms.accepted) for r in replaced)
        if refused or has_errors(check_plan(ahead.plan)):
            # Prints what is wrong, and writes nothing.
            raise click.exceptions.Exit(
                write_plan(connecting.folder, ahead.plan, lock, basis, output, terms, again=again)
            )
        if terms.dry_run:
            text = "\n".join([_needs_text(ahead) or "All addresses are claimed.", *replaced_lines(replaced)])
            document = {"version": VERSION, "claims": [_need_row(need) for need in ahead.needs], "findings": []}
            output.result(text, document)
            raise click.exceptions.Exit(WOULD_CHANGE if ahead.needs else 0)
        if ahead.needs:
            output.note(f"{_needs_text(ahead)}\n")

    with working("Reading the IPAM", output):
        connected = connecting.open(ipam)
    try:
        return claim(connected, scope, agree)
    except PlanErrors as error:
        output.findings(error.findings, err=True)
        click.echo(error.problem, err=True)
        raise click.exceptions.Exit(FAILED) from None


def write_claimed(
    folder: Path, spec: Spec, basis: Basis, environments: tuple[str, ...], output: Output, *, spec_text: str, after: str
) -> int:
    """Claim what new environments need, write them with what was claimed, and return the exit code.

    Raises IpamError, with nothing written, where the IPAM cannot be reached or refuses.
    """
    claiming = environments if named_ipam(spec).claim_from else ()
    try:
        claimed = claim_for(Connecting(folder=folder), spec, basis, claiming, output)
    except IpamError as error:
        hint = f"{error.hint}\nNothing was written. To skip claims and connections, add --no-claim."
        raise IpamError(error.problem, hint=hint) from None
    if text := claimed_text(claimed):
        output.note(f"{text}\n")
    return write_plan(
        folder,
        claimed.plan,
        basis.lock,
        basis,
        output,
        spec_text=spec_text,
        after=after,
        ipam_text=changed_text(basis, snapshot_text(claimed.snapshot)),
        more=claim_rows(claimed),
    )


def write_plan(
    folder: Path,
    plan: AddressPlan,
    lock: Lock,
    basis: Basis,
    output: Output,
    terms: Terms = DEFAULT_TERMS,
    *,
    spec_text: str | None = None,
    after: str = "",
    ipam_text: str | None = None,
    more: Mapping[str, Any] | None = None,
    again: Sequence[str] = ("generate",),
) -> int:
    """Write everything that a plan with claims asks for below `folder`, or nothing; return the exit code.

    `after` is what to do next, `again` the command that accepts a replacement, as its words, and `more` are further
    keys of the document for programs; the others are those of the job.
    """
    generated = write_files(
        folder,
        plan,
        lock,
        basis,
        terms,
        spec_text=spec_text,
        ipam_text=ipam_text,
        reporter=TerminalReporter(output),
    )
    return print_generated(folder, generated, output, terms, after=after, more=more, again=again)


def changed_text(basis: Basis, pulled: str) -> str | None:
    """Return what to write of what the IPAM has, with the line ends that the file has; None where it stays as it is."""
    text = with_ends_of(basis.ipam_text or "", pulled)
    return text if text != basis.ipam_text else None


def claim_rows(claimed: Claimed) -> Mapping[str, Any]:
    """Return what was claimed and what was given up as JSON-ready data."""
    return {"claims": [*map(prefix_row, claimed.registered)], "released": [*map(prefix_row, claimed.released)]}


def claimed_text(claimed: Claimed) -> str:
    """Return what was claimed in words; nothing where nothing was."""
    lines = [hanging(f"{p.prefix}  {p.description}", "  ") for p in claimed.registered]
    parts = ["Registered in the IPAM:", *lines] if lines else []
    if claimed.described:
        named = (hanging(f"{p.prefix}  {p.description}", "  ") for p in claimed.described)
        parts += ["Described in the IPAM:", *named]
    found_again = [str(key) for key in claimed.found_again]
    if found_again:
        parts.append(hanging(f"Already registered, now in the lock: {', '.join(found_again)}.", ""))
    deleted = [prefix.prefix for prefix in claimed.released]
    return "\n".join([*parts, *([hanging(f"Deleted in the IPAM: {', '.join(deleted)}.", "")] if deleted else [])])


def _needs_text(ahead: Outlook) -> str:
    """Return what is to be claimed, with the arithmetic; nothing where everything is."""
    if not ahead.needs:
        return ""
    lines = [line for need in ahead.needs for line in _need_lines(need)]
    return "\n".join([f"To be claimed in {printable(ahead.scope.ipam.url)}:", *lines])


def _need_lines(need: NeededClaim) -> list[str]:
    return [hanging(f"{need.environment} {need.requested.range}: {need.in_words}", "  "), hanging(need.why, "      ")]


def _need_row(need: NeededClaim) -> dict[str, Any]:
    return {
        "environment": need.environment,
        "range": need.requested.range,
        "prefix_length": need.length,
        "cidr": None if need.roots else str(need.requested.cidr),
        "from": [root.prefix for root in need.roots],
        "why": need.why,
    }


def change_lines(changes: Iterable[SnapshotChange]) -> list[str]:
    """Return the first of what changed in the IPAM, a line each."""
    rows = list(changes)
    signs = {"added": "+", "removed": "-", "changed": "~"}
    lines = [
        hanging(" -> ".join(text for text in (prefix.before, prefix.after) if text), f"  {signs[prefix.change]} ")
        for prefix in rows[:_CHANGES_SHOWN]
    ]
    return [*lines, *([f"  and {len(rows) - _CHANGES_SHOWN:,} more"] if len(rows) > _CHANGES_SHOWN else [])]


def prefix_row(prefix: Prefix) -> dict[str, Any]:
    """Return a prefix as JSON-ready data."""
    return {"number": prefix.id, "cidr": prefix.prefix, "description": prefix.description}
