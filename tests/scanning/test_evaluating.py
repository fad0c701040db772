"""What an expression comes to: the same as in Terraform, or unknown and never wrong."""

import json
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.terraform.functions import call
from escscaffold.terraform.hcl_values import Unknown, plain
from tests.conftest import Terraform
from tests.properties import examples
from tests.scanning.conftest import Scanned, cidrs

LOCALS = """\
variable "zones" { default = ["a", "b", "c"] }
variable "on" { default = true }
variable "sizes" { default = { b = 4, a = 8 } }
variable "nets" {
  type = map(object({ cidr = string, on = optional(bool, true), parts = optional(list(string)) }))
  default = {
    core = { cidr = "10.50.0.0/16" }
    edge = { cidr = "10.51.0.0/16", on = false, parts = ["10.51.1.0/24"] }
  }
}
variable "converted" {
  type    = object({ a = string, b = set(number), c = optional(map(string), { x = 1 }) })
  default = { a = 5, b = ["2", 1, 2], d = "dropped" }
}
locals {
  first  = "10.8"
  base   = "${local.first}.0.0/16"
  parts  = cidrsubnets(local.base, 4, 8, 4)
  shared = { hub = { cidr = "10.20.0.0/16", spokes = ["10.21.0.0/16", "10.22.0.0/16"] } }
}
"""
EXPRESSIONS = [
    '"10.8.0.0/16"',
    '"${local.first}.0.0/16"',
    "local.base",
    "local.parts",
    'local.shared.hub["cidr"]',
    'local.shared["hub"].spokes[1]',
    "local.shared.hub.spokes.0",
    "cidrsubnet(local.base, 8, 255)",
    'cidrsubnet("10.8.1.2/16", 4, 3)',
    'cidrsubnet("10.0.0.0/8", "8", "7")',
    'cidrsubnet("fd00::/48", 16, 5)',
    "cidrsubnets(local.base, 8, 1)",
    "cidrsubnets(local.base, [4, 4]...)",
    "[for i, z in var.zones : cidrsubnet(local.base, 8, i * 2 + 1)]",
    '{ for i, z in var.zones : z => cidrsubnet(local.base, 8, i) if z != "b" }',
    '{ for k, v in var.sizes : v > 5 ? "big" : "small" => k... }',
    "[for k, v in var.sizes : k]",
    "var.on ? local.parts[0] : null",
    "!var.on || length(var.zones) == 3 && 7 % 4 > -1",
    "local.shared[*].hub.cidr",
    "[local.shared.hub][*].spokes[0]",
    'concat(local.parts, ["10.9.0.0/16"])',
    'flatten([["10.0.0.0/16"], [["10.1.0.0/16"]]])',
    'merge({ a = "10.0.0.0/16" }, { a = "10.1.0.0/16" })',
    'toset(["b", "a", "b"])',
    "values(var.sizes)",
    "keys(var.sizes)",
    'lookup({ a = "10.0.0.0/16" }, "z", "10.1.0.0/16")',
    "element(local.parts, 4)",
    "slice(local.parts, 1, 3)",
    "range(2, 8, 3)",
    'zipmap(["a", "b"], local.shared.hub.spokes)',
    'format("10.%d.%s.0/24", 7, "0")',
    'join(",", local.parts)',
    'split(",", "10.0.0.0/8,10.1.0.0/16")',
    'replace("10.x.0.0/16", "x", "9")',
    'coalesce(null, "", "10.3.0.0/16")',
    'try(local.shared.spoke.cidr, "10.4.0.0/16")',
    'distinct(["a", "b", "a"])',
    'compact(["", "a"])',
    "10 / 4 + 2 * 3 - 1",
    "max(1, 7, 3) - min(4, 2)",
    'trimspace(upper(" a ")) == "A"',
    'startswith("nodes-1", "nodes") && !startswith("pods", "nodes")',
    'endswith("nodes-1", "-1") && !endswith("", "x")',
    '"say \\"${var.zones[0]}\\" $${not}"',
    "(1 + 2) * 3",
    "cidrsubnet(local.base, ceil(log(length(var.zones), 2)), 1)",
    "pow(2, 10) + floor(2.7)",
    'contains(var.zones, "b") && !contains(var.zones, "z")',
    'index(var.zones, "c") + sum([1, 2])',
    'reverse(sort(["b", "a"]))',
    'one(["10.0.0.0/16"])',
    "var.nets",
    'try(var.nets.core.gone, "10.0.0.0/16")',
    "[for n in var.nets : n.cidr if n.on]",
    'cidrhost("10.8.0.0/24", -2)',
    'cidrnetmask("10.8.0.0/20")',
    'lookup({ a = null }, "a", "x")',
    "can(local.shared.hub.cidr) && !can(local.shared.gone)",
    'try(element([], 0), "none")',
    'format("%05.1f|%-4s|%3d|%x|%q|%t|%v|%%", 3.14159, "ab", 7, 255, "q", true, ["a", 1])',
    'formatlist("%s-%d", ["a", "b"], 3)',
    'jsondecode("{\\"a\\": [1, 2.5, null, true]}")',
    'jsonencode({ b = [1, "x<y>&"], a = null })',
    'yamldecode("a: 10.0.0.0/16\\nb: [yes, on, 010, 0o10, 1.5, ~, true]\\n")',
    'yamldecode("[2001-01-01, n, Off, 0x1F, 1_0, !!str 12, {1: a, false: b}]")',
    'csvdecode("name,cidr\\na,10.0.0.0/16\\nb,10.1.0.0/16\\n")',
    'base64decode(base64encode("é"))',
    'sha256("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"',
    'substr("hello", -3, -1)',
    'title("hello wide world")',
    'trimsuffix(trimprefix("a-b-c", "a-"), "-c")',
    'setunion(["b", "a"], ["c", "a"])',
    'setsubtract(["b", "a"], ["a"])',
    'setintersection(["b", "a"], ["a", "z"])',
    'setproduct(["a", "b"], ["x", "y"])',
    'transpose({ a = ["1", "2"], b = ["2"] })',
    'chunklist(["a", "b", "c"], 2)',
    'matchkeys(["i1", "i2"], ["a", "b"], ["b"])',
    "alltrue([true, true]) && anytrue([false, true]) && !alltrue([false])",
    'coalescelist([], ["a"])',
    "range(3)",
    "range(5, 2)",
    'parseint("ff", 16)',
    "-7 % 4",
    "signum(-3)",
    "abs(-2.5)",
    'urlencode("a b/c~d")',
    'indent(2, "a\\nb")',
    'dirname("/a/b/c.txt") == "/a/b" && basename("/a/b/c.txt") == "c.txt"',
    '1 == "1" || true == "true" || null == ""',
    "[1, 2] == [1, 2]",
    "toset([3, 1, 2])",
    'strcontains("hello", "ell")',
    'join("-", ["a"], ["b", "c"])',
    'split(",", "")',
    'tobool("true")',
    'trim("..a..", ".")',
    'chomp("a\\n")',
    'strrev("abc")',
    'md5("a") == "0cc175b9c0f1b6a831c399e269772661"',
    "one([])",
    "keys({ for k, v in var.nets : k => v if v.parts == null })",
    "var.converted",
]


def test_an_expression_comes_to_what_terraform_computes(tmp_path: Path, scanned: Scanned, terraform: Terraform) -> None:
    """Each value is put into a tag-like string of a resource here, and into an output there."""
    from escscaffold.terraform.configuration import Configuration
    from escscaffold.terraform.evaluating import Evaluator
    from escscaffold.terraform.hcl_reader import read_hcl
    from escscaffold.terraform.modules import Module, Part

    outputs = "".join(f'output "o{n}" {{\n  value = {e}\n}}\n' for n, e in enumerate(EXPRESSIONS))
    (tmp_path / "main.tf").write_text(LOCALS + outputs)
    terraform(tmp_path, "init")
    terraform(tmp_path, "apply", "-auto-approve")
    theirs = json.loads(terraform(tmp_path, "output", "-json").stdout)
    module = Module(folder=".", parts=(Part(source="main.tf", body=read_hcl(LOCALS + outputs)),))
    ours = Configuration(module, {}, {}, Evaluator()).as_output("module.it")

    found = {e: plain(ours.member(f"o{number}")) for number, e in enumerate(EXPRESSIONS)}  # type: ignore[union-attr]
    assert found == {e: theirs.get(f"o{number}", {}).get("value") for number, e in enumerate(EXPRESSIONS)}


def bits(cidr: str) -> str:
    """The network part of a block as a string of 0 and 1."""
    address, length = cidr.split("/")
    return format(int(IPv4Address(address)), "032b")[: int(length)]


def block(prefix: str) -> str:
    return f"{IPv4Address(int(prefix.ljust(32, '0'), 2))}/{len(prefix)}"


@given(address=st.integers(0, 2**32 - 1), length=st.integers(0, 32), new_bits=st.integers(0, 32), data=st.data())
@examples(100)
def test_cidrsubnet_writes_its_number_behind_the_prefix(
    address: int, length: int, new_bits: int, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, 2**new_bits - 1))
    prefix = f"{IPv4Address(address)}/{length}"

    result = call("cidrsubnet", [prefix, new_bits, number])

    if length + new_bits > 32:
        assert isinstance(result, Unknown)
    else:
        behind = format(number, f"0{new_bits}b") if new_bits else ""
        assert result == block(bits(prefix) + behind)


@given(length=st.integers(0, 24), sizes=st.lists(st.integers(1, 8), min_size=1, max_size=6))
@examples(100)
def test_cidrsubnets_takes_the_next_place_by_trying_each(length: int, sizes: list[int]) -> None:
    prefix = block("1" * length)
    expected: list[str] = []
    for size in sizes:
        candidates = (block("1" * length + format(n, f"0{size}b")) for n in range(2**size))
        free_from = _end(expected[-1]) if expected else 0
        expected.append(next((c for c in candidates if int(IPv4Address(c.split("/")[0])) >= free_from), ""))
        if not expected[-1]:
            break

    result = call("cidrsubnets", [prefix, *sizes])

    assert result == expected if all(expected) else isinstance(result, Unknown)


def _end(cidr: str) -> int:
    address, length = cidr.split("/")
    return int(IPv4Address(address)) + 2 ** (32 - int(length))


@pytest.mark.parametrize(
    "arguments",
    [
        '"10.0.0.0/16", 8, 256',
        '"10.0.0.0/30", 8, 0',
        '"10.0.0.0/16", 8, -1',
        '"10.0.0.0", 8, 1',
        '"x", 8, 1',
        "1, 2",
        "null, 8, 1",
    ],
)
def test_what_terraform_refuses_is_not_resolved(arguments: str, scanned: Scanned) -> None:
    scan = scanned({"main.tf": f'resource "aws_subnet" "a" {{\n  cidr_block = cidrsubnet({arguments})\n}}\n'})

    assert cidrs(scan) == []
    assert scan.unresolved[0].expression == f"cidrsubnet({arguments})"
    assert "cidrsubnet" in scan.unresolved[0].reason


BOMBS = {
    "doubling lists": "a0 = [1]\n" + "".join(f"a{n + 1} = concat(local.a{n}, local.a{n})\n" for n in range(60)),
    "doubling strings": 'a0 = "x"\n' + "".join(f'a{n + 1} = "${{local.a{n}}}${{local.a{n}}}"\n' for n in range(60)),
    "nesting": "a0 = []\n" + "".join(f"a{n + 1} = [local.a{n}, local.a{n}]\n" for n in range(60)),
    "loops": "a60 = [for a in range(9999) : [for b in range(9999) : [for c in range(9999) : c]]]\n",
    "a long range": "a60 = range(99999999999)\n",
    "a circle": "a60 = local.b\nb = local.a60\n",
    "a long chain": "a0 = 1\n" + "".join(f"a{n + 1} = local.a{n}\n" for n in range(3000)) + "a60x = local.a3000\n",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_would_never_end_ends(bomb: str, scanned: Scanned) -> None:
    resource = (
        'resource "aws_vpc" "a" { cidr_block = local.a60 }\nresource "aws_vpc" "b" { cidr_block = "10.0.0.0/16" }\n'
    )

    scan = scanned({"main.tf": f"locals {{\n{bomb}}}\n{resource}", "other/main.tf": resource.replace("10.0", "10.1")})

    assert "10.1.0.0/16" in cidrs(scan)
    assert scan.broken == []


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('pathexpand("nets.json") == "nets.json" ? "10.1.0.0/16" : "10.2.0.0/16"', ["10.1.0.0/16"]),
        ('pathexpand("~/nets.json") == "nets.json" ? "10.1.0.0/16" : "10.2.0.0/16"', []),
        ('["10.1.0.0/16"][index(["a", "b"], "a")]', ["10.1.0.0/16"]),
        ('["10.1.0.0/16"][index(["a", "b"], "c")]', []),
        ('[for n in ["c"] : "10.1.0.0/16" if index(["a"], n) == 0]', []),
    ],
)
def test_paths_and_places_in_lists(expression: str, found: list[str], scanned: Scanned) -> None:
    scan = scanned({"main.tf": f'resource "aws_vpc" "a" {{\n  cidr_block = {expression}\n}}\n'})

    assert (cidrs(scan), bool(scan.unresolved)) == (found, not found)
