"""What a pull writes, what the other commands make of it, and how long it takes."""

import json
import time
from pathlib import Path

from tests.conftest import Run
from tests.git import commit, git
from tests.ipam.between import Answer, Between
from tests.ipam.conftest import Init, Table
from tests.properties import in_full

INIT = ("--mode", "eks", "--environment", "prod", "--yes")
MANY = 20_000


def test_a_pull_writes_the_same_bytes_and_tells_what_changed(
    table: Table, init: Init, run: Run, tmp_path: Path
) -> None:
    init(table, "net", "--no-claim")
    file = tmp_path / "net/escscaffold.ipam.json"
    table.add("10.8.0.0/16", description="office")

    first = run("ipam", "pull", "-C", tmp_path / "net")
    text = file.read_text()
    assert first.exit_code == 0, first.output
    assert run("ipam", "pull", "-C", tmp_path / "net").exit_code == 0
    assert file.read_text() == text
    assert run("ipam", "pull", "--dry-run", "-C", tmp_path / "net").exit_code == 0
    table.add("10.9.0.0/16", description="lab")
    dry = run("ipam", "pull", "--dry-run", "--json", "-C", tmp_path / "net")

    assert dry.exit_code == 3
    assert json.loads(dry.output)["changes"] == [
        {"change": "added", "prefix": "10.9.0.0/16", "before": "", "after": "10.9.0.0/16, active, lab"}
    ]
    assert file.read_text() == text
    told = run("ipam", "pull", "-C", tmp_path / "net").output
    assert "+ 10.9.0.0/16, active, lab" in told


def test_a_team_that_only_reads_plans_off_what_others_have(table: Table, run: Run, tmp_path: Path) -> None:
    table.add("10.0.0.0/9", "container", "the organization")
    table.add("10.0.0.0/14", description="data center")
    flags = [flag.replace(', claim_from = ["10.64.0.0/10"]', "") for flag in table.flags("platform/net")]

    done = run("init", tmp_path / "net", *INIT, *flags)

    assert done.exit_code == 0, done.output
    # What is pulled comes with the repository, and the plan stays off it without a connection.
    assert "10.4.0.0/16" in (tmp_path / "net/environments/prod/terraform.tfvars").read_text()
    assert table.claimed() == {}
    checked = run("check", "-C", tmp_path / "net")
    assert checked.exit_code == 0
    assert "pulled today" in checked.output
    assert "pulled today" in run("plan", "-C", tmp_path / "net").output
    table.add("10.4.4.0/24", description="printers")
    pulled = run("ipam", "pull", "-C", tmp_path / "net")
    assert "10.4.4.0/24 (printers)" in pulled.output
    assert run("check", "-C", tmp_path / "net").exit_code == 1


def test_a_review_shows_what_changed_in_netbox(table: Table, init: Init, run: Run, tmp_path: Path) -> None:
    init(table)
    net = tmp_path / "net"
    git(net, "init", "--quiet", "--initial-branch", "main")
    commit(net, "Begin")
    table.add("10.8.0.0/16", description="office | <b>")
    run("ipam", "pull", "-C", net)

    done = run("review", "HEAD", "-C", net)

    assert "Prefixes of the IPAM" in done.output
    assert "10.8.0.0/16" in done.output and "added" in done.output
    document = json.loads(run("review", "HEAD", "--format", "json", "-C", net).output)
    assert [one["prefix"] for one in document["ipam"]] == ["10.8.0.0/16"]


@in_full
def test_twenty_thousand_prefixes_cost_little_more_than_their_json(
    table: Table, broken: Between, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "escscaffold.toml").write_text(
        f'version = 1\n[ipam]\nkind = "netbox"\nurl = "{broken.url}"\nvrf = "{table.name}"\n'
    )
    table.add("10.8.0.0/16", description="office", tags=[])
    pages = _pages(table)
    broken.always(_from(pages), lambda request: "/prefixes/" in request.path)
    run("ipam", "pull", "-C", tmp_path)  # what it imports

    floor = min(_processor_time(lambda: [json.loads(page) for page in pages]) for _ in range(3))
    ours = min(_processor_time(lambda: run("ipam", "pull", "-C", tmp_path)) for _ in range(3))

    assert len(json.loads((tmp_path / "escscaffold.ipam.json").read_text())["prefixes"]) == MANY
    assert ours < 3 * floor, f"{ours:.2f} s of processor time, and {floor:.2f} s for the JSON of the pages alone"


def _pages(table: Table) -> list[bytes]:
    """Return the pages that NetBox would answer, made of a prefix as it really answers it."""
    path = f"ipam/prefixes/?vrf_id={table.number}&prefix=10.8.0.0/16"
    (row,) = table.netbox.ask("GET", path)["results"]
    rows = [
        {**row, "id": number + 1, "prefix": f"10.{128 + (number >> 8)}.{number & 255}.0/24"}
        for number in range(MANY)
    ]  # fmt: skip
    ends = [*range(1000, MANY, 1000), MANY]
    return [
        json.dumps({"count": MANY, "next": "more" if end < MANY else None, "results": rows[end - 1000 : end]}).encode()
        for end in ends
    ]


def _from(pages: list[bytes]):  # type: ignore[no-untyped-def]
    def answer(request, passed_on):  # type: ignore[no-untyped-def]
        after = int(request.path.partition("id__gt=")[2].partition("&")[0] or 0)
        return Answer(200, pages[after // 1000])

    return answer


def _processor_time(work) -> float:  # type: ignore[no-untyped-def]
    begun = time.process_time()
    work()
    return time.process_time() - begun
