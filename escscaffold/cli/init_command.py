"""`escscaffold init`: from answers to a new repository."""

import shlex
from pathlib import Path
from typing import Any

import click

from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.collecting import complete
from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_services
from escscaffold.cli.hints import works_in
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.options import VARIABLE, answer_options, no_claim_option, plain_option
from escscaffold.cli.output import Output
from escscaffold.cli.tables import plan_text, unread_line
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.cli.writing import FindingsShown, print_generated
from escscaffold.clouds.fact_files import load_ci
from escscaffold.clouds.known_facts import load_facts
from escscaffold.jobs.generate import Terms
from escscaffold.jobs.init import init, planned_repository, refuse_in_use
from escscaffold.jobs.reporter import settle_folder
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import folder_of
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.repository.disk import Basis, read_text
from escscaffold.spec.repository_tables import NO_CI


@click.command(
    "init",
    cls=ScaffoldCommand,
    looks_above=False,
    example="escscaffold init network --cloud gcp --mode gke-standard --yes",
    document={"files": [], "replaces": []},
)
@click.argument("directory", type=click.Path(path_type=Path), default=".")
@click.option(
    "--ci",
    metavar="LIST",
    envvar=VARIABLE + "CI",
    shell_complete=offer_services,
    help=f"CI services: {', '.join(load_ci())} (comma-separated), or {NO_CI}.",
)
@click.option("--dry-run", is_flag=True, help="Print the files that would be written; exit 3.")
@plain_option
@no_claim_option
@answer_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    directory: Path,
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
    """Create an environment repository in DIRECTORY.

    The command asks for missing answers. Without a terminal, set them by flags, or use --yes for the defaults. If
    [ipam] has claim_from, the command claims the addresses there before it writes files.
    """
    output = Output(as_json=as_json, quiet=quiet)
    target = folder / directory
    works_in(ctx, target, target)
    if not dry_run:
        settle_folder(target, TerminalReporter(output))
    refuse_in_use(target)
    answers = read_answers(ctx)
    last = None if dry_run else LastQuestion(look_ahead=lambda so_far: _outlook(so_far, target), output=output)
    was_asked = complete(answers, yes=yes, others=OtherEnvironments(asks_ci=True), last=last, plain=plain)
    spec = answers.spec()
    if dry_run and (unread := unread_line(spec, claims=not no_claim)):
        output.note(unread)
    if spec.ipam is not None and not (no_claim or dry_run):
        ctx.exit(_write_claimed(target, answers, output))
    reporter = FindingsShown(output) if was_asked else TerminalReporter(output)
    generated = init(target, answers.document(), dry_run=dry_run, reporter=reporter)
    after = _next_commands(target, generated.plan)
    ctx.exit(print_generated(target, generated, output, Terms(dry_run=dry_run), after=after))


def _write_claimed(target: Path, answers: Answers, output: Output) -> int:
    from escscaffold.cli.ipam_claiming import write_claimed  # most repositories claim nothing

    new = planned_repository(answers.document())
    # A folder can have pulled prefixes without a spec; they are pulled again.
    basis = Basis(facts=load_facts(), ipam_text=read_text(target / IPAM_FILE))
    after = _next_commands(target, new.plan)
    names = tuple(new.plan.spec.environments)
    return write_claimed(target, new.plan.spec, basis, names, output, spec_text=new.text, after=after)


def _outlook(answers: Answers, target: Path) -> AnsweredPlan:
    answers.spec()
    plan = planned_repository(answers.document()).plan
    shown = plan_text(plan, plan.environments, free_rows=False)
    where = "this folder" if target == Path() else target
    return AnsweredPlan(plan=plan, shown=shown, question=f"Write the repository to {where}?")


def _next_commands(target: Path, plan: AddressPlan) -> str:
    roots = [folder_of(environment.name) for environment in plan.environments]
    first = f"cd {shlex.quote(str(target))}" if target != Path() else "escscaffold check"
    steps = [first, f"terraform -chdir={roots[0]} init -backend=false", f"terraform -chdir={roots[0]} test"]
    return "\n".join(["Next:", *(f"  {step}" for step in steps)])
