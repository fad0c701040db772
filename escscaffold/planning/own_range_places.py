"""Ranges of a team's own beside those of the mode: what is known of each, and which subnets of theirs go. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Set
from ipaddress import IPv4Network

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.facts import RangeFacts
from escscaffold.planning.address_plan import Granted
from escscaffold.spec.model import EnvironmentSpec

IN_CUSTOM_FILES = ("what a custom.tf has in it",)
"""What is replaced where a range of a team's own moves that is no subnet here."""
RESERVED = "reserved"
"""What is said of a range that has no subnet any more and keeps its addresses."""


class OwnSubnetGone(Struct, frozen=True, kw_only=True):
    """A subnet of a team's own that Terraform destroys."""

    range: str
    was: str
    now: str


def own_range_facts(spec: EnvironmentSpec, name: str, facts: RangeFacts) -> RangeFacts:
    """Return what is known of a range under this name: of a team's own without a subnet, files of theirs make use."""
    if not spec.mode.is_own(name) or spec.ranges[name].subnet:
        return facts
    return replace(facts, replaces=IN_CUSTOM_FILES, refused="", refused_source="")


def own_ranges_gone(
    environments: Iterable[EnvironmentSpec], granted: Granted, asked: Set[tuple[str, str]]
) -> dict[tuple[str, str], IPv4Network]:
    """Return where ranges of a team's own lay that are asked for no more: a subnet may still be there."""
    known = {spec.name: spec.mode for spec in environments}
    return {
        key: block
        for key, block in granted.items()
        if key not in asked and key[0] in known and known[key[0]].is_own(key[1])
    }


def own_subnets_gone(
    spec: EnvironmentSpec, asked: EnvironmentSpec | None, granted: Mapping[str, IPv4Network]
) -> Iterator[OwnSubnetGone]:
    """Yield each subnet of a team's own that was asked for in the last plan, and is not now."""
    for name, before in sorted(asked.ranges.items()) if asked else ():
        now = spec.ranges.get(name)
        if before.subnet and name in granted and not (now and now.subnet):
            yield OwnSubnetGone(range=name, was=str(granted[name]), now=RESERVED if now else "none")
