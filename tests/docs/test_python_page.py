"""The page on Python names what is public, and nothing else."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest

import escscaffold
from escscaffold.errors import ScaffoldError
from tests.adopted_state import HALF, state
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


GKE = {"cloud": "gcp", "region": "europe-west2", "mode": "gke-standard"}
ADOPTED = {
    "environments": {
        "shop": {
            "region": "europe-west2",
            "existing": {"network": "default", "kurrent-project": "shop"},
            "ranges": {"nodes": "10.154.0.0/20", "pods": "10.24.0.0/14"},
            "routes": "exact",
        }
    }
}


def test_the_promise_is_of_what_is_there(tmp_path: Path) -> None:
    spec = escscaffold.read_spec(SPEC)
    (tmp_path / "escscaffold.toml").write_text(SPEC)
    (tmp_path / "state.json").write_text(state(HALF))
    plan = escscaffold.plan(spec)
    things = {
        "a plan": plan,
        "an environment": plan.environment("prod"),
        "a range": plan.environment("prod").range("pods"),
        "a run": escscaffold.generate(tmp_path),
        "a check": escscaffold.check(tmp_path),
        "a planned repository": escscaffold.plan_repository(tmp_path),
        "an adoption": escscaffold.adopt(tmp_path, ["state.json"], ADOPTED, to="net", dry_run=True),
        "a release": escscaffold.release(tmp_path, ["README.md"], dry_run=True),
        "a formatting": escscaffold.fmt(tmp_path),
        "a scan": escscaffold.scan(tmp_path, ["environments"]),
        "a review": escscaffold.review(tmp_path, ".", "."),
        "a file": escscaffold.render(plan)["README.md"],
    }
    promise = re.sub(r"\s+", " ", PAGE.partition("## Stability")[2])

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


def test_a_repository_is_created_changed_and_taken_apart_from_python(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, asked = tmp_path / "net", {"environments": {"prod": GKE}}

    assert escscaffold.init(folder, asked, dry_run=True).outcome == "would-change"
    assert not folder.exists()
    assert escscaffold.init(folder, asked).outcome == "done"
    assert escscaffold.add(folder, {"environments": {"dev": GKE}, "reserved": {"office": "10.8.0.0/16"}}).files
    assert escscaffold.set_keys(folder, ["dev.database.disk_size=200"]).outcome == "done"
    assert escscaffold.rename(folder, "dev", "live").replaced == ()
    assert escscaffold.release(folder, ["environments/live/outputs.tf"]).files == ("environments/live/outputs.tf",)

    assert escscaffold.check(folder).verdict == "passed"
    spec = tomllib.loads((folder / "escscaffold.toml").read_text())
    assert sorted(spec["environments"]) == ["live", "prod"]
    assert spec["reserved"] == {"office": "10.8.0.0/16"}
    assert spec["environments"]["live"]["database"] == {"disk_size": 200}
    assert capfd.readouterr() == ("", "")


def test_an_environment_with_resources_is_not_removed_without_force(tmp_path: Path) -> None:
    escscaffold.init(tmp_path, {"environments": {"prod": GKE, "dev": GKE}})
    (tmp_path / "environments/dev/terraform.tfstate").write_text(state(HALF))

    with pytest.raises(ScaffoldError, match=r"dev is not destroyed yet: .*terraform\.tfstate") as caught:
        escscaffold.remove(tmp_path, "dev")

    assert "terraform -chdir=environments/dev destroy" in caught.value.hint
    assert (tmp_path / "environments/dev/main.tf").exists()
    assert escscaffold.remove(tmp_path, "dev", escscaffold.Terms(dry_run=True)).outcome == "would-change"
    assert escscaffold.remove(tmp_path, "dev", force=True).outcome == "done"
    assert not (tmp_path / "environments/dev/main.tf").exists()


def test_a_peering_is_adopted_from_python(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state.json").write_text(state(HALF))

    adopted = escscaffold.adopt(tmp_path, ["state.json"], ADOPTED, to="net", dry_run=True)
    assert adopted.generated.outcome == "would-change"
    assert not (tmp_path / "net").exists()

    adopted = escscaffold.adopt(tmp_path, ["state.json"], ADOPTED, to="net")

    assert adopted.generated.outcome == "done"
    assert adopted.read.answers["ranges", "kurrent"] == "172.22.110.0/24"
    spec = tomllib.loads((tmp_path / "net/escscaffold.toml").read_text())["environments"]["shop"]
    assert spec["cloud"] == "gcp" and spec["ranges"]["kurrent"] == "172.22.110.0/24"
    assert (tmp_path / "net/environments/shop/imports.tf").read_text().count("import {") == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({}, "No environment is given"),
        ({"environments": {"prod": GKE | {"regoin": "x"}}}, "Unknown key 'regoin'"),
        ({"environments": {"prod": GKE}, "reserve": {}}, "Unknown key 'reserve'"),
    ],
)
def test_what_no_spec_can_hold_is_not_written(tmp_path: Path, asked: dict[str, object], problem: str) -> None:
    with pytest.raises(ScaffoldError, match=problem):
        escscaffold.init(tmp_path / "net", asked)
    assert not (tmp_path / "net").exists()
    escscaffold.init(tmp_path / "old", {"environments": {"dev": GKE}})
    before = (tmp_path / "old/escscaffold.toml").read_text()

    with pytest.raises(ScaffoldError, match=problem):
        escscaffold.add(tmp_path / "old", asked)

    assert (tmp_path / "old/escscaffold.toml").read_text() == before


def test_what_a_repository_has_is_not_added_to_it(tmp_path: Path) -> None:
    escscaffold.init(tmp_path, {"environments": {"prod": GKE}})

    with pytest.raises(ScaffoldError, match="is already an escscaffold repository"):
        escscaffold.init(tmp_path, {"environments": {"dev": GKE}})
    with pytest.raises(ScaffoldError, match="prod already exists"):
        escscaffold.add(tmp_path, {"environments": {"prod": GKE}})
    with pytest.raises(ScaffoldError, match="provider applies to the whole repository"):
        escscaffold.add(tmp_path, {"environments": {"dev": GKE}, "provider": "eventstorecloud"})


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
