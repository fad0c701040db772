"""`escscaffold generate`: bring the repository in line with its spec."""

from pathlib import Path

import click

from escscaffold.cli.command import ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_defaults, offer_environments, offer_restorable, offer_retired
from escscaffold.cli.hints import runnable
from escscaffold.cli.options import EVERYTHING, terms_options
from escscaffold.cli.output import Output, hanging
from escscaffold.cli.replacement_lines import moves_text
from escscaffold.cli.tables import age_line
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.cli.writing import print_generated
from escscaffold.jobs.generate import GenerateReporter, Terms, generate
from escscaffold.jobs.repository_plan import LoadedPlan, TakenDefaults
from escscaffold.rules.spec_rules import how_to_change


@click.command(
    "generate", cls=ScaffoldCommand, example="escscaffold generate --diff", document={"files": [], "replaces": []}
)
@terms_options
@click.option(
    "--repack",
    metavar="[ENVIRONMENT]",
    is_flag=False,
    flag_value=EVERYTHING,
    shell_complete=offer_environments,
    help="Place the ranges of ENVIRONMENT, or of all, without the lock. Prints moves and replacements.",
)
@click.option(
    "--forget",
    metavar="NAME",
    multiple=True,
    shell_complete=offer_retired,
    help="Free the addresses of a retired range (old.pods) or environment (old); or remove the move to another "
    "provider (prod.provider, or provider for all).",
)
@click.option(
    "--restore",
    metavar="[FILE]",
    multiple=True,
    is_flag=False,
    flag_value=EVERYTHING,
    shell_complete=offer_restorable,
    help="Generate a deleted or released FILE again; without FILE, all deleted files.",
)
@click.option(
    "--defaults",
    metavar="[NAME]",
    multiple=True,
    is_flag=False,
    flag_value=EVERYTHING,
    shell_complete=offer_defaults,
    help="Use current defaults for an environment (prod), one setting (prod.kubernetes.machine_type) or, without "
    "NAME, all. Prints replacements.",
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    dry_run: bool,
    diff: bool,
    accepted: tuple[str, ...],
    repack: str | None,
    forget: tuple[str, ...],
    restore: tuple[str, ...],
    defaults: tuple[str, ...],
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Write the generated files from escscaffold.toml.

    Only files that differ are written. Hand edits are merged; a conflict is marked in the file and exits 4. If
    Terraform would replace resources, nothing is written and the command exits 5.
    """
    output = Output(as_json=as_json, quiet=quiet)
    again = _again(repack, forget, restore, defaults)
    restore = tuple(name if name == EVERYTHING else from_start(ctx, folder, name) for name in restore)
    terms = Terms(dry_run=dry_run, diff=diff, accepted=accepted)
    generated = generate(
        folder,
        terms,
        repack=repack,
        forget=forget,
        restore=restore,
        defaults=defaults,
        reporter=_PlanReporter(output, shows_moves=repack is not None),
    )
    more = {"defaults": generated.defaults.rows} if generated.defaults else {}
    ctx.exit(print_generated(folder, generated, output, terms, more=more, again=again))


class _PlanReporter(TerminalReporter, GenerateReporter):
    """Prints what is planned before it is compared and written."""

    def __init__(self, output: Output, *, shows_moves: bool) -> None:
        super().__init__(output)
        self.shows_moves = shows_moves

    def planned(self, loaded: LoadedPlan, *, is_broken_off: bool) -> None:
        """Print the age of the IPAM's prefixes, a write that broke off, defaults and moves."""
        if age := age_line(loaded.plan):
            self.output.note(age)
        if is_broken_off:
            self.output.note("A previous run stopped while writing; generate completes it first.")
        if loaded.defaults:
            self.output.note(f"{_taken_text(loaded.defaults)}\n")
        if self.shows_moves:
            self.output.note(f"{moves_text(loaded.lock, loaded.plan)}\n")


def _again(
    repack: str | None, forget: tuple[str, ...], restore: tuple[str, ...], defaults: tuple[str, ...]
) -> list[str]:
    """Return the words of the command that asks for the same once more."""
    words = [] if repack is None else ["--repack" if repack == EVERYTHING else f"--repack={repack}"]
    words += [word for name in forget for word in ("--forget", name)]
    for name in restore:
        words += ["--restore"] if name == EVERYTHING else ["--restore", name]
    words += ["--defaults" if name == EVERYTHING else f"--defaults={name}" for name in defaults]
    return ["generate", *words]


def _taken_text(defaults: TakenDefaults) -> str:
    """Return both in words, a line each."""
    lines = [f"  {name}.{default.text}" for name, default in defaults.taken]
    lines = ["Defaults that change:", *lines] if lines else ["No default changes."]
    unchanged = [
        hanging(f"{name}.{default.text}: {runnable(how_to_change(name, default))}", "  ")
        for name, default in defaults.unchanged
    ]
    return "\n".join([*lines, *(["These need another key:", *unchanged] if unchanged else [])])
