"""The manual page, from the tree of commands.

click-man, which would do the like, makes a page for each command, knows neither arguments nor examples, and has no
way to a command that is imported when it is asked for.
"""

import re
from collections.abc import Iterator
from inspect import cleandoc

import click

from docs.writers.commands import EXIT_CODES, command_names, variables
from escscaffold import __version__
from escscaffold.cli import cli
from escscaffold.cli.command import ScaffoldCommand

_FILES = {
    "escscaffold.toml": "What you ask for: the one file to edit.",
    "escscaffold.ipam.json": "What the IPAM of the spec had when it was last asked: commit it.",
    "escscaffold.lock": "Allocated ranges and written files: commit it, never edit it.",
    ".escscaffold/schema.json": "The schema of escscaffold.toml, for editors.",
}


def man_page() -> str:
    """Return the page as roff."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    # The names of `--help` are its own, as in a run.
    context = click.Context(cli, info_name="escscaffold", **cli.context_settings)
    yield r".\" Written by `python docs/generate.py` from the code; do not edit it."
    yield f'.TH ESCSCAFFOLD 1 "" "escscaffold {__version__}" "User Commands"'
    yield ".SH NAME"
    yield rf"escscaffold \- {_roff('plan addresses, and write Terraform that peers Kubernetes with Kurrent Cloud')}"
    yield ".SH SYNOPSIS"
    yield from _synopsis(context)
    yield ".SH DESCRIPTION"
    yield from _text(cli.help or "")
    yield from _options(context)
    yield ".SH COMMANDS"
    for name in command_names():
        command = cli.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield from _command(name, inner)
        for inside in command.commands.values() if isinstance(command, click.Group) else ():
            yield from _command(f"{name} {inside.name}", click.Context(inside, info_name=inside.name, parent=inner))
    yield from _terms("ENVIRONMENT", {name: f"The same as {flag}." for name, flag in variables().items()})
    yield from _terms("FILES", _FILES)
    yield from _terms("EXIT STATUS", {str(code): meaning for code, meaning in EXIT_CODES.items()})


def _command(name: str, context: click.Context) -> Iterator[str]:
    command = context.command
    yield f".SS {_roff(name)}"
    yield from _synopsis(context)
    yield ".PP"
    yield from _text(command.help or "")
    yield from _options(context)
    if isinstance(command, ScaffoldCommand):
        yield ".PP"
        yield "Example:"
        yield from (".IP", rf"\fB{_roff(command.example)}\fR")


def _synopsis(context: click.Context) -> Iterator[str]:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    yield rf"\fB{_roff(context.command_path)}\fR {_roff(pieces)}"


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            flags, text = record
            yield from (".TP", rf"\fB{_roff(flags)}\fR", _roff(text))


def _terms(title: str, meanings: dict[str, str]) -> Iterator[str]:
    yield f".SH {title}"
    for name, text in meanings.items():
        yield from (".TP", rf"\fB{_roff(name)}\fR", _roff(text.replace("`", "")))


def _text(help_text: str) -> Iterator[str]:
    """Yield the paragraphs of a help."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", cleandoc(help_text))):
        if number:
            yield ".PP"
        yield _roff(" ".join(paragraph.split()))


def _roff(text: str) -> str:
    r"""Return text in which nothing is a request or an escape.

    >>> print(_roff(".a -b \\c"))
    \&.a \-b \ec
    """
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped
