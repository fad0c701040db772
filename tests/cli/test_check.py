"""`check`, the gate: what it accepts, and what it says of the rest."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import tree
from tests.conftest import Run
from tests.git import git
from tests.terraform.root import require_terraform

GOOD = """\
# Ours.
locals {
  names = [for name in ["a"] : upper(name) if name != ""]
  text  = <<-EOT
    ${local.names[0]} %{if true}yes%{endif}
  EOT
}
"""
# So that nothing is said of an API that is open.
CLOSED = ("--set", "kubernetes.endpoint_access_ranges=[]")
UNFORMATTED = 'locals {\na="b"\n}\n'
# Terraform reads these, and the parser that stands in for it does not.
UNUSUAL = ['locals {\n  größe = "ø"\n}\n', 'locals {\n  a = "x ${~1~} y"\n}\n']


def close_the_api(repository: Path, run: Run) -> None:
    assert run("set", CLOSED[1], "-C", repository).exit_code == 0


@pytest.fixture
def no_terraform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))


@pytest.fixture
def custom(repository: Path) -> Path:
    return repository / "environments/prod/custom.tf"


def test_files_of_your_own_are_welcome(repository: Path, custom: Path, run: Run) -> None:
    custom.write_text(GOOD)
    (repository / "modules/mine").mkdir()
    (repository / "modules/mine/main.tf").write_text(GOOD)
    (repository / "notes.txt").write_bytes(b"\xff\xfe")

    assert run("check", "-C", repository).exit_code == 0


def test_check_changes_nothing(repository: Path, custom: Path, run: Run) -> None:
    custom.write_text(UNFORMATTED)
    (repository / "README.md").unlink()
    before = tree(repository)

    run("check", "-C", repository)

    assert tree(repository) == before


@pytest.mark.usefixtures("no_terraform")
@pytest.mark.parametrize("text", ["locals {", "not hcl at all", 'locals { a = "b }', "}"])
def test_a_file_that_is_not_hcl_is_named(text: str, repository: Path, custom: Path, run: Run) -> None:
    custom.write_text(text)

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "environments/prod/custom.tf:1: this is not HCL" in result.output


@pytest.mark.parametrize("where", ["environments/prod", "modules/eks", "modules/mine"])
def test_terraform_or_not_a_broken_file_is_named(where: str, repository: Path, run: Run) -> None:
    (repository / where).mkdir(exist_ok=True)
    (repository / where / "custom.tf").write_text("locals {\n")

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert f"{where}/custom.tf" in result.output


def test_a_file_that_is_not_text_is_named(repository: Path, custom: Path, run: Run) -> None:
    custom.write_bytes(b'locals {\n  a = "\xe9"\n}\n')

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "custom.tf: this is not UTF-8 text" in result.output


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "locals {}\r\n"])
def test_an_odd_but_readable_file_is_no_complaint(
    text: str, repository: Path, custom: Path, run: Run, no_terraform: None
) -> None:
    custom.write_bytes(text.encode())

    assert run("check", "-C", repository).exit_code == 0


def test_a_file_that_is_badly_formatted_is_named(repository: Path, custom: Path, run: Run) -> None:
    require_terraform()
    custom.write_text(UNFORMATTED)

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "environments/prod/custom.tf: `terraform fmt`" in result.output


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("other.tfvars", "a=1\n"),
        ("environments/prod/tests/more/mine.tftest.hcl", "variables {\na=1\n}\n"),
        ("-dashed/main.tf", UNFORMATTED),
        ("ü b/main.tf", UNFORMATTED),
        ("environments/prod/terraform.tfvars", None),
    ],
)
def test_a_badly_formatted_file_is_named_wherever_it_stands(
    where: str, text: str | None, repository: Path, run: Run
) -> None:
    require_terraform()
    file = repository / where
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(file.read_text().replace(" = ", "=", 1) if text is None else text)

    result = run("check", "-C", repository, "--json")

    assert result.exit_code == 1
    assert {"path": where, "message": "`terraform fmt` would change it."} in json.loads(result.stdout)["complaints"]


@pytest.mark.parametrize("text", UNUSUAL)
def test_what_terraform_reads_is_good_whatever_another_parser_says(
    text: str, repository: Path, custom: Path, run: Run
) -> None:
    require_terraform()
    custom.write_text(text)

    result = run("check", "-C", repository)

    assert result.exit_code == 0, result.output


def test_what_terraform_says_of_an_initialised_root_counts(repository: Path, run: Run) -> None:
    require_terraform()
    # Begun and not finished, as after a failed `terraform init`: validate names what is missing.
    (repository / "environments/prod/.terraform").mkdir()

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "environments/prod" in result.output
    assert "terraform: " in result.output


def test_no_provider_is_started_that_came_with_the_repository(repository: Path, run: Run) -> None:
    require_terraform()
    close_the_api(repository, run)
    planted = repository / "environments/prod/.terraform/providers/registry.terraform.io/hashicorp/google/7.0.0/planted"
    planted.parent.mkdir(parents=True)
    planted.write_text("#!/bin/sh\n")
    git(repository, "init", "--quiet")
    git(repository, "add", "--force", "environments/prod/.terraform")

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    # And nothing of what `validate` says, which misses other providers there.
    told, *notes = result.output.splitlines()
    assert notes[0].startswith("Support not checked in prod: kubernetes.version is not set.")
    assert len(notes) == 2
    assert told.startswith("error environments/prod/.terraform: skipped `terraform validate`: this folder is in git")


def test_a_terraform_that_cannot_run_is_told(
    repository: Path, custom: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    custom.write_text(GOOD)
    broken = repository.parent / "bin/terraform"
    broken.parent.mkdir()
    broken.write_bytes(b"\x7fELF, but not really")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent))

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert str(broken) in result.output


def test_a_file_that_was_never_written_is_missing(repository: Path, run: Run) -> None:
    lock = repository / "escscaffold.lock"
    lock.write_text("".join(line for line in lock.read_text().splitlines(True) if "prod/main.tf" not in line))
    (repository / "environments/prod/main.tf").unlink()

    result = run("check", "-C", repository)

    assert result.exit_code == 3
    assert "missing: environments/prod/main.tf" in result.output
    assert "escscaffold generate" in result.output


def test_a_deleted_file_is_told_until_generate_has_taken_note(repository: Path, run: Run) -> None:
    (repository / "docs/network-prod.svg").unlink()

    told = run("check", "-C", repository)

    assert told.exit_code == 3
    assert "Deleted by hand, not restored:\n  docs/network-prod.svg" in told.output
    assert run("generate", "-C", repository).exit_code == 0
    assert run("check", "-C", repository).exit_code == 0


def test_a_changed_spec_makes_files_stale(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-west-1"))

    result = run("check", "-C", repository)

    assert result.exit_code == 3
    assert "stale: environments/prod/terraform.tfvars" in result.output


def test_a_file_of_a_removed_environment_is_no_longer_generated(repository: Path, run: Run) -> None:
    run("add", "test", "-C", repository, "--mode", "eks", "--yes")
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text()[: spec.read_text().index("[environments.test]")])

    result = run("check", "-C", repository)

    assert result.exit_code == 3
    assert "no longer generated: environments/test/main.tf" in result.output


def test_a_missing_lock_is_stale(repository: Path, run: Run) -> None:
    (repository / "escscaffold.lock").unlink()

    result = run("check", "-C", repository)

    assert result.exit_code == 3
    assert "escscaffold.lock" in result.output


def test_a_hand_edit_is_told_and_good(repository: Path, run: Run) -> None:
    main = repository / "environments/prod/main.tf"
    main.write_text(main.read_text() + "\n# mine\n")

    result = run("check", "-C", repository)

    assert result.exit_code == 0
    assert "Edited by hand, kept:\n  environments/prod/main.tf" in result.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version = 1\n[environments.prod\n", "escscaffold.toml:2"),
        ("", "`version` is missing"),
        ('version = 1\n[environments.prod]\ncloud = "aws"\nregion = "eu-west-1"\n', "`mode` is missing"),
        ("version = 1\nversion = 1\n", "Give each key once"),
        ("version = 1\n" + "a = " + "[" * 2000 + "]" * 2000, "escscaffold.toml"),
    ],
    ids=["torn", "empty", "no mode", "twice", "deep"],
)
def test_a_broken_spec_is_told_with_its_line(text: str, told: str, repository: Path, run: Run) -> None:
    (repository / "escscaffold.toml").write_text(text)

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert told in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_spec_in_another_encoding_is_told(repository: Path, run: Run) -> None:
    (repository / "escscaffold.toml").write_bytes(b"# caf\xe9\nversion = 1\n")

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert "UTF-8" in result.output


def test_a_plan_with_errors_is_told_with_what_would_do(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.ranges]\nkurrent = "10.0.0.0/24"\n')

    result = run("check", "-C", repository)

    assert result.exit_code == 1
    assert 'Use kurrent = "' in result.output


def test_a_checkout_with_windows_line_ends_is_no_edit(repository: Path, run: Run) -> None:
    close_the_api(repository, run)
    for path in repository.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert run("generate", "-C", repository, "--dry-run").output == "No changes.\n"
    assert run("check", "-C", repository).output.startswith("No problems found.\n")


def test_github_hears_of_a_lock_that_alone_is_stale(repository: Path, run: Run) -> None:
    close_the_api(repository, run)
    lock = repository / "escscaffold.lock"
    lock.write_text(lock.read_text() + "# mine\n")

    result = run("check", "-C", repository, "--format", "github")

    assert result.exit_code == 3
    lines = [line for line in result.output.splitlines() if not line.startswith("::notice ")]
    assert lines == ["::error file=escscaffold.lock::Stale. Run: escscaffold generate"]


def test_what_has_left_support_by_a_day_is_named_with_what_to_set(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.database]\nserver_version = "24.10"\n')
    run("generate", "-C", repository)

    before = run("check", "-C", repository, "--as-of", "2026-07-31")
    after = run("check", "-C", repository, "--as-of", "2027-06-01")

    # EventStoreDB 24.10 is supported until October 2026: https://docs.kurrent.io/server/v25.0/release-schedule
    assert "24.10" not in before.output
    assert (before.exit_code, after.exit_code) == (0, 0)
    assert "ESC505 prod database.server_version" in after.output
    assert 'Set database.server_version = "26.0"' in after.output


def test_what_a_cloud_refuses_by_a_day_fails_and_the_files_are_compared_all_the_same(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "network"
    run("init", folder, "--mode", "eks", "--set", 'kubernetes.version="1.31"', *CLOSED, "--yes")
    (folder / "environments/prod/outputs.tf").unlink()

    # EKS ended the extended support of 1.31 on 26 November 2026.
    last = run("check", "-C", folder, "--as-of", "2026-11-26", "--json")
    refused = run("check", "-C", folder, "--as-of", "2026-11-27", "--json")

    assert [f["code"] for f in json.loads(last.stdout)["findings"]] == ["ESC505"]
    assert [f["code"] for f in json.loads(refused.stdout)["findings"]] == ["ESC506"]
    assert refused.exit_code == 1
    assert json.loads(last.stdout)["files"] == json.loads(refused.stdout)["files"]


def test_a_day_that_is_none_is_wrong_usage(repository: Path, run: Run) -> None:
    result = run("check", "-C", repository, "--as-of", "2027-02-30")

    assert result.exit_code == 2
    assert "'2027-02-30' is not a date" in result.output


def test_what_is_generated_does_not_depend_on_the_day(repository: Path, run: Run) -> None:
    early = run("generate", "-C", repository, "--dry-run", env={"ESCSCAFFOLD_AS_OF": "2026-01-01"})
    late = run("generate", "-C", repository, "--dry-run", env={"ESCSCAFFOLD_AS_OF": "2040-01-01"})

    assert (early.exit_code, early.output) == (late.exit_code, late.output)


def test_files_of_opentofu_alone_are_named_as_not_parsed(repository: Path, run: Run) -> None:
    (repository / "environments/prod/custom.tofu").write_text('resource "aws_vpc" {')
    (repository / "modules/kurrent-network/more.tofu.json").write_text("{")

    checked = run("check", "-C", repository)

    assert checked.exit_code == 0
    words = " ".join(checked.output.split())
    assert "Skipped environments/prod/custom.tofu and 1 more: files that only OpenTofu reads are not parsed." in words


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("more.auto.tfvars", "team = {\n", ": this is not HCL"),
        ("more.auto.tfvars.json", "{\n  1\n", ":2: this is not JSON"),
        ("more.auto.tfvars.json", "[]", ": it is not a JSON object"),
    ],
)
def test_values_that_do_not_parse_are_an_error(
    name: str, text: str, complaint: str, repository: Path, run: Run, no_terraform: None
) -> None:
    (repository / "environments/prod" / name).write_text(text)

    checked = run("check", "-C", repository)

    assert checked.exit_code == 1
    assert f"environments/prod/{name}" in checked.output
    assert complaint in checked.output


def test_generated_values_that_were_edited_are_parsed(repository: Path, run: Run, no_terraform: None) -> None:
    with (repository / "environments/prod/terraform.tfvars").open("a") as values:
        values.write("team = {\n")

    checked = run("check", "-C", repository)

    assert checked.exit_code == 1
    assert "environments/prod/terraform.tfvars" in checked.output
    assert "this is not HCL" in checked.output


def test_what_was_not_checked_is_in_each_format(repository: Path, run: Run) -> None:
    declared = 'variable "x" {\n  type = string\n}\nresource "aws_vpc" "o" {\n  cidr_block = var.x\n}\n'
    (repository / "environments/prod/own.tf").write_text(declared)
    (repository / "environments/prod/own.tofu").write_text("")
    expected = {"environments/prod/own.tf": 5, "environments/prod/own.tofu": None, "environments/prod": None}

    text, document, annotations = (
        run("check", "-C", repository, "--format", form) for form in ("text", "json", "github")
    )

    skipped = {entry["path"]: entry["line"] for entry in json.loads(document.stdout)["skipped"]}
    assert expected.items() <= skipped.items()
    # The folder's path begins those of its files.
    for path, line in expected.items():
        assert f"{path}:" in text.output
        assert f"::notice file={path}{f',line={line}' if line else ''}::" in annotations.output
