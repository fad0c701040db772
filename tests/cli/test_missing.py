"""`check` and `generate` say what is still used and no longer exists, each time that they run."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import said
from tests.conftest import Run

MAIN = "environments/prod/main.tf"


@pytest.fixture(autouse=True)
def no_terraform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))


def line_of(repository: Path, text: str, path: str = MAIN) -> int:
    lines = (repository / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def remove(repository: Path, *paths: str) -> None:
    for path in paths:
        there = repository / path
        shutil.rmtree(there) if there.is_dir() else there.unlink()


def assert_told(run: Run, repository: Path, *messages: str) -> None:
    """Check says it before and after generate, which says it too."""
    for command, code in (("check", 1), ("generate", 0), ("check", 1), ("generate", 0), ("check", 1)):
        result = run(command, "-C", repository)
        assert result.exit_code == code, (command, result.output)
        for message in messages:
            assert message in said(result), command


def test_the_folder_of_a_module(repository: Path, run: Run) -> None:
    line = line_of(repository, 'module "network"')
    remove(repository, "modules/aws-network")

    assert_told(run, repository, f"{MAIN}:{line}: module.network: the source folder does not exist.")


def test_the_last_terraform_of_a_module(repository: Path, run: Run) -> None:
    remove(
        repository, *(f"modules/aws-network/{path.name}" for path in (repository / "modules/aws-network").glob("*.tf"))
    )
    assert (repository / "modules/aws-network/README.md").exists()

    assert_told(run, repository, "module.network: the source folder has no Terraform files.")


def test_all_modules(repository: Path, run: Run) -> None:
    calls = (repository / MAIN).read_text().count("\nmodule ")
    remove(repository, "modules")

    run("generate", "-C", repository)
    document = json.loads(run("check", "-C", repository, "--json").stdout)

    told = [one for one in document["complaints"] if ": the source folder does not exist." in one["message"]]
    assert len(told) == calls
    assert all(one["path"] == MAIN and one["line"] > 1 for one in told)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("modules/aws-network/outputs.tf", "module.network has no output vpc_id."),
        ("modules/eks/variables.tf", "module.kubernetes has no variable subnet_ids."),
        ("modules/kurrent-network/versions.tf", "not declared elsewhere: required_providers.kurrentcloud."),
        ("environments/prod/versions.tf", "not declared elsewhere: required_providers.aws"),
        ("environments/prod/providers.tf", "not declared elsewhere: provider aws"),
        ("environments/prod/variables.tf", "var.ranges is not declared in this folder."),
        ("environments/prod/terraform.tfvars", "var.ranges has no value: terraform.tfvars was deleted."),
        (MAIN, f"{MAIN}: Deleted, but not declared elsewhere: module.network, module.flow_logs,"),
    ],
)
def test_a_file_that_others_need(path: str, message: str, repository: Path, run: Run) -> None:
    remove(repository, path)

    assert_told(run, repository, message)


def test_an_environment(repository: Path, run: Run) -> None:
    remove(repository, "environments/prod")
    line = line_of(repository, "[environments.prod]", "escscaffold.toml")

    assert_told(run, repository, f"escscaffold.toml:{line}: environments/prod has no Terraform files")


def test_the_backend(tmp_path: Path, run: Run) -> None:
    """Without it Terraform begins with an empty state, and plans to make everything once more."""
    folder = tmp_path / "net"
    backend = ("--set", "backend.type=s3", "--set", "backend.bucket=acme-state", "--set", "backend.region=eu-central-1")
    made = run("init", folder, "--mode", "eks", "--region", "eu-central-1", "--environment", "prod", *backend, "--yes")
    assert made.exit_code == 0, made.output
    remove(folder, "environments/prod/backend.tf")

    assert_told(run, folder, "environments/prod/backend.tf: Deleted, but not declared elsewhere: the backend.")


@pytest.mark.parametrize(
    "path",
    [
        "modules/eks/README.md",
        "docs/network-prod.svg",
        "environments/prod/outputs.tf",
        "environments/prod/backend.tf",  # local, which is what Terraform takes without one
        "environments/prod/tests/addresses.tftest.hcl",
        "modules/kurrent-database-protected/outputs.tf",
    ],
)
def test_what_nothing_needs_stays_deleted_without_a_complaint(path: str, repository: Path, run: Run) -> None:
    remove(repository, path)
    if path.startswith("modules/"):
        remove(repository, "environments/prod/outputs.tf")

    generated = run("generate", "-C", repository)

    assert "warning" not in generated.output
    result = run("check", "-C", repository)
    assert result.exit_code == 0, result.output
    assert not (repository / path).exists()


def test_what_another_file_declares_is_not_lost(repository: Path, run: Run) -> None:
    folder = repository / "environments/prod"
    (folder / "main.tf").rename(folder / "ours.tf")
    (folder / "terraform.tfvars").rename(folder / "ours.auto.tfvars")

    run("generate", "-C", repository)

    result = run("check", "-C", repository)
    assert result.exit_code == 0, result.output


def test_modules_of_a_person_are_followed_where_they_lead(repository: Path, run: Run) -> None:
    custom = repository / "environments/prod/custom.tf"
    custom.write_text('module "own" {\n  source = "../../own/outer"\n}\n')
    for name, text in (("outer", '\nmodule "inner" {\n  source = "../inner"\n}\n'), ("inner", "locals {}\n")):
        (repository / "own" / name).mkdir(parents=True)
        (repository / "own" / name / "main.tf").write_text(text)
    assert run("check", "-C", repository).exit_code == 0

    remove(repository, "own/inner")

    assert_told(
        run,
        repository,
        "own/outer/main.tf:2: module.inner: the source folder does not exist.",
    )


def test_modules_outside_of_the_repository_exist_or_are_told(repository: Path, run: Run) -> None:
    custom = repository / "environments/prod/custom.tf"
    custom.write_text('# module "no" { source = "./commented" }\nmodule "own" { source = "../../../shared/net" }\n')

    assert_told(run, repository, "custom.tf:2: module.own: the source folder, outside this repository,")
    (repository.parent / "shared/net").mkdir(parents=True)
    (repository.parent / "shared/net/main.tf").write_text("locals {}\n")
    assert run("check", "-C", repository).exit_code == 0


def test_a_link_to_a_module_is_one_and_a_broken_link_is_none(repository: Path, run: Run) -> None:
    (repository / "environments/prod/custom.tf").write_text('module "own" {\n  source = "../../modules/own"\n}\n')
    target = repository.parent / "target"
    (repository / "modules/own").symlink_to(target)

    assert_told(run, repository, "custom.tf:1: module.own: the source folder does not exist.")
    target.mkdir()
    (target / "main.tf").write_text("locals {}\n")
    assert run("check", "-C", repository).exit_code == 0


def test_json_is_read_for_what_it_declares_and_calls(repository: Path, run: Run) -> None:
    folder = repository / "environments/prod"
    declared = {"locals": {"size": 3}, "variable": {"mine": {}}, "output": {"own": {"value": "${var.nope}"}}}
    (folder / "more.tf.json").write_text(json.dumps(declared))
    (folder / "custom.tf").write_text("locals {\n  a = local.size\n  b = var.mine\n  c = local.none\n}\n")

    output = said(run("check", "-C", repository))

    assert "custom.tf:4: local.none is not declared" in output
    assert "more.tf.json: var.nope is not declared" in output
    assert "local.size" not in output
    assert "var.mine" not in output


def test_a_call_in_json_of_a_folder_that_does_not_exist_is_told(repository: Path, run: Run) -> None:
    file = repository / "environments/prod/more.tf.json"
    file.write_text(json.dumps({"module": {"own": {"source": "../../modules/own"}}}))

    assert_told(run, repository, "more.tf.json: module.own: the source folder does not exist.")
    file.write_text('{\n  "module": }\n')
    assert "more.tf.json:2: this is not JSON" in said(run("check", "-C", repository))


def test_json_does_not_hide_what_is_missing_in_hcl(repository: Path, run: Run) -> None:
    (repository / "environments/prod/more.tf.json").write_text("{}")
    (repository / "modules/eks/more.tf.json").write_text('{"check": {"a": {}}}')
    remove(repository, "modules/aws-network/outputs.tf", "modules/kurrent-peering")

    assert_told(
        run, repository, "module.network has no output vpc_id.", "module.kurrent_peering: the source folder does not"
    )


def test_what_is_missing_is_told_while_generate_has_more_to_do(repository: Path, run: Run) -> None:
    remove(repository, "modules/aws-network/outputs.tf")
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.tags]\nteam = "data"\n')

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "stale: environments/prod/terraform.tfvars" in result.output
    assert "module.network has no output vpc_id." in said(result)


def test_a_module_that_generate_is_about_to_write_is_not_missing(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.backup]\nschedule = "0 3 * * *"\nkeep = 7\n')
    (repository / "environments/prod/custom.tf").write_text("locals {\n  one = module.kurrent_backup\n}\n")

    result = run("check", "-C", repository)

    assert result.exit_code == 3, result.output
    assert "missing: modules/" in result.output
