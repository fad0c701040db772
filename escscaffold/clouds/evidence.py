"""What existing resources say, in Terraform and as clouds' commands list them, and what an environment adopts: facts.

A path in a listing is keys with dots between: `networkProfile.podCidr`. `subnets[]` is each item of a list,
`Tags[Key=Name]` each item for which a condition holds, and a path that begins with `..` starts at the object around a
part. A text is a path, or `path ~ pattern` for the first group of a regular expression. A condition is a path that
must have a value, `path=value`, or `path ~ pattern`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from ipaddress import IPv4Network
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.fact_files import as_object, folder_table, tables_by_folder
from escscaffold.clouds.facts import Kurrent

_KURRENT = "kurrent"

# fmt: off
Role = Literal[
    "network", "block", "subnet", "cluster", "pool", "half", "table", "route", "association",
    "permission", "kurrent-project", "kurrent-network", "peering", "database",
]
# fmt: on
Use = Literal["network", "nodes", "secondary", "pods", "services", "kurrent", "routes"]
_FACTS = "kinds.toml"
_STEP = re.compile(r"(?:^|(?<=\.))([^.\[\]~=]++)(\[[^\[\]]*+\])?+(?:\.|$)")
_LONGEST_TEXT = 1_000
_AROUND = ".."


class RangeArgument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An argument that holds a range, with dots through nested blocks and their lists."""

    at: str
    use: Use
    named: str = ""
    """The argument in the same block that names the range."""


class InlineRoutes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Blocks of a route table that are its routes."""

    at: str
    destination: str
    through: str


class ResourceMeaning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the arguments of one type of resource mean; each is an argument's name, with dots."""

    role: Role
    cloud: str = ""
    names: tuple[str, ...] = ()
    """Attributes by which others refer to it."""
    network: str = ""
    network_default: str = ""
    """The network that it is in where it names none."""
    region: str = ""
    subnets: tuple[str, ...] = ()
    pod_subnets: tuple[str, ...] = ()
    """Arguments that name a subnet of which only pods get addresses."""
    ranges: tuple[RangeArgument, ...] = ()
    pods_named: tuple[str, ...] = ()
    """Arguments that name a secondary range of its subnet, for pods."""
    services_named: tuple[str, ...] = ()
    picks_pods: str = ""
    """The argument that gives the pods' range, without which the cloud picks one; nothing where it never does."""
    static_routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Arguments and their values with which static routes lead to the pods."""
    own_network: str = ""
    """The argument without which the cluster gets a network of its own."""
    own_network_group: str = ""
    own_network_look: str = ""
    look: str = ""
    """The command that shows the cluster as it is."""
    cluster: str = ""
    main_table: tuple[str, ...] = ()
    peer: str = ""
    kurrent_peer: str = ""
    """A pattern of the peer's id that only a Kurrent network has."""
    connection: str = ""
    status: str = ""
    good_status: tuple[str, ...] = ()
    must_be_true: str = ""
    switches: tuple[str, ...] = ()
    switches_why: str = ""
    switches_command: str = ""
    """What sets them where no configuration has the resource."""
    switches_source: str = ""
    inline: InlineRoutes | None = None
    table: str = ""
    destination: str = ""
    through: str = ""


class Remedy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is missing, the block that adds it, and why it must exist."""

    fix: str
    why: str
    source: str
    message: str = ""


class ListedConstant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An argument that a command does not print, and the condition without which it has this value."""

    argument: str
    value: str
    unless: str


class ListedBlock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A nested block: where its items are, and what of each is which argument."""

    at: str
    values: Mapping[str, str]


class ListedForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an object that a cloud's command prints becomes a resource of Terraform's."""

    command: str
    what: str
    """What the command's listing calls the object."""
    type: str
    each: str = ""
    """Where the items are, of which each is a resource; nothing where the object itself is."""
    needs: str = ""
    """A path that must have a value."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Paths by the argument's name, with dots."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Arguments that are made of the listing's fields: `{account}`, `{network}`, `{id}`."""
    blocks: Mapping[str, ListedBlock] = field(default_factory=dict)
    constants: tuple[ListedConstant, ...] = ()


class CloudEvidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts in one cloud's folder."""

    looks: Mapping[str, str] = field(default_factory=dict)
    """Commands that show what was not looked at, by what they show."""
    half: Remedy | None = None
    """What accepts a peering; None where Kurrent Cloud makes both halves."""
    table: Remedy | None = None
    """The route that each route table needs; None where the cloud adds routes by itself."""
    resources: Mapping[str, ResourceMeaning] = field(default_factory=dict)
    listed: tuple[ListedForm, ...] = ()


_NOTHING = CloudEvidence()


class RangeKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the blocks in some arguments of a type are for, or a block that the type has without an argument."""

    type: str
    kind: str
    source: str
    arguments: tuple[str, ...] = ()
    """With dots, through nested blocks; in lower case with `_` between words."""
    cidr: IPv4Network | None = None
    label: str = ""
    unset: str = ""
    """The argument that is false where the resource does not have the block."""


class ImportForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a resource is imported: `{argument}` stands for its value, `{argument.part}` for a part of that."""

    type: str
    to: str
    """Its address in the environment."""
    key: str = ""
    """The key of its instance there; nothing where there is one."""
    id: str
    name_prefix: str = ""
    """What its name begins with in the environment; another name replaces it."""
    holds: Mapping[str, str] = field(default_factory=dict)
    """Arguments and a value that one of them must have: others of the type have another purpose."""
    refers_to: Mapping[str, str] = field(default_factory=dict)
    """Arguments that name one that is imported, each with the attribute of that one."""


class PathPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of a whole path that names something: the first group of a pattern."""

    pattern: str


class NetworkSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key of the environment that an argument of the network answers."""

    key: str
    argument: str
    values: Mapping[str, str]
    """The key's value for each of the argument's."""


class AdoptionFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts in one cloud's folder."""

    imports: tuple[ImportForm, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """Patterns whose first group is a part of a value."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Keys of the environment that have this value where a peering exists already."""
    network_settings: tuple[NetworkSetting, ...] = ()
    existing: Mapping[str, PathPart] = field(default_factory=dict)
    """Further names of the network, each a part of its path."""


class ListedRange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a CIDR block is in a resource, and what it is for."""

    kind: str
    at: str = ""
    cidr: IPv4Network | None = None
    """A block that is not written there, but holds where `when` does."""
    label: str = ""
    """What distinguishes it from the resource's other blocks."""
    label_at: str = ""
    """The key next to the block that has it."""
    when: tuple[str, ...] = ()


class ResourceForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of resource: for each text the paths that may hold it, of which the first that has one is taken."""

    what: str
    name: tuple[str, ...]
    at: str = ""
    """Where it is in the resource that it is a part of."""
    id: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    """An account, a project or a subscription."""
    region: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    """The network that it is in, by its name or its id."""
    ended: tuple[str, ...] = ()
    """With any of these it no longer uses an address."""
    ranges: tuple[ListedRange, ...] = ()
    parts: tuple["ResourceForm", ...] = ()
    is_network: bool = False
    """Whether others are in it, and are called by its name."""
    alone: bool = False
    """Whether its name is clear without that of its network."""


class Listing(ResourceForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one command prints."""

    command: str
    """How to call it for JSON."""
    has: tuple[str, ...]
    """What distinguishes its objects from those of other commands."""
    source: str
    keys: tuple[str, ...] = ()
    """What the list, or the one object, is wrapped in."""
    unwrapped: str = ""
    """A key whose keys may stand one level higher."""


class ResourceEvidence:
    """What is known of existing resources at all clouds, each kind of file read when it is first asked for."""

    def __init__(self, kurrent: Kurrent) -> None:
        self._kurrent = kurrent
        self._adoptions: dict[str, AdoptionFacts] = {}

    def of_cloud(self, folder: str) -> CloudEvidence:
        """Return the facts in a cloud's folder; nothing for an unknown cloud."""
        return self._by_folder.get(folder, _NOTHING)

    @property
    def kurrent_looks(self) -> Mapping[str, str]:
        """The commands that show the Kurrent side."""
        return self.of_cloud(_KURRENT).looks

    @cached_property
    def meanings(self) -> Mapping[str, ResourceMeaning]:
        """What is known of each type of resource; those of Kurrent Cloud under each provider's prefix."""
        by_type: dict[str, ResourceMeaning] = {}
        for folder, evidence in self._by_folder.items():
            if folder == _KURRENT:
                for provider in self._kurrent.providers:
                    by_type |= {f"{provider}_{name}": resource for name, resource in evidence.resources.items()}
            else:
                by_type |= {name: replace(resource, cloud=folder) for name, resource in evidence.resources.items()}
        return by_type

    @cached_property
    def listed_forms(self) -> Mapping[tuple[str, str], tuple[ListedForm, ...]]:
        """What objects become, by the command that prints them and what its listing calls them."""
        forms: dict[tuple[str, str], tuple[ListedForm, ...]] = {}
        first = next(iter(self._kurrent.providers))
        for folder, evidence in self._by_folder.items():
            for resource in evidence.listed:
                form = replace(resource, type=f"{first}_{resource.type}") if folder == _KURRENT else resource
                forms[form.command, form.what] = (*forms.get((form.command, form.what), ()), form)
        return forms

    @cached_property
    def range_kinds(self) -> Mapping[str, tuple[RangeKind, ...]]:
        """What ranges in a resource are for, by the resource's type in lower case."""
        kinds: dict[str, tuple[RangeKind, ...]] = {}
        for tables in tables_by_folder(_FACTS).values():
            for table in tables["kinds"]:
                kind = as_object(RangeKind, table)
                kinds[kind.type.lower()] = (*kinds.get(kind.type.lower(), ()), kind)
        return kinds

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """All that is known of what commands print, of each cloud and of Kurrent Cloud."""
        tables = tables_by_folder("listings.toml").values()
        return tuple(as_object(Listing, table) for table in tables for table in table["listings"])

    def best_listing(self, item: Mapping[str, Any]) -> Listing | None:
        """Return the command whose objects look like this one; the more it asks for, the better it fits."""
        fitting = [
            listing
            for listing in self.listings
            if all(holds(unwrapped(item, listing), condition) for condition in listing.has)
        ]
        return max(fitting, key=lambda listing: len(listing.has), default=None)

    def adoption(self, cloud: str) -> AdoptionFacts:
        """Return a cloud's facts about adopting a peering; nothing for a cloud without any."""
        if cloud not in self._adoptions:
            self._adoptions[cloud] = as_object(AdoptionFacts, folder_table(cloud, "adoption.toml"))
        return self._adoptions[cloud]

    @cached_property
    def _by_folder(self) -> Mapping[str, CloudEvidence]:
        return {folder: as_object(CloudEvidence, table) for folder, table in tables_by_folder("evidence.toml").items()}


def unwrapped(item: Mapping[str, Any], listing: Listing) -> Mapping[str, Any]:
    """Return the object with the keys of its inner one."""
    inner = item.get(listing.unwrapped) if listing.unwrapped else None
    return {**inner, **item} if isinstance(inner, dict) else item


def values_at(item: Any, path: str) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield each value at a path, with the object that holds the path's last key."""
    yield from _values(item, _steps(path), {})


def text_at(item: Any, places: tuple[str, ...], around: Any = None) -> str:
    """Return the first text at these places; nothing where there is none."""
    for place in places:
        path, sign, pattern = _condition(place)
        start = around if path.startswith(_AROUND) else item
        for value, _ in values_at(start, path.removeprefix(_AROUND)):
            text = _plain_text(value)
            if sign:
                match = re.search(pattern, text)
                text = match[1] if match else ""
            if text:
                return text
    return ""


def holds(item: Any, condition: str) -> bool:
    """Return whether a condition holds of an object."""
    path, sign, expected = _condition(condition)
    for value, _ in values_at(item, path):
        text = _plain_text(value)
        if not sign or (text == expected if sign == "=" else re.search(expected, text)):
            return True
    return False


def _values(item: Any, steps: tuple[tuple[str, str | None], ...], holder: Any) -> Iterator[tuple[Any, Any]]:
    if not steps:
        if item is not None:
            yield item, holder
        return
    (key, inside), rest = steps[0], steps[1:]
    if not isinstance(item, dict) or item.get(key) is None:
        return
    value = item[key]
    if inside is None:
        yield from _values(value, rest, item)
        return
    for inner in value if isinstance(value, list) else [value]:
        if not inside or holds(inner, inside):
            yield from _values(inner, rest, item if not isinstance(inner, dict) else inner)


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((key, inside[1:-1] if inside else None) for key, inside in _STEP.findall(path))


@lru_cache(maxsize=1024)
def _condition(text: str) -> tuple[str, str, str]:
    # In brackets a sign belongs to the path.
    depth = 0
    for place, letter in enumerate(text):
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if letter in "=~" and depth == 0:
            return text[:place].strip(), letter, text[place + 1 :].strip()
    return text.strip(), "", ""


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:_LONGEST_TEXT] if isinstance(value, (str, int)) else ""
