"""No environment's files depend on another's name: what all share has an owner that the lock records."""

import re
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.emitted.guide import GUIDE
from tests.properties import tries_more

AZURE = [*("--cloud", "azure", "--region", "westeurope", "--mode", "aks-cni", "--yes", "--quiet")]


def files_of(repository: Path, environment: str) -> dict[str, bytes]:
    folder = repository / "environments" / environment
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def creates(repository: Path, environment: str) -> bool:
    text = (repository / "environments" / environment / "variables_azure.tf").read_text()
    found = re.search(r"create_service_principal.*?default     = (true|false)", text, re.DOTALL)
    assert found
    return found[1] == "true"


def done(run: Run, *arguments: object) -> None:
    result = run(*arguments)
    assert result.exit_code == 0, result.output


@pytest.fixture
def two(tmp_path: Path, run: Run) -> Path:
    """A repository with prod, and then beta, which comes before it by name."""
    done(run, "init", tmp_path / "network", "--environment", "prod", *AZURE)
    done(run, "add", "beta", "-C", tmp_path / "network", *AZURE)
    return tmp_path / "network"


@pytest.mark.parametrize("mode", GUIDE)
def test_no_addition_rename_or_removal_changes_the_files_of_another_environment(
    mode: str, tmp_path: Path, run: Run
) -> None:
    repository = tmp_path / "network"
    done(run, "init", repository, "--environment", "mid", "--mode", mode, *GUIDE[mode], "--yes", "--quiet")
    before = files_of(repository, "mid")
    cloud = GUIDE[mode][GUIDE[mode].index("--cloud") + 1]
    like = ["--cloud", cloud, "--mode", {"aws": "eks", "gcp": "gke-standard", "azure": "aks-cni"}[cloud]]
    like += ["--region", GUIDE[mode][GUIDE[mode].index("--region") + 1], "--yes", "--quiet"]

    done(run, "add", "alpha", "-C", repository, *like)
    assert files_of(repository, "mid") == before
    if mode not in ("eks", "gke-standard", "aks-cni", "azure-existing") and not tries_more():
        return
    done(run, "add", "zulu", "-C", repository, *like)
    assert files_of(repository, "mid") == before
    others = files_of(repository, "zulu")
    done(run, "rename", "alpha", "omega", "-C", repository)
    assert files_of(repository, "mid") == before
    done(run, "remove", "omega", "-C", repository)
    assert files_of(repository, "mid") == before
    done(run, "remove", "mid", "-C", repository)
    assert files_of(repository, "zulu") == others


def test_the_first_environment_creates_the_principal_also_after_others_come_before_it(two: Path) -> None:
    assert creates(two, "prod")
    assert not creates(two, "beta")
    assert '\n"prod.owner" = "azure"\n' in (two / "escscaffold.lock").read_text()


def test_a_lock_without_a_record_means_the_environment_that_created_it_then(two: Path, run: Run) -> None:
    """Older versions let the first name create it: a lock that they wrote must not move the principal."""
    lock = two / "escscaffold.lock"
    lock.write_text(lock.read_text().replace('"prod.owner" = "azure"\n', ""))
    done(run, "generate", "-C", two)
    assert creates(two, "beta")
    done(run, "add", "alpha", "-C", two, *AZURE)

    assert [creates(two, name) for name in ("alpha", "beta", "prod")] == [False, True, False]
    assert '"beta.owner" = "azure"' in lock.read_text()


def test_an_owner_that_is_renamed_is_still_the_owner(two: Path, run: Run) -> None:
    done(run, "rename", "prod", "live", "-C", two)

    assert creates(two, "live")
    assert '"live.owner" = "azure"' in (two / "escscaffold.lock").read_text()
    assert run("check", "-C", two).exit_code == 0


def test_an_owner_that_is_removed_leaves_the_principal_to_be_looked_up(two: Path, run: Run) -> None:
    done(run, "remove", "prod", "-C", two)
    done(run, "add", "alpha", "-C", two, *AZURE)

    assert not creates(two, "beta")
    assert not creates(two, "alpha")


def test_one_key_says_that_the_tenant_has_it_already(tmp_path: Path, run: Run) -> None:
    key = ["--set", "options.service_principal=existing"]
    done(run, "init", tmp_path / "network", "--environment", "prod", *AZURE, *key)
    done(run, "add", "beta", "-C", tmp_path / "network", *AZURE)

    assert not creates(tmp_path / "network", "prod")
    assert not creates(tmp_path / "network", "beta")


def test_an_environment_in_another_tenant_creates_its_own(two: Path, run: Run) -> None:
    done(run, "set", "beta.options.service_principal=create", "-C", two)

    assert creates(two, "prod")
    assert creates(two, "beta")


def test_of_two_branches_that_each_have_an_owner_one_holds(tmp_path: Path, run: Run) -> None:
    """Either may be the one that created it: a plan of the other stops at prevent_destroy, and no other is created."""
    done(run, "init", tmp_path / "network", "--environment", "prod", *AZURE)
    lock = tmp_path / "network/escscaffold.lock"
    lock.write_text(lock.read_text().replace('"prod.owner"', '"beta.owner" = "azure"\n"prod.owner"'))
    done(run, "add", "beta", "-C", tmp_path / "network", *AZURE)

    assert creates(tmp_path / "network", "beta")
    assert not creates(tmp_path / "network", "prod")
    assert lock.read_text().count(".owner") == 1
