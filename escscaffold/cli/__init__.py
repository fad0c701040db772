"""The command line: one file per command. Only this package knows click."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import NoArgsIsHelpError

from escscaffold import __version__
from escscaffold.cli.completing import offer_folders

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMMANDS = (
    *("init", "add", "set", "remove", "rename", "plan", "generate", "release", "check"),
    *("fmt", "review", "scan", "ipam", "explain", "schema", "doctor", "completion"),
)


@contextmanager
def _plainly_refusing() -> Iterator[None]:
    """Let what click refuses fit the terminal and not steer it: it repeats arguments as they were given."""
    try:
        yield
    except NoArgsIsHelpError:
        raise  # the help, and nothing refused
    except click.UsageError as error:
        from escscaffold.cli.output import paragraphs  # not needed where nothing is wrong

        before = "Error: "
        said = before + (_as_setting(error) or error.format_message())
        plain = paragraphs(said.expandtabs()).removeprefix(before)
        raise click.UsageError(plain, error.ctx) from None


def _as_setting(error: click.UsageError) -> str:
    """Say how to give a key of the environment that was taken for a flag."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return ""
    from escscaffold.spec.environments import ENVIRONMENT_KEYS

    key = error.option_name.lstrip("-").replace("-", "_")
    takes = any(parameter.name == "settings" and "--set" in parameter.opts for parameter in error.ctx.command.params)
    if not takes or key not in ENVIRONMENT_KEYS:
        return ""
    return f"{error.message} Write it like --set {key}=VALUE."


class _LazyGroup(click.Group):
    """Imports a command when it is asked for: `plan` must not pay for what `generate` needs."""

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        with _plainly_refusing():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _plainly_refusing():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"escscaffold.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from escscaffold.spec.values import nearest, shown  # not needed where nothing is wrong

            ctx.fail(f"No such command {shown(args[0])}. {nearest(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        # click would import every command for the first line of its help.
        names = [CompletionItem(name) for name in _COMMANDS if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nBegin with:\n  escscaffold init DIR",
)
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    shell_complete=offer_folders,
    help="Run as if started in DIR.",
)
@click.version_option(__version__, message="escscaffold %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None) -> None:
    """Plan addresses that cannot collide, and write the Terraform that peers EKS, GKE or AKS with Kurrent Cloud."""
    ctx.obj = folder
