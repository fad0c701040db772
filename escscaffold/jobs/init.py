"""The job `init`: from a document in the shape of the spec to a new repository."""

import json
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ScaffoldError
from escscaffold.jobs.generate import Generated, Terms, write_files
from escscaffold.jobs.reporter import SILENT, Reporter, settle_folder
from escscaffold.jobs.repository_plan import PlannedText, refuse_unreadable
from escscaffold.planning.lock import LOCK_FILE, Lock
from escscaffold.planning.planner import plan_addresses
from escscaffold.repository.disk import Basis
from escscaffold.repository.journal import STAGING_PREFIX
from escscaffold.spec.new_tables import new_spec
from escscaffold.spec.reading import SPEC_FILE, VERSION, read_spec
from escscaffold.spec.repository_tables import NO_CI

_OF_A_GIT_HOST = {".git", ".gitattributes", "LICENSE", "LICENSE.md", "LICENSE.txt", "README", "README.md"}
"""What a git host puts into a new repository."""


class FolderInUseError(ScaffoldError):
    """The folder holds something that a new repository would mix with."""


def init(
    folder: Path | str, document: Mapping[str, Any], *, dry_run: bool = False, reporter: Reporter = SILENT
) -> Generated:
    """Create a repository in `folder` for a document in the shape of the spec.

    Nothing is claimed in an IPAM, and with `dry_run` nothing is written. Raises FolderInUseError, SpecError.
    """
    folder = Path(folder)
    if not dry_run:
        settle_folder(folder, reporter)
    refuse_in_use(folder)
    basis = Basis(facts=load_facts())
    refuse_unreadable(document, {}, basis.facts)
    new = planned_repository(document)
    return write_files(folder, new.plan, Lock(), basis, Terms(dry_run=dry_run), spec_text=new.text, reporter=reporter)


def planned_repository(document: Mapping[str, Any]) -> PlannedText:
    """Return the spec of a new repository and its plan; raises SpecError."""
    text = new_spec(_with_package({"version": VERSION, **document}))
    return PlannedText(text=text, plan=plan_addresses(read_spec(text, load_facts())))


def refuse_in_use(folder: Path) -> None:
    """Raise FolderInUseError unless the folder is missing, or has nothing but what a git host puts there."""
    try:
        present = {entry.name for entry in folder.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        raise FolderInUseError(f"Cannot write to {folder}: {error.strerror}.") from None
    called = "This folder" if folder == Path() else str(folder)
    names = sorted(name for name in present if name not in _OF_A_GIT_HOST and not name.startswith(STAGING_PREFIX))
    if {SPEC_FILE, LOCK_FILE} & set(names):
        raise FolderInUseError(
            f"{called} is already an escscaffold repository.",
            hint="To add an environment, run `escscaffold add`. To write its files, run `escscaffold generate`.",
        )
    if names:
        held = f"{', '.join(names[:3])}{' and more' if len(names) > 3 else ''}"
        raise FolderInUseError(f"{called} is not empty: it contains {held}.", hint="Choose a new or empty folder.")


def _with_package(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with what CI installs, unless it names a package or has no CI: this escscaffold.

    Known where pip has noted the content that it installed (PEP 610): a commit, or a file with its hash.
    """
    pipeline = document.get("pipeline", {})
    if document.get("ci") == NO_CI or not isinstance(pipeline, Mapping) or "package" in pipeline:
        return dict(document)
    package = pinned_origin(_noted_by_pip())
    return {**document, "pipeline": {**pipeline, "package": package}} if package else dict(document)


def pinned_origin(noted: str | None) -> str:
    """Return what `package` would be for the text of a `direct_url.json`; nothing where that pins nothing.

    >>> commit = "0123456789abcdef0123456789abcdef01234567"
    >>> pinned_origin('{"url": "https://example.org/e.git", "vcs_info": {"commit_id": "%s"}}' % commit)
    'git+https://example.org/e.git@0123456789abcdef0123456789abcdef01234567'
    """
    document: Any = json.loads(noted) if noted else {}
    url = document.get("url", "")
    commit = document.get("vcs_info", {}).get("commit_id", "")
    archive = document.get("archive_info", {})
    digest = archive.get("hashes", {}).get("sha256", "") or archive.get("hash", "").removeprefix("sha256=")
    package = f"git+{url}@{commit}" if commit else f"{url}#sha256={digest}"
    return package if re.fullmatch(load_facts().pipeline["package"].pattern, package) else ""


def _noted_by_pip() -> str | None:
    """Return what pip has noted where this escscaffold is installed; None where it has noted nothing.

    It is the first one that `importlib.metadata` would find, whose import takes as long as all planning.
    """
    for folder in sys.path:
        with suppress(OSError):
            for name in sorted(os.listdir(folder or ".")):  # noqa: PTH208
                if name.lower().startswith("escscaffold-") and name.endswith(".dist-info"):
                    note = Path(folder, name, "direct_url.json")
                    return note.read_text(encoding="utf-8") if note.is_file() else None
    return None
