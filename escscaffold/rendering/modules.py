"""Which modules an environment uses: those of its mode, and on the Kurrent side those that its parts call for."""

import tomllib
from collections.abc import Mapping
from functools import cache

from escscaffold.clouds.choices import Part
from escscaffold.clouds.location import template_root
from escscaffold.spec.model import EnvironmentSpec

_KURRENT = "kurrent"


def modules_of(spec: EnvironmentSpec) -> list[str]:
    """Return the template folder of each module, such as `kurrent/modules/kurrent-peering`."""
    own = [f"{spec.cloud.name}/modules/{module}" for module in spec.mode.modules]
    return own + [f"{_KURRENT}/modules/{module}" for module in kurrent_modules(spec.parts)]


def kurrent_modules(parts: Mapping[str, Part]) -> list[str]:
    """Return the modules on the Kurrent side, in the order in which a root module uses them."""
    return [module for module, wanted in module_parts().items() if wanted.items() <= parts.items()]


@cache
def module_parts() -> Mapping[str, Mapping[str, Part]]:
    """Return what the parts must be for each module to be in use."""
    file = template_root().joinpath(_KURRENT, "modules.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
