"""Behaves like a real provider in more than its schema: what replaces a resource, and all that Kurrent Cloud does.

It decides which values are refused, what a made object holds and what an id finds. The objects lie in a
`Store`. Both names of the Kurrent provider see the same ones, for types are kept without their prefix.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from tests.terraform import kurrent_peer
from tests.terraform.force_new import Place, replacing
from tests.terraform.resources import ResourceError, Resources
from tests.terraform.schema import ProviderSchema
from tests.terraform.store import Store
from tests.terraform.values import Value, is_unknown

FOUND, MADE = (
    tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8")) for name in ("found.toml", "made.toml")
)
KURRENT_PROVIDERS = ("kurrentcloud", "eventstorecloud")

# https://github.com/EventStore/terraform-provider-eventstorecloud/tree/trunk/esc: in any case, as configured.
ALLOWED = {
    ("network", "resource_provider"): ["aws", "gcp", "azure"],
    ("peering", "peer_resource_provider"): ["aws", "gcp", "azure"],
    ("managed_cluster", "topology"): ["single-node", "three-node-multi-zone"],
    ("managed_cluster", "instance_type"): ["F1", "C4", "M8", "M16", "M32", "M64", "M128"],
    ("managed_cluster", "disk_type"): ["GP3", "SSD", "PREMIUM-SSD-LRS"],
    ("managed_cluster", "projection_level"): ["off", "system", "user"],
}
PREFIXES = {("network", "cidr_block"): (8, 24), ("peering", "routes"): (8, 28)}
GP3_LIMITS = {"disk_iops": ("iops", 3000, 16000), "disk_throughput": ("throughput", 125, 1000)}


def stand_in(schema: ProviderSchema, store: Store) -> Resources:
    """Return what stands in for the provider with this schema."""
    return KurrentCloud(schema, store) if schema.address.name in KURRENT_PROVIDERS else Cloud(schema, store)


def key_of(import_id: str) -> str:
    """Return the name under which an object lies in the store that is imported by this id."""
    return hashlib.sha256(import_id.encode()).hexdigest()


class Cloud(Resources):
    """Resources that are replaced where the real provider replaces them; data sources find what a file says.

    What a test put into the store exists already: it is imported by its id, and data sources find it.
    """

    def __init__(self, schema: ProviderSchema, store: Store) -> None:
        super().__init__(schema)
        self._store = store
        self._source = f"{schema.address.namespace}/{schema.address.name}"

    def replacing(self, type_name: str, prior: Value, planned: Value) -> Iterable[Place]:
        return replacing(self._source, type_name, prior, planned)

    def make(self, type_name: str, prior: Value, planned: Value, seed: bytes) -> Value:
        told = {name: value for name, value in MADE.get(type_name, {}).items() if is_unknown(planned[name])}
        return super().make(type_name, prior, planned, seed) | told

    def look_up(self, type_name: str, configured: Value, seed: bytes) -> Value:
        found = super().look_up(type_name, configured, seed) | FOUND.get(type_name, {})
        for one in self._store.all(f"data.{type_name}"):
            if all(
                configured.get(name) in (None, one[name]) for name in ("name", "resource_group_name") if name in one
            ):
                found |= {name: _on_top_of(found.get(name), value) for name, value in one.items()}
        return found

    def identify(self, type_name: str, text: str) -> Value:
        kept = self._store.get(type_name, key_of(text))
        if kept is None:
            raise ResourceError(f"Cannot import non-existent remote object {text!r}")
        return kept


class KurrentCloud(Cloud):
    """Kurrent Cloud's resources, with what is made in a store."""

    def problems(self, type_name: str, configured: Value) -> Iterable[ResourceError]:
        kind = _kind(type_name)
        for (of, name), allowed in ALLOWED.items():
            value = configured.get(name)
            if of == kind and isinstance(value, str) and value.lower() not in [one.lower() for one in allowed]:
                listed = " ".join(f'"{one}"' for one in allowed)
                yield ResourceError(f"expected {name} to be one of [{listed}], got {value}", (name,))
        for (of, name), (shortest, longest) in PREFIXES.items():
            values = configured.get(name) if of == kind else None
            for value in values if isinstance(values, list) else [values]:
                if isinstance(value, str):
                    yield from _no_network(name, value, shortest, longest)

    def problems_of_plan(self, type_name: str, planned: Value) -> Iterable[ResourceError]:
        if _kind(type_name) != "managed_cluster" or not isinstance(planned["disk_type"], str):
            return
        disk_type = planned["disk_type"]
        for name, (word, least, most) in GP3_LIMITS.items():
            # What is not known yet reads as zero there.
            value = 0 if is_unknown(planned[name]) else planned[name] or 0
            if disk_type.lower() != "gp3":
                if value:
                    yield ResourceError(f"'{word}' must not be set when 'type' is '{disk_type}'")
            elif not value:
                yield ResourceError(f"'{word}' must be set when 'type' is '{disk_type}'")
            elif not least <= value <= most:
                yield ResourceError(f"'{word}' must be set between {least} and {most}")

    def make(self, type_name: str, prior: Value, planned: Value, seed: bytes) -> Value:
        kind = _kind(type_name)
        made = super().make(type_name, prior, planned, seed)
        if prior is None:
            made["id"] = self._store.new_id()
        made |= self._computed(kind, made)
        if kind == "peering" and prior is None:
            network = self._of("network", made["network_id"])
            made["provider_metadata"] = kurrent_peer.meet(network, made, self._store)
        self._store.keep(kind, made["id"], made)
        return made

    def unmake(self, type_name: str, prior: Value) -> None:
        kind = _kind(type_name)
        inside = {"project": ("network", "project_id"), "network": ("managed_cluster", "network_id")}
        if kind in inside:
            holds, name = inside[kind]
            if any(one[name] == prior["id"] for one in self._store.all(holds)):
                raise ResourceError(f"The {kind} {prior['id']} still has a {holds.replace('_', ' ')}")
        if kind == "peering":
            kurrent_peer.part(prior, self._store)
        self._store.drop(kind, prior["id"])

    def find(self, type_name: str, known: Value) -> Value:
        kept = self._store.get(_kind(type_name), known["id"])
        if kept is None:
            return None
        if _kind(type_name) == "peering":
            # The API tells the network's provider, however the peering was asked for.
            kept["peer_resource_provider"] = self._of("network", kept["network_id"])["resource_provider"]
        return {name: kept.get(name) for name in known}

    def look_up(self, type_name: str, configured: Value, seed: bytes) -> Value:
        kind = _kind(type_name)
        same = [name for name in ("name", "project_id") if name in configured]
        found = [one for one in self._store.all(kind) if all(one[name] == configured[name] for name in same)]
        if not found or (len(found) > 1 and kind == "network"):
            raise ResourceError(f"{len(found)} {kind}s with the name {configured['name']!r}, and one is asked for")
        return {name: found[0].get(name) for name in configured}

    def identify(self, type_name: str, text: str) -> Value:
        project, colon, own = text.partition(":")
        if _kind(type_name) == "project":
            return {"id": text}
        if not (project and colon and own):
            raise ResourceError(f"Malformed import id {text!r}: project_id:resource_id is expected")
        return {"id": own, "project_id": project}

    def _computed(self, kind: str, made: Value) -> dict[str, Any]:
        if kind != "managed_cluster":
            return {}
        network = self._of("network", made["network_id"])
        place = {name: network[name] for name in ("resource_provider", "region")}
        return {**place, "dns_name": f"{made['id']}.mesdb.eventstore.cloud"}

    def _of(self, kind: str, own_id: str) -> Value:
        found = self._store.get(kind, own_id)
        if found is None:
            raise ResourceError(f"There is no {kind} {own_id}")
        return found


def _on_top_of(made_up: Value, given: Value) -> Value:
    """Return a given value, with the rest of its nested objects made up."""
    nested = isinstance(given, list) and isinstance(made_up, list) and made_up and isinstance(made_up[0], dict)
    return [made_up[0] | one for one in given] if nested else given


def _kind(type_name: str) -> str:
    return type_name.partition("_")[2]


def _no_network(name: str, value: str, shortest: int, longest: int) -> Iterable[ResourceError]:
    """Say of a text what Terraform's SDK says where it wants a network of some size."""
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        yield ResourceError(f"expected {name} to contain a valid Value, got: {value}", (name,))
        return
    if str(network) != value:
        yield ResourceError(
            f"expected {name} to contain a valid network Value, expected {network}, got {value}", (name,)
        )
    if not shortest <= network.prefixlen <= longest:
        limits = f"between {shortest} and {longest} significant bits, got: {network.prefixlen}"
        yield ResourceError(f'expected "{name}" to contain a network Value with {limits}', (name,))
