"""Which files of a folder are read, and what becomes of those that cannot be."""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.scanning.scan_paths import scan_paths
from tests.scanning.conftest import Scanned, cidrs

VPC = 'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }\n'
OTHER = VPC.replace("10.0", "10.1")


@pytest.mark.parametrize(
    "name",
    [
        ".terraform/modules/x/main.tf",
        ".git/main.tf",
        "main.tf.bak",
        "package.json",
        "notes.txt",
        ".terraform.lock.hcl",
        "terraform.tfstate.backup",
        "x.tftest.hcl",
    ],
)
def test_what_is_not_ours_to_read_is_left_alone(name: str, scanned: Scanned) -> None:
    scan = scanned({name: VPC, "main.tf": OTHER})

    assert cidrs(scan) == ["10.1.0.0/16"]
    assert (scan.files, scan.broken) == (1, [])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.tf", 'resource "aws_vpc" "a" {\n', "not HCL"),
        ("broken.tf", "locals {\n  a = [[[\n}\n", "not HCL"),
        ("broken.tf", f"locals {{\n  a = {'[' * 5000}{']' * 5000}\n}}\n", "nested more than 100 deep"),
        ("broken.tf", f"locals {{\n  a = {'(' * 5000}1{')' * 5000}\n}}\n", "nested more than 100 deep"),
        ("broken.tf", b'locals {\n  a = "\xe9"\n}\n', "not UTF-8"),
        ("broken.tf", b"\x7fELF\x00\x01\x02", "not UTF-8"),
        ("broken.tf", b"\xff\xfe\x00", "not UTF-8"),
        ("broken.tf.json", '{"resource": ', "not JSON"),
        ("broken.tf.json", "[1]", "not a JSON object"),
        ("broken.tfvars", "a = ", "not HCL"),
        ("broken.tfvars.json", "{", "not JSON"),
        ("broken.csv", b"a,\xff\x00\n", "not UTF-8"),
        ("broken.tfstate", b"\x00", "not UTF-8"),
    ],
)
def test_a_broken_file_is_told_and_the_others_are_read(
    name: str, content: str | bytes, message: str, scanned: Scanned
) -> None:
    scan = scanned({name: content, "good.tf": VPC, "inner/main.tf": OTHER})

    assert cidrs(scan) == ["10.0.0.0/16", "10.1.0.0/16"]
    (broken,) = scan.broken
    assert broken.source == name
    assert message in broken.message


def test_the_line_where_hcl_breaks_off_is_told(scanned: Scanned) -> None:
    (broken,) = scanned({"x.tf": VPC + "\nresource {{\n"}).broken

    assert (broken.source, broken.line) == ("x.tf", 3)


def test_a_circle_of_links_ends(tmp_path: Path, scanned: Scanned) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "a/gone.tf").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.tf").symlink_to(tmp_path / "self.tf")

    scan = scanned({"a/main.tf": VPC})

    assert cidrs(scan) == ["10.0.0.0/16"]
    assert [b.source for b in scan.broken] == ["a/gone.tf", "self.tf"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path, scanned: Scanned) -> None:
    (tmp_path / "shut").mkdir(mode=0o000)
    (tmp_path / "shut.tf").touch(mode=0o000)

    scan = scanned({"main.tf": VPC})

    assert cidrs(scan) == ["10.0.0.0/16"]
    assert sorted(b.source for b in scan.broken) == ["shut", "shut.tf"]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path, scanned: Scanned) -> None:
    os.mkfifo(tmp_path / "pipe.tf")

    assert cidrs(scanned({"main.tf": VPC})) == ["10.0.0.0/16"]


def test_a_file_named_twice_is_read_once(tmp_path: Path, scanned: Scanned) -> None:
    scan = scanned({"a/main.tf": VPC}, "a", "a/main.tf", "./a")

    assert cidrs(scan) == ["10.0.0.0/16"]
    assert scan.files == 1


def test_paths_may_be_absolute(tmp_path: Path, scanned: Scanned) -> None:
    scanned({"a/main.tf": VPC})

    (found,) = scan_paths(Path("/nowhere"), [str(tmp_path / "a")], load_facts()).blocks

    assert found.place == f"{(tmp_path / 'a/main.tf').as_posix()}:1"


def test_a_heredoc_with_spaces_behind_its_marker_loses_no_file(scanned: Scanned) -> None:
    network = '  cidr_block = "10.84.0.0/16"\n'
    text = f'resource "aws_vpc" "m" {{\n{network}  tags = {{\n    Note = <<-EOF\n      hi\n    EOF  \n  }}\n}}\n'

    scan = scanned({"main.tf": text})

    assert (cidrs(scan, "network"), scan.broken) == (["10.84.0.0/16"], [])


def test_keys_of_yaml_that_are_no_text_are_read(scanned: Scanned) -> None:
    scan = scanned(
        {
            "main.tf": 'locals { rules = yamldecode(file("data/rules.yaml")) }\n',
            "data/rules.yaml": "on: { vpc_cidr: 10.1.0.0/16 }\n"
            "443: { vpc_cidr: 10.2.0.0/16 }\n~: { vpc_cidr: 10.3.0.0/16 }\n",
        }
    )

    assert cidrs(scan) == ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]


def test_all_blocks_of_a_long_file_of_data_are_listed_with_their_lines(scanned: Scanned) -> None:
    blocks = [f"10.{a}.{b}.{16 * c}/28" for a in range(3) for b in range(256) for c in range(16)]
    rows = ",\n".join(json.dumps({"name": f"net-{n}", "cidr": block}) for n, block in enumerate(blocks))

    scan = scanned({"main.tf": 'locals { n = jsondecode(file("other.json")) }\n', "data/nets.json": f"[\n{rows}\n]\n"})

    assert [(str(f.cidr), f.line) for f in scan.blocks] == [(block, n) for n, block in enumerate(blocks, 2)]


def test_yaml_that_repeats_itself_without_an_end_is_not_resolved(scanned: Scanned) -> None:
    names = "abcdef"
    anchors = ['a: &a ["10.1.0.0/16", "10.2.0.0/16"]']
    anchors += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise(names)]

    scan = scanned(
        {"main.tf": 'locals { n = jsondecode(file("other.json")) }\n', "data/nets.yaml": "\n".join(anchors) + "\n"}
    )

    assert [(u.source, u.fails) for u in scan.unresolved] == [("data/nets.yaml", True)]


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("data/nets.json", '{"vpc_cidr": "10.1.0.0/16",\n}\n', 2, "this is not JSON: Expecting property name"),
        (
            "data/nets.yaml",
            "vpc: 10.1.0.0/16\n a: [\n",
            2,
            "this is not YAML: mapping values are not allowed in this context",
        ),
        ("data/nets.yml", "vpc: 10.1.0.0/16\n---\nb: 1\nc: {{ d }}: e\n", 4, "this is not YAML: "),
    ],
)
def test_data_beside_a_module_that_does_not_parse_is_named(
    name: str, text: str, line: int, message: str, scanned: Scanned
) -> None:
    scan = scanned({"main.tf": 'locals { n = jsondecode(file("other.json")) }\n', name: text})

    (broken,) = scan.broken
    assert (broken.source, broken.line) == (name, line)
    assert broken.message.startswith(message)
    assert broken.message.endswith("The CIDR blocks in it were not looked at")


def test_data_without_blocks_may_be_anything(scanned: Scanned) -> None:
    files = {
        "main.tf": 'locals { n = jsondecode(file("other.json")) }\n',
        "data/chart.yaml": "{{ if .Values }}\n/x: [\n",
    }

    assert scanned(files).broken == []


def test_each_document_of_a_file_of_yaml_is_read(scanned: Scanned) -> None:
    text = "---\nvpc_cidr: 10.1.0.0/16\n--- \nvpc_cidr: 10.2.0.0/16\n"
    scan = scanned({"main.tf": 'locals { n = jsondecode(file("other.json")) }\n', "data/nets.yaml": text})

    assert [(str(f.cidr), f.line) for f in scan.blocks] == [("10.1.0.0/16", 2), ("10.2.0.0/16", 4)]


def test_data_that_is_no_text_is_named(scanned: Scanned) -> None:
    files = {
        "main.tf": 'locals { n = jsondecode(file("other.json")) }\n',
        "data/nets.yaml": b"cidr: 10.1.0.0/16\n\xff\xfe\x00",
    }

    assert [(b.source, b.message) for b in scanned(files).broken] == [("data/nets.yaml", "is not UTF-8 text")]
