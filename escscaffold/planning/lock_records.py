"""What else the lock records: owners of shared resources, defaults, claims in an IPAM. Pure.

The order of names decides an owner once, for the first environment. Later additions, renames and removals change
nothing. Each record is one line of the lock, so that branches merge by line.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.defaults import Defaults
from escscaffold.clouds.facts import Cloud
from escscaffold.planning.ranges import covered_by
from escscaffold.spec.model import EnvironmentSpec, Location, Reference

Owners = Mapping[str, str]
"""The environment that creates what is shared, by cloud. It may be removed since: what it created may still exist."""

SETTLED_WITH = ("kubernetes", "database")
"""Parts whose settings are decided once they are created here."""
_BACKUP = "backup"
_LABEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._/-]*): ([a-z][a-z0-9-]*) ([a-z][a-z0-9-]*)")


def owners_of(
    recorded: Mapping[str, str], locations: Mapping[str, Location], clouds: Mapping[str, Cloud]
) -> dict[str, str]:
    """Return the owners of a lock; a lock without a record means the first name, which older versions went by.

    `recorded` is the cloud whose shared resources an environment creates, `locations` where each environment is.
    Where a merge left two owners of a cloud, the first name holds.
    """
    owners = [(cloud, name) for name, cloud in recorded.items()]
    older = [(location.cloud, name) for name, location in locations.items()]
    by_cloud: dict[str, str] = {}
    for cloud, name in (*sorted(owners), *sorted(older)):
        if cloud in clouds and clouds[cloud].shared:
            by_cloud.setdefault(cloud, name)
    return by_cloud


def by_owner(owners: Owners) -> dict[str, str]:
    """Return the cloud by the environment that creates what is shared on it, as the lock records it."""
    return {name: cloud for cloud, name in owners.items()}


def with_new_owners(owners: Owners, environments: Mapping[str, EnvironmentSpec]) -> dict[str, str]:
    """Return the owners, with one for each cloud that had none: its first environment by name."""
    by_cloud = dict(owners)
    for name, environment in sorted(environments.items()):
        if environment.cloud.shared:
            by_cloud.setdefault(environment.cloud.name, name)
    return by_cloud


def creates_shared(owners: Owners, environment: EnvironmentSpec) -> bool:
    """Return whether this environment creates what is shared on its cloud.

    Its option decides, if it is `create` or `existing`; otherwise the recorded owner creates it.
    """
    chosen = environment.options.get(environment.cloud.shared)
    if chosen in ("create", "existing"):
        return chosen == "create"
    return bool(environment.cloud.shared) and owners.get(environment.cloud.name) == environment.name


def defaults_line(spec: EnvironmentSpec) -> str:
    """Return the defaults of what the environment has, as JSON with the keys of the spec."""
    return _line(tuple((key, _frozen(value)) for key, value in spec.defaults.items() if _is_decided(spec, key)))


def decided_by_default(spec: EnvironmentSpec, answers: Mapping[str, Any]) -> Defaults:
    """Return the defaults that decide something of the environment; `answers` is its table as a person wrote it."""
    written = {f"{section}.{key}" for section, table in answers.items() if isinstance(table, dict) for key in table}
    written |= answers.keys()
    return {key: value for key, value in sorted(spec.defaults.items()) if key not in written and _is_decided(spec, key)}


def _is_decided(spec: EnvironmentSpec, key: str) -> bool:
    section, _, name = key.partition(".")
    if section == "database":
        return name in spec.database_settings
    if section == _BACKUP:
        return spec.backup is not None
    return section not in SETTLED_WITH or spec.creates(section)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# Environments that are written together have the same line.
@lru_cache(maxsize=256)
def _line(values: tuple[tuple[str, Any], ...]) -> str:
    return json_line(dict(values))


def json_line(table: Mapping[str, Any]) -> str:
    """Return a table as JSON on one line, as the lock has it."""
    import json  # slow to import, and a plan alone writes no lock

    # Between apostrophes in the lock's TOML nothing is escaped, so none may be in it.
    return json.dumps(table, sort_keys=True, separators=(",", ":")).replace("'", "\\u0027")


@lru_cache(maxsize=256)
def defaults_in(line: str) -> Defaults:
    """Return the defaults in a line of the lock, which is known to be a JSON object."""
    import json  # slow to import, and older locks have no such line

    values: Mapping[str, Any] = json.loads(line)
    return values


def differing(line: str, other: str) -> Mapping[str, tuple[str, str]]:
    """Return the defaults that two lines do not have alike, both as JSON; nothing for what is no JSON object."""
    import json  # slow to import, and most locks are in no merge

    try:
        first, second = json.loads(line), json.loads(other)
    except (ValueError, RecursionError):
        return {}
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return {}
    both = {key: (json.dumps(first.get(key)), json.dumps(second.get(key))) for key in sorted(first.keys() | second)}
    return {key: two for key, two in both.items() if two[0] != two[1]}


class Claim(Struct, frozen=True, kw_only=True):
    """One prefix that the IPAM registered for this repository."""

    cidr: IPv4Network
    id: int
    """The IPAM's own number of it."""


class Label(Struct, frozen=True, kw_only=True):
    """Whose a claimed prefix is; as text it is the prefix's description in the IPAM."""

    repository: str
    environment: str
    range: str

    @property
    def text(self) -> str:
        """The label as a description: `platform/network: prod nodes`."""
        return f"{self.repository}: {self.environment} {self.range}"


def label_in(description: str) -> Label | None:
    """Return the label that a description is, or None for another description.

    >>> label_in("platform/network: prod nodes-1").environment
    'prod'
    """
    read = _LABEL.fullmatch(description)
    return Label(repository=read[1], environment=read[2], range=read[3]) if read else None


class Claims(Struct, frozen=True, kw_only=True):
    """Everything that a repository claimed, as the lock remembers it."""

    repository: str = ""
    """What the repository is called in the IPAM; nothing where nothing was claimed yet."""
    held: Mapping[Reference, Claim] = field(default_factory=dict)
    """By environment and range; a range is one of the plan's, or `remote` for what the peering routes to."""

    @property
    def ids(self) -> frozenset[int]:
        """The IPAM's numbers of all of them."""
        return frozenset(claim.id for claim in self.held.values())

    def of(self, environment: str) -> Mapping[str, Claim]:
        """Return what an environment claimed, by range."""
        return {name: claim for (owner, name), claim in self.held.items() if owner == environment}

    def blocks(self, environment: str) -> tuple[IPv4Network, ...]:
        """Return the blocks of an environment that lie in no other of its blocks, as the lock names them."""
        return _outermost({name: claim.cidr for name, claim in self.of(environment).items()})

    def environments(self) -> tuple[str, ...]:
        """Return the environments that claimed something, in alphabetical order."""
        return tuple(sorted({environment for environment, _ in self.held}))

    def holds(self, block: IPv4Network) -> bool:
        """Return True if the whole block is inside something that was claimed."""
        return covered_by(block, (claim.cidr for claim in self.held.values()))

    def renamed(self, old: str, new: str) -> "Claims":
        """Return the claims with another name of an environment."""
        held = {Reference(new if owner == old else owner, name): claim for (owner, name), claim in self.held.items()}
        return replace(self, held=held)


def _outermost(blocks: Mapping[str, IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return those of the blocks that lie in no other one, `kurrent` last and the others by address."""
    order = sorted(blocks, key=lambda name: (name == "kurrent", blocks[name]))
    return tuple(dict.fromkeys(blocks[name] for name in order if not _inside_another(blocks[name], blocks)))


def _inside_another(block: IPv4Network, blocks: Mapping[str, IPv4Network]) -> bool:
    return any(other != block and block.subnet_of(other) for other in blocks.values())


def claim_lines(claims: Claims) -> dict[str, str]:
    """Return what is in the lock: the block and the IPAM's number, by environment and range."""
    return {str(range_): f"{claim.cidr} {claim.id}" for range_, claim in claims.held.items()}
