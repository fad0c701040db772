"""Many claim at once: what they get is disjoint, and each lock says what NetBox has."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.lock_text import read_lock
from tests.ipam.conftest import Table, blocks
from tests.ipam.forked import fork, wait
from tests.properties import in_full, tries_more

MANY = int(os.environ.get("ESCSCAFFOLD_CLAIMS_AT_ONCE", "6" if tries_more() else "4"))
"""How many claim at once; 50 by hand. Each waits for the others, so that the cost grows with the square."""
INIT = ("init", "--mode", "eks", "--environment", "prod", "--yes", "--quiet")


def claims_of(folder: Path) -> dict[str, tuple[str, int]]:
    claims = read_lock((folder / "escscaffold.lock").read_text(), load_facts()).grants.claims
    held = claims.held.items()
    return {f"{claims.repository}: {env} {name}": (str(claim.cidr), claim.id) for (env, name), claim in held}


def test_repositories_that_claim_at_once_get_disjoint_blocks(table: Table, tmp_path: Path) -> None:
    processes = [
        fork(
            [*INIT, tmp_path / f"r{number}", *table.flags(f"platform/r{number}")],
            tmp_path / f"r{number}.out",
        )
        for number in range(MANY)
    ]

    codes = [wait(process) for process in processes]

    assert codes == [0] * MANY, [(tmp_path / f"r{n}.out").read_text() for n, code in enumerate(codes) if code]
    disjoint = blocks(table)
    assert len(disjoint) == 2 * MANY
    assert not any(one.overlaps(other) for one, other in pairwise(disjoint))
    in_netbox = {row["description"]: (row["prefix"], row["id"]) for row in table.rows() if ": " in row["description"]}
    in_locks: dict[str, tuple[str, int]] = {}
    for number in range(MANY):
        in_locks |= claims_of(tmp_path / f"r{number}")
    assert in_locks == in_netbox


@pytest.mark.parametrize("unique", [True, pytest.param(False, marks=in_full)])
def test_what_is_pinned_to_the_same_place_is_got_by_one(unique: bool, table: Table, tmp_path: Path) -> None:
    table.enforce(unique)
    processes = [
        fork(
            [*INIT, tmp_path / f"r{number}", "--range", "network=10.20.0.0/16", *table.flags(f"platform/r{number}")],
            tmp_path / f"r{number}.out",
        )
        for number in range(4)
    ]

    codes = [wait(process) for process in processes]

    assert sorted(codes) == [0, 1, 1, 1], [(tmp_path / f"r{n}.out").read_text() for n in range(4)]
    winner = codes.index(0)
    assert {label.partition(":")[0] for label in table.claimed()} == {f"platform/r{winner}"}


@pytest.mark.parametrize("unique", [pytest.param(True, marks=in_full), False])
def test_runs_of_one_repository_claim_once(unique: bool, table: Table, tmp_path: Path) -> None:
    table.enforce(unique)
    processes = [
        fork(
            [*INIT, tmp_path / f"r{number}", *table.flags("platform/net")],
            tmp_path / f"r{number}.out",
        )
        for number in range(3)
    ]

    codes = [wait(process) for process in processes]

    assert codes == [0] * 3, [(tmp_path / f"r{n}.out").read_text() for n in range(3)]
    assert len(table.claimed()) == 4
    assert claims_of(tmp_path / "r0") == claims_of(tmp_path / "r1") == claims_of(tmp_path / "r2")
