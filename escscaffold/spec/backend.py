"""Reads where Terraform keeps its state: the kind of backend, and what it needs to be told."""

from collections.abc import Mapping
from typing import Any

from escscaffold.clouds.fact_files import load_backends
from escscaffold.spec.model import StateBackend
from escscaffold.spec.problems import Collector
from escscaffold.spec.settings import read_settings
from escscaffold.spec.values import read_backend_type

_PATH = ("backend",)


def read_backend(found: Collector, document: Mapping[str, Any]) -> StateBackend:
    """Read the table `backend`; where there is none, the state stays where Terraform puts it."""
    table = found.table(document, _PATH)
    usual = next(iter(load_backends()))
    if "type" not in table:
        if table:
            fix = f'Add it, such as type = "{next(name for name in load_backends() if name != usual)}".'
            found.problem("ESC008", (*_PATH, "type"), "The type of the backend is missing.", fix)
        return StateBackend(type=usual)
    name = found.read("ESC004", (*_PATH, "type"), read_backend_type, table["type"])
    if name is None:
        return StateBackend(type=usual)
    backend = load_backends()[name]
    said = {key: value for key, value in table.items() if key != "type"}
    for key in [key for key in said if key in backend.credentials]:
        del said[key]
        message = f"{key} is a credential, and a file is read by more people than should have it."
        fix = f"Leave it out: Terraform reads {backend.credentials[key]} from the environment."
        found.problem("ESC013", (*_PATH, key), message, fix)
    return StateBackend(type=name, settings=read_settings(found, {"backend": said}, _PATH, backend.settings))
