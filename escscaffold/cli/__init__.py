"""The command line: one file per command. Only this package knows click."""

from importlib import import_module
from pathlib import Path

import click

from escscaffold import __version__

_COMMANDS = (
    *("init", "add", "set", "remove", "rename", "plan", "generate", "release", "check"),
    *("fmt", "review", "scan", "explain"),
)


class _LazyGroup(click.Group):
    """Imports a command when it is asked for: `plan` must not pay for what `generate` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"escscaffold.cli.{cmd_name}").command
        return command


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nBegin with:\n  escscaffold init DIR",
)
@click.option("-C", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Run as if started in DIR.")
@click.version_option(__version__, message="escscaffold %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None) -> None:
    """Plan addresses that cannot collide, and write the Terraform that peers EKS, GKE or AKS with Kurrent Cloud."""
    ctx.obj = folder
