"""Where this escscaffold was installed from, as CI can install the same: a commit, or a file with its hash."""

import json
import re
from typing import Any

from escscaffold.cli.answers import Answers
from escscaffold.clouds.known_facts import load_facts
from escscaffold.spec.repository_tables import NO_CI

_PACKAGE = ("pipeline", "package")


def record_package(answers: Answers) -> None:
    """Let CI install what is running here, where nobody said otherwise and pip has noted its content (PEP 610)."""
    package = pinned_origin(_noted_by_pip())
    if package and answers.top.get("ci") != NO_CI and "package" not in answers.top.get("pipeline", {}):
        answers.put(_PACKAGE, package)


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
    from importlib.metadata import PackageNotFoundError, distribution  # slow to import, and only `init` needs it

    try:
        return distribution("escscaffold").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
