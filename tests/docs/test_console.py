"""Every command that a page shows does what the page says."""

from pathlib import Path

import pytest

from tests.docs.console import ANY_LINES, PAGES, STATUS, Outcome, Session, Step, page_name, steps_of

SESSIONS = [page for page in PAGES if steps_of(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", SESSIONS, ids=page_name)
def test_commands_do_what_the_page_shows(
    page: Path, tmp_path: Path, programs: Path, request: pytest.FixtureRequest
) -> None:
    text = page.read_text(encoding="utf-8")
    steps = steps_of(text)
    needs_terraform = any(step.command.startswith("terraform ") for step in steps)
    needs_netbox = any("netbox.example.com" in step.command for step in steps)
    fixture = (
        "terraform_environment" if needs_terraform else "netbox_environment" if needs_netbox else "plain_environment"
    )
    environment = request.getfixturevalue(fixture)
    session = Session(tmp_path, environment, programs)
    failures: list[str] = []
    differing: list[tuple[Step, Outcome]] = []

    for step, following in zip(steps, [*steps[1:], None], strict=True):
        outcome = session.run(step.command)
        told = following is not None and following.command == STATUS
        if outcome.status != 0 and not told:
            failures.append(f"$ {step.command}\nexits {outcome.status}:\n{outcome.output}")
            break
        if not step.matches(outcome.output):
            differing.append((step, outcome))

    if differing and request.config.getoption("--update-goldens"):
        page.write_text(_with_outputs(text, differing), encoding="utf-8")
    failures += [f"$ {step.command}\nprints something else:\n{outcome.output}" for step, outcome in differing]
    assert not failures, f"{page_name(page)}: pytest --update-goldens, then read the diff\n" + "\n".join(failures)


def _with_outputs(text: str, differing: list[tuple[Step, Outcome]]) -> str:
    """Put the real output in place of what is shown; where lines are left out, that is a person's to do."""
    lines = text.splitlines()
    for step, outcome in reversed(differing):
        if ANY_LINES not in step.shown:
            lines[step.start : step.end] = outcome.output.splitlines()
    return "\n".join(lines) + "\n"
