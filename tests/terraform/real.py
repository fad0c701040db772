"""Finds a real provider on this machine, and serves it as its own developers do while they debug it.

It decides in which folders to look and when the process ends. It does not know what the provider answers.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.terraform.attached import VARIABLE, Servers
from tests.terraform.schema import REPOSITORY

# Filesystem mirrors that can have a real provider; the variable names another. `.ci/aws-provider` fills the first.
FOLDER_VARIABLE = "ESCSCAFFOLD_TF_PLUGINS"
BASES = (REPOSITORY / ".venv", "/opt", "/usr/local/share", "/usr/share", Path.home())
USUAL_MIRRORS = [Path(base, "tf-plugins") for base in BASES]
SECONDS_TO_END = 10


def find(address: str) -> Path | None:
    """Return the folder of the newest version of a provider that some mirror here has unpacked, or None."""
    named = os.environ.get(FOLDER_VARIABLE)
    mirrors = [Path(named)] if named else USUAL_MIRRORS
    found = [f for mirror in mirrors for f in sorted(mirror.glob(f"registry.terraform.io/{address}/*")) if f.is_dir()]
    return found[-1] if found else None


@contextmanager
def serving(version_folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Servers]:
    """Start the provider of this folder with this environment beside the present one, and end it at the end."""
    (executable,) = version_folder.rglob("terraform-provider-*")
    process = subprocess.Popen(
        [executable, "-debug"],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield _told(process.stdout)
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _told(lines: Iterable[str]) -> Servers:
    """Read how to call the provider; it says so in one line when it is ready, as a shell would set the variable."""
    for line in lines:
        name, _, value = line.strip().partition("=")
        if name == VARIABLE:
            servers: Servers = json.loads(value.strip("'"))
            return servers
    raise RuntimeError("the provider ended before it was ready")
