"""What the tests of scanning share: a folder made of texts, and what a scan of it finds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.scanning.found import Scan
from escscaffold.scanning.scan_paths import scan_paths

Scanned = Callable[..., Scan]


@pytest.fixture
def scanned(tmp_path: Path) -> Scanned:
    """Write these files, by their paths, and scan the folder or the paths that are named."""

    def scan(files: dict[str, str | bytes], *paths: str) -> Scan:
        for name, body in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return scan_paths(tmp_path, paths or ["."], load_facts())

    return scan


def cidrs(scan: Scan, *kinds: str) -> list[str]:
    """Return the blocks that were found, of these kinds or of all."""
    return [str(found.cidr) for found in scan.blocks if not kinds or found.kind in kinds]


def told(scan: Scan) -> list[tuple[str, str, str, str]]:
    """Return block, kind, name and place of all that was found."""
    return [(str(found.cidr), found.kind, found.name, found.place) for found in scan.blocks]
