"""The command line: a module per command, `NAME_command.py`, or for a few that belong together. Only here is click."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from click.exceptions import NoArgsIsHelpError

from escscaffold import __version__
from escscaffold.cli.completing import offer_folders
from escscaffold.tracing import stop_tracing

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


COMMAND_GROUPS = {
    "Create": ("init", "add", "adopt"),
    "Plan and check": ("plan", "check", "review", "scan"),
    "Change": ("set", "generate", "remove", "rename", "release", "fmt"),
    "Share addresses": ("ipam",),
    "Look up": ("explain", "schema", "doctor", "completion"),
}
ALL_COMMANDS = tuple(name for names in COMMAND_GROUPS.values() for name in names)

_SHARED_MODULES = {
    **dict.fromkeys(("set", "rename", "remove"), "change_commands"),
    **dict.fromkeys(COMMAND_GROUPS["Look up"], "lookup_commands"),
}
"""The modules that hold several commands, by command."""

GIVEN = "escscaffold.given"
"""Where click's context keeps the arguments as they were given."""

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""


class _PlainUsageError(click.UsageError):
    """What click refuses, printed as every other error."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print what is wrong, and where the usage is explained."""
        click.echo(click.style("error ", fg="red", bold=True) + self.format_message(), err=True)
        if self.ctx is not None:
            click.echo(f"  See: {self.ctx.command_path} {self.ctx.help_option_names[0]}", err=True)


class _LazyGroup(click.Group):
    """Imports a command when it is asked for: `plan` must not pay for what `generate` needs."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        typed = tuple(args)
        stop_tracing()
        args = _without_help_command(args)
        with _plainly_refusing():
            context = super().make_context(info_name, args, parent, **extra)
        context.meta[GIVEN] = typed
        return context

    def invoke(self, ctx: click.Context) -> Any:
        with _plainly_refusing():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(ALL_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_commands(self, ctx, formatter)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ALL_COMMANDS:
            return None
        shared = _SHARED_MODULES.get(cmd_name)
        module = import_module(f"escscaffold.cli.{shared or f'{cmd_name}_command'}")
        command: click.Command = getattr(module, f"{cmd_name}_command" if shared else "command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in ALL_COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from escscaffold.spec.values import nearest, shown  # not needed where nothing is wrong

            ctx.fail(f"No such command {shown(args[0])}. {nearest(args[0], ALL_COMMANDS)}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        # click would import every command for the first line of its help.
        names = [CompletionItem(name) for name in ALL_COMMANDS if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


@contextmanager
def _plainly_refusing() -> Iterator[None]:
    """Let what click refuses fit the terminal and not steer it: it repeats arguments as they were given."""
    try:
        yield
    except NoArgsIsHelpError:
        raise  # the help, and nothing refused
    except click.UsageError as error:
        from escscaffold.cli.output import paragraphs  # not needed where nothing is wrong

        before = "error "
        problem = before + (_as_setting(error) or error.format_message())
        plain = paragraphs(problem.expandtabs()).removeprefix(before)
        raise _PlainUsageError(plain, error.ctx) from None
    except (KeyboardInterrupt, click.Abort) as error:
        if not _is_interrupt(error):
            raise
        click.echo("\nAborted!", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None


def _as_setting(error: click.UsageError) -> str:
    """Return how to give a key of the environment that was given as a flag; nothing for other errors."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return ""
    from escscaffold.spec.environments import ENVIRONMENT_KEYS

    key = error.option_name.lstrip("-").replace("-", "_")
    takes = any(parameter.name == "settings" and "--set" in parameter.opts for parameter in error.ctx.command.params)
    if not takes or key not in ENVIRONMENT_KEYS:
        return ""
    from escscaffold.spec.values import shown

    return f"No such option {shown(error.option_name)}. Use --set {key}=VALUE."


def _is_interrupt(error: BaseException) -> bool:
    """Whether it was Ctrl-C, for which click's prompts raise the same as for the end of the input."""
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__context__, KeyboardInterrupt)


def _write_commands(group: click.Group, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write each group of commands below its title, with the first lines of their help in one column."""
    width = formatter.width - 6 - max(map(len, ALL_COMMANDS))
    for title, names in COMMAND_GROUPS.items():
        commands = {name: group.get_command(ctx, name) for name in names}
        rows = [(name, command.get_short_help_str(width)) for name, command in commands.items() if command]
        with formatter.section(title):
            formatter.write_dl([(name.ljust(max(map(len, ALL_COMMANDS))), summary) for name, summary in rows])


def _without_help_command(arguments: list[str]) -> list[str]:
    """Return `help COMMAND` as `COMMAND --help`, which it stands for; other arguments as they are."""
    return [*arguments[1:], "--help"] if arguments[:1] == ["help"] else arguments


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nStart with:\n  escscaffold init DIR\n  escscaffold help COMMAND",
)
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    shell_complete=offer_folders,
    help="Run in DIR.",
)
@click.version_option(__version__, "--version", "-V", message="escscaffold %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None) -> None:
    """Plan non-overlapping addresses and write the Terraform that peers EKS, GKE or AKS with Kurrent Cloud."""
    ctx.obj = folder
