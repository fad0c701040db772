"""`escscaffold set`: change answers, and what follows from them."""

import click

from escscaffold.cli.changing import ChangeOptions, again, change_options, print_changed
from escscaffold.cli.command import ScaffoldCommand
from escscaffold.cli.completing import offer_environments, offer_keys
from escscaffold.jobs.change import set_keys


@click.command(
    "set",
    short_help="Change keys of escscaffold.toml and regenerate.",
    cls=ScaffoldCommand,
    example="escscaffold set prod.ranges.pods=/15 --diff",
    document={"files": [], "replaces": []},
)
@click.argument("settings", metavar="KEY=VALUE...", nargs=-1, required=True, shell_complete=offer_keys)
@click.option(
    "--environment",
    metavar="NAME",
    shell_complete=offer_environments,
    help="Environment of the keys; not needed with one environment.",
)
@change_options
def command(asked: ChangeOptions, settings: tuple[str, ...], environment: str | None) -> int:
    """Change keys of escscaffold.toml, show the effects and regenerate.

    KEY is any key of the spec, such as provider, reserved.office or prod.ranges.pods (prod.pods for short, or pods
    with one environment). KEY= without a value removes the key. Comments in the file stay.
    """
    named = ["--environment", environment] if environment else []
    terms = again(asked.terms, "set", *settings, *named)
    return print_changed(asked, set_keys(asked.folder, settings, environment, terms, asked.reporter), terms)
