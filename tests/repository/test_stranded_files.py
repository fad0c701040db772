"""A module that an option exchanges takes no file of a person's along: nothing is written before that is decided."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, said
from tests.conftest import Run

CUSTOM = "modules/aws-network/custom.tf"
PRIVATE = "modules/aws-network-private/custom.tf"


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "net"
    assert run("init", folder, *EKS, "--yes").exit_code == 0
    (folder / CUSTOM).write_text('resource "aws_flow_log" "this" {\n  vpc_id = aws_vpc.this.id\n}\n')
    return folder


def text_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_an_exchanged_module_does_not_strand_a_file(repository: Path, run: Run) -> None:
    before = text_of(repository)

    result = run("set", "-C", repository, "options.nat=single", "--accept-replace", "prod.nodes-1")

    assert result.exit_code == 5, result.output
    told = said(result)
    assert f"{CUSTOM} would have no effect in prod any more: module.network is modules/aws-network-private now" in told
    assert f"Put it into {PRIVATE}, too." in told
    assert "--accept-replace prod.module.network" in told
    assert text_of(repository) == before


def test_a_file_that_is_in_the_new_module_too_is_kept(repository: Path, run: Run) -> None:
    (repository / PRIVATE).parent.mkdir()
    shutil.copy(repository / CUSTOM, repository / PRIVATE)

    result = run("set", "-C", repository, "options.nat=single", "--accept-replace", "prod")

    assert result.exit_code == 0, result.output
    assert (repository / PRIVATE).read_text() == (repository / CUSTOM).read_text()


def test_who_means_it_names_the_call(repository: Path, run: Run) -> None:
    refused = run("set", "-C", repository, "options.nat=single", "--json")
    rows = json.loads(refused.stdout)["stranded"]
    assert [(row["path"], row["environment"], row["call"]) for row in rows] == [(CUSTOM, "prod", "network")]
    names = {row["name"] for row in json.loads(refused.stdout)["replaces"]} | {"prod.module.network"}

    accepted = [part for name in sorted(names) for part in ("--accept-replace", name)]
    assert run("set", "-C", repository, "options.nat=single", *accepted).exit_code == 0


def test_a_module_that_another_environment_still_calls_is_not_enough(repository: Path, run: Run) -> None:
    assert run("add", "stage", "-C", repository, *EKS, "--yes").exit_code == 0

    result = run("set", "-C", repository, "stage.options.nat=per-zone", "--accept-replace", "stage.nodes-1")

    assert result.exit_code == 5, result.output
    assert f"{CUSTOM} would have no effect in stage any more" in said(result)
    assert "in prod any more" not in said(result)


def test_a_dry_run_says_it_and_an_environment_that_goes_takes_its_own(repository: Path, run: Run) -> None:
    dry = run("set", "-C", repository, "options.nat=single", "--dry-run")
    assert dry.exit_code == 3
    assert f"{CUSTOM} would have no effect in prod any more" in said(dry)

    assert run("add", "stage", "-C", repository, *EKS, "--yes").exit_code == 0
    removed = run("remove", "stage", "-C", repository)
    assert removed.exit_code == 0, removed.output


def test_an_override_is_a_file_of_your_own(repository: Path, run: Run) -> None:
    (repository / CUSTOM).rename(repository / "modules/aws-network/tags_override.tf")

    result = run("set", "-C", repository, "options.nat=single")

    assert result.exit_code == 5
    assert "modules/aws-network/tags_override.tf would have no effect" in said(result)


def test_a_module_that_a_file_of_your_own_calls_is_not_deleted_without_a_word(repository: Path, run: Run) -> None:
    (repository / CUSTOM).unlink()
    custom = repository / "environments/prod/custom.tf"
    custom.write_text('module "audit" {\n  source = "../../modules/kurrent-database-protected/"\n}\n')
    before = text_of(repository)

    refused = run("set", "-C", repository, "database.protected=false")

    assert refused.exit_code == 5, refused.output
    assert (
        "environments/prod/custom.tf calls modules/kurrent-database-protected, which would be deleted. "
        "Call modules/kurrent-database there instead."
    ) in said(refused)
    assert "--accept-replace prod.module.audit" in said(refused)
    assert text_of(repository) == before

    custom.write_text(custom.read_text().replace("-protected/", ""))
    assert run("set", "-C", repository, "database.protected=false").exit_code == 0


def test_a_module_that_another_environment_calls_stays_for_a_file_of_your_own(repository: Path, run: Run) -> None:
    (repository / CUSTOM).unlink()
    assert run("add", "stage", "-C", repository, *EKS, "--yes").exit_code == 0
    custom = repository / "environments/prod/custom.tf"
    custom.write_text('module "audit" {\n  source = "../../modules/kurrent-database-protected"\n}\n')

    assert run("set", "-C", repository, "prod.database.protected=false").exit_code == 0
    assert run("set", "-C", repository, "stage.database.protected=false").exit_code == 5


CALL = 'module "audit" {\n  source = "SOURCE"\n}\n'
JSON_CALL = '{"module": {"audit": {"source": "SOURCE"}}}'
UP, SIBLING = "../../modules/kurrent-database-protected", "../kurrent-database-protected"


@pytest.mark.parametrize(
    ("path", "text", "call"),
    [
        ("environments/prod/custom.tf.json", JSON_CALL.replace("SOURCE", UP), "audit"),
        ("environments/prod/custom.tofu", CALL.replace("SOURCE", UP), "audit"),
        ("environments/prod/custom.tf", CALL.replace("SOURCE", UP) + "}", "kurrent-database-protected"),
        ("environments/prod/custom.tf.json", JSON_CALL.replace("SOURCE", UP)[:-1], "kurrent-database-protected"),
        ("modules/audit/main.tf", CALL.replace("SOURCE", SIBLING), "audit"),
        (CUSTOM, CALL.replace("SOURCE", SIBLING), "audit"),
    ],
    ids=["JSON", "OpenTofu", "HCL that does not parse", "JSON that does not parse", "own module", "generated module"],
)
def test_a_call_is_found_in_each_file_that_can_have_one(
    repository: Path, run: Run, path: str, text: str, call: str
) -> None:
    (repository / CUSTOM).unlink()
    (repository / path).parent.mkdir(exist_ok=True)
    (repository / path).write_text(text)
    before = text_of(repository)

    refused = run("set", "-C", repository, "database.protected=false")

    assert refused.exit_code == 5, refused.output
    assert f"{path} calls modules/kurrent-database-protected, which would be deleted." in said(refused)
    assert f"--accept-replace prod.module.{call}" in said(refused)
    assert text_of(repository) == before
