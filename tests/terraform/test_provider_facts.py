"""The program that asks providers what replaces a resource, in front of one that is made for it and of the real AWS."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from escscaffold.clouds.fact_files import template_root
from escscaffold.terraform.provider_facts import read_provider
from tests.properties import in_full
from tests.terraform import real
from tests.terraform.asked import SCHEMA, write_launcher
from tests.terraform.root import require
from tests.terraform.schema_message import schema_message
from tools.provider_facts.__main__ import main
from tools.provider_facts.connection import ClosedPort
from tools.provider_facts.offline import offline_configuration, offline_environment
from tools.provider_facts.schema import block_of
from tools.provider_facts.values import decode

AWS = Path(str(template_root())) / "providers" / "hashicorp" / "aws.json"
TYPES = [
    # Arguments of every kind: blocks, sets, enums, ids, either of two, changes that hang on both values.
    *("aws_eks_cluster", "aws_eks_node_group", "aws_route", "aws_subnet", "aws_vpc_security_group_ingress_rule"),
    # The other types that matter to what is emitted.
    "aws_cloudwatch_log_group",
    "aws_eip",
    "aws_eks_addon",
    "aws_iam_role",
    "aws_launch_template",
    "aws_nat_gateway",
    "aws_s3_bucket",
    "aws_vpc",
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program writes of the provider that is made for it."""
    folder = tmp_path_factory.mktemp("asked")
    out = folder / "example" / "asked.json"
    arguments = [str(write_launcher(folder)), "--source", "Example/Asked", "--out", str(out), "--seconds", "2"]
    assert main([*arguments, "--asked", "2026-11-28", "--note", "a note"]) == 0
    first = out.read_text(encoding="utf-8")
    assert main([*arguments, "--asked", "2026-11-28", "--note", "a note", "--jobs", "2"]) == 0
    assert out.read_text(encoding="utf-8") == first
    return dict(json.loads(first))


def test_it_says_who_answered_when_and_how_much(asked: dict[str, Any]) -> None:
    told = {name: value for name, value in asked.items() if name not in ("resources", "questions", "unknown")}

    assert told == {
        "source": "example/asked",
        "version": "0.1.0",
        "asked": "2026-11-28",
        "protocol": 6,
        "notes": ["a note"],
        "types": 3,
        "arguments": 24,
    }
    assert asked["questions"] > asked["unknown"] > 0


def test_every_argument_is_asked_by_itself(asked: dict[str, Any]) -> None:
    thing = asked["resources"]["asked_thing"]

    assert thing["arguments"] == {
        "": "cidr id kind name odd options place protected rule size stamp tags zones",
        "options": "fast",
        "rule": "note port",
    }
    assert thing["sets"] == ["rule", "zones"]
    assert thing["replaces"] == {
        "cidr": "car",
        "kind": "car",
        "name": "c",
        "protected": "fr",
        "rule": "arc",
        "rule.port": "c",
        "zones": "car",
    }
    assert thing["in_place"] == {"cidr": "w", "protected": "ta"}
    assert thing["unknown"] == {"odd": "car"}
    assert thing["computed_on_update"] == []


@pytest.mark.parametrize("type_name", ["asked_crashes", "asked_hangs"])
def test_a_provider_that_breaks_off_leaves_that_argument_unknown(asked: dict[str, Any], type_name: str) -> None:
    resource = asked["resources"][type_name]

    assert resource["unknown"] == {"first": "*"}
    assert "replaces" not in resource


def test_more_types_are_added_to_a_file_of_the_same_version(tmp_path: Path) -> None:
    out = tmp_path / "asked.json"
    arguments = [str(write_launcher(tmp_path)), "--source", "example/asked", "--seconds", "2", "--out", str(out)]

    main([*arguments, "--types", "asked_thing", "--note", "a note"])
    first = json.loads(out.read_text(encoding="utf-8"))
    main([*arguments, "--types", "asked_crashes", "--add"])
    both = json.loads(out.read_text(encoding="utf-8"))

    assert list(both["resources"]) == ["asked_crashes", "asked_thing"]
    assert both["resources"]["asked_thing"] == first["resources"]["asked_thing"]
    assert (both["notes"], both["types"]) == (["a note"], 2)
    assert both["questions"] > first["questions"]
    with pytest.raises(SystemExit, match=r"it has example/asked 0\.1\.0, not example/asked 0\.2\.0"):
        main([*arguments, "--types", "refused_before_types_are_read", "--add", "--version", "0.2.0"])
    with pytest.raises(SystemExit, match="2"):
        main([*arguments[: arguments.index("--out")], "--add"])


@in_full
def test_the_real_aws_provider_answers_what_is_recorded(tmp_path: Path) -> None:
    folder = real.find("hashicorp/aws")
    require(folder is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror that has it")
    assert folder is not None
    recorded = read_provider(AWS.read_bytes())
    out = tmp_path / "aws.json"

    # A machine with other work is no provider that hangs.
    patience = ["--seconds", "90"]
    flags = ["--source", "hashicorp/aws", "--version", folder.name, "--out", str(out), *patience]
    main([str(folder), *flags, "--types", *TYPES])

    answered = read_provider(out.read_bytes())
    assert answered.version == recorded.version
    assert {name: answered.resources[name] for name in TYPES} == {name: recorded.resources[name] for name in TYPES}


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    provider = block_of(protocol.GetProviderSchema.Response.FromString(schema_message(SCHEMA)).provider.block)
    closed = ClosedPort()
    try:
        environment = offline_environment(closed.url)
        request = offline_configuration(provider, closed.url, tmp_path)
        port = int(closed.url.rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)
    finally:
        closed.close()

    proxies = {name: value for name, value in environment.items() if name.lower().endswith("_proxy")}
    assert {value for name, value in proxies.items() if name.lower() != "no_proxy"} == {closed.url}
    assert {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} < proxies.keys()
    assert proxies["NO_PROXY"] == proxies["no_proxy"] == ""
    assert environment["AWS_ENDPOINT_URL"] == closed.url
    assert decode(request.config.msgpack) == {"url": closed.url, "region": "eu-central-1"}


def test_a_binary_that_is_no_provider_is_named(tmp_path: Path) -> None:
    program = tmp_path / "terraform-provider-none_v1.0.0"
    program.write_text("#!/bin/sh\necho Hello.\n", encoding="utf-8")
    program.chmod(0o755)

    with pytest.raises(SystemExit, match=r"terraform-provider-none_v1\.0\.0 does not start as a Terraform provider"):
        main([str(program), "--source", "example/none"])


def test_a_mirror_without_the_provider_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"No provider example/none in {tmp_path}"):
        main([str(tmp_path), "--source", "example/none"])


def test_a_type_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no resource type asked_nothing"):
        main([str(write_launcher(tmp_path)), "--source", "example/asked", "--types", "asked_nothing"])
