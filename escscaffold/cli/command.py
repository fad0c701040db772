"""What every command shares: its common options, and the one place where errors become exit codes."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from escscaffold.cli import GIVEN
from escscaffold.cli.completing import offer_folders
from escscaffold.cli.hints import STARTED, runnable, works_in
from escscaffold.cli.output import Output, error_line, paragraphs, shorten
from escscaffold.errors import (
    ArgumentsError,
    MeanwhileError,
    ScaffoldError,
    SpecError,
    UnknownNameError,
    WrongUsageError,
    printable,
)
from escscaffold.rendering.document import VERSION, finding_list
from escscaffold.repository.disk import repository_at
from escscaffold.rules.catalogue import findings_of
from escscaffold.rules.finding import Finding
from escscaffold.tracing import is_tracing, start_tracing

CLEAN, FAILED, WRONG_USAGE, WOULD_CHANGE, CONFLICT, WOULD_REPLACE = range(6)
"""The exit codes of design: the same for every command."""

F = TypeVar("F", bound=Callable[..., Any])


class ScaffoldCommand(click.Command):
    """Shows errors meant for people as such; anything else still ends in a traceback, as a bug should.

    `example` is the end of its help. `document` is what `--json` prints of it where there is
    nothing to print, besides `version` and `findings`: an error leaves no key out. `looks_above` says
    that it works in the repository that the folder is a part of.
    """

    def __init__(
        self, *, example: str, document: Mapping[str, Any] | None = None, looks_above: bool = True, **settings: Any
    ) -> None:
        super().__init__(**settings, epilog=f"\b\nExample:\n  {example}")
        self.example = example
        self.document = document or {}
        self.looks_above = looks_above

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and turn its errors into words and an exit code."""
        ctx.color = _colour(ctx.params.get("color", "auto"))
        as_json = ctx.params.get("as_json", False) or ctx.params.get("form") == "json"
        output = Output(as_json=as_json, quiet=False)
        try:
            _refuse_deleted_folder(ctx)
            return super().invoke(ctx)
        except UnknownNameError as error:
            raise click.BadParameter(runnable(error.problem), ctx, param_hint=error.flag) from None
        except ArgumentsError as error:
            raise click.UsageError(runnable(error.problem), ctx) from None
        except SpecError as error:
            _show_cause(error)
            findings = findings_of(error.problems)
            output.findings(findings, err=True)
            self._print_document(output, findings)
            ctx.exit(WRONG_USAGE if isinstance(error, WrongUsageError) else FAILED)
        except (ScaffoldError, OSError) as caught:
            _show_cause(caught)
            shown = caught if isinstance(caught, ScaffoldError) else _of_a_file(caught)
            hint = _with_command(ctx, shown)
            click.echo(error_line(shown.problem), err=True)
            if hint:
                click.echo(paragraphs(runnable(hint), indent="  "), err=True)
            self._print_document(output, (), error={"message": shown.problem, "fix": hint})
            ctx.exit(FAILED)

    def _print_document(self, output: Output, findings: Iterable[Finding], **more: Any) -> None:
        if output.as_json:
            output.result("", {"version": VERSION, **self.document, "findings": finding_list(findings), **more})


def _show_cause(error: Exception) -> None:
    """Print where an error comes from, with `--debug`."""
    if is_tracing():
        from traceback import format_exception  # slow to import

        # It can hold typed values: no line of it is a command of a CI service, and nothing steers the terminal.
        for line in "".join(format_exception(error)).rstrip("\n").split("\n"):
            click.echo(f"debug {printable(line)}", err=True)


def _refuse_deleted_folder(ctx: click.Context) -> None:
    """Raise ScaffoldError where the command was started in a folder that is deleted: it would look empty."""
    folder = ctx.params.get("folder")
    if isinstance(folder, Path) and not folder.is_absolute():
        try:
            os.getcwd()  # noqa: PTH109 - the same for a fifth of the time
        except FileNotFoundError:
            raise ScaffoldError(
                "The current folder was deleted.", hint="Change to another folder, or set one with -C."
            ) from None


def _with_command(ctx: click.Context, error: ScaffoldError) -> str:
    """Return the hint of an error, with the command where it is to be run again."""
    if not isinstance(error, MeanwhileError) or GIVEN not in ctx.meta:
        return error.hint
    from shlex import join

    return f"Nothing was written. Run again: {join(['escscaffold', *ctx.meta[GIVEN]])}"


def _of_a_file(error: OSError) -> ScaffoldError:
    """Return in words what is wrong with a file, such as a name that no disk takes; raises what is of no file."""
    if error.filename is None:
        raise error
    return ScaffoldError(f"{shorten(str(error.filename))}: {error.strerror}.")


def _colour(choice: str) -> bool | None:
    """Return click's answer to `--color`: True, False, or None to ask the terminal.

    https://no-color.org and https://force-color.org say what the variables mean.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def from_start(ctx: click.Context, folder: Path, name: str) -> str:
    """Return a path, given from where the command was started, as it is from the repository's folder."""
    started = ctx.meta.get(STARTED, folder)
    if started == folder or Path(name).is_absolute():
        return name
    return str(started.resolve().relative_to(folder.resolve()) / name)


def common_options(function: F) -> F:
    """Add the options that every command takes."""
    for option in (
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Color the output."
        ),
        click.option(
            "--debug",
            "-v",
            is_flag=True,
            expose_value=False,
            callback=_start_tracing,
            help="Log commands, requests and writes to stderr.",
        ),
        click.option("--quiet", "-q", is_flag=True, help="Print only results and problems."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option(
            "-C",
            "folder",
            metavar="DIR",
            type=click.Path(path_type=Path),
            default=_start_folder,
            callback=_repository,
            shell_complete=offer_folders,
            help="Run in DIR.",
        ),
    ):
        function = option(function)
    return function


def _repository(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
    """Return the folder of the repository that the command was started in, which may be above."""
    command = ctx.command
    repository = repository_at(value) if isinstance(command, ScaffoldCommand) and command.looks_above else value
    works_in(ctx, value, repository)
    return repository


def _start_folder() -> Path:
    """Return the folder that was named before the command, or the current one."""
    context = click.get_current_context(silent=True)
    return context.obj if context and isinstance(context.obj, Path) else Path()


def _start_tracing(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        start_tracing()
