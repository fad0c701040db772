"""What nodes hold and need, by their machine type: addresses of its interfaces, and an account's quotas. Pure."""

import re
from collections.abc import Mapping

from msgspec import Struct, field

from escscaffold.clouds.choices import Setting, Value
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

    pool: str
    """The node pool; nothing for the first nodes of the cluster."""
    nodes: int
    """With those that an upgrade adds."""
    machine: str
    cpus: int | None
    """Of all nodes; None where the type's name does not contain it."""
    disk: int | None
    """GB of all disks; None where no quota counts them."""


class NodeType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One type's network interfaces."""

    interfaces: int
    addresses: int
    """IPv4 addresses of each interface, its own among them."""
    most_pods: int
    """The most pods on a node, whatever its addresses."""
    prefixes: bool
    """Whether an interface takes prefixes instead of single addresses."""


class NodeFacts:
    """The facts on nodes, each cloud's files read when they are first asked for."""

    def __init__(self) -> None:
        self._quotas: dict[str, QuotaFacts | None] = {}
        self._types: dict[str, Mapping[str, NodeType]] = {}

    def types(self, cloud: str) -> Mapping[str, NodeType]:
        """Return the machine types whose interfaces are known, by name."""
        if cloud not in self._types:
            self._types[cloud] = {
                name: NodeType(**{key: value for key, value in group.items() if key != "names"})
                for group in folder_table(cloud, "node_types.toml").get("types", ())
                for name in group["names"]
            }
        return self._types[cloud]

    def needed(self, cloud: str, mode: Mode, values: Mapping[str, Value]) -> NodesNeeded | None:
        """Return what the first nodes of a cluster take of an account's quotas; None where the cloud decides that."""
        if "nodes" not in mode.settings:
            return None
        counted = [mode.settings[key] for key in ("nodes", "surge") if key in mode.settings]
        numbers = [values.get(name, mode.kubernetes[name].default) for name in counted if name in mode.kubernetes]
        nodes = sum(number for number in numbers if isinstance(number, int))
        return _needed(self._quota(cloud), mode.kubernetes, values, nodes)

    def needed_by_pool(
        self, cloud: str, mode: Mode, values: Mapping[str, Value], nodes: int, pool: str
    ) -> NodesNeeded | None:
        """Return the same of a node pool with so many nodes."""
        return _needed(self._quota(cloud), mode.pool_settings(), values, nodes, pool)

    def _quota(self, cloud: str) -> QuotaFacts | None:
        if cloud not in self._quotas:
            table = folder_table(cloud, "quotas.toml")
            self._quotas[cloud] = as_object(QuotaFacts, table) if table else None
        return self._quotas[cloud]


def _needed(
    facts: QuotaFacts | None, settings: Mapping[str, Setting], values: Mapping[str, Value], nodes: int, pool: str = ""
) -> NodesNeeded | None:
    """Return what so many nodes take that these settings make; None where nothing is known of the cloud's types."""
    if facts is None or facts.machine not in settings:
        return None
    types = values.get(facts.machine, settings[facts.machine].default)
    machines = types if isinstance(types, tuple | list) else (str(types),)
    sizes = [_cpus(machine, facts) for machine in machines]
    sizes_known = [size for size in sizes if size is not None]
    disk = values.get(facts.disk, settings[facts.disk].default) if facts.disk in settings else None
    return NodesNeeded(
        pool=pool,
        nodes=nodes,
        machine=" or ".join(machines),
        cpus=nodes * max(sizes_known) if sizes and len(sizes_known) == len(sizes) else None,
        disk=nodes * disk if isinstance(disk, int) else None,
    )


def _cpus(machine: str, facts: QuotaFacts) -> int | None:
    match = re.search(facts.size, machine)
    if not match:
        return None
    return facts.cpus.get(match[1]) if facts.cpus else int(match[1])
