"""Runs the real `terraform` in a root module of a test.

It decides how the command is found and with which environment it runs. It does not know what is in a root
nor what is expected of it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS_AT_MOST = 180
RIGHT_FOLDER = Path(__file__).with_name("roots")
RIGHT_ROOTS = sorted(file.stem for file in RIGHT_FOLDER.glob("*.tf"))


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning, as `terraform validate -json` tells it."""

    severity: str
    summary: str
    detail: str


@dataclass(frozen=True)
class Root:
    """A root module, and the part of the environment that says where its providers come from."""

    folder: Path
    providers: Mapping[str, str]

    @classmethod
    def copy(cls, name: str, folder: Path, providers: Mapping[str, str]) -> "Root":
        """Copy one of the right roots to a folder of the test's own."""
        root = cls(folder, providers)
        root.write("main.tf", (RIGHT_FOLDER / f"{name}.tf").read_text(encoding="utf-8"))
        return root

    def replace(self, old: str, new: str) -> None:
        """Change the first place where the root says `old`; it must say it."""
        text = (self.folder / "main.tf").read_text(encoding="utf-8")
        assert old in text
        self.write("main.tf", text.replace(old, new, 1))

    def write(self, file: str, text: str) -> None:
        """Write one file of the root."""
        (self.folder / file).write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one terraform command here, whatever it answers."""
        return subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.providers, "TF_IN_AUTOMATION": "1"},
            capture_output=True,
            text=True,
            timeout=SECONDS_AT_MOST,
            check=False,
        )

    def succeed(self, *arguments: str) -> str:
        """Run one terraform command that must succeed, and return what it printed."""
        done = self.run(*arguments, "-no-color")
        assert done.returncode == 0, f"terraform {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def validate(self) -> list[Diagnostic]:
        """Install the providers and validate."""
        self.succeed("init")
        answer = json.loads(self.run("validate", "-json").stdout)
        found = answer["diagnostics"]
        return [Diagnostic(item["severity"], item["summary"], item["detail"]) for item in found]


def require_terraform() -> None:
    """Skip the test where there is no terraform; a build server must have it."""
    require(shutil.which("terraform") is not None, "terraform is not on the PATH")


def require(present: bool, reason: str) -> None:
    """Skip the test where something is missing; on a build server that is a failure."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
