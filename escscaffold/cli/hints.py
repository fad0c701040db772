"""Commands to run next, printed so that they work where the user is: with `-C DIR`, where it was given.

The jobs and the rules know no terminal: they name commands as they are in the repository's folder.
"""

import os
import re
from pathlib import Path, PurePath

import click

STARTED = "escscaffold.started"
"""Where click's context keeps the folder that the command was started in."""

REPOSITORY = "escscaffold.repository"
"""Where click's context keeps the folder of the repository, which may be above the other."""

_WITHOUT_A_FOLDER = {"explain", "schema", "completion"}
_GROUPS = {"ipam"}
"""Commands whose next word is a command, too."""


def works_in(ctx: click.Context, started: Path, repository: Path) -> None:
    """Remember which folder a command to run next needs, and in which repository it works."""
    ctx.meta[STARTED], ctx.meta[REPOSITORY] = started, repository


def command_line(*words: str) -> str:
    """Return an escscaffold command that does the same from where the user is.

    >>> command_line("set", "prod.name=my network")
    "escscaffold set 'prod.name=my network'"
    """
    from shlex import join  # slow to import, and most runs suggest nothing

    last = 2 if words[0] in _GROUPS else 1
    return join(["escscaffold", *words[:last], *_folder_arguments(), *words[last:]])


def file_argument(path: str) -> str:
    """Return a file of the repository as a command takes it that is started where this one was."""
    started, repository = _folders()
    if started == repository:
        return path
    return PurePath(os.path.relpath(repository / path, started)).as_posix()


def runnable(text: str) -> str:
    """Return the text with its escscaffold and Terraform commands as they work from where the user is."""
    started, repository = _folders()
    if repository != Path():
        from shlex import quote

        text = re.sub(
            r"\bterraform -chdir=([\w./-]+)",
            lambda match: f"terraform -chdir={quote((repository / match[1]).as_posix())}",
            text,
        )
    if started == Path():
        return text
    group = click.get_current_context().find_root()
    names = set(group.command.list_commands(group)) - _WITHOUT_A_FOLDER - _GROUPS  # type: ignore[attr-defined]
    command = "|".join([*names, *(f"{name} [a-z]+" for name in _GROUPS)])
    # A command that names a folder stays as it is, and so does the verdict that one was not run.
    return re.sub(
        rf"\bescscaffold ({command})\b(?![^`\n]{{0,999}} -C )(?!`? (?:was )?not run)",
        lambda match: command_line(*match[1].split()),
        text,
    )


def _folder_arguments() -> list[str]:
    started, _ = _folders()
    return ["-C", str(started)] if started != Path() else []


def _folders() -> tuple[Path, Path]:
    context = click.get_current_context(silent=True)
    meta = context.meta if context else {}
    return meta.get(STARTED, Path()), meta.get(REPOSITORY, Path())
