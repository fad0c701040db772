"""What facts say of arguments and of replacements is what the providers themselves answered.

`templates/providers/` holds the answers of the real binaries of aws, azurerm, google and eventstorecloud; those of
kurrentcloud are derived from eventstorecloud's. Limits and defaults are in no schema and in no answer: the real AWS
provider is here to be asked for them (test_limits_asked.py, test_defaults_asked.py), and limits_asked.toml has what the
binary of eventstorecloud said. Those of google and azurerm cannot be asked, and have the day on which they were read.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from escscaffold.clouds.fact_files import load_cloud, load_kurrent, template_root
from escscaffold.clouds.known_facts import load_facts
from escscaffold.terraform.provider_facts import Answer, ProviderResource
from tests.terraform.schema import schema_of

FOLDERS = ("aws", "azure", "gcp", "kurrent")
SOURCES = {
    "aws": "hashicorp/aws",
    "azurerm": "hashicorp/azurerm",
    "google": "hashicorp/google",
    "kurrentcloud": "kurrent-io/kurrentcloud",
    "eventstorecloud": "eventstore/eventstorecloud",
}
# Of a module, of azapi, of one type that azurerm was not asked about, and of providers of address systems.
NOT_ASKED = ("module", "Microsoft.", "azurerm_network_manager_ipam_pool")


def table(folder: str, name: str) -> dict[str, Any]:
    path = Path(str(template_root())) / folder / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def answered(type_: str) -> ProviderResource | None:
    facts = load_facts().resources.provider(SOURCES.get(type_.partition("_")[0], ""))
    return facts.resources[type_] if facts and type_ in facts.resources else None


def named(folder: str) -> Iterator[tuple[str, str]]:
    """Yield each type of a resource that facts name, with an argument; nothing for none."""
    yield from ((type_, "") for type_ in table(folder, "resources"))
    for type_, arguments in table(folder, "conditions").items():
        yield from ((type_, argument) for argument in arguments)
    for row in table(folder, "exposures").get("exposures", []):
        yield row["type"], row["argument"]
    for row in table(folder, "kinds").get("kinds", []):
        yield from ((row["type"], argument) for argument in row.get("arguments", [row.get("unset", "")]))


def exists(resource: ProviderResource, path: str) -> bool:
    """Whether a resource has the argument, or one that holds it as an object."""
    parts, blocks = path.split("."), resource.arguments or {}
    outer = ((".".join(parts[:number]), parts[number]) for number in range(len(parts)))
    return any(name in blocks[block].split() for block, name in outer if block in blocks)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_argument_that_facts_name_is_one_of_the_provider(folder: str) -> None:
    rows = [(type_, argument) for type_, argument in named(folder) if not type_.startswith(NOT_ASKED)]
    assert len(rows) > 3

    missing = []
    for type_, argument in rows:
        resource = answered(type_)
        if resource is None:
            schema = schema_of(SOURCES[type_.partition("_")[0]])
            block = schema.resources[type_]["block"] if schema and type_ in schema.resources else {}
            found = argument in block.get("attributes", {})
        else:
            found = not argument or exists(resource, argument)
        missing += [] if found else [f"{type_}.{argument}"]
    assert missing == []


def answer(type_: str, argument: str) -> Answer:
    resource = answered(type_)
    assert resource is not None, f"no provider was asked about {type_}"
    return resource.answer(argument, "other")


def test_what_kurrent_replaces_is_what_both_of_its_providers_replace() -> None:
    kurrent = load_kurrent()
    database = {
        name: setting.replaces
        for name, setting in kurrent.database.items()
        if name not in ("prevent_destroy", "read_only_replicas")
    }
    backup = {"description": "backup_description", "keep": "max_backup_count", "schedule": "schedule"}

    for name, provider in kurrent.providers.items():
        of_provider = {key: fields["replaces"] for key, fields in provider.settings.items() if "replaces" in fields}
        expected = {
            **{f"managed_cluster.{key}": words for key, words in {**database, **of_provider}.items()},
            **{f"scheduled_backup.{backup[key]}": setting.replaces for key, setting in kurrent.backup.items()},
            "managed_cluster.acl_id": kurrent.acl_replaces,
            "network.cidr_block": kurrent.network.replaces,
            "network.region": kurrent.network.replaces,
            "peering.routes": kurrent.remote.replaces,
            "integration.data": (),
            "integration_awscloudwatch_logs.group_name": (),
            "integration_awscloudwatch_metrics.namespace": (),
        }
        told = {key: answer(f"{name}_{key.partition('.')[0]}", key.partition(".")[2]) for key in expected}
        assert told == {key: "replaces" if words else "in place" for key, words in expected.items()}, name


def accepts(resource: str, argument: str, value: Any) -> bool:
    """Whether the facts take a value: of a range that exists, or of a setting."""
    kurrent = load_kurrent()
    if resource == "managed_cluster":
        setting = kurrent.database[argument]
        if setting.choices:
            return value in setting.choices
        return (setting.least or 0) <= value <= (setting.most or value)
    facts = kurrent.network if resource == "network" else kurrent.remote
    length = int(value.rpartition("/")[2])
    shortest = facts.shortest_prefix_length if facts.shortest_existing is None else facts.shortest_existing
    return shortest <= length <= facts.longest_prefix_length


def test_the_limits_of_kurrent_are_those_of_its_provider() -> None:
    asked = tomllib.loads((Path(__file__).parent / "limits_asked.toml").read_text("utf-8"))
    rows = [
        (resource, argument, value, word)
        for resource, arguments in asked.items()
        for argument, words in arguments.items()
        for word, values in words.items()
        for value in values
    ]
    wrong = [row for row in rows if accepts(*row[:3]) is not (row[3] == "took")]

    assert len(rows) > 20
    assert wrong == []


def settings_of(cloud: str) -> dict[str, Any]:
    modes = load_cloud(cloud).modes.values()
    return {name: setting for mode in modes for name, setting in mode.kubernetes.items()}


@pytest.mark.parametrize(
    ("cloud", "setting", "type_", "argument"),
    [
        ("gcp", "max_pods_per_node", "google_container_cluster", "default_max_pods_per_node"),
        ("gcp", "deletion_protection", "google_container_cluster", "deletion_protection"),
        ("gcp", "disk_key", "google_container_node_pool", "node_config.boot_disk_kms_key"),
        ("gcp", "disk_size", "google_container_node_pool", "node_config.disk_size_gb"),
        ("gcp", "disk_type", "google_container_node_pool", "node_config.disk_type"),
        ("gcp", "machine_type", "google_container_node_pool", "node_config.machine_type"),
        ("gcp", "release_channel", "google_container_cluster", "release_channel.channel"),
        ("gcp", "maintenance_start", "google_container_cluster", "maintenance_policy.recurring_window.start_time"),
        ("azure", "version", "azurerm_kubernetes_cluster", "kubernetes_version"),
        ("azure", "sku_tier", "azurerm_kubernetes_cluster", "sku_tier"),
        ("azure", "disk_encryption_set_id", "azurerm_kubernetes_cluster", "disk_encryption_set_id"),
        ("azure", "private_cluster", "azurerm_kubernetes_cluster", "private_cluster_enabled"),
        ("azure", "upgrade_channel", "azurerm_kubernetes_cluster", "automatic_upgrade_channel"),
        ("aws", "version", "aws_eks_cluster", "version"),
    ],
)
def test_what_a_setting_of_a_cluster_replaces_is_what_the_provider_replaces(
    cloud: str, setting: str, type_: str, argument: str
) -> None:
    replaces = bool(settings_of(cloud)[setting].replaces)

    assert answer(type_, argument) == ("replaces" if replaces else "in place")


def test_eks_never_takes_a_key_off_its_secrets() -> None:
    resource, setting = answered("aws_eks_cluster"), settings_of("aws")["secrets_key_arn"]

    assert resource is not None
    assert resource.answer("encryption_config", "unset") == "replaces"
    assert setting.replaces
    assert setting.replaces_when_unset


@pytest.mark.parametrize(
    ("cloud", "mode", "range_", "type_", "argument"),
    [
        ("aws", "eks", "network", "aws_vpc", "cidr_block"),
        ("aws", "eks", "nodes", "aws_subnet", "cidr_block"),
        ("aws", "eks", "services", "aws_eks_cluster", "kubernetes_network_config.service_ipv4_cidr"),
        ("gcp", "gke-routes", "pods", "google_container_cluster", "cluster_ipv4_cidr"),
        ("azure", "aks-overlay", "pods", "azurerm_kubernetes_cluster", "network_profile.pod_cidr"),
        ("azure", "aks-overlay", "services", "azurerm_kubernetes_cluster", "network_profile.service_cidr"),
        ("azure", "aks-overlay", "network", "azurerm_virtual_network", "address_space"),
    ],
)
def test_what_a_range_replaces_is_what_the_provider_replaces(
    cloud: str, mode: str, range_: str, type_: str, argument: str
) -> None:
    replaces = bool(load_cloud(cloud).modes[mode].ranges[range_].replaces)

    # azurerm refuses to plan another pod or service range by itself, which is no change in place either.
    assert (answer(type_, argument) != "in place") is replaces
