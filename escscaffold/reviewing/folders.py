"""What becomes of whole folders of Terraform. Pure."""

import posixpath
from collections.abc import Iterable, Mapping
from typing import Literal

from escscaffold.terraform.references import CONFIGURATION, folders_with_terraform

Fate = Literal["added", "removed"]


def is_configuration(path: str) -> bool:
    """Return True for a file that can declare resources."""
    return path.endswith(CONFIGURATION)


def folder_of(path: str) -> str:
    """Return the folder in which a file stands, `.` for the top."""
    return posixpath.dirname(path) or "."


def whole_folders(before: Iterable[str], after: Iterable[str]) -> Mapping[str, Fate]:
    """Return the folders that have Terraform on one side only."""
    old, new = folders_with_terraform(before), folders_with_terraform(after)
    fates: dict[str, Fate] = dict.fromkeys(new - old, "added")
    return {**fates, **dict.fromkeys(old - new, "removed")}
