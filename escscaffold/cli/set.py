"""`escscaffold set`: change answers, and what follows from them."""

from pathlib import Path

import click

from escscaffold.cli.changing import Changed, again, change
from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_environments, offer_keys
from escscaffold.cli.options import terms_options
from escscaffold.cli.output import Output
from escscaffold.cli.setting import read_settings, spec_with
from escscaffold.cli.writing import Terms
from escscaffold.planning.lock import Lock


@click.command(
    "set",
    cls=ScaffoldCommand,
    example="escscaffold set prod.ranges.pods=/15 --diff",
    document={"files": [], "replaces": []},
)
@click.argument("settings", metavar="KEY=VALUE...", nargs=-1, required=True, shell_complete=offer_keys)
@click.option(
    "--environment",
    metavar="NAME",
    shell_complete=offer_environments,
    help="The environment whose keys are meant; the only one, without it.",
)
@terms_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    settings: tuple[str, ...],
    environment: str | None,
    dry_run: bool,
    diff: bool,
    accepted: tuple[str, ...],
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Change answers in escscaffold.toml, show what follows, and bring the files in line.

    KEY is any key of the spec: provider, reserved.office, prod.ranges.pods (or in full
    environments.prod.ranges.pods), and ranges.pods where there is one environment. Without VALUE
    (KEY=) the key is removed. Comments in the file stay.
    """
    output = Output(as_json=as_json, quiet=quiet)
    named = ["--environment", environment] if environment else []
    terms = again(Terms(dry_run=dry_run, diff=diff, accepted=accepted), "set", *settings, *named)

    def edit(text: str, lock: Lock) -> Changed:
        wanted = read_settings(text, settings, environment)
        new_text, spec = spec_with(text, wanted)
        return Changed(text=new_text, spec=spec, lock=lock, terms=terms)

    ctx.exit(change(folder, output, terms, edit))
