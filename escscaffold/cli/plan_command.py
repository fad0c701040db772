"""`escscaffold plan`: the address plan of a repository, or of flags alone."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.command import CLEAN, FAILED, ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_environments
from escscaffold.cli.options import EVERYTHING, answer_options, as_of_option, flags_given
from escscaffold.cli.output import Output, finding_texts, working
from escscaffold.cli.tables import age_line, free_space_text, plan_text, steps_text
from escscaffold.jobs.plan import plan_repository, plan_spec
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rendering.document import plan_document, plan_markdown
from escscaffold.rules.catalogue import has_errors
from escscaffold.rules.finding import Finding
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE

_PICTURES = ("svg", "mermaid", "html")
_MOST_NAMED = 10


@click.command(
    "plan",
    cls=ScaffoldCommand,
    example="escscaffold plan --mode gke-standard --range nodes=172.30.0.0/16",
    document={"environments": {}, "pools": [], "retired": {}},
)
@click.argument("environments", metavar="[ENVIRONMENT]...", nargs=-1, shell_complete=offer_environments)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "svg", "mermaid", "html", "json"]),
    default="table",
    metavar="FORMAT",
    help="table, markdown, svg (one environment), mermaid, html or json.",
)
@click.option("--explain", is_flag=True, help="Show how each size and block was chosen.")
@click.option(
    "--repack",
    metavar="[ENVIRONMENT]",
    is_flag=False,
    flag_value=EVERYTHING,
    shell_complete=offer_environments,
    help="Plan without the lock; shows moves and replacements.",
)
@as_of_option
@answer_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    environments: tuple[str, ...],
    form: str,
    explain: bool,
    repack: str | None,
    as_of: date,
    folder: Path,
    yes: bool,
    as_json: bool,
    quiet: bool,
    color: str,
    **flags: Any,
) -> None:
    """Show every range, its addresses and its findings.

    Without flags, the command plans escscaffold.toml; flags plan a new environment instead.
    """
    output = Output(as_json=as_json or form == "json", quiet=quiet)
    answers = read_answers(ctx)
    # Variables that are set for every command must not hide the repository in the current folder.
    is_standalone = flags_given(ctx) or yes or not (answers.is_empty or (folder / SPEC_FILE).exists())
    if is_standalone and repack is not None:
        raise click.UsageError("--repack needs a repository: a plan from flags has no allocations.")
    with working("Planning", output):
        if is_standalone:
            planned = plan_spec(_spec_of(answers), environments, as_of=as_of)
        else:
            planned = plan_repository(folder, environments, repack=repack, as_of=as_of)
    shown, findings, lock = planned.plan, planned.findings, planned.lock
    parts = [_text(shown, findings, form, quiet=quiet)]
    if form == "table":
        parts[:0] = [plan_text(shown, shown.environments)]
        parts[1:1] = [steps_text(environment) for environment in shown.environments] if explain else []
        parts[1:1] = [free_space_text(planned.whole)] if lock is not None and not environments else []
        parts.append(age_line(planned.whole) if lock is not None and not quiet else "")
    document = plan_document(shown, findings, explain=explain)
    if lock is not None and repack is not None:
        from escscaffold.cli.replacement_lines import (  # only --repack prints replacements
            repack_document,
            repack_text,
        )

        parts += [repack_text(lock, planned.whole)] if form == "table" else []
        document |= repack_document(lock, planned.whole)
    output.result("\n\n".join(part for part in parts if part), document)
    if form in _PICTURES:
        output.findings(findings, err=True)  # a picture goes into a file, and why it exits with 1 does not
    ctx.exit(FAILED if has_errors(findings) else CLEAN)


def _spec_of(answers: Answers) -> Spec:
    if not {"cloud", "mode"} & answers.table.keys():
        raise click.UsageError("Set --mode or --cloud, or run the command in a repository.")
    from escscaffold.cli.collecting import complete  # a repository's plan needs no answers
    from escscaffold.cli.interview import OtherEnvironments

    complete(answers, yes=True, others=OtherEnvironments())
    return answers.spec()


def _text(plan: AddressPlan, findings: tuple[Finding, ...], form: str, *, quiet: bool) -> str:
    if form == "markdown":
        return plan_markdown(plan, findings).rstrip("\n")
    if form in _PICTURES:
        from escscaffold.rendering.page import picture_text  # a table needs no picture

        if form == "svg" and len(plan.environments) != 1:
            raise click.UsageError(_which([environment.name for environment in plan.environments]))
        return picture_text(plan, findings, form).rstrip("\n")
    return "\n\n".join(finding_texts(findings, quiet=quiet))


def _which(names: list[str]) -> str:
    if not names:
        return "No environment to draw."
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    named = f"{', '.join(names[:_MOST_NAMED])}{more}"
    return f"An SVG shows one environment: choose one of {named}. --format html shows all."
