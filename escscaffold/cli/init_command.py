"""`escscaffold init`: from answers to a new repository."""

import shlex
from pathlib import Path
from typing import Any

import click

from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.collecting import complete
from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_services
from escscaffold.cli.installed_from import record_package
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.options import VARIABLE, answer_options, no_claim_option, plain_option
from escscaffold.cli.output import Output
from escscaffold.cli.tables import plan_text, unread_line
from escscaffold.cli.terminal_reporter import put_right
from escscaffold.cli.writing import write_plan
from escscaffold.clouds.fact_files import load_ci
from escscaffold.errors import ScaffoldError
from escscaffold.jobs.generate import Terms
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import LOCK_FILE, Lock, folder_of
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.repository.disk import NOTHING, Basis, read_text
from escscaffold.repository.journal import STAGING_PREFIX
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.repository_tables import NO_CI

_OF_A_HOST = {".git", ".gitattributes", "LICENSE", "LICENSE.md", "LICENSE.txt", "README", "README.md"}


class FolderInUseError(ScaffoldError):
    """The folder holds something that a new repository would mix with."""


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
    if not dry_run:
        put_right(target, output)
    refuse_in_use(target)
    answers = read_answers(ctx)
    last = None if dry_run else LastQuestion(look_ahead=lambda so_far: _outlook(so_far, target), output=output)
    asked = complete(answers, yes=yes, others=OtherEnvironments(asks_ci=True), last=last, plain=plain)
    record_package(answers)
    text, spec, plan = _planned(answers)
    if dry_run:
        if unread := unread_line(spec, claims=not no_claim):
            output.note(unread)
        ctx.exit(write_plan(target, plan, Lock(), NOTHING, output, Terms(dry_run=True), spec_text=text))
    after = _next_commands(target, plan)
    if spec.ipam is None or no_claim:
        ctx.exit(write_plan(target, plan, Lock(), NOTHING, output, spec_text=text, after=after, findings_shown=asked))
    from escscaffold.cli.ipam_claiming import write_claimed  # most repositories claim nothing

    # What an IPAM had may stand here without a spec; it is pulled again.
    basis = Basis(ipam_text=read_text(target / IPAM_FILE))
    ctx.exit(write_claimed(target, spec, basis, tuple(spec.environments), output, spec_text=text, after=after))


def _planned(answers: Answers) -> tuple[str, Spec, AddressPlan]:
    """Return the text of the spec that was answered, the spec and its plan."""
    answers.spec()
    text = text_of_answers(answers)
    spec = read_spec(text, SPEC_FILE)
    return text, spec, plan_addresses(spec)


def _outlook(answers: Answers, target: Path) -> AnsweredPlan:
    _, _, plan = _planned(answers)
    shown = plan_text(plan, plan.environments, free_rows=False)
    return AnsweredPlan(plan=plan, shown=shown, question=f"Write the repository to {_called(target)}?")


def refuse_in_use(target: Path) -> None:
    """Raise FolderInUseError unless the folder is missing or empty but for a fresh `.git`."""
    try:
        there = {entry.name for entry in target.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        raise FolderInUseError(f"Cannot write to {target}: {error.strerror}.") from None
    names = sorted(name for name in there if not _is_of_a_new_repository(name))
    if {SPEC_FILE, LOCK_FILE} & set(names):
        raise FolderInUseError(
            f"{_called(target, 'This folder')} is already an escscaffold repository.",
            hint="To add an environment, run `escscaffold add`. To write its files, run `escscaffold generate`.",
        )
    if names:
        held = f"{', '.join(names[:3])}{' and more' if len(names) > 3 else ''}"
        raise FolderInUseError(
            f"{_called(target, 'This folder')} is not empty: it contains {held}.",
            hint="Choose a new or empty folder.",
        )


def _is_of_a_new_repository(name: str) -> bool:
    """Whether a git host puts it into a new repository: a README and a license are no other project's."""
    return name in _OF_A_HOST or name.startswith(STAGING_PREFIX)


def _called(target: Path, here: str = "this folder") -> str:
    return here if target == Path() else str(target)


def text_of_answers(answers: Answers) -> str:
    """Return what was answered as the text of a new spec."""
    from escscaffold.spec.editing import new_spec

    return new_spec(answers.document())


def _next_commands(target: Path, plan: AddressPlan) -> str:
    roots = [folder_of(environment.name) for environment in plan.environments]
    first = f"cd {shlex.quote(str(target))}" if target != Path() else "escscaffold check"
    steps = [first, f"terraform -chdir={roots[0]} init -backend=false", f"terraform -chdir={roots[0]} test"]
    return "\n".join(["Next:", *(f"  {step}" for step in steps)])
