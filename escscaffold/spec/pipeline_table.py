"""Reads `[pipeline]`: the branch that CI works for, where it installs escscaffold from, and whether it applies."""

from collections.abc import Mapping
from typing import Any

from escscaffold.spec.model import PipelineSpec, StateBackend
from escscaffold.spec.problems import Collector
from escscaffold.spec.settings import read_settings
from escscaffold.spec.toml_text import KeyPath

_PATH: KeyPath = ("pipeline",)


def read_pipeline(
    found: Collector, document: Mapping[str, Any], ci: tuple[str, ...], backend: StateBackend
) -> PipelineSpec:
    """Read the table `pipeline`; without it, CI checks the default branch and applies nothing."""
    known, backends, services = found.facts.pipeline, list(found.facts.backends), found.facts.ci
    given = read_settings(found, document, _PATH, known)
    values = {name: given.get(name, setting.default) for name, setting in known.items()}
    deploy = (*_PATH, "deploy")
    if values["deploy"] and backend.type == backends[0]:
        message = "CI cannot apply: the state stays on the machine that ran Terraform."
        found.problem("ESC008", deploy, message, f'Name where all runs find it: [backend] with type = "{backends[1]}".')
    if values["deploy"] and not any(service in services for service in ci):
        message = 'CI cannot apply: ci = "none" writes no files for it.'
        found.problem("ESC004", deploy, message, f'Set ci = "{next(iter(services))}", or leave deploy out.')
    if "drift" in given and not values["deploy"]:
        message = "drift needs deploy = true: only a pipeline that signs in can look for drift."
        found.problem("ESC004", (*_PATH, "drift"), message, "Set deploy = true, or leave drift out.")
    return PipelineSpec(
        branch=str(values["branch"]),
        deploy=bool(values["deploy"]),
        drift=str(values["drift"]),
        package=str(values["package"] or ""),
    )
