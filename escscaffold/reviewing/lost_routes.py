"""Which ranges of an environment a peering routed to, and does so no more. Pure."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from escscaffold.planning.ranges import covered_by
from escscaffold.reviewing.effects import Impact, environment_of
from escscaffold.reviewing.roots import Root
from escscaffold.terraform.instances import Evaluated, Instance
from escscaffold.terraform.values import Value

_PEERING = "_peering"
_ROUTES = "routes"
"""No other peering than that of Kurrent Cloud has such an argument."""
_RANGES = "ranges"


def lost_routes(root: Root, unrouted: Mapping[str, frozenset[str]]) -> Iterator[Impact]:
    """Yield each range that could reach the database and cannot any more.

    `unrouted` has the names of ranges, by environment, that never cross the peering, such as those of services.
    """
    if root.fate != "kept":
        return
    environment = environment_of(root.folder)
    for address, new in root.new.instances.items():
        old = root.old.instances.get(address)
        if old is None or not new.type.endswith(_PEERING) or new.is_data:
            continue
        before, after = _blocks(old.attributes.get(_ROUTES)), _blocks(new.attributes.get(_ROUTES))
        if before is None or after is None or before == after:
            continue
        for name, cidr in _ranges(root.new):
            is_hidden = name in unrouted.get(environment, frozenset())
            if not is_hidden and covered_by(cidr, before) and not covered_by(cidr, after):
                yield _impact(new, environment, name, cidr, before, after)


def _impact(
    peering: Instance,
    environment: str,
    name: str,
    cidr: IPv4Network,
    before: list[IPv4Network],
    after: list[IPv4Network],
) -> Impact:
    return Impact(
        effect="unreachable",
        things=("the database",),
        environment=environment,
        subject=f"{environment}.{name}" if environment else name,
        argument=_ROUTES,
        old=", ".join(map(str, before)),
        new=", ".join(map(str, after)) or "none",
        addresses=(peering.was,),
        reason=(f"{name} {cidr} can no longer reach the database: the peering does not route to it.",),
        path=peering.path,
        line=peering.lines.get(_ROUTES, peering.line),
    )


def _ranges(side: Evaluated) -> Iterator[tuple[str, IPv4Network]]:
    """Yield the ranges that a root module names, or else those of the subnets that it declares."""
    named = side.variables.get(_RANGES)
    if isinstance(named, dict):
        blocks = {name: cidr for name, value in named.items() if (cidr := _block(value))}
        for name, cidr in blocks.items():
            # What holds others is told by those.
            if not any(other != cidr and other.subnet_of(cidr) for other in blocks.values()):
                yield name, cidr
        return
    for address, instance in side.instances.items():
        for argument in ("cidr_block", "ip_cidr_range", "address_prefixes"):
            value = instance.attributes.get(argument)
            for one in value if isinstance(value, list) else [value]:
                if "subnet" in instance.type and (cidr := _block(one)):
                    yield address, cidr


def _blocks(value: Value) -> list[IPv4Network] | None:
    """Return a list of CIDR blocks; None where one of them is not known."""
    if not isinstance(value, list):
        return None
    blocks = [_block(item) for item in value]
    known = [block for block in blocks if block is not None]
    return sorted(known) if len(known) == len(blocks) else None


def _block(value: Value) -> IPv4Network | None:
    try:
        return IPv4Network(value) if isinstance(value, str) and "/" in value else None
    except ValueError:
        return None
