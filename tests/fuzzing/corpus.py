"""The real files that inputs are made of: what the other tests and the pages hold, and what the command line writes."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner

from escscaffold import plan, read_spec
from escscaffold.cli import cli
from escscaffold.clouds.fact_files import load_cloud, load_kurrent, mode_names
from escscaffold.clouds.facts import Mode
from escscaffold.planning.lock import format_lock, lock_of

TESTS = Path(__file__).parents[1]
REPOSITORY = TESTS.parent
MODES = sorted(mode_names())


@cache
def specs() -> tuple[str, ...]:
    """Return the spec of each case and of each rule's example."""
    cases = [
        tomllib.loads(path.read_text(encoding="utf-8"))["spec"] for path in sorted((TESTS / "cases").glob("*.toml"))
    ]
    examples = tomllib.loads(files("escscaffold").joinpath("rules/examples.toml").read_text(encoding="utf-8"))
    reviewed = [path.read_text(encoding="utf-8") for path in sorted((TESTS / "reviewing/cases").glob("*/*er.toml"))]
    return (*cases, *(one[side] for one in examples.values() for side in ("breaks", "mends") if side in one), *reviewed)


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Return the specs that are TOML, as documents."""
    found = []
    for text in specs():
        try:
            found.append(tomllib.loads(text))
        except tomllib.TOMLDecodeError:
            continue
    return tuple(found)


def whole(mode: str, name: str = "prod") -> dict[str, Any]:
    """Return a document of one environment in this mode, which is planned without a finding."""
    cloud = load_cloud(mode_names()[mode])
    facts = cloud.modes[mode]
    one: dict[str, Any] = {"cloud": cloud.name, "region": cloud.default_region, "mode": mode, "ranges": {}}
    if facts.others:
        one["ranges"] = {"apps": "10.20.0.0/20"}
    existing = {key: there.example for key, there in facts.existing.items() if _exists(facts, key)}
    return {"version": 1, "environments": {name: one | ({"existing": existing} if existing else {})}}


def _exists(mode: Mode, key: str) -> bool:
    return mode.parts.get(key.partition("_")[0], ("create",))[0] == "existing"


def texts_asked(mode: str) -> Mapping[tuple[str, ...], str]:
    """Return each key of an environment that takes a text, with one that it takes."""
    facts = load_cloud(mode_names()[mode]).modes[mode]
    asked: dict[tuple[str, ...], str] = {
        ("existing", key): there.example for key, there in {**facts.existing, **load_kurrent().existing}.items()
    }
    asked |= {
        ("kubernetes", name): one.example
        for name, one in facts.kubernetes.items()
        if one.kind == "text" and one.pattern and not one.choices
    }
    return {**asked, ("region",): "eu-west-1", ("name",): "prod", ("backup", "description"): "nightly"}


@cache
def lock(text: str) -> str:
    """Return the lock that a new repository of this spec has."""
    return format_lock(lock_of(plan(read_spec(text))))


@cache
def repository(text: str) -> Mapping[str, str]:
    """Return all files of a new repository of this spec."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "escscaffold.toml").write_text(text, encoding="utf-8")
        done = CliRunner().invoke(cli, ["generate", "-C", name])
        assert done.exit_code == 0, done.output
        found = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


@cache
def terraform() -> tuple[str, ...]:
    """Return Terraform of ours and of others."""
    roots = sorted((TESTS / "terraform/roots").rglob("*.tf")) + sorted((REPOSITORY / "templates").rglob("*.tf"))
    ours = repository(SIMPLE)
    texts = [path.read_text(encoding="utf-8") for path in roots]
    return (
        *OTHERS.values(),
        *texts,
        *(text for path, text in ours.items() if path.endswith((".tf", ".tfvars", ".hcl"))),
    )


SIMPLE = 'version = 1\n[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
OTHERS = {
    path.name: path.read_text(encoding="utf-8") for path in sorted(Path(__file__).with_name("terraform").iterdir())
}

_VPC = {"cidr_block": "10.8.0.0/16", "ipv6_cidr_block": "", "tags": {"Was": "10.1.0.0/16"}, "id": "vpc-1"}
_VNET = {"address_space": ["10.9.0.0/16"], "subnet": [{"name": "apps", "address_prefixes": ["10.9.1.0/24"]}]}
_SHOWN = {"address": "aws_subnet.b", "mode": "managed", "type": "aws_subnet", "values": {"cidr_block": "10.8.3.0/24"}}
JSON: tuple[Any, ...] = (
    {
        "version": 4,
        "terraform_version": "1.9.0",
        "lineage": "x",
        "resources": [
            {"mode": "managed", "type": "aws_vpc", "name": "main", "instances": [{"attributes": _VPC}]},
            {
                "mode": "managed",
                "type": "azurerm_virtual_network",
                "name": "main",
                "module": "module.hub",
                "instances": [{"attributes": _VNET, "index_key": "a"}, {"attributes": _VNET, "index_key": 1}],
            },
        ],
    },
    {
        "format_version": "1.2",
        "variables": {"environment": {"value": "prod"}},
        "planned_values": {"root_module": {"resources": [_SHOWN], "child_modules": [{"resources": [_SHOWN]}]}},
        "prior_state": {"values": {"root_module": {"resources": [_SHOWN]}}},
        "resource_changes": [
            {
                "address": "module.network.google_compute_subnetwork.this",
                "mode": "managed",
                "type": "google_compute_subnetwork",
                "change": {"actions": ["delete", "create"], "before": {"cidr_block": "10.99.0.0/16"}},
            }
        ],
    },
    {
        "resource": {"aws_vpc": {"main": {"cidr_block": "${var.cidr}"}}},
        "variable": {"cidr": {"default": "10.8.0.0/16"}},
    },
    {"locals": [{"a": '${cidrsubnet("10.0.0.0/8", 8, 1)}'}], "module": {"m": {"source": "./m", "cidr": "10.0.0.0/8"}}},
    ["10.0.0.0/8", {"cidr": "10.1.0.0/16", "name": "x"}],
)
LISTS = (
    'name,cidr,region\noffice,10.8.0.0/16,eu\n"a, b",10.9.0.0/16,us\n',
    'Prefix;Description;VLAN\n10.8.0.0/16;"office; main";7\n',
    "10.8.0.0/16 # office\n10.9.0.0/16\n\n# nothing\n192.168.0.0/24 lab\n",
    "network\tmask\n10.0.0.0\t255.0.0.0\n",
)


def json_texts() -> list[str]:
    """Return what Terraform writes as JSON."""
    return [json.dumps(one, indent=2) for one in JSON]
