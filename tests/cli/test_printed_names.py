"""A name that output prints, such as `prod.pods`, is a name that flags and `set` take."""

from pathlib import Path

import pytest

from tests.cli.conftest import GKE, Plan, said
from tests.conftest import Run

NAMES = ("pods", "prod.pods", "ranges.pods", "prod.ranges.pods", "environments.prod.ranges.pods")


@pytest.fixture
def network(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "network"
    assert run("init", folder, *GKE, "--yes").exit_code == 0
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_set_takes_it(name: str, network: Path, run: Run) -> None:
    done = run("set", "-C", network, f"{name}=/15", "--dry-run")

    assert done.exit_code == 3, done.output
    assert "prod.pods: 10.0.0.0/17 -> 10.2.0.0/15" in done.output


def test_set_writes_a_printed_name_below_ranges(network: Path, run: Run) -> None:
    assert run("set", "-C", network, "prod.pods=/17").exit_code == 0

    assert '[environments.prod.ranges]\npods = "/17"' in (network / "escscaffold.toml").read_text()
    assert run("set", "-C", network, "prod.pods=").exit_code == 0
    assert "pods" not in (network / "escscaffold.toml").read_text()


def test_set_asks_whose_range_is_meant(network: Path, run: Run) -> None:
    run("add", "-C", network, "dev", *GKE, "--yes")

    refused = run("set", "-C", network, "pods=/15")

    assert refused.exit_code == 2
    assert "write prod.pods, dev.pods" in said(refused)
    assert run("set", "-C", network, "pods=/15", "--environment", "dev", "--dry-run").exit_code == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_flag_takes_it(name: str, planned: Plan) -> None:
    document = planned(*GKE, "--range", f"{name}=10.64.0.0/17")

    assert document["environments"]["prod"]["ranges"]["pods"]["cidr"] == "10.64.0.0/17"


def test_a_setting_takes_it(planned: Plan) -> None:
    document = planned(*GKE, "--set", "prod.pods=/16", "--set", "prod.routes=exact", "--set", "nodes=/21")

    assert document["environments"]["prod"]["ranges"]["pods"]["cidr"].endswith("/16")
    assert document["environments"]["prod"]["ranges"]["nodes"]["cidr"].endswith("/21")
    assert len(document["environments"]["prod"]["remote"]) == 2


def test_it_is_that_of_the_environment_that_is_added(network: Path, run: Run) -> None:
    given = ("--mode", "gke-standard", "--yes")

    assert run("add", "-C", network, "dev", *given, "--range", "dev.pods=/18").exit_code == 0
    assert run("add", "-C", network, "test", *given, "--range", "dev.pods=/18").exit_code == 2

    assert 'pods = "/18"' in (network / "escscaffold.toml").read_text()


@pytest.mark.parametrize("name", ["prod", "prod.pods", "prod.ranges.pods", "environments.prod.ranges.pods"])
def test_a_replacement_is_accepted_by_it(name: str, network: Path, run: Run) -> None:
    assert run("set", "-C", network, "prod.pods=/18").exit_code == 5

    assert run("set", "-C", network, "prod.pods=/18", "--accept-replace", name).exit_code == 0


def test_a_misspelled_key_is_no_range_where_a_person_names_ranges(planned: Plan, run: Run) -> None:
    given = ("--mode", "gcp-existing", "--set", "existing.network=main", "--range", "nodes=10.20.0.0/16")

    refused = run("plan", *given, "--set", "regoin=europe-west2")

    assert "Did you mean region?" in said(refused)
    assert planned(*given, "--range", "prod.jobs=10.21.0.0/16")["environments"]["prod"]["ranges"]["jobs"]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--environment", "prodé"), "Invalid environment name 'prodé'"),
        (("--reserve", "büro=10.8.0.0/16"), "Invalid name 'büro' of an address block. 'ü' is U+00FC."),
        # A Cyrillic letter that looks like a Latin one.
        (("--environment", "pr\u043ed"), "'\u043e' is U+043E."),
        (("--environment", "a\u202eb"), "Invalid environment name 'a\\u202eb'"),
    ],
)
def test_letters_of_any_language_are_shown_as_typed(flags: tuple[str, ...], told: str, run: Run) -> None:
    assert told in said(run("plan", *GKE, *flags))
