"""`remove` while Terraform still knows of something: refused, asked at a terminal, and what to do first is told."""

import json
from pathlib import Path

import pexpect
import pytest

from tests.cli.conftest import EKS, said, tree
from tests.conftest import Run
from tests.started import AtTerminal

ROOT = "environments/test"
MANAGED = {"mode": "managed", "type": "aws_vpc", "name": "main", "instances": [{}, {}]}
DATA = {"mode": "data", "type": "aws_region", "name": "here", "instances": [{}]}


def state(*resources: object) -> str:
    return json.dumps({"version": 4, "terraform_version": "1.9.0", "serial": 3, "resources": [*resources]})


@pytest.fixture
def both(repository: Path, run: Run) -> Path:
    assert run("add", "test", "-C", repository, *EKS, "--yes").exit_code == 0
    return repository


def put(both: Path, path: str, text: str) -> None:
    (both / ROOT / path).parent.mkdir(parents=True, exist_ok=True)
    (both / ROOT / path).write_text(text)


BACKEND = {"version": 3, "backend": {"type": "local", "config": {"path": "elsewhere/it.tfstate"}, "hash": 1}}
DESTROY = f"terraform -chdir={ROOT} destroy"


def in_the_folder(text: str, folder: Path) -> str:
    """Return commands to run next as they are in the repository's folder."""
    return text.replace(f" -C {folder}", "").replace(f"-chdir={folder}/", "-chdir=")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"terraform.tfstate": state(MANAGED)}, [f"{ROOT}/terraform.tfstate has 2 resources", DESTROY]),
        ({"errored.tfstate": state(MANAGED)}, [f"{ROOT}/errored.tfstate has 2 resources"]),
        (
            {"terraform.tfstate.d/blue/terraform.tfstate": state(MANAGED)},
            ["terraform.tfstate.d/blue/terraform.tfstate", f"terraform -chdir={ROOT} workspace select blue"],
        ),
        (
            {".terraform/terraform.tfstate": json.dumps(BACKEND), "elsewhere/it.tfstate": state(MANAGED)},
            [f"{ROOT}/elsewhere/it.tfstate has 2 resources"],
        ),
        (
            {"terraform.tfstate": '{"serial": 1, "encrypted_data": "x", "meta": {}}'},
            ["is not readable, so its resources are unknown"],
        ),
        ({"terraform.tfstate": '{"version": 4, "resou'}, ["is not readable, so its resources are unknown"]),
        ({"terraform.tfstate": '{"version": 3, "modules": [{"resources": {"a.b": {}}}]}'}, ["resources are unknown"]),
    ],
)
def test_a_state_with_something_in_it_stops_it(files: dict[str, str], told: list[str], both: Path, run: Run) -> None:
    for path, text in files.items():
        put(both, path, text)
    before = tree(both)

    result = run("remove", "test", "-C", both)

    assert result.exit_code == 1
    for words in (*told, "Destroy its resources first, while its files exist", "escscaffold remove test --force"):
        assert words in in_the_folder(said(result), both)
    assert tree(both) == before
    forced = run("remove", "test", "-C", both, "--force")
    assert forced.exit_code == 0
    assert all((both / ROOT / path).read_text() == text for path, text in files.items())
    assert not (both / ROOT / "main.tf").exists()


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"terraform.tfstate": state()},
        {"terraform.tfstate": state(DATA)},
        {"terraform.tfstate": ""},
        {"terraform.tfstate": state(), "terraform.tfstate.backup": state(MANAGED)},
        {"terraform.tfstate.d/blue/terraform.tfstate": state({**MANAGED, "instances": []})},
    ],
)
def test_a_state_with_nothing_in_it_does_not(files: dict[str, str], both: Path, run: Run) -> None:
    for path, text in files.items():
        put(both, path, text)

    result = run("remove", "test", "-C", both)

    assert result.exit_code == 0, result.output


def test_asking_says_that_it_would_be_refused(both: Path, run: Run) -> None:
    put(both, "terraform.tfstate", state(MANAGED))
    before = tree(both)

    result = run("remove", "test", "-C", both, "--dry-run")

    assert result.exit_code == 3
    assert f"would remove {ROOT}/main.tf" in result.output
    assert "test would no longer be in escscaffold.toml: its files would be deleted" in said(result)
    assert f"Removal would be refused: {ROOT}/terraform.tfstate has 2 resources. First run: {DESTROY}" in in_the_folder(
        said(result), both
    )
    assert tree(both) == before


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_a_person_is_asked(answer: str, code: int, both: Path) -> None:
    put(both, "terraform.tfstate", state(MANAGED))
    before = tree(both)
    child = AtTerminal(["-C", str(both), "remove", "test"], encoding="utf-8", timeout=120)

    child.expect("anyway")
    assert DESTROY in in_the_folder(child.before or "", both)
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.wait()

    assert child.exitstatus == code
    assert (tree(both) == before) == bool(code)


def test_ctrl_c_at_the_question_exits_130(both: Path) -> None:
    put(both, "terraform.tfstate", state(MANAGED))
    child = AtTerminal(["-C", str(both), "remove", "test"], encoding="utf-8", timeout=120)

    child.expect("anyway")
    child.sendintr()
    if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5):
        # Python's input() can miss a signal in the moment between showing its prompt and waiting: press again.
        child.sendintr()
        child.expect(pexpect.EOF)
    child.wait()

    assert child.exitstatus == 130


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("true", "Its database is protected: it cannot be destroyed until"),
        ("false", "Its database is not protected (protected = false)"),
    ],
)
def test_whether_the_database_is_protected_is_told(setting: str, told: str, both: Path, run: Run) -> None:
    assert run("set", f"test.database.protected={setting}", "-C", both).exit_code == 0
    put(both, "terraform.tfstate", state(MANAGED))

    refused, forced = run("remove", "test", "-C", both), run("remove", "test", "-C", both, "--force")

    assert told in said(refused)
    assert told in said(forced)


def test_an_environment_without_a_database_has_no_protection(both: Path, run: Run) -> None:
    assert run("set", "test.parts.database=absent", "-C", both, "--accept-replace", "test").exit_code == 0

    assert "database" not in run("remove", "test", "-C", both).output


def test_a_remote_backend_is_named(both: Path, run: Run) -> None:
    put(both, ".terraform/terraform.tfstate", json.dumps({"version": 3, "backend": {"type": "s3", "config": {}}}))

    result = run("remove", "test", "-C", both)

    assert result.exit_code == 0
    assert "Its state is in the s3 backend and was not checked." in said(result)
