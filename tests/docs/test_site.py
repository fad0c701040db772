"""The pages as a site: all of them are in its navigation, and it builds without a warning."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from docs.site.navigation import navigation
from tests.docs.console import REPOSITORY
from tests.terraform.root import require

DOCS = REPOSITORY / "docs"
VARIABLE = "ESCSCAFFOLD_MKDOCS"


def pages_in(sections: list[dict[str, Any]]) -> list[str]:
    pages = [page for section in sections for pages in section.values() for page in pages]
    return [page if isinstance(page, str) else next(iter(page.values())) for page in pages]


def test_every_page_is_in_the_navigation_once() -> None:
    there = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))

    assert sorted(pages_in(navigation())) == there


def test_a_section_is_never_empty() -> None:
    assert [title for section in navigation() for title, pages in section.items() if not pages] == []


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    beside = shutil.which("mkdocs", path=str(REPOSITORY / ".venv/docs/bin"))
    program = os.environ.get(VARIABLE) or beside or shutil.which("mkdocs")
    require(program is not None, f"no mkdocs in .venv/docs, on the PATH or where {VARIABLE} names it")

    done = subprocess.run(
        [str(program), "build", "--strict", "--quiet", "-f", DOCS / "site/mkdocs.yml", "-d", tmp_path],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Why a peering fails" in (tmp_path / "index.html").read_text("utf-8")
    # A page asks nobody else for fonts or scripts.
    sources = re.findall(
        r'(?:src|href)="(https?://[^"]+\.(?:js|css|woff2?))"', (tmp_path / "index.html").read_text("utf-8")
    )
    assert sources == []
