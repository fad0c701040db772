"""Has `terraform fmt` look at each text once, when a session ends: many repositories have the same ones."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

# Texts that are to be formatted, by a name of their content, and where each was first.
_WRITTEN: dict[str, tuple[bytes, Path]] = {}
_FORMATTED = (".tf", ".tfvars", ".tftest.hcl")


def formatted(repository: Path) -> None:
    """Have `terraform fmt` look at a repository's files when the session ends."""
    for file in files_of(repository):
        content = file.read_bytes()
        suffix = next(end for end in _FORMATTED if file.name.endswith(end))
        _WRITTEN.setdefault(f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}", (content, file))


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files of Terraform below a folder, without what `init` put there."""
    for file in sorted(folder.rglob("*")):
        if file.name.endswith(_FORMATTED) and ".terraform" not in file.parts and file.is_file():
            yield file


def check_formatted(folder: Path) -> None:
    """Run `terraform fmt` on all texts of the session in one go; fail with the places of those that it would change."""
    if not _WRITTEN:
        return
    for name, (content, _) in _WRITTEN.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    places = [str(place) for name, (_, place) in _WRITTEN.items() if name in done.stdout]
    assert done.returncode == 0, "\n".join([*places, done.stdout, done.stderr])
