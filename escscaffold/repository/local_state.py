"""Terraform's state where it lies in an environment's folder: whether it still knows of something that exists.

What cannot be read, such as a state that OpenTofu has encrypted, is taken to know of something.
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.repository.disk import read_text

STATE, WORKSPACES, LAST_ERROR = "terraform.tfstate", "terraform.tfstate.d", "errored.tfstate"
_INITIALISED = f".terraform/{STATE}"


class StateLeft(Struct, frozen=True, kw_only=True):
    """A state that is not known to be empty."""

    path: str
    resources: int | None
    """How many instances it has; None where that cannot be told."""
    workspace: str = ""
    """Which workspace's it is; nothing for the default one."""

    @property
    def text(self) -> str:
        """The state and what is in it, in words."""
        if self.resources is None:
            return f"{self.path} is not readable, so its resources are unknown"
        return f"{self.path} has {self.resources} resource{'s' if self.resources != 1 else ''}"


def states_left(folder: Path, root: str) -> tuple[StateLeft, ...]:
    """Return the local states of a root module, such as environments/prod, that are not known to be empty."""
    found: dict[str, StateLeft] = {}
    for path, workspace in _places(folder, root):
        count = _resources_in(folder / path)
        if count != 0:
            found.setdefault(path, StateLeft(path=path, resources=count, workspace=workspace))
    return tuple(found.values())


def _places(folder: Path, root: str) -> Iterator[tuple[str, str]]:
    base = folder / root
    workspaces = WORKSPACES
    yield f"{root}/{STATE}", ""
    yield f"{root}/{LAST_ERROR}", ""
    backend = _backend(base / _INITIALISED)
    if backend.get("type") == "local":
        config = backend.get("config")
        settings: dict[str, Any] = config if isinstance(config, dict) else {}
        if isinstance(path := settings.get("path"), str) and path:
            yield _joined(root, path), ""
        if isinstance(inner := settings.get("workspace_dir"), str) and inner:
            workspaces = inner
    where = folder / _joined(root, workspaces)
    for state in sorted(where.glob(f"*/{STATE}")) if where.is_dir() else ():
        yield _joined(root, f"{workspaces}/{state.parent.name}/{STATE}"), state.parent.name


def _joined(root: str, path: str) -> str:
    """Return a path that is written from a root module's place; an absolute one stays."""
    return str(PurePosixPath(root, path))


def _backend(path: Path) -> dict[str, Any]:
    """Return what `terraform init` has noted of the backend; nothing where it was not run."""
    try:
        document = json.loads(read_text(path) or "{}")
    except (ScaffoldError, ValueError, RecursionError):
        return {}
    found = document.get("backend") if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def remote_state(folder: Path, root: str) -> str:
    """Return the type of the remote backend that a root module was initialised with; nothing where it has none."""
    kind = _backend(folder / root / _INITIALISED).get("type", "")
    return kind if isinstance(kind, str) and kind != "local" else ""


def _resources_in(path: Path) -> int | None:
    """Return how many things that exist a state knows of; None where that cannot be told."""
    try:
        text = read_text(path)
        if text is None or not text.strip():
            return 0
        document = json.loads(text)
    except (ScaffoldError, ValueError, RecursionError):
        return None
    # States before Terraform 0.12, and encrypted ones, have no such list.
    if not isinstance(document, dict) or not isinstance(document.get("resources"), list):
        return None
    return sum(_instances(document) for document in document["resources"])


def _instances(resource: Any) -> int:
    if not isinstance(resource, dict):
        return 1
    instances = resource.get("instances")
    count = len(instances) if isinstance(instances, list) else 1
    return 0 if resource.get("mode") == "data" else count
