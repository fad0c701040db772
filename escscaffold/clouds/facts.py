"""The contract that every cloud, every mode and Kurrent Cloud fill with data.

Units: addresses and prefix lengths, unless a field states another unit.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any, Literal

from msgspec import Struct, convert, field
from msgspec.structs import asdict, replace

from escscaffold.clouds.choices import AlsoReplaces, ExistingFacts, Option, OptionValue, Part, Setting, TagFacts, Value

Severity = Literal["error", "warning", "notice"]
KURRENT_RANGE, REMOTE = "kurrent", "remote"
"""The range of the Kurrent network, and what the peering routes to, as specs, flags and outputs name them."""
RANGES_OF_EVERY_MODE = (KURRENT_RANGE, REMOTE)
"""The ranges of the Kurrent side: every mode has them, and no range of a mode or of a team's own is called so."""


class Forbidden(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Addresses that a cloud refuses, or that lead to trouble there."""

    cidr: IPv4Network
    severity: Severity
    applies_to: Literal["every-range", "own-ranges", "kurrent"]
    reason: str
    source: str
    part: str = ""
    """The part that is refused when it is created; where it is not created here, the overlap is a warning."""


class FurtherBlocks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a network cannot be given as a further block."""

    within: IPv4Network
    """Where the network's first block lies."""
    refuses: tuple[IPv4Network, ...]
    source: str


class ExpandingNetwork(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network that takes further subnets by itself, from a block that is known."""

    cidr: IPv4Network
    names: tuple[str, ...]
    """Networks of these names are such ones, unless they were changed."""
    option: str
    """The option of modes with an existing network that states whether it is one."""
    expands: str
    """The option's value for one."""
    fixed: str
    """The option's value for a network that is none."""
    reason: str
    source: str


class Sizing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the addresses of one kind of range are counted; numbers are addresses unless stated otherwise.

    A node takes `node_addresses` and what its pods take: an address each (`pod_addresses`, in
    batches of `pod_batch`), or one block out of `pod_blocks`.
    """

    counts: Literal["nodes", "services"]
    source: str
    node_addresses: int = 0
    """What each node takes for itself."""
    pod_addresses: bool = False
    """Whether each pod takes an address."""
    spare_pod_addresses: int = 0
    """Addresses that a node keeps free for its next pods."""
    interfaces: bool = False
    """Whether `node_addresses` are a node's network interfaces, of which a need can say another number."""
    node_types: Literal["", "all", "further"] = ""
    """Whether a node's type decides what it takes: by all of its interfaces, or by those after its first."""
    prefixes_with: str = ""
    """The option with which interfaces take prefixes for pods instead of single addresses; nothing for none."""
    prefix_addresses: int = 0
    """The addresses of such a prefix."""
    host_pods: int = 0
    """Pods on each node that use the node's own address and take none."""
    pod_batch: int = 1
    """How many addresses for pods a node takes at a time."""
    pod_blocks: tuple[tuple[int, int], ...] = ()
    """The most pods on a node, and the prefix length of the block that the node then takes; smallest first."""
    read_to_pods: int = 0
    """The most pods whose block a page names: those of more follow from it; 0 where pages name all."""
    default_pods_per_node: int = 0
    fewest_pods_per_node: int = 1
    most_pods_per_node: int = 0
    default_surge: int = 0
    """Nodes that an upgrade adds for its time."""
    surge_source: str = ""
    fewest_nodes: int = 1
    """The nodes with which the cluster that is written begins."""
    most_nodes: int = 0
    """The most nodes, the surge among them, however large the range; 0 for no such limit."""
    extra: int = 0
    """Further addresses that are taken."""
    extra_purpose: str = ""


class RangeFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one kind of range in a mode.

    Prefix lengths count as CIDR does: the shortest prefix length is the largest range.
    """

    name: str
    purpose: str
    why: str
    """The line that the interview shows: why this is asked."""
    default_prefix_length: int
    shortest_prefix_length: int
    longest_prefix_length: int
    limit_source: str
    only_in_existing: tuple[IPv4Network, ...] | None = None
    """The blocks of an existing one, which Terraform does not set; None for the same blocks."""
    longest_existing: int | None = None
    """The longest prefix length for an existing range, of a cluster that is not created here; None for the same."""
    one_source: bool = False
    """Whether one page alone has the shortest prefix length, so that it is not verified."""
    shortest_existing: int | None = None
    """The shortest prefix length for an existing range; None for the same."""
    kept_addresses: int = 0
    """Addresses of each such range that the cloud takes for itself."""
    inside: str = ""
    """The range that must hold this one, or nothing."""
    covered: bool = False
    """Whether the peering's remote range must cover it."""
    hidden: bool = False
    """Whether its addresses never cross the peering, so that other clusters may repeat them."""
    minimum_zones: int = 0
    """Where there is one such range per zone (`<name>-1`, `<name>-2`, ...), the fewest zones; else 0."""
    only_in: tuple[IPv4Network, ...] = ()
    """The blocks that the cloud takes it from; nothing where it may lie anywhere."""
    further_block_of: str = ""
    """The range to whose network it is added as a further block, or nothing."""
    pools: tuple[IPv4Network, ...] = ()
    """Where to place it instead of where everything else is placed; nothing for no such place."""
    sizing: Sizing | None = None
    """How a need becomes a size, where it can be given as one."""
    most_usable: int = 0
    """Addresses that the cloud uses at most, however large the range; 0 where it has no such limit."""
    most_zones: int = 0
    """Where there is one such range per zone, the most zones; 0 where the cloud sets no limit."""
    replaces: tuple[str, ...] = ()
    """Resources that are replaced where the range changes; nothing where it changes in place."""
    also_replaces: AlsoReplaces | None = None
    """What else is replaced under some options."""
    refused: str = ""
    """Why the cluster is replaced though Terraform would change it in place; nothing where Terraform replaces it."""
    refused_source: str = ""
    count_replaces: tuple[str, ...] = ()
    """Resources that are replaced where there is one such range more or fewer."""
    widens_in_place: bool = False
    """Whether a wider range that holds the old one changes in place."""
    pinned_only: bool = False
    """Whether it is there already, so that only its block can be given."""
    settable: bool = True
    """Whether a person may choose it; where not, `implied` is what the cloud takes."""
    preferred: tuple[IPv4Network, ...] = ()
    """Where to place it if that is clear of everything else: what the cloud would pick."""
    implied: IPv4Network | None = None
    """What the cloud uses where nothing is written, if that is left to it."""
    implied_hidden: bool = False
    """Whether the implied range never crosses the peering, though a chosen one would."""
    part: str = ""
    """The part that brings it along: where that exists already, so does the range. Nothing where neither does."""
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """An option and its values with which there is this range; nothing where there always is."""

    def is_hidden(self, *, implied: bool) -> bool:
        """Return whether its addresses never cross the peering, as the cloud's own choice or as a chosen range."""
        return self.implied_hidden if implied else self.hidden

    @property
    def per_zone(self) -> bool:
        """Whether there is one such range in each zone."""
        return self.minimum_zones > 0


class NodePoolFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one cloud for its node pools."""

    name_pattern: str
    """A regular expression that a pool's whole name matches."""
    name_example: str
    names_taken: tuple[str, ...]
    """Names of pools that a cluster has anyway."""
    source: str
    inherits: tuple[str, ...]
    """Settings of the cluster's first pool that a further one has as well, with the same default."""
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs of them: fields of `Setting`, by the setting's name."""
    settings: Mapping[str, Setting]
    """Settings that the first pool does not have."""
    labels: TagFacts
    reserved: tuple[str, ...]
    """What no key of a label or of a taint has in it, because the cloud or Kubernetes sets those."""
    reserved_source: str
    counts: Mapping[str, str]
    """The settings that carry a need, as `Mode.settings`: nodes, pods on a node, and nodes that an upgrade adds."""
    zones_of: str = ""
    """The kind of range whose numbers its zones are; nothing where they have names of the cloud's."""
    modules: tuple[str, ...] = ()
    """Modules that only environments with node pools use."""
    no_surge_with: str = ""
    """The switch with which an upgrade adds no node, where there is one."""


def pool_value(settings: Mapping[str, Setting], values: Mapping[str, Value], name: str) -> Value | None:
    """Return what a setting of a pool is: as it is given, or its default; None where the mode does not have it."""
    return values.get(name, settings[name].default) if name in settings else None


class Mode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which pods get their addresses."""

    name: str
    title: str
    summary: str
    source: str
    modules: tuple[str, ...]
    ranges: Mapping[str, RangeFacts]
    others: RangeFacts | None = None
    """What is known of ranges that a person names; None where the mode's own are all there are."""
    own_range: RangeFacts | None = None
    """The facts of a team's own ranges in the network; None where the mode creates no network."""
    own_taken: tuple[str, ...] = ()
    """Names, and beginnings of names, that none of them can have: ranges of this cloud's modes."""
    options: Mapping[str, Option] = field(default_factory=dict)
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    """What can become of each part, the usual first; nothing where parts are only created."""
    existing: Mapping[str, ExistingFacts] = field(default_factory=dict)
    """What has to be named where a part exists already."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The cluster's settings in Terraform that carry a need: `nodes` and `pods_per_node` to their arguments."""
    node_types: str = ""
    """The cluster's setting that lists the types of its nodes, where the cloud's facts know what each type holds."""
    kubernetes: Mapping[str, Setting] = field(default_factory=dict)
    """What can be set of the cluster and its nodes, with this mode's defaults."""
    pools: NodePoolFacts | None = None
    """The rules of additional node pools; None where its cluster has none."""
    account_refused: Mapping[str, str] = field(default_factory=dict)
    """Settings of the account that this mode cannot have: the reason, and what to set instead."""
    retires: str = ""
    """The day (ISO 8601) on which the cloud ends it, or nothing."""
    replacement: str = ""
    """The mode to take instead of one that retires."""

    def pool_settings(self) -> Mapping[str, Setting]:
        """Return what can be set of a node pool; nothing where there are none."""
        return _settings_of_pools(self.pools, self.kubernetes) if self.pools else {}

    def range_names(self) -> tuple[str, ...]:
        """Return the names that a person may give a range, with the fewest zones where there is one per zone."""
        names: list[str] = []
        for facts in self.ranges.values():
            names += zone_names(facts.name, facts.minimum_zones) if facts.per_zone else [facts.name]
        return tuple(names)

    def facts_of(self, range_name: str) -> RangeFacts | None:
        """Return what is known of the range with this name, or None if the mode has none.

        A range per zone is found under its numbered names only, `nodes-3` but not `nodes`.
        """
        kind, _, number = range_name.rpartition("-")
        if kind in self.ranges and self.ranges[kind].per_zone and _is_zone_number(number):
            return self.ranges[kind]
        facts = self.ranges.get(range_name)
        if facts is None and self.others is not None and range_name not in RANGES_OF_EVERY_MODE:
            return replace(self.others, name=range_name)
        if facts is None and self.own_range is not None and self.is_own(range_name):
            return replace(self.own_range, name=range_name)
        return facts if facts and not facts.per_zone else None

    def is_own(self, range_name: str) -> bool:
        """Return True for a name that a range of a team's own can have here."""
        taken = (*RANGES_OF_EVERY_MODE, *self.own_taken)
        return self.own_range is not None and not any(f"{range_name}-".startswith(f"{kind}-") for kind in taken)


def _settings_of_pools(facts: NodePoolFacts, kubernetes: Mapping[str, Setting]) -> Mapping[str, Setting]:
    """Return what can be set of a node pool of a cluster with these settings, by alphabet."""
    inherited = {name: kubernetes[name] for name in facts.inherits if name in kubernetes}
    of_pools = {name: _changed(setting, facts.changed.get(name, {})) for name, setting in inherited.items()}
    return dict(sorted({**of_pools, **facts.settings}.items()))


def _changed(setting: Setting, changes: Mapping[str, Any]) -> Setting:
    """Return the setting as a pool has it; one that is needed has no default."""
    if not changes:
        return setting
    default = None if changes.get("needed") else setting.default
    return convert({**asdict(setting), "default": default, **changes}, Setting)


class Credentials(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a Terraform provider reads to sign in: names of environment variables, and files where a name has a `/`."""

    ways: tuple[tuple[str, ...], ...]
    """Each will do by itself, if all that it names is there."""
    source: str
    needed: tuple[str, ...] = ()
    """What every way needs in addition."""


class TerraformProvider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider as `required_providers` names it."""

    name: str
    source: str
    version: str
    option: str = ""
    """The option, a switch, that it is needed for; nothing where it always is."""


class Cloud(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs between clouds."""

    name: str
    title: str
    network_term: str
    default_region: str
    default_mode: str
    regions_printed: str
    """The month in which the vendor printed the regions last, in words."""
    regions: tuple[str, ...]
    kurrent_shortest_prefix_length: int
    kurrent_limit_source: str
    database: Mapping[str, Mapping[str, Any]]
    """What differs of the settings of a database at this cloud: fields of `Setting`, by the setting's name."""
    tags: TagFacts
    account: Mapping[str, Setting] = field(default_factory=dict)
    """What pins an environment to one account: arguments of the provider's own configuration."""
    credentials: Credentials
    terraform_providers: tuple[TerraformProvider, ...]
    forbidden: tuple[Forbidden, ...]
    further_blocks: tuple[FurtherBlocks, ...] = ()
    expanding_networks: tuple[ExpandingNetwork, ...] = ()
    kept_at_end: int
    """How many of the addresses that it keeps of a subnet are the last ones; the others are the first."""
    crossing: tuple[IPv4Network, ...] = ()
    """The blocks whose routes a peering exchanges by itself; nothing where it exchanges all."""
    crossing_source: str = ""
    shared: str = ""
    """The option of every mode that decides who creates shared resources; nothing where nothing is shared."""
    modes: Mapping[str, Mode]

    def providers_for(self, options: Mapping[str, OptionValue]) -> list[TerraformProvider]:
        """Return the providers of an environment with these options."""
        return [p for p in self.terraform_providers if not p.option or options[p.option]]


def shortest_prefix_length(facts: RangeFacts, cloud: Cloud) -> int:
    """Return the shortest prefix length of a range at this cloud: the Kurrent network obeys both sides' limits."""
    limits = {"kurrent": cloud.kurrent_shortest_prefix_length}
    return max(facts.shortest_prefix_length, limits.get(facts.name, 0))


def as_existing(facts: RangeFacts) -> RangeFacts:
    """Return the facts of a range that exists: its size obeys the cloud, not what Terraform or a new cluster takes."""
    longest = facts.longest_prefix_length if facts.longest_existing is None else facts.longest_existing
    shortest = facts.shortest_prefix_length if facts.shortest_existing is None else facts.shortest_existing
    return replace(
        facts,
        pinned_only=True,
        shortest_prefix_length=shortest,
        longest_prefix_length=longest,
        only_in=facts.only_in if facts.only_in_existing is None else facts.only_in_existing,
    )


def zone_names(kind: str, count: int) -> list[str]:
    """Return the names of a range that exists once per zone.

    >>> zone_names("nodes", 2)
    ['nodes-1', 'nodes-2']
    """
    return [f"{kind}-{number}" for number in range(1, count + 1)]


def _is_zone_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3 and not text.startswith("0")


class KurrentProvider(TerraformProvider, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider for the Kurrent side; its resource types begin with its name."""

    connection_scheme: str
    """The scheme of connection strings that clients of its time understand."""
    credentials: Credentials
    service_account_since: str = ""
    """The first version that takes a service account instead of a token; nothing where none does."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs of settings with this provider: fields of `Setting`, by the setting's name."""


class SpecialRange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Addresses that are neither private nor public: set aside for one purpose."""

    cidr: IPv4Network
    purpose: str
    """What they are for, as in: set aside for PURPOSE."""
    source: str


class Sink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an integration sends to."""

    type: str
    """Its resource, without the provider's prefix."""
    label: str
    """The name of that resource in the module."""
    secrets: tuple[str, ...]
    """What it signs in with, which no file may hold."""
    of_database: bool = False
    """Whether it needs the id of a database."""


class IntegrationFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an integration of a Kurrent project can be."""

    sinks: Mapping[str, Sink]
    settings: Mapping[str, Setting]


class Kurrent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Kurrent Cloud demands of every cloud."""

    private_ranges: tuple[IPv4Network, ...]
    shared_ranges: tuple[IPv4Network, ...]
    """Not private by RFC 1918, and used as if they were."""
    special_ranges: tuple[SpecialRange, ...]
    network: RangeFacts
    remote: RangeFacts
    providers: Mapping[str, KurrentProvider]
    parts: Mapping[str, tuple[Part, ...]]
    """What can become of each part on the Kurrent side, the usual first."""
    parts_replace: Mapping[str, Mapping[Part, tuple[str, ...]]]
    """Resources that are removed or replaced where a part was something else before: by the part and what it was."""
    existing: Mapping[str, ExistingFacts]
    database: Mapping[str, Setting]
    """What can be set of a database."""
    backup: Mapping[str, Setting]
    """What can be set of a scheduled backup."""
    integrations: IntegrationFacts
    acl_replaces: tuple[str, ...]
    """Resources that are replaced where a database gets an access list, or loses it."""
