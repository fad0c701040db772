"""What the nodes of one environment take of an account's quotas: facts of each cloud, and the sum. Pure."""

import re
from collections.abc import Mapping
from functools import cache

from msgspec import Struct, field

from escscaffold.clouds.choices import Value
from escscaffold.clouds.fact_files import as_object, folder_table
from escscaffold.clouds.facts import Mode


class QuotaFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to read the size of a node from its type's name."""

    machine: str
    """The setting that names the type."""
    size: str
    """A regular expression with one group: the number of vCPUs, or the word that stands for it."""
    source: str
    cpus: Mapping[str, int] = field(default_factory=dict)
    """The number of vCPUs by the word; nothing where the group is the number."""
    disk: str = ""
    """The setting of a node's disk, where the quota counts disks."""


class NodesNeeded(Struct, frozen=True, kw_only=True):
    """What there can be at the same time."""

    nodes: int
    """With those that an upgrade adds."""
    machine: str
    cpus: int | None
    """Of all nodes; None where the type's name does not tell it."""
    disk: int | None
    """GB of all disks; None where no quota counts them."""


@cache
def quota_facts(cloud: str) -> QuotaFacts | None:
    """Return the facts of a cloud; None where it has none."""
    table = folder_table(cloud, "quotas.toml")
    return as_object(QuotaFacts, table) if table else None


def nodes_needed(cloud: str, mode: Mode, given: Mapping[str, Value]) -> NodesNeeded | None:
    """Return what the nodes of a cluster take; None where the cloud decides how many there are."""
    facts = quota_facts(cloud)
    if facts is None or "nodes" not in mode.settings or facts.machine not in mode.kubernetes:
        return None

    def value(name: str) -> Value | None:
        return given.get(name, mode.kubernetes[name].default) if name in mode.kubernetes else None

    counted = [value(mode.settings[key]) for key in ("nodes", "surge") if key in mode.settings]
    nodes = sum(number for number in counted if isinstance(number, int))
    types = value(facts.machine)
    machines = types if isinstance(types, tuple | list) else (str(types),)
    sizes = [_cpus(machine, facts) for machine in machines]
    known = [size for size in sizes if size is not None]
    disk = value(facts.disk)
    return NodesNeeded(
        nodes=nodes,
        machine=" or ".join(machines),
        cpus=nodes * max(known) if len(known) == len(sizes) and known else None,
        disk=nodes * disk if isinstance(disk, int) else None,
    )


def _cpus(machine: str, facts: QuotaFacts) -> int | None:
    found = re.search(facts.size, machine)
    if not found:
        return None
    return facts.cpus.get(found[1]) if facts.cpus else int(found[1])
