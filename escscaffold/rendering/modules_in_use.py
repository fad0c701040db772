"""Which modules an environment uses: on the Kurrent side those that its parts call for, and those of its mode.

Which of its modules a mode calls may hang on the environment's options, so the root module has the last word.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from escscaffold.clouds.fact_files import read_table, template_root
from escscaffold.spec.model import EnvironmentSpec

_KURRENT = "kurrent"
_CALL = re.compile(r'^  source = "\.\./\.\./modules/([a-z0-9-]+)"$', re.MULTILINE)


def modules_called(spec: EnvironmentSpec, main: str) -> list[str]:
    """Return the template folder of each module that the root module's text calls.

    Such as `kurrent/modules/kurrent-peering`. Raises ValueError where the facts do not name one of them.
    """
    called = set(_CALL.findall(main))
    known = {module: f"{spec.cloud.name}/modules/{module}" for module in spec.mode.modules}
    known |= {module: f"{_KURRENT}/modules/{module}" for module in kurrent_modules(spec)}
    if unknown := sorted(called - known.keys()):
        raise ValueError(f"{spec.mode.name}: main.tf calls {unknown}, and {spec.mode.name}.toml names {sorted(known)}")
    return [folder for module, folder in known.items() if module in called]


def kurrent_modules(spec: EnvironmentSpec) -> list[str]:
    """Return the modules on the Kurrent side, in the order in which a root module uses them."""
    asked_for = {"acl": spec.acl, "backup": spec.backup, "read_only_replicas": spec.database.get("read_only_replicas")}
    parts = {**spec.parts, **{name: "create" if asked else "absent" for name, asked in asked_for.items()}}
    return [name for name, module in _kurrent_side().items() if module.get("when", {}).items() <= parts.items()]


def resources_made(spec: EnvironmentSpec) -> Mapping[str, str]:
    """Return the resources that are made on the Kurrent side, without their prefix: the module that makes each."""
    modules = {name: _kurrent_side()[name] for name in kurrent_modules(spec)}
    return {
        resource: module.get("called", name.replace("-", "_"))
        for name, module in modules.items()
        for resource in module.get("makes", ())
    }


def module_parts() -> Mapping[str, Mapping[str, str]]:
    """Return what the parts must be for each module on the Kurrent side to be in use."""
    return {name: module.get("when", {}) for name, module in _kurrent_side().items()}


@cache
def _kurrent_side() -> Mapping[str, Mapping[str, Any]]:
    """Return the modules on the Kurrent side with what is known of each."""
    return read_table(template_root().joinpath(_KURRENT, "modules.toml"))
