"""What a repository holds in an IPAM: the prefixes that were claimed, by environment and range. Pure."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.planning.ranges import covered_by

_LABEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._/-]*): ([a-z][a-z0-9-]*) ([a-z][a-z0-9-]*)")


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
    """Return the label that a description is, or None where somebody else wrote it.

    >>> label_in("platform/network: prod nodes-1").environment
    'prod'
    """
    read = _LABEL.fullmatch(description)
    return Label(repository=read[1], environment=read[2], range=read[3]) if read else None


class Claims(Struct, frozen=True, kw_only=True):
    """Everything that a repository claimed, as the lock remembers it."""

    repository: str = ""
    """What the repository is called in the IPAM; nothing where nothing was claimed yet."""
    held: Mapping[tuple[str, str], Claim] = field(default_factory=dict)
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
        return outermost({name: claim.cidr for name, claim in self.of(environment).items()})

    def environments(self) -> tuple[str, ...]:
        """Return the environments that claimed something, in alphabetical order."""
        return tuple(sorted({environment for environment, _ in self.held}))

    def holds(self, block: IPv4Network) -> bool:
        """Return True if the whole block lies inside something that was claimed."""
        return covered_by(block, (claim.cidr for claim in self.held.values()))

    def renamed(self, old: str, new: str) -> "Claims":
        """Return the claims with another name of an environment."""
        held = {(new if owner == old else owner, name): claim for (owner, name), claim in self.held.items()}
        return replace(self, held=held)


def outermost(blocks: Mapping[str, IPv4Network]) -> tuple[IPv4Network, ...]:
    """Return those of the blocks that lie in no other one, `kurrent` last and the others by address."""
    order = sorted(blocks, key=lambda name: (name == "kurrent", blocks[name]))
    return tuple(dict.fromkeys(blocks[name] for name in order if not _inside_another(blocks[name], blocks)))


def _inside_another(block: IPv4Network, blocks: Mapping[str, IPv4Network]) -> bool:
    return any(other != block and block.subnet_of(other) for other in blocks.values())


def claim_lines(claims: Claims) -> dict[str, str]:
    """Return what stands in the lock: the block and the IPAM's number, by environment and range."""
    return {f"{environment}.{name}": f"{claim.cidr} {claim.id}" for (environment, name), claim in claims.held.items()}
