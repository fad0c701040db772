"""Planning on what the lock allocated: where a spec, a lock and the prefixes of an IPAM become a plan. Pure."""

from collections.abc import Callable, Set

from msgspec.structs import replace

from escscaffold.planning.address_plan import AddressPlan, Grants
from escscaffold.planning.lock import Lock, grants_for
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.snapshot import Snapshot
from escscaffold.spec.model import Spec

AmendGrants = Callable[[Grants], Grants]


def plan_allocated(
    lock: Lock,
    spec: Spec,
    snapshot: Snapshot | None = None,
    *,
    amend: AmendGrants | None = None,
    widened: Set[str] = frozenset(),
) -> AddressPlan:
    """Plan the spec; allocated ranges keep their addresses, and new ranges avoid the prefixes of the snapshot.

    `amend` adds what the IPAM registered to the lock's allocations, `widened` are the environments whose claimed
    blocks are too small (see `plan_addresses`). What the lock's text had to tell goes with the plan.
    """
    grants = grants_for(lock, spec)
    plan = plan_addresses(spec, amend(grants) if amend else grants, snapshot, widened)
    return replace(plan, notes=lock.notes)
