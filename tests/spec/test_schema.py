"""The JSON schema of the spec takes what the readers take, and refuses what an editor can see to be wrong."""

import json
import re
import subprocess
import tomllib
from copy import deepcopy
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from escscaffold.clouds.fact_files import schema_text
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.rules.catalogue import examples as examples_of_rules
from escscaffold.spec.reading import build_spec
from tests.conftest import Run
from tests.docs.console import PAGES, fenced_blocks
from tests.planning.documents import documents
from tests.planning.test_any_input import DOCUMENT, VALUE
from tests.properties import examples

SCHEMA = json.loads(schema_text())
VALIDATOR = Draft7Validator(SCHEMA)
TESTS = Path(__file__).parents[1]
# Its wheel is a program and no module; an environment that sees another one's packages has no program of them.
(TAPLO,) = (file.locate() for file in metadata.files("taplo") or () if file.stem == "taplo" and file.suffix != ".py")

GOOD: dict[str, Any] = {
    "version": 1,
    "reserved": {"office": "10.8.0.0/16"},
    "environments": {
        "prod": {
            "cloud": "gcp",
            "region": "europe-west2",
            "mode": "gke-standard",
            "ranges": {"kurrent": "172.22.110.0/24", "nodes": "/20", "pods": {"nodes": 10, "pods_per_node": 110}},
            "kubernetes": {"nodes_max": 5},
            "database": {"disk_size": 100},
        }
    },
}


def is_read(document: dict[str, Any]) -> bool:
    try:
        build_spec(document, load_facts(), lambda path: "")
    except SpecError:
        return False
    return True


def complaints(document: dict[str, Any]) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(document)]


@cache
def some_accepted() -> list[dict[str, Any]]:
    return [document for document in known_specs()[::7] if is_read(document)]


def known_specs() -> list[dict[str, Any]]:
    """Every spec that is written down in the tests, the rules and the pages."""
    texts = [tomllib.loads(file.read_text("utf-8"))["spec"] for file in sorted((TESTS / "cases").glob("*.toml"))]
    texts += [file.read_text("utf-8") for file in sorted((TESTS / "reviewing/cases").glob("*/*er.toml"))]
    texts += [file.read_text("utf-8") for file in sorted((TESTS / "repository/upgrades").glob("**/escscaffold.toml"))]
    texts += [text for one in examples_of_rules().values() for text in (one.breaks, one.mends)]
    texts += [
        "\n".join(lines) for page in PAGES for _, lines in fenced_blocks(page.read_text(encoding="utf-8"), "toml")
    ]
    specs = []
    for text in texts:
        try:
            specs.append(tomllib.loads(text))
        except tomllib.TOMLDecodeError:
            continue
    return specs


def changed(path: str, value: object) -> dict[str, Any]:
    document = deepcopy(GOOD)
    table, keys = document, path.split("/")
    for key in keys[:-1]:
        table = table.setdefault(key, {})
    table[keys[-1]] = value
    return document


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_patterns_have_no_syntax_of_python() -> None:
    """Editors read them by ECMA 262: https://json-schema.org/understanding-json-schema/reference/regular_expressions."""
    patterns: list[str] = []
    json.loads(
        schema_text(),
        object_hook=lambda table: patterns.extend(
            [value for key, value in table.items() if key == "pattern" and isinstance(value, str)]
        ),
    )

    assert len(patterns) > 50
    assert [pattern for pattern in patterns if re.search(r"\(\?(?![:=!])|\\[AZ]", pattern)] == []


def test_every_repository_gets_a_small_file_that_can_be_read() -> None:
    text = schema_text()
    told = [line.lstrip() for line in text.splitlines() if len(line) > 120]

    # About 150 bytes for each key that an editor can offer.
    assert len(text) < 110_000
    assert all(line.startswith(('"description":', '"pattern":')) for line in told)
    assert set(re.findall('"#/definitions/([^"]+)"', text)) == set(SCHEMA["definitions"])


def test_every_spec_that_is_read_is_valid() -> None:
    accepted = [document for document in known_specs() if is_read(document)]

    assert len(accepted) > 200
    assert [(document, complaints(document)) for document in accepted if complaints(document)] == []


@pytest.mark.parametrize("value", ["gitlab", "github,gitlab", " github , gitlab", ["gitlab"], "none", ["none"]])
def test_what_checks_the_repository_is_said_in_any_way_that_is_read(value: object) -> None:
    document = {"version": 1, "ci": value}

    assert is_read(document)
    assert complaints(document) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("regoin", "europe-west2"),
        ("version", 2),
        ("provider", "kurrent"),
        ("ci", "gihub"),
        ("ci", "none,github"),
        ("ci", ["none", "github"]),
        ("ci", []),
        ("reserved/office", "10.8.0.0"),
        ("reserved/office", "10.8.0.256/16"),
        ("reserved/of\nfice", "10.8.0.0/16"),
        ("pools/corp", "10.0.0.0/33"),
        ("backend", {"type": "s3", "region": "eu-central-1"}),
        ("backend", {"type": "local", "bucket": "state"}),
        ("backend", {"type": "s3", "bucket": "state", "region": "eu-central-1", "access_key": "x"}),
        ("environments/Prod", GOOD["environments"]["prod"]),
        ("environments/con", GOOD["environments"]["prod"]),
        ("environments/prod/cloud", "ibm"),
        ("environments/prod/cloud", "aws"),
        ("environments/prod/mode", "eks"),
        ("environments/prod/region", "Europe West"),
        ("environments/prod/routes", "all"),
        ("environments/prod/tags", {"Team": "payments"}),
        ("environments/prod/acl", {"office": "::/0"}),
        ("environments/prod/accept", {"ESC205": " "}),
        ("environments/prod/options", {"nodes": "hidden"}),
        ("environments/prod/parts", {"kubernetes": "shared"}),
        ("environments/prod/existing", {"vpc": "mine"}),
        ("environments/prod/ranges/network", "10.0.0.0/16"),
        ("environments/prod/ranges/nodes", "16"),
        ("environments/prod/ranges/nodes", "/33"),
        ("environments/prod/ranges/nodes", 16),
        ("environments/prod/ranges/kurrent", {"nodes": 3}),
        ("environments/prod/ranges/pods", {"nodes": 10, "pods_per_node": 300}),
        ("environments/prod/ranges/pods", {"growth": 2}),
        ("environments/prod/ranges/remote", []),
        ("environments/prod/kubernetes/nodes_max", 0),
        ("environments/prod/kubernetes/nodes_max", "five"),
        ("environments/prod/kubernetes/release_channel", "NEVER"),
        ("environments/prod/database/disk_size", 9),
        ("environments/prod/backup", {"schedule": "0 0 * * *", "keep": -1}),
    ],
)
def test_what_an_editor_can_see_to_be_wrong_is_refused(path: str, value: object) -> None:
    assert complaints(GOOD) == []
    assert not is_read(changed(path, value))

    assert complaints(changed(path, value))


@examples(40)
@given(documents())
def test_a_spec_that_is_drawn_at_random_is_valid(document: dict[str, Any]) -> None:
    assert complaints(document) == []


@examples(150)
@given(st.data())
def test_what_the_readers_take_the_schema_takes(data: st.DataObject) -> None:
    document = deepcopy(data.draw(st.sampled_from(some_accepted())))
    table: Any = document
    while True:
        key = data.draw(st.sampled_from(sorted(table)))
        if not isinstance(table[key], dict) or not table[key] or data.draw(st.integers(0, 3)) == 0:
            break
        table = table[key]
    table[key] = data.draw(VALUE | DOCUMENT)

    assert complaints(document) == [] or not is_read(document)


def test_the_command_prints_what_a_repository_gets_and_its_spec_names(tmp_path: Path, run: Run) -> None:
    assert run("init", tmp_path, "--mode", "eks", "--yes").exit_code == 0
    first = (tmp_path / "escscaffold.toml").read_text("utf-8").splitlines()[0]

    assert run("schema").stdout == (tmp_path / first.removeprefix("#:schema ")).read_text("utf-8")
    assert json.loads(run("schema").stdout)["title"]


def test_an_editor_finds_the_schema_and_checks_the_spec_by_it(tmp_path: Path, run: Run) -> None:
    def lint() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(TAPLO), "lint", "escscaffold.toml"], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    run("init", tmp_path, "--mode", "gke-standard", "--yes")
    right = lint()
    spec = tmp_path / "escscaffold.toml"
    text = spec.read_text("utf-8")
    spec.write_text(text.replace("version = 1", 'version = 1\nprovidr = "kurrentcloud"'), "utf-8")
    misspelt = lint()
    spec.write_text(text, "utf-8")
    spec.write_text(spec.read_text("utf-8").replace('"gke-standard"', '"gke-standart"'), "utf-8")
    wrong = lint()

    assert right.returncode == 0, right.stderr
    assert misspelt.stderr.count("error:") == 1, "the rest of the file is right, and is not marked"
    assert "a key that is not known here" in misspelt.stderr
    assert wrong.returncode == 1
    assert "gke-standart" in wrong.stderr
