"""An edit that is saved while `ipam release` waits for NetBox is never overwritten, nor decided on too late."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import said
from tests.conftest import Run
from tests.ipam.between import Answer, Between, Request
from tests.ipam.conftest import Table
from tests.properties import in_full

INIT = ("--mode", "eks", "--environment", "prod", "--yes")
SPEC, LOCK, PULLED = "escscaffold.toml", "escscaffold.lock", "escscaffold.ipam.json"


@pytest.fixture
def net(table: Table, broken: Between, run: Run, tmp_path: Path) -> Path:
    """A repository whose environment `test` is removed, and holds its claims still."""
    folder = tmp_path / "net"
    assert run("init", folder, *INIT, *table.flags("platform/net", broken.url)).exit_code == 0
    assert run("add", "test", "-C", folder, "--mode", "eks", "--yes").exit_code == 0
    assert run("remove", "test", "-C", folder).exit_code == 0
    return folder


def edit_at(broken: Between, method: str, path: Path) -> None:
    """Have a line added to a file while NetBox is asked with this method."""

    def edited(request: Request, passed_on: Callable[[], Answer]) -> Answer:
        path.write_text(path.read_text() + "\n")
        return passed_on()

    broken.once(edited, lambda request: request.method == method)


@in_full
def test_a_release_neither_loses_an_edit_nor_deletes_after_one(
    net: Path, table: Table, broken: Between, run: Run
) -> None:
    """An environment that is put back meanwhile keeps its addresses; what an edit breaks off, the next run ends."""
    claimed = table.claimed()
    before = {name: (net / name).read_text() for name in (SPEC, LOCK, PULLED)}
    for name in before:
        edit_at(broken, "GET", net / name)
        done = run("ipam", "release", "test", "-C", net)

        assert done.exit_code == 1
        assert f"{name} changed during the run." in done.output
        assert table.claimed() == claimed
        assert {file: (net / file).read_text() for file in before} == before | {name: before[name] + "\n"}
        (net / name).write_text(before[name])

    edit_at(broken, "DELETE", net / SPEC)
    done = run("ipam", "release", "test", "-C", net)
    assert done.exit_code == 1
    assert f"{SPEC} changed during the run." in done.output
    assert "The prefixes were deleted in the IPAM, but escscaffold.lock still has them: run the command again." in said(
        done
    )
    assert {file: (net / file).read_text() for file in before} == before | {SPEC: before[SPEC] + "\n"}

    again = run("ipam", "release", "test", "-C", net)
    assert again.exit_code == 0, again.output
    assert "test.network was already deleted in the IPAM." in again.output
    assert {label.partition(": ")[2].partition(" ")[0] for label in table.claimed()} == {"prod"}
