"""The disk in memory that Linux has: a run of the tests writes 300,000 files, and waits for a real disk each time."""

import os
from pathlib import Path

FOLDER = Path("/dev/shm")
NEEDED = 6 * 2**30
"""Bytes: three times what a run writes."""


def is_large_enough() -> bool:
    """Whether it is there, has room, and lets what is written to it be run."""
    if not os.access(FOLDER, os.W_OK):
        return False
    found = os.statvfs(FOLDER)
    return found.f_bavail * found.f_frsize > NEEDED and not found.f_flag & os.ST_NOEXEC
