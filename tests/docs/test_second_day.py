"""Every row of docs/how-to/second-day.md: the command changes the repository as it says, the `custom.tf` validates."""

import json
import re
import shlex
import shutil
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from escscaffold.cli import cli
from tests.conftest import Run, Terraform
from tests.emitted.guide import init_flags

PAGE = Path(__file__).parents[2] / "docs/how-to/second-day.md"
TEXT = PAGE.read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([^|]+) \| `([a-z-]+)` \| (.+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = {f"{change} ({mode})": (mode, command, effect) for change, mode, command, effect in _ROW.findall(TEXT)}
COMMANDS = {change: row for change, row in ROWS.items() if row[1].startswith("`escscaffold ")}
EXAMPLES = {change: row for change, row in ROWS.items() if row[1].startswith("[`custom.tf`](#")}
# Validated by tests/emitted/test_custom_tf.py.
ELSEWHERE = {change: row for change, row in ROWS.items() if row[1].startswith("[`custom.tf`](custom-tf.md#")}
_HCL = re.compile(r"^```hcl\n# environments/prod/custom\.tf\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def _made(mode: str, change: str, folder: Path) -> Path:
    """Return a repository of this mode as it is before the change."""
    provider = "eventstorecloud" if change.startswith("Move") else "kurrentcloud"
    arguments = [["init", str(folder), *init_flags(mode), "--set", f"provider={provider}"]]
    if change.startswith("Remove"):
        arguments.append(["add", "staging", "-C", str(folder), "--mode", mode, "--yes"])
    for given in arguments:
        done = CliRunner().invoke(cli, given)
        assert done.exit_code == 0, done.output
    return folder


def begun(change: str, repositories: Path, tmp_path: Path) -> Path:
    """Return a copy of the repository that the row is about."""
    mode, special = ROWS[change][0], change if change.startswith(("Move", "Remove")) else ""
    folder = tmp_path / "network"
    shutil.copytree(_made(mode, special, repositories / f"{mode} {special}"), folder)
    return folder


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repositories")


def text_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("change", COMMANDS)
def test_the_command_of_a_row_does_it(change: str, repositories: Path, tmp_path: Path, run: Run) -> None:
    _, command, effect = COMMANDS[change]
    folder = begun(change, repositories, tmp_path)
    shutil.copytree(folder, tmp_path / "before")
    before = text_of(folder)
    name, *arguments = shlex.split(command.strip("`"))[1:]

    result = run(name, "-C", folder, *arguments)

    if effect.startswith("replaces"):
        assert result.exit_code == 5, result.output
        assert text_of(folder) == before
        return
    assert result.exit_code == 0, result.output
    assert text_of(folder) != before
    checked = run("check", "-C", folder)
    assert checked.exit_code == 0, checked.output
    if not change.startswith(("Move", "Remove")):
        reviewed = run("review", tmp_path / "before", folder, "--json", "--fail-on", "replace")
        assert reviewed.exit_code == 0, reviewed.output
        verdict = json.loads(reviewed.stdout)["verdict"]
        _, not_known, what = effect.partition("not known: ")
        assert (verdict["answer"] == "not known") == bool(not_known), verdict["text"]
        assert what.strip("`") in verdict["text"]


@pytest.mark.parametrize("change", EXAMPLES)
def test_the_custom_tf_of_a_row_validates(
    change: str, repositories: Path, tmp_path: Path, run: Run, terraform: Terraform
) -> None:
    _, link, _ = EXAMPLES[change]
    anchor = re.fullmatch(r"\[`custom\.tf`\]\(#([a-z-]+)\)", link)
    assert anchor
    section = next(
        part for part in TEXT.split("\n## ")[1:] if part.split("\n")[0].lower().replace(" ", "-") == anchor[1]
    )
    (example,) = _HCL.findall(section)
    folder = begun(change, repositories, tmp_path)
    root = folder / "environments/prod"
    (root / "custom.tf").write_text(example)

    checked = run("check", "-C", folder)
    assert checked.exit_code == 0, checked.output
    terraform(root, "fmt", "-check", "custom.tf")
    terraform(root, "init", "-backend=false", "-input=false")
    terraform(root, "validate")


@pytest.mark.parametrize("change", ELSEWHERE)
def test_a_row_that_leads_to_another_page_finds_an_example_of_its_mode(change: str) -> None:
    mode, link, _ = ELSEWHERE[change]
    heading = link.partition("#")[2].rstrip(")")
    page = PAGE.with_name("custom-tf.md").read_text(encoding="utf-8")
    section = next(part for part in page.split("\n## ")[1:] if part.split("\n")[0].lower().replace(" ", "-") == heading)

    assert re.search(rf"^# environments/prod/\w+\.tf: .*\b{mode}\b", section, re.MULTILINE)


def test_the_changes_of_the_second_day_are_there_and_each_row_is_run() -> None:
    assert ROWS.keys() == COMMANDS.keys() | EXAMPLES.keys() | ELSEWHERE.keys()
    assert TEXT.count("\n| ") == len(ROWS) + 2  # the heading of the table, and the line below it
    words = """pool taint spot version image add-on identity window api logs encryption account role backend tag
    database subnet helm oidc drift down rename remove provider restore"""
    told = " ".join(ROWS).lower()
    assert [word for word in words.split() if word not in told] == []
    assert len(words.split()) == 25
