"""A run that is ended between any two of its requests: the next one goes on, and nothing is left over or double."""

from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.lock_text import read_lock
from tests.conftest import Run
from tests.ipam.between import Between, Request, kill, lost
from tests.ipam.conftest import Table
from tests.ipam.forked import fork, wait
from tests.properties import some_of

CLAIMS = {
    "platform/net: prod network": "10.64.0.0/16",
    "platform/net: prod nodes-1": "10.64.0.0/18",
    "platform/net: prod nodes-2": "10.64.64.0/18",
    "platform/net: prod kurrent": "10.65.0.0/24",
}
INIT = ("--mode", "eks", "--environment", "prod", "--yes")


def remembered(folder: Path) -> dict[str, str]:
    claims = read_lock((folder / "escscaffold.lock").read_text(), load_facts()).grants.claims
    return {f"{claims.repository}: {env} {name}": str(claim.cidr) for (env, name), claim in claims.held.items()}


def ended_at(number: int, table: Table, broken: Between, folder: Path) -> bool:
    """Run init until its change of this number is made, end it there, and return whether it came that far."""
    victim: list[int] = []
    counted: list[Request] = []

    def is_it(request: Request) -> bool:
        if request.changes and request.path.startswith("/api/ipam/"):
            counted.append(request)
            return len(counted) == number
        return False

    broken.once(kill(lambda: victim[0]), is_it)
    victim.append(fork(["init", folder, *INIT, *table.flags("platform/net", broken.url)], folder.with_suffix(".out")))
    return wait(victim[0]) == -9


# The changes of init are two blocks and the ranges inside; what it only reads leaves NetBox as it was.
@pytest.mark.parametrize("number", some_of([1, 2, 3], 2))
def test_an_ended_init_is_taken_up_by_the_next(
    number: int, table: Table, broken: Between, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "net"
    assert ended_at(number, table, broken, folder)
    assert not folder.exists()
    assert table.claimed()
    broken.fault = lambda request, passed_on: passed_on()

    done = run("init", folder, *INIT, *table.flags("platform/net", broken.url))

    assert done.exit_code == 0, done.output
    assert table.claimed() == CLAIMS == remembered(folder)


def test_these_are_all_changes_that_init_makes(table: Table, broken: Between, run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "net", *INIT, *table.flags("platform/net", broken.url))

    assert sum(request.path.startswith("/api/ipam/") for request in broken.changes) == 3


@pytest.mark.parametrize("number", some_of([1, 2, 3], 3))
def test_a_lost_answer_leaves_nothing_double(
    number: int, table: Table, broken: Between, run: Run, tmp_path: Path
) -> None:
    counted: list[Request] = []

    def is_it(request: Request) -> bool:
        counted.extend([request] if request.changes and request.path.startswith("/api/ipam/") else [])
        return request in counted and len(counted) == number

    broken.once(lost, is_it)

    done = run("init", tmp_path / "net", *INIT, *table.flags("platform/net", broken.url))

    assert done.exit_code == 0, done.output
    assert table.claimed() == CLAIMS == remembered(tmp_path / "net")


def test_what_an_ended_run_left_where_others_are_is_given_up(table: Table, run: Run, tmp_path: Path) -> None:
    table.add("10.64.0.0/16", "reserved", "platform/net: prod network")
    table.add("10.64.3.0/24", description="printers")

    done = run("init", tmp_path / "net", *INIT, *table.flags("platform/net"))

    assert done.exit_code == 0, done.output
    assert table.claimed()["platform/net: prod network"] == "10.65.0.0/16"
    assert table.claimed() == remembered(tmp_path / "net")


def test_an_ended_release_is_finished_by_the_next(table: Table, broken: Between, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "net"
    run("init", folder, *INIT, *table.flags("platform/net", broken.url))
    run("add", "test", "-C", folder, "--mode", "eks", "--yes")
    run("remove", "test", "-C", folder)
    victim: list[int] = []
    broken.once(kill(lambda: victim[0]), lambda request: request.method == "DELETE")
    victim.append(fork(["ipam", "release", "test", "-C", folder], tmp_path / "out"))
    assert wait(victim[0]) == -9

    done = run("ipam", "release", "test", "-C", folder)

    assert done.exit_code == 0, done.output
    assert "test.network was already deleted in the IPAM" in done.output
    assert table.claimed() == CLAIMS == remembered(folder)
