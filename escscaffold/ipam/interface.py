"""What escscaffold needs of an IPAM, and how the one that a spec names is opened.

Another IPAM than NetBox is a class with these methods and a name in `_KINDS`; its library is imported only here.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from ipaddress import IPv4Network
from typing import Protocol

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.planning.snapshot import Prefix
from escscaffold.spec.model import IpamSpec

TOKEN_VARIABLE = "NETBOX_TOKEN"
_KINDS: Mapping[str, tuple[str, str]] = {"netbox": ("escscaffold.ipam.netbox", "NetBox")}
"""The module and the class of each kind of IPAM."""


class IpamError(ScaffoldError):
    """The IPAM cannot be reached, refuses, or has not what is asked of it."""


class UncertainError(IpamError):
    """The answer to a change was lost, so that it is not known whether the IPAM made it."""


class OvertakenError(IpamError):
    """Another run registered the same addresses at the same moment; this registration is withdrawn."""


class NewPrefix(Struct, frozen=True, kw_only=True):
    """One prefix to be registered as it is."""

    cidr: IPv4Network
    description: str


class LastChange(Struct, frozen=True, kw_only=True):
    """Who changed an object last."""

    user: str
    time: str
    """ISO 8601."""
    action: str
    """In words: created, updated, deleted."""

    @property
    def in_words(self) -> str:
        """The change in words."""
        return f"{self.action} by {self.user} on {self.time[:16].replace('T', ' ')}"


class Ipam(Protocol):
    """One table of addresses of an IPAM: a VRF, or the global one.

    Each method raises IpamError where the IPAM cannot do it, and those that change something
    UncertainError where its answer is lost.
    """

    def prefixes(self) -> tuple[Prefix, ...]:
        """Return every IPv4 prefix of the table."""

    def overlapping(self, block: IPv4Network) -> tuple[Prefix, ...]:
        """Return the prefixes that share an address with the block, itself among them."""

    def own_prefixes(self, repository: str, ids: Sequence[int]) -> tuple[Prefix, ...]:
        """Return the prefixes with these numbers, and those whose description names the repository."""

    def prepare(self) -> None:
        """Find or create what claims need in addition to prefixes, such as tags, before the first change."""

    def allocate(self, root: Prefix, length: int, description: str) -> Prefix | None:
        """Register the first free block of this prefix length inside `root`; None where nothing is left.

        It has to be safe against everybody else who allocates at the same moment.
        """

    def free(self, root: Prefix) -> tuple[IPv4Network, ...]:
        """Return what is left of `root`, as the fewest blocks."""

    def register(self, new: Sequence[NewPrefix]) -> tuple[Prefix, ...]:
        """Register all of these prefixes as they are, or none."""

    def describe(self, descriptions: Mapping[int, str]) -> None:
        """Give prefixes, by their numbers, another description: all of them, or none."""

    def release(self, ids: Sequence[int]) -> None:
        """Delete the prefixes with these numbers; one that does not exist is deleted already."""

    def last_change(self, number: int) -> LastChange | None:
        """Return who changed or deleted a prefix last; None where the IPAM does not know or may not show it."""


def open_ipam(ipam: IpamSpec, token: str, seconds: float) -> Ipam:
    """Return the IPAM that the spec names; each answer may take `seconds`.

    Raises IpamError where its library is not installed, or the token cannot be one.
    """
    module, name = _KINDS[ipam.kind]
    try:
        kind: Callable[[IpamSpec, str, float], Ipam] = getattr(import_module(module), name)
    except ImportError as error:
        raise IpamError(
            f"The library for {ipam.kind} is not installed ({error.name}).",
            hint=f"Install it: pip install 'escscaffold[{ipam.kind}]'",
        ) from None
    return kind(ipam, token, seconds)
