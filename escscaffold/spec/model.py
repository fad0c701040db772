"""The spec as frozen objects: what a person asked for, before anything is planned."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any, Literal, NamedTuple

from msgspec import Struct, field

from escscaffold.clouds.choices import OptionValue, Part, Setting, Value
from escscaffold.clouds.defaults import Defaults, OlderDefault
from escscaffold.clouds.facts import KURRENT_RANGE, Cloud, ExpandingNetwork, Mode, Sizing
from escscaffold.clouds.known_facts import Facts

Routes = Literal["supernet", "exact"]


class PoolNodes(Struct, frozen=True, kw_only=True):
    """The nodes of one additional node pool, as far as they take addresses."""

    name: str
    nodes: int
    surge: int | None = None
    """Nodes that an upgrade adds for its time; None for the mode's usual number."""
    pods_per_node: int | None = None
    zones: tuple[int, ...] = ()
    """Numbers of the zones that they are in, where each zone has ranges of its own; nothing for all."""
    sizings: Mapping[str, Sizing] = field(default_factory=dict)
    """How its nodes are counted where their type decides that, by the kind of range."""


class Need(Struct, frozen=True, kw_only=True):
    """What a range has to hold; what is None takes the mode's usual value."""

    nodes: int | None = None
    pods_per_node: int | None = None
    surge: int | None = None
    """Nodes that an upgrade adds for its time."""
    services: int | None = None
    interfaces: int | None = None
    """Network interfaces of a node that have their address in the range."""
    spare: int = 0
    """Further addresses, such as those of internal load balancers."""
    pools: tuple[PoolNodes, ...] = ()
    """The additional node pools, whose nodes come on top."""


class RangeRequest(Struct, frozen=True, kw_only=True):
    """A range is pinned by a block, or asked for by its size or by what it has to hold."""

    block: IPv4Network | None = None
    prefix_length: int | None = None
    need: Need | None = None
    growth: int = 1
    """How many times as large the range can become where it lies."""
    subnet: bool = False
    """Whether a range of a team's own becomes a subnet; otherwise its addresses are only kept for the team."""


class NodePool(Struct, frozen=True, kw_only=True):
    """One additional node pool: its settings; those that are not here have the default."""

    settings: Mapping[str, Value]
    labels: Mapping[str, str]
    sizings: Mapping[str, Sizing] = field(default_factory=dict)
    """How its nodes are counted where their type decides that, by the kind of range."""


class Reference(NamedTuple):
    """Something of an environment, as output, flags and the lock name it: a range, a setting, a resource's address.

    >>> str(Reference("prod", "pods")), str(Reference("", "aws_vpc.main"))
    ('prod.pods', 'aws_vpc.main')
    >>> Reference.parse("prod.node_pools.batch").name
    'node_pools.batch'
    """

    environment: str
    """Nothing for a resource that is named by its address alone."""
    name: str
    """Nothing for the environment as a whole."""

    def __str__(self) -> str:
        return ".".join(filter(None, self))

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Return what a text refers to; an environment's name has no dots."""
        environment, _, name = text.partition(".")
        return cls(environment, name)


class Location(Struct, frozen=True):
    """Where and how an environment is made: what cannot change unless everything in it is replaced."""

    cloud: str
    region: str = ""
    mode: str = ""

    @classmethod
    def read(cls, text: str) -> "Location":
        """Read the text of one, as a lock has it.

        >>> Location.read("gcp europe-west2 gke-standard").mode
        'gke-standard'
        """
        return cls(*text.split(" ", 2))

    def __str__(self) -> str:
        return " ".join(part for part in (self.cloud, self.region, self.mode) if part)


class EnvironmentSpec(Struct, frozen=True, kw_only=True):
    """One environment: one cluster, one Kurrent network, one peering."""

    name: str
    resource_name: str = ""
    """What its resources are called, where that is not the environment's name."""
    cloud: Cloud
    region: str
    kurrent_region: str = ""
    """The region of the Kurrent network, where that is another one."""
    mode: Mode
    """With the facts as they are under the chosen options."""
    routes: Routes = "supernet"
    ranges: Mapping[str, RangeRequest]
    """By the range's name; a range that the mode has and that is not here takes its default."""
    remote: tuple[IPv4Network, ...] = ()
    """The pinned remote range; None where it follows from the ranges."""
    pools: tuple[IPv4Network, ...] = ()
    """Where ranges may be placed, the preferred first; nothing for the usual private space."""
    claim_pools: tuple[IPv4Network, ...] = ()
    """Where ranges that cross the peering are placed instead: blocks of an IPAM, the preferred first."""
    claim_roots: tuple[IPv4Network, ...] = ()
    """Where an IPAM allocates, so that ranges which never cross the peering are not placed there."""
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    """The mode's options, each with its value."""
    kubernetes: Mapping[str, Value] = field(default_factory=dict)
    """What is set of the cluster and its nodes; what is not here has the mode's default."""
    node_pools: Mapping[str, NodePool] = field(default_factory=dict)
    """The cluster's additional node pools, by their names."""
    database: Mapping[str, Value] = field(default_factory=dict)
    """What is set of the database, likewise."""
    database_settings: Mapping[str, Setting] = field(default_factory=dict)
    """What can be set of it, with the defaults and limits that hold here."""
    acl: Mapping[str, str] = field(default_factory=dict)
    """The access list of the database: CIDR blocks by whose they are; nothing for none."""
    backup: Mapping[str, Value] | None = None
    """When the database is backed up, each setting with its value; None where it is not."""
    backup_settings: Mapping[str, Setting] = field(default_factory=dict)
    """What can be set of the backup, with the defaults that hold here."""
    integrations: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """Where Kurrent Cloud sends what happens: what is set of each integration, by its name."""
    defaults: Defaults = field(default_factory=dict)
    """What is decided by default: as it was when the environment was first written."""
    facts: Facts
    """What is known of clouds and of Kurrent Cloud: those that the spec was read with."""
    older_defaults: tuple[OlderDefault, ...] = ()
    """Those of them that decide something here and are no longer what a new environment gets."""
    account: Mapping[str, Value] = field(default_factory=dict)
    """What pins it to one account of its cloud; nothing where the credentials decide."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of what is created at the cloud, in addition to those of every resource."""
    parts: Mapping[str, Part] = field(default_factory=dict)
    """What becomes of each part."""
    existing: Mapping[str, str] = field(default_factory=dict)
    """The names of what exists already."""
    may_overlap: frozenset[str] = frozenset()
    """Environments that this one may share addresses with."""
    accept: Mapping[str, str] = field(default_factory=dict)
    """Warnings of this environment that are known and lived with: the reason by the code."""

    def creates(self, part: str) -> bool:
        """Whether Terraform creates a part, and does not look it up or leave it out."""
        return self.parts.get(part, "create") == "create"

    @property
    def location(self) -> Location:
        """Where and how it is made."""
        return Location(self.cloud.name, self.region, self.mode.name)

    @property
    def called(self) -> str:
        """What its resources are called."""
        return self.resource_name or self.name

    @property
    def place_of_kurrent(self) -> str:
        """The region of the Kurrent network."""
        return self.kurrent_region or self.region

    @property
    def regions(self) -> str:
        """The region, with that of the Kurrent network where it is another one."""
        return f"{self.region} (Kurrent in {self.kurrent_region})" if self.kurrent_region else self.region

    @property
    def kurrent_network(self) -> tuple[str, str]:
        """Project and name of the Kurrent network: those of the environment, where it makes its own."""
        return (
            self.existing.get("kurrent-project", self.called),
            self.existing.get("kurrent-network", self.called),
        )

    def expanding_networks(self) -> Iterator[ExpandingNetwork]:
        """Yield what is known of an existing network that expands, or may be one, where the spec does not state it.

        It may be one by its name, or by its addresses: its ranges are all given, so that a range of another place is
        no proof.
        """
        if self.parts.get("network") != "existing":
            return
        blocks = [request.block for name, request in self.ranges.items() if name != KURRENT_RANGE and request.block]
        for facts in self.cloud.expanding_networks:
            option = self.options.get(facts.option)
            if option == facts.expands:
                yield facts
            elif option == facts.fixed:
                continue
            elif self.existing.get("network") in facts.names or any(block.subnet_of(facts.cidr) for block in blocks):
                yield facts


class StateBackend(Struct, frozen=True, kw_only=True):
    """Where Terraform keeps its state."""

    type: str = "local"
    """Terraform's own name for it."""
    settings: Mapping[str, Value] = field(default_factory=dict)


class PipelineSpec(Struct, frozen=True, kw_only=True):
    """The CI of the repository."""

    branch: str = "main"
    """The branch that pull requests are merged into."""
    deploy: bool = False
    """Whether what is merged is applied."""
    drift: str = "none"
    """When CI looks for drift, as cron."""
    package: str = ""
    """What pip installs escscaffold from, pinned by its content; nothing where it is not given."""
    program: str = "terraform"
    """What CI and the README run."""


class IpamSpec(Struct, frozen=True, kw_only=True):
    """The IPAM that holds the organization's addresses."""

    kind: str
    url: str
    """Without `/api` and without a slash at its end."""
    vrf: str = ""
    """The name of the VRF; nothing for the global table."""
    claim_from: tuple[IPv4Network, ...] = ()
    """Prefixes of the IPAM that environments get blocks from, the preferred first; nothing to claim nothing."""
    repository: str = ""
    """What this repository is called in there; nothing for the name that git's remote has."""
    tags: tuple[str, ...] = ()
    """Tags of what is claimed."""
    tenant: str = ""
    role: str = ""


class Spec(Struct, frozen=True, kw_only=True):
    """The whole of `escscaffold.toml`; environments and blocks in alphabetical order."""

    provider: str
    """The Terraform provider for the Kurrent side, a key of `Kurrent.providers`."""
    reserved: Mapping[str, IPv4Network]
    """Blocks that nothing may overlap, by name."""
    environments: Mapping[str, EnvironmentSpec]
    pools: Mapping[str, IPv4Network] = field(default_factory=dict)
    """Where ranges may be placed, by name, the preferred first."""
    ci: tuple[str, ...] = ()
    """The services that the repository has files for, to be checked by."""
    pipeline: PipelineSpec = field(default_factory=PipelineSpec)
    backend: StateBackend = field(default_factory=StateBackend)
    ipam: IpamSpec | None = None
    """None where no IPAM is named."""
    accept: Mapping[str, str] = field(default_factory=dict)
    """Warnings that are known and lived with: the reason by the code."""
    facts: Facts
    """What is known of clouds, Kurrent Cloud and backends: those that the spec was read with."""
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Each environment's table as a person wrote it."""
