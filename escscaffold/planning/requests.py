"""What each environment needs placed: the spec's wishes, the mode's defaults and what was granted before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from escscaffold.clouds.facts import RangeFacts
from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.plan import Granted, Origin
from escscaffold.spec.model import EnvironmentSpec


@dataclass(frozen=True, kw_only=True)
class Request:
    """One range to be in the plan; `block` is None while it has no place."""

    name: str
    facts: RangeFacts
    prefix_length: int
    block: IPv4Network | None
    origin: Origin
    asked: bool
    """Whether a person gave its size or place."""


def requests_of(spec: EnvironmentSpec, granted: Granted) -> list[Request]:
    """Return the environment's ranges, `kurrent` first, in the mode's order."""
    requests = [_request(spec, name, facts, granted) for name, facts in _names(spec)]
    pinned = {r.name: r.block for r in requests if r.origin == "pinned"}
    return [_follow(request, pinned.get(request.facts.inside)) for request in requests]


def _follow(request: Request, holder: IPv4Network | None) -> Request:
    """Return the request without its earlier place, if that is not inside its holder's new one."""
    left_behind = holder and request.origin == "locked" and request.block and not request.block.subnet_of(holder)
    return replace(request, block=None, origin="placed") if left_behind else request


def _names(spec: EnvironmentSpec) -> Iterator[tuple[str, RangeFacts]]:
    yield "kurrent", load_kurrent().network
    for kind, facts in spec.mode.ranges.items():
        if not facts.per_zone:
            yield kind, facts
            continue
        given = {name for name in spec.ranges if spec.mode.facts_of(name) is facts}
        wanted = given | {f"{kind}-{number}" for number in range(1, facts.minimum_zones + 1)}
        for name in sorted(wanted, key=lambda n: int(n.rpartition("-")[2])):
            yield name, facts


def _request(spec: EnvironmentSpec, name: str, facts: RangeFacts, granted: Granted) -> Request:
    wish = spec.ranges.get(name)
    before = granted.get((spec.name, name))
    # Where the cloud's own choice was, a chosen range never stays.
    before = None if before == facts.implied else before
    block: IPv4Network | None = None
    origin: Origin = "placed"
    length = facts.default_prefix_length
    match wish:
        case IPv4Network():
            block, origin, length = wish, "pinned", wish.prefixlen
        case None if facts.implied is not None:
            block, origin, length = facts.implied, "implied", facts.implied.prefixlen
        case None if before is not None:
            block, origin, length = before, "locked", before.prefixlen
        case int():
            length = wish
            if before is not None and before.prefixlen == wish:
                block, origin = before, "locked"
    return Request(name=name, facts=facts, prefix_length=length, block=block, origin=origin, asked=wish is not None)
