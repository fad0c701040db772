"""What `terraform` itself reports about the repository, where it is on the PATH."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, OwnerError, ask_git, git_folder_above
from escscaffold.planning.lock import ENVIRONMENTS
from escscaffold.tracing import trace_program

if TYPE_CHECKING:
    from subprocess import CompletedProcess

_SECONDS = 120
_FORMATTED = (".tf", ".tfvars", ".hcl")
"""How names end of what `terraform fmt` reads, in all versions: tests, mocks and queries are `.hcl`."""
_FOLDERS_AT_ONCE = 100
"""A command line holds 32,767 characters on Windows."""
_OF_GIT = (
    "skipped `terraform validate`: this folder is in git, and validate would run its providers. Run `git rm -r "
    "--cached` on it, then `terraform init`."
)


class Complaint(Struct, frozen=True, kw_only=True):
    """One file or root that cannot be used, and why."""

    path: str
    message: str
    line: int = 0
    """Counted from 1; 0 where it is not known."""

    @property
    def text(self) -> str:
        """The place and what is wrong there."""
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.message}"

    @property
    def row(self) -> dict[str, str | int]:
        """The same as JSON-ready data."""
        return {"path": self.path, "message": self.message, **({"line": self.line} if self.line else {})}


def terraform_complaints(folder: Path, as_generated: frozenset[str] | None) -> Iterator[Complaint]:
    """Yield what `terraform fmt` finds, and `terraform validate` in each root that was initialised here.

    Yields nothing where there is no `terraform`. `terraform fmt` reads each folder that has a file which is not among
    `as_generated`; None means that this is not known of any. A root whose `.terraform` came with the repository, or
    may have, is not validated: Terraform would start the providers that came with it.
    """
    program = shutil.which("terraform")
    if program is None:
        return
    for arguments in _fmt_arguments(folder, as_generated):
        for name in _run(program, folder, "fmt", "-check", *arguments).stdout.splitlines():
            if (folder / name).is_file():
                yield Complaint(path=Path(name).as_posix(), message="`terraform fmt` would change it.")
    for root in sorted(folder.glob(f"{ENVIRONMENTS}/*/.terraform")):
        reason = _not_validated(root)
        if reason:
            yield Complaint(path=root.relative_to(folder).as_posix(), message=reason)
        else:
            yield from _validate(program, folder, root.parent)


def _fmt_arguments(folder: Path, as_generated: frozenset[str] | None) -> Iterator[Sequence[str]]:
    """Yield the arguments of each run of `terraform fmt`.

    What is generated is formatted, and a thousand environments take it 24 seconds; the tests hold that.
    """
    if as_generated is None:
        yield ["-recursive"]
        return
    edited = []
    for where, folders, names in os.walk(folder):
        # As fmt -recursive does.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = os.path.relpath(where, folder).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        if any(name.endswith(_FORMATTED) and f"{prefix}{name}" not in as_generated for name in names):
            edited.append(f"./{below}")  # a name may begin with a dash
    for first in range(0, len(edited), _FOLDERS_AT_ONCE):
        yield edited[first : first + _FOLDERS_AT_ONCE]


def terraform_reads(file: Path) -> bool:
    """Whether there is a `terraform` and it can read the file; its answer goes before that of any other parser."""
    program = shutil.which("terraform")
    # 0: formatted, 3: it would be written differently; anything else is a file that it cannot read.
    return program is not None and _run(program, file.parent, "fmt", "-check", file.name).returncode in (0, 3)


def _not_validated(initialised: Path) -> str:
    """Return why `terraform validate` cannot be run: the folder came with the repository, or that is not known."""
    try:
        return _OF_GIT if ask_git(initialised.parent, "ls-files", "-z", "--", initialised.name) else ""
    except OwnerError as error:
        return f"skipped `terraform validate`: {error.problem} {error.hint}"
    except GitError as error:
        if git_folder_above(initialised) is None:
            return ""
        why = "only git can tell whether this folder is in the repository"
        return f"skipped `terraform validate`: {why}. {error.problem}"


def _validate(program: str, folder: Path, root: Path) -> Iterator[Complaint]:
    where = root.relative_to(folder).as_posix()
    try:
        answer = json.loads(_run(program, root, "validate", "-json").stdout)
    except ValueError:
        return
    errors = [d for d in answer.get("diagnostics", []) if d.get("severity") == "error"]
    complaints = [
        Complaint(
            path=f"{where}/{error.get('range', {}).get('filename', '')}".rstrip("/"),
            message=f"terraform: {str(error.get('summary')).rstrip('.')}.",
            line=error.get("range", {}).get("start", {}).get("line", 0),
        )
        for error in errors
    ]
    # Terraform repeats a message for each resource that it concerns.
    yield from dict.fromkeys(complaints)


def _run(program: str, folder: Path, *arguments: str) -> "CompletedProcess[str]":
    import subprocess  # slow to import, and most runs have nothing to ask

    trace_program(program, arguments, folder)
    try:
        return subprocess.run(
            [program, *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScaffoldError(f"Cannot run {program}: {error}.") from None


def roots_not_asked(folder: Path) -> tuple[str, ...]:
    """Return the roots that `terraform validate` cannot be asked about: not initialised, or no terraform at all."""
    roots = (path.parent for path in sorted(folder.glob(f"{ENVIRONMENTS}/*/main.tf")))
    has_terraform = shutil.which("terraform") is not None
    return tuple(
        root.relative_to(folder).as_posix() for root in roots if not (has_terraform and (root / ".terraform").is_dir())
    )
