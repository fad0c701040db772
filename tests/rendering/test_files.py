"""The file set: which files there are, and what each of them says first."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

import pytest

import escscaffold
from escscaffold import plan, read_spec, render
from escscaffold.clouds.fact_files import cloud_names, load_cloud, load_kurrent, mode_names
from escscaffold.errors import ScaffoldError
from escscaffold.rendering.generated import BEGIN, END

MODES = sorted(mode_names())
DATABASE = "kurrent-database-protected"
KURRENT = {DATABASE, "kurrent-network", "kurrent-peering"}


def environment(name: str, mode: str, ranges: Mapping[str, str] = MappingProxyType({}), **parts: str) -> str:
    """Return the spec of an environment; what exists already has the names that the facts have as examples."""
    cloud = load_cloud(mode_names()[mode])
    facts = cloud.modes[mode]
    if facts.others and not ranges:
        ranges = {"kurrent": "10.98.0.0/24", "nodes": "10.96.0.0/16"}
    becomes = {**{part: choices[0] for part, choices in facts.parts.items()}, **parts}
    known = {**facts.existing, **load_kurrent().existing}
    looked_up = {key: one for key, one in known.items() if becomes.get(key.partition("_")[0]) == "existing"}
    tables = {
        "ranges": ranges,
        "parts": parts,
        "existing": {key: one.example for key, one in looked_up.items()},
    }
    text = f'[environments.{name}]\ncloud = "{cloud.name}"\nregion = "{cloud.default_region}"\nmode = "{mode}"\n'
    for table, values in tables.items():
        text += f"[environments.{name}.{table}]\n" + "".join(f'{key} = "{value}"\n' for key, value in values.items())
    return text


def files_of(mode: str, **ranges: str) -> dict[str, str]:
    text = "version = 1\n" + environment("prod", mode, ranges)
    return {path: file.text for path, file in render(plan(read_spec(text))).items()}


@pytest.mark.parametrize("mode", MODES)
def test_an_environment_has_every_file_of_a_root_module(mode: str) -> None:
    files = files_of(mode)
    names = ("main", "versions", "providers", "variables", "outputs", "backend")

    assert {f"environments/prod/{name}.tf" for name in names} <= files.keys()
    assert {
        "environments/prod/terraform.tfvars",
        "environments/prod/tests/addresses.tftest.hcl",
        "README.md",
        "docs/network-prod.svg",
        "scripts/check-connectivity.sh",
        ".github/workflows/terraform.yml",
        ".gitignore",
    } <= files.keys()


@pytest.mark.parametrize("mode", MODES)
def test_every_module_in_use_is_there_with_readme_and_outputs_and_no_other(mode: str) -> None:
    files = files_of(mode)
    used = {
        line.split('"../../modules/')[1].rstrip('"')
        for line in files["environments/prod/main.tf"].splitlines()
        if "../../modules/" in line
    }
    there = {path.split("/")[1] for path in files if path.startswith("modules/") and path.count("/") > 1}

    assert used == there
    for module in used:
        assert {f"modules/{module}/README.md", f"modules/{module}/outputs.tf"} <= files.keys()


@pytest.mark.parametrize("mode", MODES)
def test_a_generated_file_says_so_and_what_to_edit_instead(mode: str) -> None:
    for path, text in files_of(mode).items():
        head = text.splitlines()[:2]
        if path == "README.md":
            assert text.startswith(BEGIN)
            assert text.rstrip().endswith(END)
        elif path.endswith(".json"):
            assert "Written by escscaffold" in json.loads(text)["$comment"]
        else:
            assert any("Written by escscaffold. Edit escscaffold.toml" in line for line in head), path


def test_the_readme_says_what_a_colleague_has_to_install() -> None:
    readme = files_of("eks")["README.md"]
    wanted = re.search(r'required_version = "(.*)"', files_of("eks")["environments/prod/versions.tf"])
    python = tomllib.loads(Path(escscaffold.__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))[
        "project"
    ]["requires-python"]

    assert wanted and f"Terraform or OpenTofu, version `{wanted[1]}`, in" in readme
    assert f"Python {python.removeprefix('>=')} or later" in readme
    assert f"version {escscaffold.__version__} wrote these files" in readme
    # A name on an index would run whatever somebody uploads under it.
    assert "`pipx install .`" in readme
    assert "pipx install escscaffold" not in readme


@pytest.mark.parametrize("mode", MODES)
def test_no_range_stands_outside_the_values_the_tests_and_the_documents(mode: str) -> None:
    one = plan(read_spec("version = 1\n" + environment("prod", mode))).environment("prod")
    blocks = {str(r.cidr) for r in one.ranges if r.origin != "implied"} | set(map(str, one.remote))
    kept = ("terraform.tfvars", ".tftest.hcl", ".md", ".svg", "schema.json")

    for path, text in files_of(mode).items():
        if not path.endswith(kept):
            assert not [block for block in blocks if block in text], path


@pytest.mark.parametrize("mode", MODES)
def test_the_same_plan_gives_the_same_bytes(mode: str) -> None:
    assert files_of(mode) == files_of(mode)


@pytest.mark.parametrize("mode", MODES)
def test_text_is_tidy(mode: str) -> None:
    for path, text in files_of(mode).items():
        assert text.endswith("\n") and not text.endswith("\n\n"), path
        assert "\n\n\n" not in text, path
        assert "\t" not in text, path
        assert not [line for line in text.splitlines() if line != line.rstrip()], path


@pytest.mark.parametrize("mode", MODES)
def test_the_picture_is_an_accessible_svg_without_scripts(mode: str) -> None:
    svg = files_of(mode)["docs/network-prod.svg"]
    root = ElementTree.fromstring(svg)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]

    assert tags[:3] == ["svg", "title", "desc"]
    assert root.get("role") == "img"
    assert not {"script", "foreignObject", "image"} & set(tags)


def test_a_plan_with_errors_becomes_no_files() -> None:
    with pytest.raises(ScaffoldError, match="The plan has errors"):
        files_of("gke-standard", nodes="172.30.0.0/16", pods="10.120.0.0/14")


PARTS: dict[str, tuple[dict[str, str], set[str], set[str]]] = {
    # What the parts are, the modules that then are there, and those that are not.
    "all are made": ({}, KURRENT, set()),
    "the project exists": (
        {"kurrent-project": "existing"},
        {"kurrent-network-in-project", DATABASE, "kurrent-peering"},
        {"kurrent-network"},
    ),
    "the network exists": (
        {"kurrent-project": "existing", "kurrent-network": "existing"},
        {"kurrent-network-existing", DATABASE, "kurrent-peering"},
        {"kurrent-network", "kurrent-network-in-project"},
    ),
    "there is no database": (
        {"database": "absent"},
        {"kurrent-network", "kurrent-peering"},
        {DATABASE},
    ),
}


@pytest.mark.parametrize("what", PARTS)
def test_the_parts_decide_which_modules_and_files_there_are(what: str) -> None:
    parts, there, not_there = PARTS[what]
    spec = "version = 1\n" + environment("prod", "gke-standard", {"kurrent": "172.22.110.0/24"}, **parts)
    files = {path: file.text for path, file in render(plan(read_spec(spec))).items()}
    modules = {path.split("/")[1] for path in files if path.startswith("modules/") and path.count("/") > 1}

    assert there <= modules
    assert not modules & not_there
    for word in ("connection_string", "database_dns_name"):
        assert (word in files["environments/prod/outputs.tf"]) == (DATABASE in modules)
    for name, is_there in (("database", DATABASE in modules), ("existing", "existing" in parts.values())):
        assert (f'variable "{name}" {{' in files["environments/prod/variables.tf"]) == is_there
        assert (f"\n{name} = {{" in files["environments/prod/terraform.tfvars"]) == is_there
    assert ("environments/prod/tests/connection_string.tftest.hcl" in files) == (DATABASE in modules)
    assert ("--host DATABASE" in files["README.md"]) == (DATABASE not in modules)


def test_a_cluster_that_is_not_made_leaves_nothing_behind() -> None:
    for mode in (mode for mode in MODES if mode.endswith("-existing")):
        files = files_of(mode)

        assert "connect_command" not in files["environments/prod/outputs.tf"] + files["README.md"]
        assert 'variable "kubernetes"' not in files["environments/prod/variables.tf"]
        assert "endpoint_access_ranges" not in files["README.md"]


def test_environments_share_the_modules_they_have_in_common() -> None:
    text = "version = 1\n" + environment("a", "gke-standard") + environment("b", "gke-autopilot")
    files = render(plan(read_spec(text)))

    modules = {path.split("/")[1] for path in files if path.startswith("modules/") and path.count("/") > 1}
    assert modules == {"gcp-nat", "gcp-network", "gcp-peering", "gke-autopilot", "gke-standard", *KURRENT}


@pytest.mark.parametrize("cloud", cloud_names())
def test_every_fact_has_a_source_beside_it(cloud: str) -> None:
    for mode in load_cloud(cloud).modes.values():
        assert mode.source.startswith("https://")
        known = [*mode.ranges.values(), *([mode.others] if mode.others else [])]
        assert known
        assert all(facts.limit_source.startswith("https://") for facts in known)
    assert all(f.source.startswith("https://") for f in load_cloud(cloud).forbidden)


def test_the_first_azure_environment_makes_what_a_tenant_has_once() -> None:
    text = "version = 1\n" + environment("a", "aks-cni") + environment("b", "aks-cni")
    files = render(plan(read_spec(text)))

    assert "default     = true" in files["environments/a/variables_azure.tf"].text
    assert "default     = false" in files["environments/b/variables_azure.tf"].text
