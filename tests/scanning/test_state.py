"""What is found in a state, and in what `terraform show -json` prints."""

import json
from typing import Any

import pytest

from tests.scanning.conftest import Scanned, cidrs, told

VPC = {"cidr_block": "10.8.0.0/16", "ipv6_cidr_block": "", "tags": {"Was": "10.1.0.0/16"}, "id": "vpc-1"}
VNET = {"address_space": ["10.9.0.0/16"], "subnet": [{"name": "apps", "address_prefixes": ["10.9.1.0/24"]}]}


def stored(*resources: dict[str, Any], version: int = 4) -> str:
    return json.dumps({"version": version, "terraform_version": "1.9.0", "lineage": "x", "resources": resources})


def managed(kind: str, *attributes: dict[str, Any], keys: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    instances = [{"attributes": a} | ({"index_key": k} if keys else {}) for a, k in zip(attributes, keys or [0] * 9)]  # noqa: B905
    return {"mode": "managed", "type": kind, "name": "main", "instances": instances, **more}


def shown(kind: str, address: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"resources": [{"address": address, "mode": "managed", "type": kind, "values": values}]}


def test_a_state_is_told_by_addresses(scanned: Scanned) -> None:
    text = stored(
        managed("aws_vpc", VPC),
        managed("azurerm_virtual_network", VNET, module="module.hub"),
        managed("aws_subnet", {"cidr_block": "10.8.1.0/24"}, {"cidr_block": "10.8.2.0/24"}, keys=("a", 1)),
        managed("aws_vpc", {"cidr_block": "10.10.0.0/16"}) | {"mode": "data"},
    )

    assert told(scanned({"terraform.tfstate": text})) == [
        ("10.8.0.0/16", "network", "aws_vpc.main", "terraform.tfstate"),
        ("10.9.0.0/16", "network", "module.hub.azurerm_virtual_network.main", "terraform.tfstate"),
        ("10.9.1.0/24", "subnet", "module.hub.azurerm_virtual_network.main apps", "terraform.tfstate"),
        ("10.8.1.0/24", "subnet", 'aws_subnet.main["a"]', "terraform.tfstate"),
        ("10.8.2.0/24", "subnet", "aws_subnet.main[1]", "terraform.tfstate"),
        ("10.10.0.0/16", "network", "data.aws_vpc.main", "terraform.tfstate"),
    ]


def test_a_plan_is_read_with_what_it_adds_and_what_it_destroys(scanned: Scanned) -> None:
    child = {"child_modules": [shown("aws_subnet", "module.a.aws_subnet.b", {"cidr_block": "10.8.3.0/24"})]}
    document = {
        "format_version": "1.2",
        "planned_values": {"root_module": shown("aws_vpc", "aws_vpc.new", {"cidr_block": "10.20.0.0/16"}) | child},
        "prior_state": {"values": {"root_module": shown("aws_vpc", "aws_vpc.old", {"cidr_block": "10.21.0.0/16"})}},
        "resource_changes": [{"change": {"before": {"cidr_block": "10.99.0.0/16"}}}],
    }

    scan = scanned({"plan.json": json.dumps(document)})

    assert [(cidr, name) for cidr, _, name, _ in told(scan)] == [
        ("10.20.0.0/16", "aws_vpc.new"),
        ("10.8.3.0/24", "module.a.aws_subnet.b"),
        ("10.21.0.0/16", "aws_vpc.old"),
    ]


def test_a_state_does_not_repeat_what_the_configuration_says(scanned: Scanned) -> None:
    files = {
        "main.tf": 'resource "aws_vpc" "main" { cidr_block = "10.8.0.0/16" }\n',
        "terraform.tfstate": stored(managed("aws_vpc", VPC)),
        "state.json": json.dumps(
            {"format_version": "1.0", "values": {"root_module": shown("aws_vpc", "aws_vpc.main", VPC)}}
        ),
    }

    assert told(scanned(files)) == [("10.8.0.0/16", "network", "aws_vpc.main", "main.tf:1")]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (stored(managed("aws_vpc", VPC))[:60], "not JSON", 1),
        ('{\n  "version": 4,\n  "res', "not JSON", 3),
        (stored(version=3), "version 3, not 4", None),
        (
            '{"name": "x"}',
            "unknown JSON: not from `terraform show -json` or a cloud's command. For supported JSON",
            None,
        ),
        ("[1]", "unknown JSON: not from `terraform show -json` or a cloud's command. For supported JSON", None),
        (
            '{"lineage": "x", "encrypted_data": "q8"}',
            "encrypted by OpenTofu",
            None,
        ),
        ('{"format_version": ' + "[" * 100_000 + "}", "nested too deeply", None),
        ('{"format_version": ' + "9" * 5000 + "}", "number is too long", None),
    ],
    ids=["cut", "cut later", "old", "other", "list", "encrypted", "deep", "long number"],
)
def test_a_broken_state_is_told_and_the_rest_is_read(
    text: str, message: str, line: int | None, scanned: Scanned
) -> None:
    scan = scanned({"a.tfstate": text, "b.txt": "10.0.0.0/16"}, "a.tfstate", "b.txt")

    assert cidrs(scan) == ["10.0.0.0/16"]
    (broken,) = scan.broken
    assert (broken.source, broken.line) == ("a.tfstate", line)
    assert message in broken.message


def test_whatever_the_depth_nothing_crashes(scanned: Scanned) -> None:
    one = stored(managed("aws_vpc", {"cidr": 0}))

    scan = scanned({f"{n}.tfstate": one.replace("0}", "[" * n + "]" * n + "}") for n in range(850, 1000, 3)})

    assert {broken.message.split(": ")[-1] for broken in scan.broken} == {"it is nested too deeply"}


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [None], [[]], [{"instances": 7}], [{"values": []}]])
def test_a_state_of_another_shape_is_no_crash(odd: object, scanned: Scanned) -> None:
    for document in (
        {"version": 4, "lineage": "x", "resources": odd},
        {"version": 4, "lineage": "x", "resources": [{"instances": odd}]},
        {"format_version": "1.0", "values": odd, "planned_values": {"root_module": odd}, "prior_state": odd},
        {"format_version": "1.0", "values": {"root_module": {"resources": odd, "child_modules": odd}}},
    ):
        assert cidrs(scanned({"a.tfstate": json.dumps(document)})) == []
