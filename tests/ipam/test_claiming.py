"""Claims in a real NetBox: what is registered, what the lock remembers, and what is refused."""

import json
import re
from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.lock_text import read_lock
from tests.conftest import Run
from tests.ipam.conftest import Init, Table


def lock_of(folder: Path) -> dict[str, str]:
    """Return what the lock remembers, as NetBox would describe and write it."""
    claims = read_lock((folder / "escscaffold.lock").read_text(), load_facts()).grants.claims
    return {f"{claims.repository}: {env} {name}": str(claim.cidr) for (env, name), claim in claims.held.items()}


def test_a_new_repository_claims_a_block_and_places_its_ranges_inside(
    table: Table, init: Init, run: Run, tmp_path: Path
) -> None:
    done = init(table)

    assert done.exit_code == 0, done.output
    assert table.claimed() == {
        "platform/net: prod network": "10.64.0.0/16",
        "platform/net: prod nodes-1": "10.64.0.0/18",
        "platform/net: prod nodes-2": "10.64.64.0/18",
        "platform/net: prod kurrent": "10.65.0.0/24",
    }
    assert lock_of(tmp_path / "net") == table.claimed()
    assert 'remote = ["10.64.0.0/16"]' in (tmp_path / "net/environments/prod/terraform.tfvars").read_text()
    assert run("ipam", "status", "-C", tmp_path / "net").exit_code == 0
    assert run("check", "-C", tmp_path / "net").exit_code == 0
    row = next(row for row in table.rows() if row["description"] == "platform/net: prod network")
    assert [tag["name"] for tag in row["tags"]] == ["escscaffold"]
    assert row["status"]["value"] == "reserved"
    assert "environment prod" in row["comments"]


def test_two_repositories_do_not_collide(table: Table, init: Init, tmp_path: Path) -> None:
    assert init(table, "one").exit_code == 0
    assert init(table, "two").exit_code == 0

    assert table.claimed()["platform/two: prod network"] == "10.66.0.0/16"
    assert lock_of(tmp_path / "two").items() < table.claimed().items()


def test_a_claim_that_is_repeated_changes_nothing(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    before = table.said()

    done = run("ipam", "claim", "-C", tmp_path / "net")

    assert done.exit_code == 0, done.output
    assert "No changes" in done.output
    assert table.said() == before


def test_an_environment_that_is_added_claims_its_own(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)

    done = run("add", "test", "-C", tmp_path / "net", "--mode", "gke-standard", "--yes")

    assert done.exit_code == 0, done.output
    assert table.claimed()["platform/net: test remote"] == "10.66.0.0/16"
    assert "nodes /20 + pods /17 = 36,864 of its 65,536 addresses" in done.output
    assert lock_of(tmp_path / "net") == table.claimed()


def test_without_a_claim_no_connection_is_opened(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    done = init(table, "net", "--no-claim", url="http://127.0.0.1:9")

    assert done.exit_code == 0, done.output
    assert "ESC706" in done.output and "ESC703" in done.output
    assert table.claimed() == {}


def test_a_dry_run_tells_the_sum_and_claims_nothing(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table, "net", "--no-claim")

    done = run("ipam", "claim", "prod", "--dry-run", "-C", tmp_path / "net")

    assert done.exit_code == 3
    assert "prod network: 10.64.0.0/16, pinned" in done.output
    assert "nodes-1 /18 + nodes-2 /18 = 32,768 of its 65,536 addresses" in done.output
    assert table.claimed() == {}
    document = json.loads(run("ipam", "claim", "--dry-run", "--json", "-C", tmp_path / "net").output)
    assert (document["claims"][0]["range"], document["claims"][0]["cidr"]) == ("network", "10.64.0.0/16")


def test_what_is_pinned_is_claimed_as_it_stands(table: Table, init: Init, tmp_path: Path) -> None:
    done = init(table, "net", "--range", "network=10.20.0.0/16", "--range", "kurrent=10.30.0.0/24")

    assert done.exit_code == 0, done.output
    assert table.claimed()["platform/net: prod network"] == "10.20.0.0/16"
    assert table.claimed()["platform/net: prod kurrent"] == "10.30.0.0/24"
    assert lock_of(tmp_path / "net") == table.claimed()


@pytest.mark.parametrize("taken", ["10.20.0.0/16", "10.20.128.0/20", "10.16.0.0/12"])
def test_what_is_pinned_is_refused_with_what_has_it(table: Table, init: Init, tmp_path: Path, taken: str) -> None:
    number = table.add(taken, description="data center")

    done = init(table, "net", "--range", "network=10.20.0.0/16")

    assert done.exit_code == 1
    assert re.search(rf"{re.escape(taken)} \(data center\), id {number}", " ".join(done.output.split()))
    assert not (tmp_path / "net").exists()
    assert table.claimed() == {}


def test_a_container_around_a_pinned_range_is_made_for_it(table: Table, init: Init) -> None:
    table.add("10.16.0.0/12", "container", "our cloud")

    assert init(table, "net", "--range", "network=10.20.0.0/16").exit_code == 0


def test_the_next_prefix_is_taken_where_the_first_is_full(table: Table, init: Init) -> None:
    table.add("10.32.0.0/16", "container", "small")
    table.add("10.32.0.0/17", "active", "somebody")

    done = init(table, "net", *table.flags("platform/net", claim_from="X"))
    assert done.exit_code == 2  # a list is needed
    flags = [flag.replace('claim_from = "X"', 'claim_from = ["10.32.0.0/16", "10.64.0.0/10"]') for flag in
             table.flags("platform/net", claim_from="X")]  # fmt: skip
    done = init(table, "net", *flags)

    assert done.exit_code == 0, done.output
    assert table.claimed()["platform/net: prod network"] == "10.64.0.0/16"
    assert table.claimed()["platform/net: prod kurrent"] == "10.32.128.0/24"


def test_where_nothing_is_left_it_says_what_is(table: Table, init: Init, tmp_path: Path) -> None:
    # What is pulled leaves room, and what NetBox allocates does not: a prefix that no plan counts as taken.
    for block in ("10.64.0.0/11", "10.96.0.0/12", "10.112.0.0/13"):
        table.add(block, "container", "another team's")
    table.add("10.120.0.0/14", "container", "another team's")
    table.add("10.124.0.0/15", "container", "another team's")
    table.add("10.126.0.0/16", "container", "another team's")
    table.add("10.127.0.0/17", "container", "another team's")

    done = init(table, "net")

    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert "prod network needs a /16, but no such block is free in 10.64.0.0/10" in said
    assert "Free: 1 x /17" in said
    assert not (tmp_path / "net").exists()
    assert table.claimed() == {}


def test_more_is_claimed_where_the_block_is_too_small(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table, "net", "--set", "routes=exact", mode="gke-standard")
    net = tmp_path / "net"
    refused = run("set", "prod.ranges.pods=/15", "-C", net)
    assert f"Or claim more: escscaffold ipam claim -C {net} prod" in " ".join(refused.output.split())
    spec = (net / "escscaffold.toml").read_text()
    (net / "escscaffold.toml").write_text(f'{spec}\n[environments.prod.ranges]\npods = "/15"\n')

    unaccepted = run("ipam", "claim", "-C", net)
    assert unaccepted.exit_code == 5
    assert len(table.claimed()) == len(lock_of(net))
    done = run("ipam", "claim", "--accept-replace", "prod", "-C", net)

    assert done.exit_code == 0, done.output
    assert "claimed so far: 10.64.0.0/17, 10.64.128.0/20 with 36,864" in " ".join(done.output.split())
    assert table.claimed()["platform/net: prod pods"] == "10.66.0.0/15"
    assert lock_of(net) == table.claimed()
    assert run("ipam", "status", "-C", net).exit_code == 0


def test_a_local_reserved_block_is_stayed_off(table: Table, init: Init) -> None:
    done = init(table, "net", "--reserve", "lab=10.64.0.0/12")

    assert done.exit_code == 0, done.output
    assert table.claimed()["platform/net: prod network"] == "10.80.0.0/16"


def test_a_kurrent_network_that_is_shared_is_claimed_once(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table, "net", "--range", "kurrent=10.30.0.0/24")
    shared = ["--set", 'parts={kurrent-project="existing",kurrent-network="existing"}']
    shared += ["--set", 'existing={kurrent-project="prod",kurrent-network="prod"}', "--range", "kurrent=10.30.0.0/24"]

    done = run("add", "test", "-C", tmp_path / "net", "--mode", "eks", "--yes", *shared)

    assert done.exit_code == 0, done.output
    assert [label for label in table.claimed() if label.endswith("kurrent")] == ["platform/net: prod kurrent"]


def test_a_renamed_environment_keeps_its_claims(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    before = {row["id"] for row in table.rows()}

    assert run("rename", "prod", "live", "-C", tmp_path / "net").exit_code == 0
    differing = run("ipam", "status", "-C", tmp_path / "net")
    done = run("ipam", "claim", "live", "-C", tmp_path / "net")

    assert differing.exit_code == 3
    assert "it is described 'platform/net: prod network' there" in " ".join(differing.output.split())
    assert done.exit_code == 0, done.output
    assert {row["id"] for row in table.rows()} == before
    assert set(table.claimed()) == {
        f"platform/net: live {name}" for name in ("network", "nodes-1", "nodes-2", "kurrent")
    }
    assert run("ipam", "status", "-C", tmp_path / "net").exit_code == 0


def test_claims_stay_until_they_are_released(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    net = tmp_path / "net"
    run("add", "test", "-C", net, "--mode", "eks", "--yes")
    before = table.claimed()

    in_use = run("ipam", "release", "test", "-C", net)
    removed = run("remove", "test", "-C", net)
    assert in_use.exit_code == 1 and "is in the spec" in in_use.output
    # A line breaks before a long path.
    assert f"To release its claims: escscaffold ipam release -C {net} test" in " ".join(removed.output.split())
    assert table.claimed() == before
    assert run("ipam", "release", "--retired", "--dry-run", "-C", net).exit_code == 3
    assert table.claimed() == before
    done = run("ipam", "release", "--retired", "-C", net)

    assert done.exit_code == 0, done.output
    assert set(table.claimed()) == {label for label in before if ": prod " in label}
    assert lock_of(net) == table.claimed()
    again = run("ipam", "release", "test", "-C", net)
    assert (again.exit_code, again.output) == (0, "test has no claims in the IPAM.\n")


def test_what_somebody_else_took_over_is_not_released(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    run("add", "test", "-C", tmp_path / "net", "--mode", "eks", "--yes")
    run("remove", "test", "-C", tmp_path / "net")
    row = next(row for row in table.rows() if row["description"] == "platform/net: test network")
    table.netbox.ask("PATCH", f"ipam/prefixes/{row['id']}/", {"description": "now of the data team"})

    done = run("ipam", "release", "test", "-C", tmp_path / "net")

    assert done.exit_code == 1
    assert ", is kept: its description was changed. Delete it in the IPAM, or restore its description." in " ".join(
        done.output.split()
    )
    assert "now of the data team" in table.said().values()


def test_status_names_each_difference_and_who_made_it(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    numbers = {row["description"].rpartition(" ")[2]: row["id"] for row in table.rows()}
    table.netbox.ask("DELETE", f"ipam/prefixes/{numbers['kurrent']}/")
    table.netbox.ask("PATCH", f"ipam/prefixes/{numbers['nodes-1']}/", {"prefix": "10.64.0.0/19"})
    printers = table.add("10.64.200.0/24", description="printers")

    done = run("ipam", "status", "--json", "-C", tmp_path / "net")

    assert done.exit_code == 3
    found = {(one["range"], one["number"]): one for one in json.loads(done.output)["differences"]}
    assert set(found) == {("kurrent", numbers["kurrent"]), ("nodes-1", numbers["nodes-1"]), ("network", printers)}
    assert {one["last_change"]["user"] for one in found.values()} == {"test"}
    actions = {key[0]: one["last_change"]["action"] for key, one in found.items()}
    assert actions == {"kurrent": "deleted", "nodes-1": "updated", "network": "created"}
    text = " ".join(run("ipam", "status", "-C", tmp_path / "net").output.split())
    assert "10.64.0.0/19 (updated by test on " in text


def test_a_deleted_claim_is_made_again(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    row = next(row for row in table.rows() if row["description"].endswith("kurrent"))
    table.netbox.ask("DELETE", f"ipam/prefixes/{row['id']}/")

    done = run("ipam", "claim", "-C", tmp_path / "net")

    assert done.exit_code == 0, done.output
    assert table.claimed()["platform/net: prod kurrent"] == "10.65.0.0/24"
    assert run("ipam", "status", "-C", tmp_path / "net").exit_code == 0


def test_a_repository_without_a_name_takes_that_of_its_remote(table: Table, run: Run, tmp_path: Path) -> None:
    from tests.git import git

    flags = [flag.replace(', repository = ""', "") for flag in table.flags("")]
    refused = run("init", tmp_path / "net", "--mode", "eks", "--environment", "prod", "--yes", *flags)
    assert refused.exit_code == 1
    assert "Claims need a repository name, and git has no remote `origin`." in refused.output
    assert not (tmp_path / "net").exists()
    (tmp_path / "net").mkdir()
    git(tmp_path / "net", "init", "--quiet")
    git(tmp_path / "net", "remote", "add", "origin", "https://me:secret@git.example.com/platform/network.git")

    done = run("init", tmp_path / "net", "--mode", "eks", "--environment", "prod", "--yes", *flags)

    assert done.exit_code == 0, done.output
    assert "platform/network: prod network" in table.claimed()
    assert "secret" not in done.output


def test_a_name_that_is_not_there_is_told(table: Table, init: Init, tmp_path: Path) -> None:
    for key, value in (("vrf", "no such VRF"), ("tenant", "nobody"), ("role", "none")):
        flags = table.flags("platform/net", **{key: value})

        done = init(table, "net", *flags)

        assert done.exit_code == 1
        assert f"{value}." in done.output and f"change {key} in [ipam]" in " ".join(done.output.split())
        assert not (tmp_path / "net").exists()
    assert table.claimed() == {}


def test_a_prefix_to_claim_from_that_netbox_lacks_is_told(table: Table, init: Init, tmp_path: Path) -> None:
    flags = [flag.replace("10.64.0.0/10", "10.128.0.0/9") for flag in table.flags("platform/net")]

    done = init(table, "net", *flags)

    assert done.exit_code == 1
    assert "10.128.0.0/9 is not a prefix in" in " ".join(done.output.split())
    assert not (tmp_path / "net").exists()


def test_a_tenant_and_a_role_are_given_to_what_is_claimed(table: Table, init: Init) -> None:
    tenant, role = f"team {table.name}", f"clusters {table.name}"
    table.netbox.ask("POST", "tenancy/tenants/", {"name": tenant, "slug": table.name})
    table.netbox.ask("POST", "ipam/roles/", {"name": role, "slug": table.name})

    done = init(table, "net", *table.flags("platform/net", tenant=tenant, role=role))

    assert done.exit_code == 0, done.output
    rows = [row for row in table.rows() if row["description"].startswith("platform/net")]
    assert {(row["tenant"]["name"], row["role"]["name"]) for row in rows} == {(tenant, role)}
