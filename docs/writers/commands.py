"""The page of all commands: what `--help` says, the variables and the exit codes."""

import click

from docs.writers.markdown import fenced, page, table
from docs.writers.running import run
from escscaffold.cli import INTERRUPTED, cli
from escscaffold.cli.command import CLEAN, CONFLICT, FAILED, WOULD_CHANGE, WOULD_REPLACE, WRONG_USAGE

EXIT_CODES = {
    CLEAN: "Success: no errors.",
    FAILED: "Findings of severity error, or the command failed.",
    WRONG_USAGE: "Wrong usage: an unknown flag, an invalid value, or a missing argument.",
    WOULD_CHANGE: "`check`, `--dry-run` or `--diff`: `generate` would change files. `fmt --check`: `fmt` would. "
    "`review`: `stale` or `change`, if `--fail-on` names it. `ipam status`: claims differ.",
    CONFLICT: "A hand edit conflicts with generated text: both are kept until you resolve it. `review`: conflict "
    "markers in a file, or `edit`, if `--fail-on` names it.",
    WOULD_REPLACE: "Terraform would replace something, or destroy something with data or addresses, that "
    "`--accept-replace` does not name; nothing was written. "
    "`review`: Terraform would replace or destroy something.",
    INTERRUPTED: "Interrupted with Ctrl-C; files are unchanged.",
}


def commands_page() -> str:
    """Return the page of all commands: what `--help` says, the variables and the exit codes."""
    parts = [_help()]
    for name in command_names():
        parts += [f"## {name}", _help(name)]
        for inner in inner_names(name):
            parts += [f"### {name} {inner}", _help(name, inner)]
    return page(
        "Commands",
        "Look up commands and flags: the output of `escscaffold COMMAND --help`.",
        *parts,
        "## Environment variables",
        "A flag that is not given is read from its variable.",
        "Where a flag can be repeated, the variable holds several values with spaces between them, so a need has no "
        "space inside: `pods={nodes=100,growth=2}`.",
        table(("variable", "flag"), [(f"`{variable}`", f"`{flag}`") for variable, flag in variables().items()]),
        "More concern the output: `NO_COLOR`, with any value, removes the colors, `FORCE_COLOR` keeps them in a "
        "pipe or in CI, and `COLUMNS` says how wide tables may be. "
        "`ACCESSIBLE=1` asks in plain lines, as `--plain` does.",
        "On a terminal, work that takes more than a second says what it is at; with `CI` set, `--quiet` or `--json` it "
        "does not.",
        "## Exit codes",
        table(("code", "meaning"), [(str(code), meaning) for code, meaning in EXIT_CODES.items()]),
    )


def command_names() -> list[str]:
    """Return the names of all commands, in the order in which help shows them."""
    return cli.list_commands(click.Context(cli))


def inner_names(name: str) -> list[str]:
    """Return the names of the commands inside a command; nothing for most."""
    command = _command(name)
    return list(command.commands) if isinstance(command, click.Group) else []


def variables() -> dict[str, str]:
    """Return the flag that each environment variable gives."""
    purposes: dict[str, str] = {}
    for name in command_names():
        for option in _command(name).params:
            if isinstance(option.envvar, str):
                purposes[option.envvar] = option.opts[0]
    return purposes


def _command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def _help(*name: str) -> str:
    return fenced("text", run(*name, "--help"))
