"""Which modules an environment uses: on the Kurrent side those that its parts call for, and those of its mode.

Which of its modules a mode calls may hang on the environment's options, so the root module has the last word.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache

from escscaffold.clouds.choices import Part
from escscaffold.clouds.location import template_root
from escscaffold.spec.model import EnvironmentSpec

_KURRENT = "kurrent"
_CALL = re.compile(r'^  source = "\.\./\.\./modules/([a-z0-9-]+)"$', re.MULTILINE)


def modules_called(spec: EnvironmentSpec, main: str) -> list[str]:
    """Return the template folder of each module that the root module's text calls.

    Such as `kurrent/modules/kurrent-peering`.
    """
    called = set(_CALL.findall(main))
    known = {module: f"{spec.cloud.name}/modules/{module}" for module in spec.mode.modules}
    known |= {module: f"{_KURRENT}/modules/{module}" for module in kurrent_modules(spec)}
    return [folder for module, folder in known.items() if module in called]


def kurrent_modules(spec: EnvironmentSpec) -> list[str]:
    """Return the modules on the Kurrent side, in the order in which a root module uses them."""
    asked_for = {"acl": spec.acl, "backup": spec.backup, "read_only_replicas": spec.database.get("read_only_replicas")}
    parts = {**spec.parts, **{name: "create" if asked else "absent" for name, asked in asked_for.items()}}
    return [module for module, wanted in module_parts().items() if wanted.items() <= parts.items()]


@cache
def module_parts() -> Mapping[str, Mapping[str, Part]]:
    """Return what the parts must be for each module on the Kurrent side to be in use."""
    file = template_root().joinpath(_KURRENT, "modules.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
