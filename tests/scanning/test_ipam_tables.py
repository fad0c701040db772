"""What the exports of address systems come to: `exports/` has files as they write them, the truth here is by hand."""

import json
from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.scanning.scan_paths import scan_paths
from tests.conftest import Run
from tests.scanning.conftest import Scanned

EXPORTS = Path(__file__).with_name("exports")
BULLETS = [
    ("10.51.16.0/20", "list", "Site A"),
    ("10.51.16.0/24", "list", "Office"),
    ("10.51.17.0/24", "list", "Lab"),
    ("10.51.17.128/25", "list", "Lab east"),
    ("10.60.0.0/16", "list", "Data centre"),
]
TRUTH = {
    "netbox-bullets.csv": BULLETS,
    "netbox-bullets-mojibake.csv": BULLETS,
    "netbox-all.csv": [
        ("10.0.0.0/8", "container", "RFC1918"),
        ("10.112.0.0/15", "container", "Dunder"),
        ("10.112.128.0/24", "list", "Office"),
        ("10.113.0.0/24", "list", "old"),
        ("10.114.0.0/24", "list", "future"),
        ("2001:db8::/32", "list", ""),
    ],
    "netbox-view.csv": [("10.0.0.0/8", "container", ""), ("10.112.128.0/24", "list", "Office")],
    "awsipam.csv": [("10.91.0.0/16", "list", "vpc-1")],
    "azexport.csv": [("10.90.0.0/16", "list", "vnet1")],
    "azipam.csv": [("10.80.0.0/16", "list", "vnet-hub"), ("10.81.0.0/16", "list", "vnet-hub")],
    "excel.csv": [("10.92.0.0/16", "list", "Büro Köln")],
    "utf16.csv": [("10.93.0.0/16", "list", "Büro")],
    "infoblox.csv": [
        ("10.0.0.0/8", "container", "All of ours"),
        ("10.20.0.0/16", "list", "Centre de données"),
        ("10.21.0.0/22", "list", "Lyon"),
    ],
    "phpipam.csv": [
        ("10.30.0.0/16", "list", "Hub"),
        ("10.0.0.0/8", "container", "Hub"),
        ("10.31.0.0/24", "list", "Lab"),
        ("10.0.0.0/8", "container", "Lab"),
    ],
    "windows.csv": [("10.40.0.0/24", "list", "Office"), ("10.40.0.0/23", "list", "Bad host bits")],
}


@pytest.mark.parametrize("name", TRUTH)
def test_an_export_gives_its_blocks(name: str) -> None:
    scan = scan_paths(EXPORTS, [name], load_facts())

    assert (scan.broken, scan.unresolved) == ([], [])
    assert [(str(f.cidr), f.kind, f.name) for f in scan.blocks] == TRUTH[name]


@pytest.mark.parametrize(
    ("cell", "block"),
    [
        ("10.50.0.0/16 (prod)", "10.50.0.0/16"),
        ("VLAN 12: 10.50.0.0/16", "10.50.0.0/16"),
        ("10.50.0.0/255.255.0.0", "10.50.0.0/16"),
        ("10.50.0.0 / 16", "10.50.0.0/16"),
        ("10.50.7.9/16", "10.50.0.0/16"),
        ("\u00e2\u20ac\u00a2\n   10.50.0.0/16", "10.50.0.0/16"),
    ],
)
def test_a_cell_with_more_than_the_prefix_gives_it(cell: str, block: str, scanned: Scanned) -> None:
    scan = scanned({"x.csv": f'prefix,name\n"{cell}",a\n'})

    assert [(str(f.cidr), f.name) for f in scan.blocks] == [(block, "a")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("10.50.0.0,lab", "an address without mask or prefix length"),
        ("10.50.0.0/33,lab", "not an IPv4 mask or prefix length"),
        ("10.50.0.0/0.0.255.255,lab", "not an IPv4 mask or prefix length"),
        ("10.50.0.256/24,lab", "not an IPv4 address"),
        ("10.50.0.0 - 10.50.0.255,lab", "an address without mask or prefix length"),
    ],
)
def test_an_address_without_a_network_is_not_resolved(row: str, reason: str, scanned: Scanned, run: Run) -> None:
    scan = scanned({"x.csv": f"prefix,name\n10.8.0.0/16,office\n{row}\n"})

    assert [str(f.cidr) for f in scan.blocks] == ["10.8.0.0/16"]
    (lost,) = scan.unresolved
    assert (lost.name, lost.argument, lost.line) == ("lab", "prefix", 3)
    assert lost.reason.startswith(reason)


def test_a_scan_with_an_address_that_is_lost_has_failed(tmp_path: Path, run: Run) -> None:
    (tmp_path / "x.csv").write_text("prefix,name\n10.8.0.0/16,office\n10.50.0.0,lab\n")

    result = run("scan", "-C", tmp_path, "x.csv")

    assert result.exit_code == 1
    assert "Not resolved:" in result.output and "lab prefix = 10.50.0.0" in result.output
    assert (
        json.loads(run("scan", "-C", tmp_path, "x.csv", "--json").stdout)["unresolved"][0]["expression"] == "10.50.0.0"
    )


def test_a_holder_is_told_by_the_shape_of_the_table_in_any_language(scanned: Scanned) -> None:
    """Three words that are known nowhere: only what holds others is called the first, and only what is wide counts."""
    rows = "\n".join(
        [
            "verkko,tila,nimi",
            "10.0.0.0/14,säiliö,a",
            "10.0.0.0/16,käytössä,b",
            "10.4.0.0/14,säiliö,c",
            "10.4.0.0/16,käytössä,d",
            "10.64.0.0/10,varattu,e",
            "10.8.0.0/14,käytössä,f",
            "10.8.0.0/24,käytössä,g",
            "10.16.0.0/16,säiliö,h",
            "10.16.1.0/24,käytössä,i",
        ]
    )

    kinds = {f.name: f.kind for f in scanned({"x.csv": rows}).blocks}

    assert {name for name, kind in kinds.items() if kind == "container"} == {"a", "c"}


def test_latin_1_is_read_and_names_keep_their_letters(scanned: Scanned) -> None:
    scan = scanned({"x.csv": "Präfix;Name\n10.8.0.0/16;Büro Köln\n".encode("latin-1")})

    assert [(f.name, str(f.cidr)) for f in scan.blocks] == [("Büro Köln", "10.8.0.0/16")]
