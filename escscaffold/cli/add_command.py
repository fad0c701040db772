"""`escscaffold add`: one more environment, planned around the others."""

from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.collecting import complete
from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.options import answer_options, is_from_variable, no_claim_option, plain_option
from escscaffold.cli.output import Output
from escscaffold.cli.tables import environment_text, unread_line
from escscaffold.cli.terminal_reporter import holding, put_right
from escscaffold.cli.writing import write_plan
from escscaffold.jobs.generate import Terms
from escscaffold.jobs.repository_plan import snapshot_for
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock, kept_in
from escscaffold.planning.planner import plan_allocated
from escscaffold.planning.snapshot import Snapshot
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.repository.transaction import refuse_changed
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, parse_toml, read_spec


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
        put_right(folder, output)
    on_disk, seen = read_basis(folder)
    text = on_disk.text
    lock = seen.lock
    present = read_spec(text, SPEC_FILE, kept_in(lock))
    snapshot = snapshot_for(seen, present)
    if name is not None and flags["environment"] is not None and not is_from_variable(ctx, "environment"):
        raise click.UsageError("Set the environment's name once, as ENVIRONMENT or by --environment.")
    answers = read_answers(ctx, name)
    answers.existing_spec = parse_toml(text, SPEC_FILE)
    refuse_present(answers, present)
    others = OtherEnvironments(
        planner=lambda spec: _plan_among(present, spec, lock, snapshot),
        names=frozenset(present.environments),
        like=next(reversed(list(present.environments.values())), None),
    )
    last = LastQuestion(look_ahead=lambda so_far: _outlook(folder, text, seen, so_far), output=output)
    asked = complete(answers, yes=yes, others=others, last=None if dry_run else last, plain=plain)
    answers.spec()
    if dry_run:
        new_text, spec = _with_answers(text, answers, lock)
        plan = plan_allocated(lock, spec, snapshot_for(seen, spec))
        if unread := unread_line(spec, claims=not no_claim):
            output.note(unread)
        ctx.exit(write_plan(folder, plan, lock, seen, output, Terms(dry_run=True), spec_text=new_text))
    with holding(folder, output):
        now, basis = read_basis(folder)
        # What a person agreed to was planned from these.
        if asked:
            refuse_changed(folder, seen.ids)
        ctx.exit(_write(folder, now.text, basis, answers, output, findings_shown=asked, claims=not no_claim))


def _outlook(folder: Path, text: str, seen: Basis, answers: Answers) -> AnsweredPlan:
    """Return what would be added."""
    answers.spec()
    _, spec = _with_answers(text, answers, seen.lock)
    plan = plan_allocated(seen.lock, spec, snapshot_for(seen, spec))
    shown = environment_text(plan.environment(answers.environment or ""), free_rows=False)
    where = "the repository in this folder" if folder == Path() else folder
    return AnsweredPlan(plan=plan, shown=shown, question=f"Add {answers.environment} to {where}?")


def _write(
    folder: Path, text: str, basis: Basis, answers: Answers, output: Output, *, findings_shown: bool, claims: bool
) -> int:
    """Add the answers to what stands on disk now, and return the exit code."""
    lock = basis.lock
    present = read_spec(text, SPEC_FILE, kept_in(lock))
    refuse_present(answers, present)
    new_text, spec = _with_answers(text, answers, lock)
    after = "Next:\n  escscaffold check"
    if claims and spec.ipam is not None and spec.ipam.claim_from:
        from escscaffold.cli.ipam_claiming import write_claimed  # most repositories claim nothing

        new = tuple(name for name in spec.environments if name not in present.environments)
        return write_claimed(folder, spec, basis, new, output, spec_text=new_text, after=after)
    plan = plan_allocated(lock, spec, snapshot_for(basis, spec))
    return write_plan(folder, plan, lock, basis, output, spec_text=new_text, after=after, findings_shown=findings_shown)


def _with_answers(text: str, answers: Answers, lock: Lock) -> tuple[str, Spec]:
    """Return a spec's text with what was answered, and the spec that it is beside the lock."""
    new_text = text_with_answers(text, answers)
    return new_text, read_spec(new_text, SPEC_FILE, kept_in(lock))


def _plan_among(present: Spec, new: Spec, lock: Lock, snapshot: Snapshot | None) -> AddressPlan:
    """Plan the new environments among those that are there."""
    spec = replace(
        present,
        pools={**present.pools, **new.pools},
        reserved={**present.reserved, **new.reserved},
        environments=dict(sorted({**present.environments, **new.environments}.items())),
    )
    return plan_allocated(lock, spec, snapshot)


def refuse_present(answers: Answers, present: Spec) -> None:
    """Raise click.UsageError for answers that the repository has already, or that are all of it's."""
    for name in answers.document()["environments"]:
        if name in present.environments:
            raise click.BadParameter(f"{name} already exists.", param_hint="ENVIRONMENT")
    for word, given, known in (
        ("reserved", answers.reserved, present.reserved),
        ("a pool", answers.pools, present.pools),
    ):
        for name, block in given.items():
            if name in known and str(known[name]) != block:
                raise click.UsageError(f"{name} is already {word}, as {known[name]}: change it in {SPEC_FILE}.")
    for key in ("provider", "ci", "pipeline", "backend", "ipam"):
        if key in answers.top:
            raise click.UsageError(f"{key} applies to the whole repository: change it in {SPEC_FILE}.")


def text_with_answers(text: str, answers: Answers) -> str:
    """Return a spec's text with what was answered."""
    from escscaffold.spec.editing import with_additions

    document = answers.document()
    blocks: dict[str, Any] = {key: document[key] for key in ("pools", "reserved") if key in document}
    return with_additions(text, blocks, document["environments"])
