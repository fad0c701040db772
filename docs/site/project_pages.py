"""Brings the repository's own pages (SECURITY.md and others) into the site, and names the repository that it is of.

Pages link to them with `../`, as they lie in the repository; in the site they are below `project/`.
"""

import os
import re
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
FOLDER = "project"
VARIABLE = "ESCSCAFFOLD_REPOSITORY"
"""The address of the repository, where neither GitHub nor the remote `origin` says it."""

_LINK = re.compile(r"(?<=\]\()(?!https?:|#|mailto:)([^)\s#]+)")


def repository_url() -> str:
    """Return the address of the repository, or nothing where it is unknown."""
    if os.environ.get(VARIABLE):
        return os.environ[VARIABLE]
    if os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{os.environ['GITHUB_REPOSITORY']}"
    command = ["git", "-C", str(REPOSITORY), "config", "--get", "remote.origin.url"]
    url = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return url.removesuffix(".git") if url.startswith("https://") else ""


def on_config(config: Any) -> Any:
    """Give mkdocs the repository; it calls this by its name."""
    url = repository_url()
    config.repo_url = url or None
    config.repo_name = "/".join(url.split("/")[-2:]) if url else None
    config.nav.append({"Project": [f"{FOLDER}/{name}" for name in PAGES]})
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the pages; mkdocs calls this by its name."""
    from mkdocs.structure.files import File

    for name in PAGES:
        files.append(File.generated(config, f"{FOLDER}/{name}", abs_src_path=str(REPOSITORY / name)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Point links between docs/ and the repository's own pages to where these are in the site."""
    place = PurePosixPath(page.file.src_uri)
    return _LINK.sub(lambda link: _moved(place, link[1]), markdown)


def _moved(place: PurePosixPath, target: str) -> str:
    """Return the link of a page as it is in the site.

    >>> _moved(PurePosixPath("reference/providers.md"), "../../SECURITY.md")
    '../project/SECURITY.md'
    >>> _moved(PurePosixPath("project/CHANGELOG.md"), "docs/how-to/ci.md")
    '../how-to/ci.md'
    >>> _moved(PurePosixPath("how-to/review.md"), "ci.md")
    'ci.md'
    """
    is_own = place.parts[0] == FOLDER
    # Below the repository, where the page lies there.
    lies = (PurePosixPath() if is_own else PurePosixPath("docs") / place.parent) / target
    path = PurePosixPath(os.path.normpath(lies))
    if path.as_posix() in PAGES:
        goal = PurePosixPath(FOLDER) / path
    elif is_own and path.parts[0] == "docs":
        goal = PurePosixPath(*path.parts[1:])
    else:
        return target
    return os.path.relpath(goal, place.parent)
