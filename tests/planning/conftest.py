"""Specs for the planner's tests."""

from collections.abc import Callable

import pytest

from escscaffold import plan, read_spec
from escscaffold.planning.address_plan import AddressPlan, Grants

MakePlan = Callable[..., AddressPlan]
Asked = tuple[str, dict[str, str]]
"""A mode and its ranges."""

DEFAULT_MODE = {"eks": ("aws", "eu-central-1"), "gke": ("gcp", "europe-west2"), "aks": ("azure", "westeurope")}


def environment(name: str, mode: str, ranges: dict[str, str], **keys: str) -> str:
    cloud, region = DEFAULT_MODE[mode.partition("-")[0]]
    keys |= {"routes": ranges["routes"]} if "routes" in ranges else {}
    ranges = {key: value for key, value in ranges.items() if key != "routes"}
    lines = [f"[environments.{name}]", f'cloud = "{cloud}"', f'region = "{region}"', f'mode = "{mode}"']
    lines += [f'{key} = "{value}"' for key, value in keys.items()]
    lines += [f"[environments.{name}.ranges]", *(f'{key} = "{value}"' for key, value in ranges.items())]
    return "\n".join(lines) + "\n"


@pytest.fixture
def make_plan() -> MakePlan:
    """Plan environments, given as name=(mode, ranges)."""

    def make(
        *,
        reserved: dict[str, str] | None = None,
        granted: Grants | None = None,
        **environments: Asked,
    ) -> AddressPlan:
        text = "version = 1\n[reserved]\n"
        text += "".join(f'{name} = "{block}"\n' for name, block in (reserved or {}).items())
        text += "".join(environment(name, mode, ranges) for name, (mode, ranges) in environments.items())
        return plan(read_spec(text), granted)

    return make
