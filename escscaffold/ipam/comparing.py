"""What of a repository's claims differs between the lock, the plan and the IPAM, and who changed it last."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.ipam.interface import Ipam, LastChange
from escscaffold.ipam.needing import blocking_prefixes, find_own
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.claim_requests import unclaimed
from escscaffold.planning.lock_records import Claim, Label, label_in
from escscaffold.planning.snapshot import Prefix
from escscaffold.spec.model import IpamSpec, Reference


class Differing(Struct, frozen=True, kw_only=True):
    """One way in which a claim is not what the lock or the plan has."""

    environment: str
    range: str
    cidr: str
    number: int | None
    """The IPAM's number of the prefix; None where there is none."""
    message: str
    fix: str
    last_change: LastChange | None = None


class Status(Struct, frozen=True, kw_only=True):
    """Every claim, and what differs."""

    repository: str
    claims: Mapping[Reference, Claim]
    differences: tuple[Differing, ...]
    elsewhere: tuple[Prefix, ...]
    """Prefixes with the label of this repository for environments that neither spec nor lock has."""
    retired: tuple[str, ...]
    """Environments that are not in the spec any more and hold claims."""


def compare_claims(ipam: Ipam, plan: AddressPlan, table: IpamSpec, repository: str) -> Status:
    """Return how the claims of the lock and the needs of the plan stand against the IPAM. Raises IpamError."""
    claims = plan.claims
    existing = ipam.own_prefixes(repository, sorted(claims.ids))
    own_prefixes = find_own(existing, claims, repository, plan.spec)
    by_id = {prefix.id: prefix for prefix in existing}
    differing = [*_of_lock(plan, by_id, repository)]
    for prefix in own_prefixes.surplus:
        differing.append(_surplus(prefix))
    for key, prefix in own_prefixes.held.items():
        if key not in claims.held:
            differing.append(_unknown(key, prefix))
    for environment in claims.environments():
        for block in claims.blocks(environment):
            others = blocking_prefixes(ipam.overlapping(block), block, own_prefixes, table)
            differing += (_foreign(environment, claims.of(environment), prefix) for prefix in others)
    differing += _unclaimed(plan)
    names = {*plan.spec.environments, *claims.environments()}
    return Status(
        repository=repository,
        claims=claims.held,
        differences=tuple(_with_change(ipam, differing)),
        elsewhere=tuple(prefix for prefix in existing if prefix.id not in claims.ids and _owner(prefix) not in names),
        retired=tuple(name for name in claims.environments() if name not in plan.spec.environments),
    )


def _owner(prefix: Prefix) -> str:
    label = label_in(prefix.description)
    return label.environment if label else ""


def _of_lock(plan: AddressPlan, by_id: Mapping[int, Prefix], repository: str) -> Iterator[Differing]:
    for (environment, name), claim in sorted(plan.claims.held.items()):
        prefix = by_id.get(claim.id)
        label = Label(repository=repository, environment=environment, range=name).text
        fix = f"Run escscaffold ipam claim {environment}."
        if environment not in plan.spec.environments:
            fix = f"Run escscaffold ipam release {environment}."
        if prefix is None:
            message = "the IPAM no longer has it in this VRF"
        elif prefix.block != claim.cidr:
            message = f"the IPAM has {prefix.prefix}"
        elif prefix.description != label:
            message = f"it is described {prefix.description!a} there, not {label!a}"
        else:
            continue
        yield Differing(
            environment=environment, range=name, cidr=str(claim.cidr), number=claim.id, message=message, fix=fix
        )


def _surplus(prefix: Prefix) -> Differing:
    label = label_in(prefix.description)
    assert label is not None, "surplus is what has a label"
    return Differing(
        environment=label.environment,
        range=label.range,
        cidr=prefix.prefix,
        number=prefix.id,
        message="it is registered twice",
        fix=f"Run escscaffold ipam claim {label.environment}.",
    )


def _unknown(key: Reference, prefix: Prefix) -> Differing:
    return Differing(
        environment=key.environment,
        range=key.name,
        cidr=prefix.prefix,
        number=prefix.id,
        message="it is not in the lock",
        fix=f"Run escscaffold ipam claim {key[0]}, or merge the branch that claimed it.",
    )


def _foreign(environment: str, claims: Mapping[str, Claim], prefix: Prefix) -> Differing:
    inside = next((name for name, c in claims.items() if c.cidr.overlaps(prefix.block)), "")
    return Differing(
        environment=environment,
        range=inside,
        cidr=prefix.prefix,
        number=prefix.id,
        message=f"{prefix.in_words} overlaps it",
        fix="Move one of the two.",
    )


def _unclaimed(plan: AddressPlan) -> Iterator[Differing]:
    for environment, requested in unclaimed(plan):
        yield Differing(
            environment=environment.name,
            range=requested.range,
            cidr=str(requested.cidr),
            number=None,
            message="it is not claimed",
            fix=f"Run `escscaffold ipam claim {environment.name}`.",
        )


def _with_change(ipam: Ipam, differing: Iterable[Differing]) -> Iterator[Differing]:
    for difference in sorted(differing, key=lambda d: (d.environment, d.range, d.cidr)):
        yield (
            replace(difference, last_change=ipam.last_change(difference.number))
            if difference.number is not None
            else difference
        )
