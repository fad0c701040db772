"""`escscaffold add`: one more environment, planned around the others."""

from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.collecting import complete
from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.hints import command_line
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.options import answer_options, is_from_variable, no_claim_option, plain_option
from escscaffold.cli.output import Output
from escscaffold.cli.tables import environment_text, unread_line
from escscaffold.cli.terminal_reporter import TerminalReporter, holding
from escscaffold.cli.writing import FindingsShown, print_generated
from escscaffold.clouds.known_facts import load_facts
from escscaffold.jobs.add import add, planned_addition, refuse_present
from escscaffold.jobs.generate import Terms
from escscaffold.jobs.reporter import settle_folder
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.planner import plan_allocated
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.repository.transaction import refuse_changed
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, parse_toml


@click.command(
    "add",
    cls=ScaffoldCommand,
    example="escscaffold add staging --mode gke-standard --yes",
    document={"files": [], "replaces": []},
)
@click.argument("name", metavar="[ENVIRONMENT]", required=False)
@click.option("--dry-run", is_flag=True, help="Print the files that would be written; exit 3.")
@plain_option
@no_claim_option
@answer_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    name: str | None,
    folder: Path,
    yes: bool,
    no_claim: bool,
    plain: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    color: str,
    **flags: Any,
) -> None:
    """Add ENVIRONMENT with ranges that overlap no existing range.

    Allocated ranges do not move. If [ipam] has claim_from, the command claims the addresses there first.
    """
    output = Output(as_json=as_json, quiet=quiet)
    if not dry_run:
        settle_folder(folder, TerminalReporter(output))
    on_disk, seen = read_basis(folder, load_facts())
    present = seen.read_spec(on_disk.text)
    if name is not None and flags["environment"] is not None and not is_from_variable(ctx, "environment"):
        raise click.UsageError("Set the environment's name once, as ENVIRONMENT or by --environment.")
    answers = read_answers(ctx, name)
    answers.existing_spec = parse_toml(on_disk.text, SPEC_FILE)
    refuse_present(answers.document(), present)
    others = OtherEnvironments(
        planner=lambda spec: _plan_among(present, spec, seen),
        names=frozenset(present.environments),
        like=next(reversed(list(present.environments.values())), None),
    )
    last = LastQuestion(look_ahead=lambda so_far: _outlook(folder, on_disk.text, seen, so_far), output=output)
    was_asked = complete(answers, yes=yes, others=others, last=None if dry_run else last, plain=plain)
    answers.spec()
    if dry_run and (unread := unread_line(present, claims=not no_claim)):
        output.note(unread)
    # What a person agreed to was planned from what was read before the questions.
    agreed = seen if was_asked else None
    after = f"Next:\n  {command_line('check')}"
    if present.ipam is not None and present.ipam.claim_from and not (no_claim or dry_run):
        ctx.exit(_write_claimed(folder, answers, agreed, output, after))
    reporter = FindingsShown(output) if was_asked else TerminalReporter(output)
    generated = add(folder, answers.document(), dry_run=dry_run, agreed=agreed, reporter=reporter)
    ctx.exit(print_generated(folder, generated, output, Terms(dry_run=dry_run), after=after))


def _write_claimed(folder: Path, answers: Answers, agreed: Basis | None, output: Output, after: str) -> int:
    """Claim addresses for the answers in the IPAM, add them to what is on disk now, and return the exit code."""
    from escscaffold.cli.ipam_claiming import write_claimed  # most repositories claim nothing

    with holding(folder, output):
        on_disk, basis = read_basis(folder, load_facts())
        if agreed is not None:
            refuse_changed(folder, agreed.ids)
        added = planned_addition(on_disk.text, basis, answers.document())
        names = tuple(answers.document()["environments"])
        return write_claimed(folder, added.plan.spec, basis, names, output, spec_text=added.text, after=after)


def _outlook(folder: Path, text: str, seen: Basis, answers: Answers) -> AnsweredPlan:
    """Return what would be added."""
    answers.spec()
    plan = planned_addition(text, seen, answers.document()).plan
    shown = environment_text(plan.environment(answers.environment or ""), free_rows=False)
    where = "the repository in this folder" if folder == Path() else folder
    return AnsweredPlan(plan=plan, shown=shown, question=f"Add {answers.environment} to {where}?")


def _plan_among(present: Spec, new: Spec, seen: Basis) -> AddressPlan:
    """Plan the new environments among the existing ones."""
    spec = replace(
        present,
        pools={**present.pools, **new.pools},
        reserved={**present.reserved, **new.reserved},
        environments=dict(sorted({**present.environments, **new.environments}.items())),
    )
    return plan_allocated(seen.lock, spec, seen.snapshot_for(present))
