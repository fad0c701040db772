"""The networks and subnets that files of a person's own declare in an environment, and what they overlap.

What is generated declares the plan's ranges, and is not looked at again.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.known_facts import Facts
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import BlockIndex, tightest_fit, without
from escscaffold.rules.finding import Finding
from escscaffold.rules.overlap_rules import EnvironmentRange, may_overlap, own_declaration_finding
from escscaffold.scanning.found import Found, Unresolved, is_network_type
from escscaffold.scanning.kinds import implied_ranges, kind_of
from escscaffold.scanning.terraform_files import scan_module
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.modules import Module

_DECLARING = ("network", "subnet")
_PLANNED = ("network", "subnet", "cluster")
_TYPED_BY_ARGUMENT = "azapi_resource"
_RESOURCE = re.compile(r'\bresource\s{1,50}"?([A-Za-z_][\w-]{0,200})')
# What a local module declares, and what is in JSON, is known only once it is read.
_READ_FURTHER = re.compile(r'"?\bsource"?\s{0,50}[=:]\s{0,50}"\.{1,2}(?:/|")|"resource"\s{0,50}:')
# The type in an address: behind the calls of modules, whose keys may hold anything.
_TYPE = re.compile(
    r'(?:module\.[\w-]+(?:\["(?:[^"\\]|\\.)*+"\]|\[[^\[\]"]*+\])?\.)*+(data\.)?([A-Za-z_][\w-]*)\.(?:[\w-]+)'
)

NewEvaluator = Callable[[], Evaluator]


class OwnDeclarations(Struct, frozen=True, kw_only=True):
    """What a person's own files declare in one environment."""

    environment: str
    blocks: tuple[Found, ...] = ()
    unknown: tuple[Unresolved, ...] = ()
    """Networks and subnets whose range cannot be computed."""
    generated: frozenset[IPv4Network] = frozenset()
    """The blocks of what is generated."""


def may_declare(text: str) -> bool:
    """Whether a file may declare a network or subnet, without parsing it.

    >>> may_declare('resource "aws_subnet" "db" {'), may_declare('resource "aws_s3_bucket" "logs" {')
    (True, False)
    """
    return bool(_READ_FURTHER.search(text)) or any(map(_is_network, _RESOURCE.findall(text)))


def own_declarations(
    environment: str,
    root: Module,
    modules: Mapping[str, Module],
    own_files: Container[str],
    facts: Facts,
    new: NewEvaluator,
) -> OwnDeclarations:
    """Return what the files `own_files` declare in an environment's root module and in the modules that it calls."""
    blocks: dict[tuple[object, ...], Found] = {}
    unknown: dict[str, Unresolved] = {}
    generated: set[IPv4Network] = set()
    for piece in scan_module(root, dict(modules), facts, new):
        is_data, type_ = _type_of(piece.name)
        if is_data or not _is_network(type_):
            continue
        if isinstance(piece, Unresolved):
            if piece.source in own_files and kind_of(type_, piece.argument.split("."), facts) in _DECLARING:
                unknown.setdefault(piece.source, piece)
        elif isinstance(piece.cidr, IPv4Network) and not _is_implied(piece.cidr, type_, facts):
            if piece.source in own_files or piece.call.rpartition(":")[0] in own_files:
                if piece.kind in _DECLARING:
                    blocks.setdefault((piece.cidr, piece.name), piece)
            elif piece.kind in _PLANNED:
                generated.add(piece.cidr)
    return OwnDeclarations(
        environment=environment,
        blocks=tuple(blocks.values()),
        unknown=tuple(unknown.values()),
        generated=frozenset(generated),
    )


def _type_of(name: str) -> tuple[bool, str]:
    match = _TYPE.match(name)
    return (bool(match[1]), match[2]) if match else (False, "")


def _is_network(type_: str) -> bool:
    return type_ == _TYPED_BY_ARGUMENT or is_network_type(type_)


def _is_implied(block: IPv4Network, type_: str, facts: Facts) -> bool:
    """Whether a resource of this type takes the block without an argument: no choice of the file; `scan` lists it."""
    return any(block == implied.cidr for implied in implied_ranges(type_, facts))


def overlap_findings(plan: AddressPlan, declared: Iterable[OwnDeclarations]) -> Iterator[Finding]:
    """Yield each allocated range that a network or subnet of a person's own overlaps."""
    declared = list(declared)
    if not any(declarations.blocks for declarations in declared):
        return
    index = BlockIndex((r.cidr, (environment, r)) for environment in plan.environments for r in environment.ranges)
    for declarations in declared:
        environment = plan.environment(declarations.environment)
        proposed: list[IPv4Network] = []
        for declaration in declarations.blocks:
            block = declaration.cidr
            assert isinstance(block, IPv4Network), "IPv6 was skipped before"
            overlapped = list(_overlapped(environment, block, declarations.generated, index))
            free = None
            if overlapped and declaration.kind == "subnet":
                free = _free_block(plan, environment, [*_blocks(declarations), *proposed], block.prefixlen)
                proposed += [free] if free else []
            for owner, planned in overlapped:
                range_text = f"{planned.name} {planned.cidr}{f' of {owner.name}' if owner is not environment else ''}"
                yield own_declaration_finding(environment, declaration.name, declaration.place, block, range_text, free)


def _blocks(declarations: OwnDeclarations) -> list[IPv4Network]:
    return [block.cidr for block in declarations.blocks if isinstance(block.cidr, IPv4Network)]


def _overlapped(
    environment: EnvironmentPlan,
    block: IPv4Network,
    generated: Container[IPv4Network],
    index: BlockIndex[EnvironmentRange],
) -> Iterator[EnvironmentRange]:
    """Yield the ranges that the block overlaps, and may not."""
    overlapped = [
        (owner, planned)
        for owner, planned in index.overlapping(block)
        if not (_may_be_in(owner, planned) or _is_shared(environment, owner, planned))
        and (owner is environment or not (planned.hidden or may_overlap(environment, owner)))
    ]
    declares = [pair for pair in overlapped if _is_declared_here(environment, block, generated, *pair)]
    wrong: list[EnvironmentRange] = []
    for owner, planned in overlapped:
        # What holds the block by design, and what is held by the network that the block is.
        is_inside = block != planned.cidr and block.subnet_of(planned.cidr)
        if is_inside and owner is environment and _holds(owner, planned):
            continue
        if any(
            owner is other
            and (planned is match or match.name == planned.facts.inside or planned.name == match.facts.inside)
            for other, match in declares
        ):
            continue
        wrong.append((owner, planned))
    # An overlap with a network is one with all that is in it.
    networks = [(owner.name, planned.name) for owner, planned in wrong]
    yield from ((owner, planned) for owner, planned in wrong if (owner.name, planned.facts.inside) not in networks)


def _may_be_in(owner: EnvironmentPlan, planned: PlannedRange) -> bool:
    """Whether the block may be a part of the range, or the range of it: of an existing network no more is known."""
    return owner.is_existing(planned) and planned is not owner.kurrent


def _is_shared(environment: EnvironmentPlan, owner: EnvironmentPlan, planned: PlannedRange) -> bool:
    """Whether it is the range of the environment's Kurrent network, seen from another environment on it."""
    on_one_network = owner.spec.kurrent_network == environment.spec.kurrent_network
    return planned is owner.kurrent and owner is not environment and on_one_network


def _holds(owner: EnvironmentPlan, planned: PlannedRange) -> bool:
    return bool(owner.held_by(planned.name)) or _is_reserved_only(owner, planned)


def _is_declared_here(
    environment: EnvironmentPlan,
    block: IPv4Network,
    generated: Container[IPv4Network],
    owner: EnvironmentPlan,
    planned: PlannedRange,
) -> bool:
    """Whether the block is what has the range: one that exists, is kept for it, or that nothing generated declares."""
    if _is_reserved_only(owner, planned) and owner is environment:
        return block.subnet_of(planned.cidr)
    if block != planned.cidr:
        return False
    return owner.is_existing(planned) or (owner is environment and block not in generated)


def _is_reserved_only(owner: EnvironmentPlan, planned: PlannedRange) -> bool:
    request = owner.spec.ranges.get(planned.name)
    return owner.spec.mode.is_own(planned.name) and not (request and request.subnet)


def _free_block(
    plan: AddressPlan, environment: EnvironmentPlan, taken: list[IPv4Network], length: int
) -> IPv4Network | None:
    """Return a free block of this size where the environment's own ranges are placed."""
    if environment.spec.mode.own_range is None:
        return None
    taken = [*taken, *(r.cidr for other in plan.environments for r in other.leaves)]
    return tightest_fit(
        without(environment.free, [*taken, *plan.spec.reserved.values(), *plan.retired.values()]), length
    )
