"""A warning that somebody lives with is told in one line, an error never is, and what is stale is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Plan, said
from tests.conftest import Run

REASON = "the region opens in spring"


@pytest.fixture
def warned(repository: Path) -> Path:
    """A repository with one warning: its region is not known."""
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace("eu-central-1", "eu-cetral-1"))
    return repository


def accepting(repository: Path, *lines: str, table: str = "accept") -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + f"\n[{table}]\n" + "".join(f"{line}\n" for line in lines))


def findings(planned: Plan, repository: Path, exit_code: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = planned("-C", repository, exit_code=exit_code)["findings"]
    return found


@pytest.mark.parametrize("table", ["accept", "environments.prod.accept"])
def test_an_accepted_warning_is_told_at_the_end_in_one_line(table: str, warned: Path, run: Run, planned: Plan) -> None:
    (before,) = findings(planned, warned)
    accepting(warned, f'ESC501 = "{REASON}"', table=table)

    shown = run("plan", "-C", warned).output

    assert shown.endswith(f"\n\nAccepted warnings:\n  ESC501 prod region: {REASON}\n")
    assert "Did you mean eu-central-1?" not in shown
    assert "accepted" not in before
    assert findings(planned, warned) == [before | {"accepted": REASON}]


def test_markdown_and_quiet_leave_it_out(warned: Path, run: Run) -> None:
    accepting(warned, f'ESC501 = "{REASON}"')

    assert "ESC501" not in run("plan", "-C", warned, "--quiet").output
    assert "ESC501" not in run("plan", "-C", warned, "--format", "markdown").output


def test_check_and_generate_tell_it_too(warned: Path, run: Run) -> None:
    accepting(warned, f'ESC501 = "{REASON}"')

    written = run("generate", "-C", warned, "--accept-replace", "prod")
    checked = run("check", "-C", warned)

    assert (written.exit_code, checked.exit_code) == (0, 0)
    assert f"ESC501 prod region: {REASON}" in written.output
    assert f"ESC501 prod region: {REASON}" in checked.output
    finding, _ = json.loads(run("check", "-C", warned, "--json").stdout)["findings"]
    assert finding["accepted"] == REASON


def test_an_acceptance_of_one_environment_leaves_the_others_alone(warned: Path, run: Run, planned: Plan) -> None:
    spec = warned / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.test]\ncloud = "aws"\nregion = "eu-wset-1"\nmode = "eks"\n')
    accepting(warned, f'ESC501 = "{REASON}"', table="environments.prod.accept")

    told = {f["environment"]: f.get("accepted") for f in findings(planned, warned)}

    assert told == {"prod": REASON, "test": None}


def test_the_environments_own_reason_is_the_one_that_is_told(warned: Path, planned: Plan) -> None:
    accepting(warned, 'ESC501 = "anything goes"')
    accepting(warned, f'ESC501 = "{REASON}"', table="environments.prod.accept")

    assert [f["accepted"] for f in findings(planned, warned)] == [REASON]


def test_an_error_cannot_be_accepted(repository: Path, run: Run, planned: Plan) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[environments.prod.ranges]\nkurrent = "10.0.0.0/24"\n')
    accepting(repository, 'ESC301 = "it has always been so"')

    found = findings(planned, repository, exit_code=1)

    assert {"ESC301", "ESC011"} <= {f["code"] for f in found}
    assert all("accepted" not in f for f in found)
    assert run("generate", "-C", repository).exit_code == 1


@pytest.mark.parametrize(
    ("code", "told"),
    [("ESC201", "cannot be accepted"), ("ESC999", "There is no finding"), ("esc501", "Did you mean ESC501?")],
)
def test_what_is_no_warning_cannot_be_accepted(code: str, told: str, repository: Path, run: Run) -> None:
    accepting(repository, f'{code} = "{REASON}"')

    result = run("plan", "-C", repository)

    assert result.exit_code == 1
    assert "ESC011" in result.output
    assert told in said(result)


def test_a_stale_acceptance_is_a_warning(repository: Path, planned: Plan) -> None:
    accepting(repository, f'ESC501 = "{REASON}"')

    (finding,) = findings(planned, repository)

    assert (finding["code"], finding["severity"]) == ("ESC012", "warning")
    assert "ESC501" in finding["message"]


SAY, QUOTE = "Write one line of at most 200 characters", "Put it in quotes."
HOSTILE = {
    "control characters": ('"a\\u001b[2Jb"', SAY),
    "two lines": ('"""one\ntwo"""', SAY),
    "nothing": ('""', SAY),
    "spaces": ('"   "', SAY),
    "too long": (f'"{"a" * 201}"', SAY),
    "right to left": ('"a\\u202eb"', SAY),
    "a number": ("5", "Put it in quotes. In a shell"),
    "a list": ('["a"]', QUOTE),
}


@pytest.mark.parametrize(("value", "do"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_reason_is_refused(value: str, do: str, warned: Path, run: Run) -> None:
    accepting(warned, f"ESC501 = {value}", table="environments.prod.accept")

    result = run("generate", "-C", warned)

    assert result.exit_code == 1
    assert "ESC004 prod ESC501" in result.output
    assert f"fix: {do}" in said(result)
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []


@pytest.mark.parametrize("key", ['"a\\u001b[2Jb"', '"${x}"', '"../../x"', '""'])
def test_a_hostile_code_is_refused_and_steers_nothing(key: str, repository: Path, run: Run) -> None:
    accepting(repository, f'{key} = "why"')

    result = run("plan", "-C", repository)

    assert result.exit_code == 1
    assert "ESC011" in result.output
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []


def test_a_reason_is_data_wherever_it_is_written(warned: Path, run: Run) -> None:
    accepting(warned, 'ESC501 = "<b>${file(1)}</b> | `x`"')

    assert run("generate", "-C", warned, "--accept-replace", "prod").exit_code == 0
    files = (p for p in warned.rglob("*") if p.is_file() and p.name != "escscaffold.toml")
    assert not any(b"${file(1)}" in path.read_bytes() for path in files)


def test_an_acceptance_comes_by_flag(planned: Plan) -> None:
    asked = ["--mode", "eks", "--region", "eu-cetral-1", "--set", f"accept.ESC501={REASON}"]

    (finding,) = planned(*asked)["findings"]

    assert finding["accepted"] == REASON


def test_add_and_answers_carry_acceptances(repository: Path, tmp_path: Path, run: Run, planned: Plan) -> None:
    asked = ["--mode", "eks", "--region", "eu-cetral-1", "--set", f"accept.ESC501={REASON}", "--yes"]

    assert run("add", "test", "-C", repository, *asked).exit_code == 0

    assert [f["accepted"] for f in findings(planned, repository)] == [REASON]
    again = run("init", tmp_path / "again", "--answers", repository / "escscaffold.toml", "--yes")
    assert again.exit_code == 0, again.output
    assert [f["accepted"] for f in findings(planned, tmp_path / "again")] == [REASON]
