"""The page on Python names what is public, and nothing else."""

import inspect
import re
from pathlib import Path

import pytest

import escscaffold
from escscaffold.errors import ScaffoldError
from tests.docs.console import REPOSITORY

PAGE = (REPOSITORY / "docs/reference/python.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)(?:\(([^)]*)\))?` \| (.+) \|$", PAGE, re.MULTILINE)


def test_the_page_lists_exactly_what_is_public() -> None:
    assert sorted(name for name, *_ in ROWS) == sorted(escscaffold.__all__)
    assert all(hasattr(escscaffold, name) for name in escscaffold.__all__)


def test_what_is_public_takes_what_the_page_says() -> None:
    for name, parameters, _ in ROWS:
        if parameters:
            wanted = inspect.signature(getattr(escscaffold, name)).parameters
            needed = [key for key, one in wanted.items() if one.default is inspect.Parameter.empty]
            assert needed == parameters.split(", "), name


SPEC = 'version = 1\n[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'


def test_the_promise_is_of_what_is_there(tmp_path: Path) -> None:
    spec = escscaffold.read_spec(SPEC)
    (tmp_path / "escscaffold.toml").write_text(SPEC)
    plan = escscaffold.plan(spec)
    things = {
        "a plan": plan,
        "an environment": plan.environment("prod"),
        "a range": plan.environment("prod").range("pods"),
        "a run": escscaffold.generate(tmp_path),
        "a check": escscaffold.check(tmp_path),
        "a planned repository": escscaffold.plan_repository(tmp_path),
        "a scan": escscaffold.scan(tmp_path, ["environments"]),
        "a review": escscaffold.review(tmp_path, ".", "."),
        "a file": escscaffold.render(plan)["README.md"],
    }
    promise = re.sub(r"\s+", " ", PAGE.partition("## What stays")[2])

    for thing, one in things.items():
        named = re.search(rf"((?:`\w+`(?:, | and )?)+) of {thing}[;,.]", promise)
        assert named, thing
        assert all(hasattr(one, name) for name in re.findall(r"`(\w+)`", named[1])), thing


def test_a_repository_is_checked_generated_and_reviewed_from_python(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "escscaffold.toml").write_text(SPEC)

    assert escscaffold.check(new).verdict == "stale"
    assert escscaffold.generate(new, escscaffold.Terms(dry_run=True)).outcome == "would-change"
    assert [path.name for path in new.iterdir()] == ["escscaffold.toml"]

    assert escscaffold.generate(new).outcome == "done"
    assert (new / "environments/prod/terraform.tfvars").is_file()
    assert escscaffold.check(new).files == ()
    assert escscaffold.review(tmp_path, "old", "new").level == "change"
    assert capfd.readouterr() == ("", "")


def test_a_repository_is_planned_and_others_files_are_scanned_from_python(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "escscaffold.toml").write_text(SPEC)
    (tmp_path / "offices.csv").write_text("name,cidr\nlondon,10.8.0.0/16\n")
    before = escscaffold.plan_repository(tmp_path)

    found = escscaffold.scan(tmp_path, ["offices.csv"], reserve=True, dry_run=True)

    assert found.reservations is not None
    assert [(block.name, str(block.cidr)) for block in found.reservations.added] == [("london", "10.8.0.0/16")]
    assert (tmp_path / "escscaffold.toml").read_text() == SPEC
    assert before.plan.environment("prod") == escscaffold.plan(escscaffold.read_spec(SPEC)).environment("prod")

    escscaffold.scan(tmp_path, ["offices.csv"], reserve=True)

    assert str(escscaffold.plan_repository(tmp_path, ["prod"]).plan.spec.reserved["london"]) == "10.8.0.0/16"
    assert capfd.readouterr() == ("", "")


def test_a_path_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match="nowhere does not exist"):
        escscaffold.scan(tmp_path, ["nowhere"])


def test_check_of_a_plan_names_what_takes_a_plan() -> None:
    with pytest.raises(TypeError, match="check_plan"):
        escscaffold.check(escscaffold.plan(escscaffold.read_spec(SPEC)))  # type: ignore[arg-type]


def test_what_is_not_public_is_no_attribute() -> None:
    assert not hasattr(escscaffold, "plan_addresses")
