"""Limits, logins and deprecations that a provider's schema or its validation can answer agree with the facts.

The last test starts the real AWS provider once for all of its limits, which takes a few seconds.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from escscaffold.clouds.fact_files import load_cloud, load_kurrent, template_root
from escscaffold.clouds.known_facts import load_facts
from tests.terraform import real
from tests.terraform.root import require, require_terraform
from tests.terraform.schema import ProviderSchema, schema_of

MODULES = Path(str(template_root()))
RESOURCE = re.compile(r'^resource "(\w+)" "\w+" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL)
ARGUMENT = re.compile(r"^  (\w+) +?= ", re.MULTILINE)


def provider_schema(address: str) -> ProviderSchema:
    schema = schema_of(address)
    require(schema is not None, f"no schema of {address}")
    assert schema is not None
    return schema


def test_service_accounts_are_arguments_of_the_provider_that_the_facts_name() -> None:
    newer, older = (
        provider_schema(name).provider["block"]["attributes"]
        for name in ("kurrent-io/kurrentcloud", "eventstore/eventstorecloud")
    )
    providers = load_kurrent().providers

    assert "client_secret" in newer
    assert "client_secret" not in older
    assert ("ESC_CLIENT_ID", "ESC_CLIENT_SECRET") in providers["kurrentcloud"].credentials.ways
    assert providers["eventstorecloud"].credentials.ways == (("ESC_TOKEN",),)


def test_the_types_of_the_older_provider_are_deprecated_in_the_newer_one() -> None:
    resources = provider_schema("kurrent-io/kurrentcloud").resources
    deprecated = {name for name, resource in resources.items() if resource["block"].get("deprecated")}
    (provider,) = (one for one in load_facts().lifecycles.of("kurrent") if one.name == "provider")

    assert deprecated == {name for name in resources if name.startswith("eventstorecloud_")}
    assert {one.name for one in provider.releases if one.deprecated} == {"eventstorecloud"}


@pytest.mark.parametrize("provider", ["kurrentcloud", "eventstorecloud"])
def test_the_settings_of_a_database_are_arguments_of_the_provider(provider: str) -> None:
    kurrent = load_kurrent()
    address = kurrent.providers[provider].source
    schema = provider_schema(address.lower())
    arguments = schema.resources[f"{provider}_managed_cluster"]["block"]["attributes"].keys()
    replicas = schema.resources.get(f"{provider}_managed_cluster_replicaset")
    settings = {name for name, one in kurrent.database.items() if not one.providers or provider in one.providers}

    assert settings - arguments == ({"prevent_destroy", "read_only_replicas"} if replicas else {"prevent_destroy"})


@pytest.mark.parametrize(
    ("address", "folder"),
    [("hashicorp/aws", "aws"), ("hashicorp/google", "gcp"), ("hashicorp/azurerm", "azure")],
)
def test_no_argument_that_is_written_is_deprecated(address: str, folder: str) -> None:
    resources = provider_schema(address).resources
    written = [
        (name, argument)
        for file in sorted((MODULES / folder / "modules").rglob("*.tf*"))
        for name, body in RESOURCE.findall(file.read_text("utf-8"))
        if name in resources
        for argument in ARGUMENT.findall(body)
    ]
    attributes = {name: resources[name]["block"].get("attributes", {}) for name, _ in written}

    assert len(written) > 20
    assert not [one for one in written if resources[one[0]]["block"].get("deprecated")]
    assert not [(name, one) for name, one in written if attributes[name].get(one, {}).get("deprecated")]


def vpc(length: int) -> str:
    return f'resource "aws_vpc" "a{length}" {{ cidr_block = "10.0.0.0/{length}" }}\n'


def services(name: str, block: str) -> str:
    return f"""resource "aws_eks_cluster" "{name}" {{
  name     = "a"
  role_arn = "arn:aws:iam::123456789012:role/a"
  vpc_config {{ subnet_ids = ["subnet-1"] }}
  kubernetes_network_config {{ service_ipv4_cidr = "{block}" }}
}}
"""


def test_the_real_aws_provider_refuses_what_lies_outside_the_limits(tmp_path: Path) -> None:
    require_terraform()
    found = real.find("hashicorp/aws")
    require(found is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror that has it")
    assert found is not None
    network, ranges = load_cloud("aws").modes["eks"].ranges["network"], load_cloud("aws").modes["eks"].ranges
    shortest, longest = network.shortest_prefix_length, network.longest_prefix_length
    of_services = (ranges["services"].shortest_prefix_length, ranges["services"].longest_prefix_length)
    refused = [shortest - 1, longest + 1]
    text = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
    text += "".join(vpc(length) for length in (*refused, shortest, longest))
    text += services("wide", f"10.0.0.0/{of_services[0] - 1}") + services("narrow", f"10.0.0.0/{of_services[1] + 1}")
    text += services("widest", f"10.0.0.0/{of_services[0]}") + services("narrowest", f"10.0.0.0/{of_services[1]}")
    text += services("shared", "100.64.0.0/24")
    (tmp_path / "main.tf").write_text(text)
    (tmp_path / "empty.tfrc").write_text("")
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "empty.tfrc")}
    mirror = found.parents[3]
    init = ["terraform", "init", "-input=false", f"-plugin-dir={mirror}"]
    subprocess.run(init, cwd=tmp_path, env=environment, check=True, capture_output=True)
    validate = ["terraform", "validate", "-json"]
    done = subprocess.run(validate, cwd=tmp_path, env=environment, check=False, capture_output=True)

    places = sorted(one["address"] for one in json.loads(done.stdout)["diagnostics"])
    assert places == sorted(
        [
            *(f"aws_vpc.a{length}" for length in refused),
            *(f"aws_eks_cluster.{one}" for one in ("wide", "narrow", "shared")),
        ]
    )
