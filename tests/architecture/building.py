"""Builds the files of a release."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

A_DAY = "1767225600"


@dataclass(frozen=True)
class Built:
    """Both files of a release."""

    wheel: Path
    sdist: Path

    def sums(self) -> dict[str, str]:
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (self.wheel, self.sdist)}


def run(*command: object, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def built(source: Path, folder: Path) -> Built:
    """Build the wheel and the sdist of a source tree with hatchling, as pip and build have it do."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": A_DAY}
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=source, environment=environment)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, sdist)
