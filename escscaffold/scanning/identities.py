"""Which of the names that files use mean one and the same network, subnet or route table. Pure.

The same network is `projects/p/global/networks/main` in a state, `main` in a peering's arguments, and
`google_compute_network.main` where a configuration refers to it.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from escscaffold.terraform.hcl_values import Unknown, Value, unknowns_in

_LINK = re.compile(r"^https?://[^/]+/(?:compute/)?(?:v1|beta|alpha)/")
_OUTSIDE = ("module.", "var.", "local.")


class Identity(Struct, frozen=True):
    """All that is known to name one thing: references in a configuration, whole paths, and bare names."""

    references: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether anything names it."""
        return bool(self.references or self.paths or self.names)

    @property
    def in_words(self) -> str:
        """Return the name that a person would use."""
        return min(self.names or self.paths or self.references, default="an unknown network")

    def is_same(self, other: "Identity") -> bool:
        """Return True if both name the same thing; two whole paths that differ are two things."""
        if self.references & other.references or self.paths & other.paths:
            return True
        if self.paths and other.paths:
            return False
        return bool(self.names & other.names)

    def joined(self, other: "Identity") -> "Identity":
        """Return what both know."""
        return Identity(self.references | other.references, self.paths | other.paths, self.names | other.names)


def identity_of(values: Iterable[Value]) -> Identity:
    """Return the identity that values of an argument spell: an id, a link, a name, or a reference.

    >>> sorted(identity_of(["https://www.googleapis.com/compute/v1/projects/p/global/networks/main"]).names)
    ['main']
    """
    whole = Identity()
    for value in values:
        if isinstance(value, str) and value:
            text = _LINK.sub("", value)
            # Resource ids of a cloud that ignores case begin with a slash.
            text = text.lower() if text.startswith("/") else text
            paths = frozenset([text]) if "/" in text else frozenset()
            whole = whole.joined(Identity(paths=paths, names=frozenset([text.rpartition("/")[2].lower()])))
        else:
            sources = (source for unknown in unknowns_in(value) for source in unknown.sources)
            whole = whole.joined(Identity(references=frozenset(_reference(*source) for source in sources)))
    return whole


def identities_in(values: Iterable[Value]) -> list[Identity]:
    """Return the identity of each value, of lists that of each item."""
    flat: list[Value] = []
    for value in values:
        flat += value if isinstance(value, list) else [value]
    return [identity for value in flat if (identity := identity_of([value])).is_known]


def reference_to(address: str) -> Identity:
    """Return the identity of a resource by its address alone."""
    return Identity(references=frozenset([address]))


def is_reference_to(value: Value, addresses: Iterable[str]) -> bool:
    """Return True if a value that is not known comes from one of these resources."""
    wanted = set(addresses)
    return isinstance(value, Unknown) and any(address in wanted for address, _ in value.sources)


def _reference(address: str, attribute: str) -> str:
    # Of what is not at hand, each output is a thing of its own.
    outside = address.startswith(_OUTSIDE) and ".data." not in address and address.count(".") < 2
    return f"{address}.{attribute}" if outside and attribute else address
