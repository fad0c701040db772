"""`escscaffold generate`: bring the repository in line with its spec."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from escscaffold.cli.command import CLEAN, WOULD_CHANGE, ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_away, offer_defaults, offer_environments, offer_retired
from escscaffold.cli.holding import holding
from escscaffold.cli.ipam_lines import age_line
from escscaffold.cli.options import EVERYTHING, terms_options
from escscaffold.cli.output import Output
from escscaffold.cli.price import moves_text
from escscaffold.cli.progress import working
from escscaffold.cli.taking_defaults import taken_text
from escscaffold.cli.writing import Terms, write_plan
from escscaffold.jobs.current_defaults import taken_defaults
from escscaffold.jobs.file_names import restored_files
from escscaffold.jobs.repository_plan import load_plan
from escscaffold.repository.transaction import is_broken_off


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
    help="Place ranges again without the lock, of all or one; prints what moves and what Terraform replaces.",
)
@click.option(
    "--forget",
    metavar="NAME",
    multiple=True,
    shell_complete=offer_retired,
    help="Keep the addresses of a retired range (old.pods) or environment (old) free no longer; take away what moves "
    "an environment to another provider (prod.provider, or provider for all).",
)
@click.option(
    "--restore",
    metavar="[FILE]",
    multiple=True,
    is_flag=False,
    flag_value=EVERYTHING,
    shell_complete=offer_away,
    help="Bring back a file that was deleted or released; without FILE, all that were deleted.",
)
@click.option(
    "--defaults",
    metavar="[NAME]",
    multiple=True,
    is_flag=False,
    flag_value=EVERYTHING,
    shell_complete=offer_defaults,
    help="Take today's defaults in place of older ones: of an environment (prod), or one of them "
    "(prod.kubernetes.machine_type); without NAME, of all. It shows what Terraform replaces.",
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
    """Write the files of escscaffold.toml, and change nothing else.

    Hand edits are kept: what changed on both sides is merged, and a conflict is marked in the
    file, listed, and exits 4. A change that makes Terraform replace something stops it with exit 5,
    and nothing is written.
    """
    output = Output(as_json=as_json, quiet=quiet)
    code = CLEAN
    restore = tuple(name if name == EVERYTHING else from_start(ctx, folder, name) for name in restore)
    with nullcontext() if dry_run or diff else holding(folder, output):
        with working("Planning", output):
            loaded = load_plan(folder, repack, forget, defaults)
        if age := age_line(loaded.plan):
            output.note(age)
        if (dry_run or diff) and is_broken_off(folder):
            output.note("A run broke off while it wrote; generate puts that right first.")
            code = WOULD_CHANGE
        more: dict[str, Any] = {}
        if defaults and loaded.basis.spec is not None:
            taken = taken_defaults(loaded.basis.spec.text, loaded.lock, frozenset(defaults))
            more["defaults"] = taken.rows
            output.note(f"{taken_text(taken)}\n")
        if repack is not None:
            output.note(f"{moves_text(loaded.lock, loaded.plan)}\n")
        code = (
            write_plan(
                folder,
                loaded.plan,
                loaded.lock,
                loaded.basis,
                output,
                Terms(
                    dry_run=dry_run,
                    diff=diff,
                    accepted=accepted,
                    forgotten=frozenset(forget),
                    restored=restored_files(folder, loaded.lock, restore),
                    again=_again(repack, forget, restore, defaults),
                ),
                more=more,
            )
            or code
        )
    ctx.exit(code)


def _again(repack: str | None, forget: tuple[str, ...], restore: tuple[str, ...], defaults: tuple[str, ...]) -> str:
    """Return the command that asks for the same once more."""
    words = [] if repack is None else ["--repack" if repack == EVERYTHING else f"--repack={repack}"]
    words += [f"--forget {name}" for name in forget]
    words += ["--restore" if name == EVERYTHING else f"--restore {name}" for name in restore]
    words += ["--defaults" if name == EVERYTHING else f"--defaults={name}" for name in defaults]
    return " ".join(["escscaffold generate", *words])
