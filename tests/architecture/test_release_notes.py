"""The notes of a release are the section of CHANGELOG.md, once all that they say is so."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci/release-notes"
CHANGELOG = """\
# Change log

## [Unreleased]

### Added

- Something to come.

## [1.2.0] - 2026-01-31

### Fixed

- A thing.
  And what it was.

## [1.1.0] - 2025-12-01

- Another thing.

## [1.0.0]

- Without a day.

## [0.9.0] - 2025-01-01

"""


def released(folder: Path, version: str, own: str | None = None) -> subprocess.CompletedProcess[str]:
    (folder / "escscaffold").mkdir()
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / "escscaffold/__init__.py").write_text(f'"""It."""\n\n__version__ = "{own or version}"\n')
    command = [sys.executable, SCRIPT, version, "--folder", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_section_of_the_version_is_printed(tmp_path: Path) -> None:
    done = released(tmp_path, "1.2.0")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "### Fixed\n\n- A thing.\n  And what it was.\n"


@pytest.mark.parametrize(
    ("version", "own", "told"),
    [
        ("1.2.0", "1.1.0", "says 1.1.0, not 1.2.0"),
        ("2.0.0", None, "no section `## [2.0.0] - DAY`"),
        ("1.0.0", None, "on which day 1.0.0 is released"),
        ("0.9.0", None, "says nothing of 0.9.0"),
    ],
)
def test_what_is_not_ready_is_told(version: str, own: str | None, told: str, tmp_path: Path) -> None:
    done = released(tmp_path, version, own)

    assert done.returncode == 1
    assert told in done.stderr
    assert done.stdout == ""
