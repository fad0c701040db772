"""Which files for CI a repository has, and how that is said."""

from pathlib import Path

import pytest

from tests.cli.conftest import EKS, said
from tests.conftest import Run

GITHUB, GITLAB = ".github/workflows/terraform.yml", ".gitlab-ci.yml"


def there(folder: Path) -> list[str]:
    return [name for name in (GITHUB, GITLAB) if (folder / name).exists()]


@pytest.mark.parametrize(
    ("flags", "files", "line"),
    [
        ((), [GITHUB], None),
        (("--ci", "github"), [GITHUB], 'ci = "github"'),
        (("--ci", "gitlab"), [GITLAB], 'ci = "gitlab"'),
        (("--ci", "gitlab,github"), [GITHUB, GITLAB], 'ci = ["gitlab", "github"]'),
        (("--ci", "none"), [], 'ci = "none"'),
        (("--set", "ci=gitlab"), [GITLAB], 'ci = "gitlab"'),
    ],
)
def test_a_new_repository_has_the_files_that_are_asked_for(
    flags: tuple[str, ...], files: list[str], line: str | None, tmp_path: Path, run: Run
) -> None:
    result = run("init", tmp_path / "net", *EKS, "--yes", *flags)

    assert result.exit_code == 0, result.output
    assert there(tmp_path / "net") == files
    spec = (tmp_path / "net/escscaffold.toml").read_text()
    assert [one for one in spec.splitlines() if one.startswith("ci")] == ([line] if line else [])
    assert ("## In CI" in (tmp_path / "net/README.md").read_text()) == bool(files)
    assert run("check", "-C", tmp_path / "net").exit_code == 0


def test_a_variable_can_say_it(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "net", *EKS, "--yes", env={"ESCSCAFFOLD_CI": "gitlab"})

    assert there(tmp_path / "net") == [GITLAB]


def test_another_service_takes_the_place_of_the_first(tmp_path: Path, run: Run) -> None:
    net = tmp_path / "net"
    run("init", net, *EKS, "--yes")

    would = run("set", "-C", net, "ci=gitlab", "--dry-run")
    assert would.exit_code == 3
    assert GITHUB in said(would)
    assert there(net) == [GITHUB]

    assert run("set", "-C", net, "ci=gitlab").exit_code == 0
    assert there(net) == [GITLAB]
    assert run("check", "-C", net).exit_code == 0
    assert run("set", "-C", net, 'ci=["github", "gitlab"]').exit_code == 0
    assert there(net) == [GITHUB, GITLAB]
    assert run("set", "-C", net, "ci=").exit_code == 0
    assert there(net) == [GITHUB]


def test_a_workflow_with_a_hand_edit_stays(tmp_path: Path, run: Run) -> None:
    net = tmp_path / "net"
    run("init", net, *EKS, "--yes")
    with (net / GITHUB).open("a") as file:
        file.write("# mine\n")

    result = run("set", "-C", net, "ci=gitlab")

    assert there(net) == [GITHUB, GITLAB]
    assert GITHUB in said(result)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("gihub", "Did you mean github?"),
        ("none,github", '"none" cannot be combined'),
        ("jenkins", "'jenkins' is not a supported CI service"),
        ("[]", "is not a CI service"),
        ("1", "is not a CI service"),
        ("[1]", "1 is not a supported CI service"),
    ],
)
def test_what_is_no_service_is_refused(value: str, words: str, tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "net", *EKS, "--yes", "--set", f"ci={value}")

    assert result.exit_code == 2
    assert words in said(result)
    assert not (tmp_path / "net").exists()


def test_an_environment_more_cannot_change_it(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "net", *EKS, "--yes")

    result = run("add", "dev", "-C", tmp_path / "net", *EKS, "--yes", "--set", "ci=gitlab")

    assert result.exit_code == 2
    assert "ci applies to the whole repository" in said(result)
