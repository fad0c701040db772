"""What a repository of today has that leaves support by June 2027 is named in every mode, with what to set instead."""

from datetime import date

import pytest

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.fact_files import cloud_names, load_cloud

MODES = [(cloud, mode.name) for cloud in cloud_names() for mode in load_cloud(cloud).modes.values()]
# Supported on 29 November 2026, by EKS, AKS and Kurrent: the pages of lifecycles.toml.
VERSIONS = {"aws": ("1.34", "1.36"), "azure": ("1.35", "1.37")}
RANGES = {mode: 'app = "10.200.0.0/16"' for _, mode in MODES if mode.endswith("-existing")}
EXISTING = {
    "aws": 'network = "vpc-0a1b2c3d4e5f60718"',
    "gcp": 'network = "vpc-esc"',
    "azure": 'network = "vnet-esc"\nnetwork_resource_group = "rg-esc"',
}


@pytest.mark.parametrize(("cloud", "mode"), MODES)
def test_each_mode_says_what_left_support_and_what_to_set(cloud: str, mode: str) -> None:
    facts = load_cloud(cloud)
    old, new = VERSIONS.get(cloud, ("", "")) if "version" in facts.modes[mode].kubernetes else ("", "")
    spec = "\n".join(
        [
            "version = 1",
            f'[environments.prod]\ncloud = "{cloud}"\nmode = "{mode}"\nregion = "{facts.default_region}"',
            f"[environments.prod.ranges]\n{RANGES[mode]}" if mode in RANGES else "",
            f"[environments.prod.existing]\n{EXISTING[cloud]}" if mode in RANGES else "",
            f'[environments.prod.kubernetes]\nversion = "{old}"' if old else "",
            '[environments.prod.database]\nserver_version = "24.10"',
        ]
    )
    found = {f.subject: f for f in check_plan(plan(read_spec(spec)), as_of=date(2027, 6, 1)) if f.code[:5] == "ESC50"}

    assert found["database.server_version"].code == "ESC505"
    assert 'Set database.server_version = "26.0", supported until 2028-01-26' in found["database.server_version"].fix
    if old:
        assert found["kubernetes.version"].code == "ESC505"
        assert f'Set kubernetes.version = "{new}"' in found["kubernetes.version"].fix
    # Support of kubenet ends later: the mode says so long before.
    assert ("mode" in found) is ("kubenet" in mode)
