"""`generate` brings a folder in line with its spec, and touches nothing that a person made."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

MAIN = "environments/prod/main.tf"
ACCEPT = ("--accept-replace", "prod")
BEGIN, END = "<!-- escscaffold:begin -->", "<!-- escscaffold:end -->"


def change_spec(repository: Path, old: str = "eu-central-1", new: str = "eu-west-1") -> None:
    spec = repository / "escscaffold.toml"
    assert old in spec.read_text()
    spec.write_text(spec.read_text().replace(old, new))


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return when each file was changed, and which it is: a file written anew is another one."""
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*")}


def test_a_second_run_says_that_nothing_changes_and_touches_no_file(repository: Path, run: Run) -> None:
    before = stamps(repository)

    result = run("generate", "-C", repository)

    assert result.exit_code == 0
    assert result.output == "No changes: all files are up to date.\n"
    assert stamps(repository) == before


def test_only_what_must_change_is_written(repository: Path, run: Run) -> None:
    before = stamps(repository)
    change_spec(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    after = stamps(repository)
    changed = {str(Path(p).relative_to(repository)) for p in before if after[p][1] != before[p][1]}
    assert "environments/prod/terraform.tfvars" in changed
    assert not any(name.startswith("modules/") for name in changed)
    assert 'region = "eu-west-1"' in re.sub(" +", " ", (repository / "environments/prod/terraform.tfvars").read_text())
    assert run("check", "-C", repository).exit_code == 0


def test_a_lost_lock_is_written_anew_and_no_file_is_an_edit(repository: Path, run: Run) -> None:
    before = tree(repository)
    (repository / "escscaffold.lock").unlink()

    assert run("generate", "-C", repository, "--dry-run").exit_code == 3
    assert run("generate", "-C", repository).exit_code == 0
    assert tree(repository) == before


def test_a_removed_environment_takes_its_files_and_empty_folders_along(repository: Path, run: Run) -> None:
    before = tree(repository)
    before_but_lock = {path: text for path, text in before.items() if path != "escscaffold.lock"}
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    run("add", "test", "-C", repository, "--mode", "gke-standard", "--yes")
    assert (repository / "modules/gke-standard").is_dir()

    spec.write_text(text)
    result = run("generate", "-C", repository)

    assert result.exit_code == 0
    assert "removed" in result.output.lower()
    assert {path: t for path, t in tree(repository).items() if path != "escscaffold.lock"} == before_but_lock
    assert '"test.nodes" = ' in (repository / "escscaffold.lock").read_text().partition("[retired]")[2]
    assert run("generate", "-C", repository, "--forget", "test").exit_code == 0
    assert tree(repository) == before


def test_your_own_files_beside_stay(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    run("add", "test", "-C", repository, *EKS, "--yes")
    mine = [repository / "environments/test/custom.tf", repository / "environments/prod/custom.tf", repository / "x/y"]
    for path in mine:
        path.parent.mkdir(exist_ok=True)
        path.write_text("# mine\n")

    spec.write_text(text)
    assert run("generate", "-C", repository).exit_code == 0

    assert [p.read_text() for p in mine] == ["# mine\n"] * 3
    assert [p.name for p in (repository / "environments/test").iterdir()] == ["custom.tf"]


def test_an_edited_file_of_a_removed_environment_is_a_conflict(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    run("add", "test", "-C", repository, *EKS, "--yes")
    (repository / "environments/test/main.tf").write_text("# mine\n")
    spec.write_text(text)

    result = run("generate", "-C", repository)

    assert result.exit_code == 4
    assert "environments/test/main.tf" in result.output
    assert f"escscaffold release -C {repository} environments/test/main.tf" in result.output
    assert {p.name for p in (repository / "environments/test").iterdir()} == {"main.tf"}


@pytest.mark.parametrize("flag", ["--dry-run", "--diff"])
def test_asking_what_would_change_changes_nothing(flag: str, repository: Path, run: Run) -> None:
    assert run("generate", "-C", repository, flag).exit_code == 0
    change_spec(repository)
    (repository / MAIN).unlink()
    before, stamped = tree(repository), stamps(repository)

    result = run("generate", "-C", repository, flag)

    assert result.exit_code == 3
    assert MAIN in result.output
    assert "environments/prod/terraform.tfvars" in result.output
    assert tree(repository) == before
    assert stamps(repository) == stamped


def test_the_diff_shows_old_and_new(repository: Path, run: Run) -> None:
    change_spec(repository)

    lines = re.sub(" +", " ", run("generate", "-C", repository, "--diff").output).splitlines()

    assert '-region = "eu-central-1"' in lines
    assert '+region = "eu-west-1"' in lines


def test_what_terraform_would_replace_stops_the_write_until_it_is_accepted(repository: Path, run: Run) -> None:
    with (repository / "escscaffold.toml").open("a") as spec:
        spec.write('[environments.prod.ranges]\nkurrent = "10.200.0.0/24"\n')
    before = tree(repository)

    refused = run("generate", "-C", repository)
    of_another = run("generate", "-C", repository, "--accept-replace", "prod.network")

    assert (refused.exit_code, of_another.exit_code) == (5, 5)
    assert "10.200.0.0/24" in refused.output
    assert "--accept-replace prod.kurrent" in refused.output
    assert tree(repository) == before
    assert run("generate", "-C", repository, "--accept-replace", "prod.kurrent").exit_code == 0
    assert run("check", "-C", repository).exit_code == 0


def test_a_plan_with_errors_writes_nothing(repository: Path, run: Run) -> None:
    with (repository / "escscaffold.toml").open("a") as spec:
        spec.write('[environments.prod.ranges]\nnetwork = "10.0.0.0/8"\n')
    before = tree(repository)

    result = run("generate", "-C", repository)

    assert result.exit_code == 1
    assert "nothing was written" in result.output
    assert tree(repository) == before


def test_text_around_the_readmes_markers_survives(repository: Path, run: Run) -> None:
    readme = repository / "README.md"
    block = readme.read_text()
    readme.write_text(f"# Ours\n\n{block}\nÜber uns\n")
    assert run("generate", "-C", repository).output.startswith("No changes")
    change_spec(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    after = readme.read_text()
    assert after.startswith(f"# Ours\n\n{BEGIN}")
    assert after.endswith("\nÜber uns\n")
    assert "eu-west-1" in after
    assert "eu-central-1" not in after
    assert run("check", "-C", repository).exit_code == 0


def test_text_around_the_markers_keeps_bytes_that_are_no_text(repository: Path, run: Run) -> None:
    readme = repository / "README.md"
    readme.write_bytes(b"caf\xe9\r\n" + readme.read_bytes() + b"\xff\x00")
    change_spec(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    assert readme.read_bytes().startswith(b"caf\xe9\r\n<!--")
    assert readme.read_bytes().endswith(b"\xff\x00")


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: "# Ours alone\n",
        lambda text: text.replace(BEGIN, ""),
        lambda text: text.replace(END, ""),
        lambda text: "",
    ],
    ids=["all new", "no begin", "no end", "empty"],
)
def test_a_readme_without_its_markers_is_left_alone(edit: Callable[[str], str], repository: Path, run: Run) -> None:
    readme = repository / "README.md"
    readme.write_text(edit(readme.read_text()))
    mine = readme.read_text()
    change_spec(repository)

    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0

    assert readme.read_text() == mine
    assert '"README.md"' not in (repository / "escscaffold.lock").read_text()
    assert run("check", "-C", repository).exit_code == 0


def test_a_checkout_with_windows_line_ends_is_no_edit(repository: Path, run: Run) -> None:
    for path in repository.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    stamped = stamps(repository)

    assert run("generate", "-C", repository).output.startswith("No changes")
    assert stamps(repository) == stamped

    change_spec(repository)
    assert run("generate", "-C", repository, *ACCEPT).exit_code == 0
    assert run("check", "-C", repository).exit_code == 0


def test_a_folder_where_a_file_belongs_is_told(repository: Path, run: Run) -> None:
    (repository / MAIN).unlink()
    (repository / MAIN).mkdir()
    (repository / MAIN / "mine").write_text("mine")
    before = tree(repository)

    result = run("generate", "-C", repository)

    assert result.exit_code == 1
    assert MAIN in result.output
    assert tree(repository) == before


def test_a_file_where_a_folder_belongs_is_told(repository: Path, run: Run) -> None:
    (repository / "environments/test").write_text("mine")
    before = tree(repository)

    result = run("add", "test", "-C", repository, *EKS, "--yes")

    assert result.exit_code == 1
    assert "environments/test" in result.output
    assert tree(repository) == before


def test_the_lock_names_each_generated_file_and_none_of_yours(repository: Path, run: Run) -> None:
    (repository / "environments/prod/custom.tf").write_text("# mine\n")
    run("generate", "-C", repository)

    named = set(
        re.findall(r'^"([^"]+)" = "[0-9a-f]{40}"$', (repository / "escscaffold.lock").read_text(), re.MULTILINE)
    )

    files = {str(p.relative_to(repository)) for p in repository.rglob("*") if p.is_file()}
    assert named == files - {"escscaffold.toml", "escscaffold.lock", "environments/prod/custom.tf"}


def test_a_spec_with_a_byte_order_mark_is_read(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_bytes(b"\xef\xbb\xbf" + spec.read_bytes())

    assert run("generate", "-C", repository).exit_code == 0
