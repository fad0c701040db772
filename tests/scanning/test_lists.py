"""What is found in lists and in the exports of an IPAM."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.scanning.conftest import Scanned, cidrs, told

NETBOX = """\
Prefix,Status,Children,VRF,Utilization,Tenant,Site,VLAN,Role,Description
10.0.0.0/8,Container,2,Global,12.5,,,,,Everything of ours
10.8.0.0/16,Active,0,Global,0.0,,Berlin,,Office,"Office, first floor"
\u2022 10.9.0.0/16,Reserved,0,Global,0.0,,Paris,,,
10.9.4.0/24,Active,0,Global,0.0,,,,,
2001:db8::/32,Active,0,Global,0.0,,Paris,,,
"""
AZURE_NETWORKS = """\
"vNet Name","Utilization","Block","Total IP's","Allocated IP's","Address Space"
"hub","10","<Unassigned>","131072","4","10.20.0.0/16, 10.21.0.0/16"
"spoke","0","europe","65536","0","10.22.0.0/16"
"""
AZURE_BLOCKS = "Block Name;Utilization;Space;Total IP's;Allocated IP's;CIDR Block\neurope;1;all;65536;5;10.30.0.0/16\n"


def test_netboxs_export(scanned: Scanned) -> None:
    assert told(scanned({"netbox.csv": NETBOX})) == [
        ("10.0.0.0/8", "container", "Everything of ours", "netbox.csv:2"),
        ("10.8.0.0/16", "list", "Office, first floor", "netbox.csv:3"),
        ("10.9.0.0/16", "list", "Paris", "netbox.csv:4"),
        ("10.9.4.0/24", "list", "Global", "netbox.csv:5"),
        ("2001:db8::/32", "list", "Paris", "netbox.csv:6"),
    ]


def test_the_exports_of_azure_ipam(scanned: Scanned) -> None:
    assert told(scanned({"blocks.csv": AZURE_BLOCKS, "networks.csv": AZURE_NETWORKS})) == [
        ("10.30.0.0/16", "list", "europe", "blocks.csv:2"),
        ("10.20.0.0/16", "list", "hub", "networks.csv:2"),
        ("10.21.0.0/16", "list", "hub", "networks.csv:2"),
        ("10.22.0.0/16", "list", "spoke", "networks.csv:3"),
    ]


@pytest.mark.parametrize("row", [";255.255.255.0;gateway", "255.255.255.0;;gateway", "VPN;255.255.255.0;", ";/24;"])
def test_a_mask_without_an_address_is_no_block(row: str, scanned: Scanned) -> None:
    text = f"Address;Mask;Name\n10.8.0.0;255.255.0.0;office\n{row}\n10.9.0.0;255.255.0.0;lab\n"

    assert [(str(f.cidr), f.name) for f in scanned({"x.csv": text}).blocks] == [
        ("10.8.0.0/16", "office"),
        ("10.9.0.0/16", "lab"),
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_without_a_header(mark: str, scanned: Scanned) -> None:
    text = f"10.8.0.0/16{mark}office\n10.9.0.0/16{mark}VPN\n"

    assert [(str(f.cidr), f.name) for f in scanned({"x.csv": text}).blocks] == [
        ("10.8.0.0/16", "office"),
        ("10.9.0.0/16", "VPN"),
    ]


def test_a_29_is_a_network_and_a_30_is_none(tmp_path: Path, run: Run) -> None:
    """Google makes a subnet of eight addresses; what is smaller is a link between two routers or a host."""
    (tmp_path / "list.txt").write_text("10.8.0.0/29 a\n10.8.0.8/30 b\n10.8.0.12/31 c\n10.8.0.14/32 d\n")

    done = run("scan", "list.txt", "-C", tmp_path, "--json")

    found = json.loads(done.stdout)
    assert [one["cidr"] for one in found["found"]] == ["10.8.0.0/29"]
    assert {one["cidr"]: one["reason"] for one in found["ignored"]} == {
        "10.8.0.8/30": "smaller than /29",
        "10.8.0.12/31": "smaller than /29",
        "10.8.0.14/32": "a host",
    }


def test_lines_are_counted_across_quoted_line_breaks(scanned: Scanned) -> None:
    text = 'name,cidr\n"two\nlines",10.8.0.0/16\nb,10.9.0.0/16\n'

    assert [(f.name, f.line) for f in scanned({"x.csv": text}).blocks] == [("two\nlines", 3), ("b", 4)]


def test_a_plain_list(scanned: Scanned) -> None:
    text = "# ours\n\n10.8.0.0/16  # office\n10.9.0.5/16\n  lab 10.10.0.0/16\n10.0.0.7\n10.11.0.0/16 10.12.0.0/16\n"

    assert told(scanned({"l.txt": text}, "l.txt")) == [
        ("10.8.0.0/16", "list", "office", "l.txt:3"),
        ("10.9.0.0/16", "list", "", "l.txt:4"),
        ("10.10.0.0/16", "list", "lab", "l.txt:5"),
        ("10.0.0.7/32", "list", "", "l.txt:6"),
        ("10.11.0.0/16", "list", "", "l.txt:7"),
        ("10.12.0.0/16", "list", "", "l.txt:7"),
    ]


def test_lines_that_are_no_cidr_blocks_are_told_once(scanned: Scanned) -> None:
    scan = scanned({"l.txt": "10.8.0.0/16\nhello\n10.0.0.0/33\n10.9.0.0/16\n"}, "l.txt")

    assert cidrs(scan) == ["10.8.0.0/16", "10.9.0.0/16"]
    (broken,) = scan.broken
    assert (broken.line, broken.message) == (2, "'hello' is not a CIDR block (2 such lines)")


@pytest.mark.parametrize(
    "text",
    [
        "name,cidr\n=cmd|' /C calc'!A0,10.8.0.0/16\n",
        "name,cidr\n\x1b[2J\x07,10.8.0.0/16\n",
        '"name","cidr"\n"a\n${b}","10.8.0.0/16"\n',
        'name,cidr\nx,10.8.0.0/16\n"never closed,',
        "cidr\n10.8.0.0/16\n" + "x" * 200_000,
        "\ufeffname,cidr\nx,10.8.0.0/16\n",
        "name,cidr\r\nx,10.8.0.0/16\r\n",
    ],
    ids=["formula", "escape", "newline", "open quote", "long field", "mark", "windows"],
)
def test_odd_tables_are_read_as_far_as_they_go(text: str, scanned: Scanned) -> None:
    assert cidrs(scanned({"x.csv": text})) == ["10.8.0.0/16"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_windows_writes_is_read(encoding: str, scanned: Scanned) -> None:
    scan = scanned({"l.txt": "10.8.0.0/16 # b\u00fcro\r\n".encode(encoding)}, "l.txt")

    assert [f.name for f in scan.blocks] == ["b\u00fcro"]


def test_a_table_without_any_cidr_is_empty(scanned: Scanned) -> None:
    scan = scanned({"x.csv": "a,b\nc,d\n", "empty.csv": ""})

    assert (scan.blocks, scan.broken) == ([], [])


def test_lines_between_columns_are_no_names(scanned: Scanned) -> None:
    """`aws ec2 describe-vpcs --output table` draws them."""
    table = "|  10.20.0.0/16 |  vpc-1  |\n|  10.21.0.0/16 |  vpc-2  |\n"

    assert [(str(f.cidr), f.name) for f in scanned({"t.csv.txt": table}, "t.csv.txt").blocks] == [
        ("10.20.0.0/16", "vpc-1"),
        ("10.21.0.0/16", "vpc-2"),
    ]
