"""`scan`: what a person sees of it, and what `--reserve` does to the spec."""

import json
import subprocess
import sys
import tomllib
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import said, tree
from tests.conftest import Run

INFRA = """\
variable "hub" {}
resource "aws_vpc" "main" { cidr_block = "10.8.0.0/16" }
resource "aws_subnet" "a" { cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 4, 1) }
resource "aws_vpc" "other" { cidr_block = "172.19.0.0/16" }
resource "aws_route" "hub" { destination_cidr_block = var.hub }
resource "aws_security_group" "web" {
  ingress { cidr_blocks = ["0.0.0.0/0", "10.0.0.0/8", "10.8.0.9/32", "8.8.8.0/24"] }
}
"""


@pytest.fixture
def infra(repository: Path) -> Path:
    """A file of somebody's Terraform in a repository of ours."""
    path = repository / "infra/main.tf"
    path.parent.mkdir()
    path.write_text(INFRA)
    return path


def document(run: Run, *arguments: object, exit_code: int = 0, **options: Any) -> Any:
    result = run("scan", *arguments, "--json", **options)
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def reserved(repository: Path) -> dict[str, str]:
    table: dict[str, str] = tomllib.loads((repository / "escscaffold.toml").read_text()).get("reserved", {})
    return table


def prods(repository: Path, name: str) -> str:
    """Return where a range of prod lies."""
    lines = (repository / "environments/prod/terraform.tfvars").read_text().splitlines()
    return next(line.split('"')[1] for line in lines if line.split(" = ")[0].strip() == name)


def test_the_table_shows_what_lies_in_what_and_where_it_stands(infra: Path, run: Run) -> None:
    result = run("scan", "-C", infra.parent.parent, "infra", env={"COLUMNS": "120"})

    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["10.8.0.0/16", "network", "aws_vpc.main", "infra/main.tf:2"] in rows
    assert "\n  10.8.16.0/20 " in result.stdout
    # A rule about all of 10.0.0.0/8 holds no network, and is counted.
    assert "\n10.8.0.0/16 " in result.stdout
    assert "10.0.0.0/8" not in result.stdout
    assert "3 private networks in 1 file" in result.stdout
    assert "Not reserved: 1 rule. To list them: --kind." in result.stdout
    assert "3 ignored: a host (1), not private (1), wider than /8 (1)." in result.stdout
    assert "var.hub has no value infra/main.tf:5 aws_route.hub destination_cidr_block = var.hub" in said(result)


def test_the_json_has_all_of_it(infra: Path, run: Run) -> None:
    found = document(run, "-C", infra.parent.parent, "infra")

    assert found["version"] == 1
    assert found["found"][1] == {
        "cidr": "10.8.0.0/16",
        "kind": "network",
        "name": "aws_vpc.main",
        "source": "infra/main.tf",
        "line": 2,
        "root": "infra",
        "call": "",
        "values": "",
        "account": "",
        "region": "",
        "network": "",
        "overlaps": [],
    }
    assert {i["reason"] for i in found["ignored"]} == {"a host", "not private", "wider than /8"}
    assert [u["expression"] for u in found["unresolved"]] == ["var.hub"]


def test_what_overlaps_the_plan_is_told(repository: Path, run: Run) -> None:
    (repository / "x.txt").write_text(f"{prods(repository, 'network')}\n10.99.0.0/16\n")

    found = document(run, "-C", repository, "x.txt")["found"]

    assert {f["cidr"]: "prod network" in f["overlaps"] for f in found} == {
        prods(repository, "network"): True,
        "10.99.0.0/16": False,
    }


def test_what_overlaps_at_its_lower_or_upper_edge_is_told(repository: Path, run: Run) -> None:
    """nodes-1 begins where the network does, and the last block inside ends with it."""
    assert (prods(repository, "network"), prods(repository, "nodes-1")) == ("10.0.0.0/16", "10.0.0.0/18")
    (repository / "x.txt").write_text("10.0.0.0/16\n10.0.0.0/29\n10.0.255.248/29\n9.255.255.248/29\n10.1.0.0/29\n")

    found = document(run, "-C", repository, "x.txt")["found"]

    assert {f["cidr"]: f["overlaps"] for f in found} == {
        "10.0.0.0/16": ["prod network", "prod nodes-1", "prod nodes-2"],
        "10.0.0.0/29": ["prod network", "prod nodes-1"],
        "10.0.255.248/29": ["prod network"],
        "10.1.0.0/29": [],
    }


def test_a_spec_that_cannot_be_read_stops_no_scan(repository: Path, infra: Path, run: Run) -> None:
    (repository / "escscaffold.toml").write_text("version = [")

    result = run("scan", "-C", repository, "infra")

    assert result.exit_code == 0
    assert "10.8.0.0/16" in result.output
    assert "Overlaps not checked" in result.output
    assert run("scan", "-C", repository, "infra", "--reserve").exit_code == 1


def test_a_scan_needs_no_repository_and_changes_nothing(tmp_path: Path, run: Run) -> None:
    (tmp_path / "main.tf").write_text(INFRA)
    before = tree(tmp_path)

    assert run("scan", "-C", tmp_path, ".").exit_code == 0
    assert tree(tmp_path) == before


@pytest.mark.parametrize("given", ["list", "state"])
def test_standard_input_is_read(given: str, tmp_path: Path, run: Run) -> None:
    values = {"address": "aws_vpc.a", "type": "aws_vpc", "values": {"cidr_block": "10.8.0.0/16"}}
    state = json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": [values]}}})

    (found,) = document(run, "-", input="10.8.0.0/16 # here\n" if given == "list" else state)["found"]

    assert (found["cidr"], found["source"]) == ("10.8.0.0/16", "standard input")
    assert found["name"] == ("here" if given == "list" else "aws_vpc.a")


def test_kinds_can_be_chosen(infra: Path, run: Run) -> None:
    found = document(run, "-C", infra.parent.parent, "infra", "--kind", "rule", "--kind", "subnet")

    assert {f["kind"] for f in found["found"]} == {"rule", "subnet"}
    assert run("scan", "infra", "--kind", "rules").exit_code == 2


def test_a_broken_file_is_told_and_the_others_are_shown(infra: Path, run: Run) -> None:
    infra.with_name("broken.tf").write_text("locals {\n\n")

    result = run("scan", "-C", infra.parent.parent, "infra")
    found = document(run, "-C", infra.parent.parent, "infra", exit_code=1)

    assert result.exit_code == 1
    assert "error infra/broken.tf:" in result.stderr
    assert "10.8.0.0/16" in result.stdout
    assert found["problems"][0]["source"] == "infra/broken.tf"
    assert len(found["found"]) == 4


@pytest.mark.parametrize("paths", [(), ("nowhere",), ("infra", "nowhere")])
def test_a_path_that_is_not_there_is_wrong_usage(paths: tuple[str, ...], infra: Path, run: Run) -> None:
    assert run("scan", "-C", infra.parent.parent, *paths).exit_code == 2


def test_reserve_writes_the_outermost_networks_with_their_source(repository: Path, infra: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text("# Mine.\n" + spec.read_text() + "# The end.\n")
    before = tree(repository)

    result = run("scan", "-C", repository, "infra", "--reserve")

    assert result.exit_code == 0, result.output
    assert reserved(repository) == {"infra-vpc-main": "10.8.0.0/16", "infra-vpc-other": "172.19.0.0/16"}
    assert 'infra-vpc-main = "10.8.0.0/16"  # infra/main.tf:2\n' in spec.read_text()
    assert "# Mine.\n" in spec.read_text() and "# The end.\n" in spec.read_text()
    assert "infra-vpc-main = 10.8.0.0/16 # infra/main.tf:2" in said(result)
    assert {name for name, body in tree(repository).items() if before.get(name) != body} == {"escscaffold.toml"}
    assert run("generate", "-C", repository).exit_code == 0


def test_reserving_twice_adds_nothing(repository: Path, infra: Path, run: Run) -> None:
    run("scan", "-C", repository, "infra", "--reserve")
    before = tree(repository)

    result = run("scan", "-C", repository, "infra", "--reserve")

    assert result.exit_code == 0
    assert tree(repository) == before
    assert "10.8.0.0/16 is already reserved, by infra-vpc-main" in said(result)


def test_what_is_planned_is_not_reserved_and_that_is_told(repository: Path, run: Run) -> None:
    network = prods(repository, "network")
    inside = next(IPv4Network(network).subnets(new_prefix=28))
    (repository / "x.txt").write_text(f"{network} # ours\n{inside}\n10.99.0.0/16 # office\n")

    result = run("scan", "-C", repository, "x.txt", "--reserve", "--quiet")

    assert result.exit_code == 0
    assert reserved(repository) == {"office": "10.99.0.0/16"}
    assert f"warning {network} is not reserved: it overlaps prod network" in said(result)
    assert f"{inside} is not" not in said(result)


def test_a_network_that_is_peered_where_it_is_needs_no_place_and_no_warning(tmp_path: Path, run: Run) -> None:
    existing = ["--set", "existing.network=vpc-main", "--range", "nodes=172.30.0.0/16"]
    kurrent = ["--set", "parts.kurrent-project=existing", "--set", "existing.kurrent-project=main"]
    kurrent += ["--set", "parts.kurrent-network=existing", "--set", "existing.kurrent-network=main"]
    kurrent += ["--set", "parts.database=absent", "--range", "kurrent=172.22.110.0/24"]
    run("init", tmp_path / "peered", "--environment", "prod", "--mode", "gcp-existing", *existing, *kurrent, "--yes")
    lines = "172.22.110.0/24 # kurrent\n172.30.0.0/16 # nodes\n172.16.0.0/28 # master\n"

    result = run("scan", "-C", tmp_path / "peered", "-", "--reserve", input=lines)

    assert result.exit_code == 0
    assert reserved(tmp_path / "peered") == {"master": "172.16.0.0/28"}
    assert "warning" not in said(result)
    assert "172.30.0.0/16 is part of prod nodes, which exists (standard input:2)" in said(result)
    assert "172.22.110.0/24 is part of prod kurrent, which exists (standard input:1)" in said(result)


def test_a_spec_that_nothing_was_written_from_yet_gives_way(tmp_path: Path, run: Run) -> None:
    head = 'version = 1\n[environments.prod]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
    (tmp_path / "escscaffold.toml").write_text(head)
    plan = json.loads(run("plan", "-C", tmp_path, "--json").stdout)
    network = plan["environments"]["prod"]["ranges"]["network"]["cidr"]

    assert run("scan", "-C", tmp_path, "-", "--reserve", input=f"{network} # vpn\n").exit_code == 0

    assert reserved(tmp_path) == {"vpn": network}
    after = json.loads(run("plan", "-C", tmp_path, "--json").stdout)
    assert after["environments"]["prod"]["ranges"]["network"]["cidr"] != network


def test_a_spec_without_environments_takes_reserved_blocks(tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text("version = 1\n")

    assert run("scan", "-C", tmp_path, "-", "--reserve", input="10.8.0.0/16 # vpn\n").exit_code == 0
    assert reserved(tmp_path) == {"vpn": "10.8.0.0/16"}


def test_reserve_without_a_repository_says_what_to_do(tmp_path: Path, run: Run) -> None:
    result = run("scan", "-C", tmp_path, "-", "--reserve", input="10.8.0.0/16\n")

    assert result.exit_code == 1
    assert "escscaffold init" in result.output


@pytest.mark.parametrize(
    ("spec", "kept"),
    [
        ('version = 1\r\n\r\n[reserved]\r\noffice = "10.7.0.0/16" # o\r\n\r\n', 'office = "10.7.0.0/16" # o\r\n'),
        ('version = 1\nreserved.office = "10.7.0.0/16"\n', 'reserved.office = "10.7.0.0/16"\n'),
        ('version = 1\n[reserved]\noffice = "10.7.0.0/16"', 'office = "10.7.0.0/16"\n'),
    ],
    ids=["windows", "dotted", "no last line end"],
)
def test_blocks_join_those_that_are_there(spec: str, kept: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "escscaffold.toml"
    path.write_bytes(spec.encode())

    result = run("scan", "-C", tmp_path, "-", "--reserve", input="10.8.0.0/16 # office\n10.7.1.0/24\n")

    assert result.exit_code == 0, result.output
    assert reserved(tmp_path) == {"office": "10.7.0.0/16", "office-2": "10.8.0.0/16"}
    written = path.read_bytes().decode()
    assert kept in written
    assert ("\r\n" in spec) == (written.count("\n") == written.count("\r\n"))


def test_windows_line_ends_stay_where_the_table_is_new(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "escscaffold.toml"
    path.write_bytes(b"version = 1\r\n")

    assert run("scan", "-C", tmp_path, "-", "--reserve", input="10.8.0.0/16 # a\n10.9.0.0/16 # b\n").exit_code == 0

    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 5


def test_an_inline_table_is_refused_and_kept(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "escscaffold.toml"
    path.write_text('version = 1\nreserved = { office = "10.7.0.0/16" }\n')

    result = run("scan", "-C", tmp_path, "-", "--reserve", input="10.8.0.0/16\n")

    assert result.exit_code == 1
    assert "[reserved]" in result.output
    assert path.read_text() == 'version = 1\nreserved = { office = "10.7.0.0/16" }\n'


HOSTILE = {
    "escape": "\x1b[2J\x07",
    "expression": '${file("/etc/passwd")}',
    "quote": 'a"b\\"',
    "newline": "a\nb",
    "toml": '"\n[environments.evil]\n',
    "formula": "=cmd|' /C calc'!A0",
    "right to left": "prod\u202e",
    "300 letters": "a" * 300,
    "empty": "",
    "brackets": "[[x]]",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_steers_neither_terminal_nor_spec(name: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text("version = 1\n")
    quoted = name.replace('"', '""')
    # A file has the name, too, as far as one can.
    file = tmp_path / f"{name.replace('/', '')[:100]}.csv"
    file.write_text(f'name,cidr\n"{quoted}",10.8.0.0/16\n')

    result = run("scan", "-C", tmp_path, ".", "--reserve")

    assert result.exit_code == 0, result.output
    assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    text = (tmp_path / "escscaffold.toml").read_text()
    assert [c for c in text if not c.isprintable() and c != "\n"] == []
    assert list(reserved(tmp_path).values()) == ["10.8.0.0/16"]
    assert tomllib.loads(text).keys() == {"version", "reserved"}
    assert run("plan", "-C", tmp_path, "--mode", "eks").exit_code == 0


def test_runs_that_reserve_at_once_lose_nothing(repository: Path) -> None:
    offices = ["one", "two", "three"]
    for number, name in enumerate(offices):
        (repository / f"{name}.txt").write_text(f"10.{100 + number}.0.0/16  # {name}\n")
    command = [sys.executable, "-m", "escscaffold", "-C", repository, "scan", "--reserve", "--quiet"]
    runs = [subprocess.Popen([*command, f"{name}.txt"], stdout=subprocess.DEVNULL) for name in offices]

    assert [one.wait() for one in runs] == [0, 0, 0]
    assert set(reserved(repository)) == set(offices)


def test_twenty_thousand_blocks_are_reserved_in_one_run(tmp_path: Path, run: Run) -> None:
    lines = "\n".join(f"10.{n >> 8}.{n & 255}.0/24 # same" for n in range(20_000))
    (tmp_path / "escscaffold.toml").write_text("version = 1\n")

    result = run("scan", "-C", tmp_path, "-", "--reserve", "--json", input=lines)

    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["reserved"]) == 20_000


def test_five_hundred_rows_take_a_line_each(tmp_path: Path, run: Run) -> None:
    """The names are longer than the terminal is wide, and the reasons are the same again and again."""
    long = "a" * 90
    own = [f"10.{n >> 8}.{n & 255}.0/24" for n in range(500)]
    blocks = [f'resource "aws_subnet" "{long}{n}" {{\n  cidr_block = "{cidr}"\n}}' for n, cidr in enumerate(own)]
    blocks += [f'resource "aws_subnet" "u{n}" {{\n  cidr_block = var.x\n}}' for n in range(40)]
    blocks += [f'resource "aws_route" "r{n}" {{\n  destination_cidr_block = "10.99.{n}.0/24"\n}}' for n in range(30)]
    (tmp_path / "main.tf").write_text("\n".join(['variable "x" {}', *blocks]))

    lines = run("scan", "-C", tmp_path, ".", env={"COLUMNS": "120"}).stdout.splitlines()

    assert max(map(len, lines)) <= 120
    assert [line.split()[0] for line in lines[2:502]] == own
    assert "Not reserved: 30 routes. To list them: --kind." in lines
    assert "  var.x has no value (40)" in lines
    assert len(lines) < 520


def test_a_folder_with_nothing_to_read_is_an_error(tmp_path: Path, run: Run) -> None:
    (tmp_path / "notes.md").write_text("10.0.0.0/8")

    result = run("scan", "-C", tmp_path, ".")

    assert result.exit_code == 1
    assert "no supported files in the folder: Terraform files" in said(result)
    assert "az network vnet list --output json" in said(result)


def test_a_reserved_name_says_root_and_file_of_values_and_keeps_its_letters(tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text("version = 1\n")
    (tmp_path / "infra/eu").mkdir(parents=True)
    (tmp_path / "infra/eu/main.tf").write_text('variable "n" {}\nresource "aws_vpc" "v" { cidr_block = var.n }\n')
    (tmp_path / "infra/eu/dev.tfvars").write_text('n = "10.1.0.0/16"\n')
    (tmp_path / "infra/eu/prod.tfvars").write_text('n = "10.2.0.0/16"\n')
    (tmp_path / "x.csv").write_text(
        "prefix,name\n10.3.0.0/16,Centre de donn\u00e9es\n10.4.0.0/16,Gro\u00dfe Stra\u00dfe\n"
    )

    assert run("scan", "-C", tmp_path, "infra", "x.csv", "--reserve").exit_code == 0

    assert reserved(tmp_path) == {
        "infra-eu-dev-vpc-v": "10.1.0.0/16",
        "infra-eu-prod-vpc-v": "10.2.0.0/16",
        "Centre-de-donnees": "10.3.0.0/16",
        "Grosse-Strasse": "10.4.0.0/16",
    }


def test_what_holds_others_or_never_leaves_its_cluster_is_not_reserved(tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text("version = 1\n")
    (tmp_path / "main.tf").write_text(
        'resource "aws_vpc_ipam_pool_cidr" "p" { cidr = "10.0.0.0/8" }\n'
        'resource "aws_vpc" "v" { cidr_block = "10.1.0.0/16" }\n'
        'resource "aws_eks_cluster" "e" {\n  kubernetes_network_config { service_ipv4_cidr = "172.20.0.0/16" }\n}\n'
        'resource "azurerm_kubernetes_cluster" "a" {\n  network_profile {\n    pod_cidr = "10.244.0.0/16"\n'
        '    service_cidr = "10.96.0.0/16"\n  }\n}\n'
    )

    result = run("scan", "-C", tmp_path, ".", "--reserve")

    assert reserved(tmp_path) == {"vpc-v": "10.1.0.0/16"}
    assert "Not reserved: 1 container, 3 cluster-internal ranges." in said(result)
