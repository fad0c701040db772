"""Plans a repository: keeps what is pinned or granted, then places the rest, environment by environment.

The same spec and the same grants give the same plan. What is wrong with a plan is for the
rules to say; a range without room stands in `unplaced`.
"""

from escscaffold.planning.draft import Draft
from escscaffold.planning.placement import PHASES, Placement
from escscaffold.planning.plan import AddressPlan, Grants
from escscaffold.spec.model import Spec


def plan_addresses(spec: Spec, granted: Grants | None = None) -> AddressPlan:
    """Return where every range of every environment lies.

    `granted` is where the last plan put them (the lock): such a range stays where it is, so that
    adding, removing or resizing one range never moves another.
    """
    granted = granted or Grants()
    # What comes back finds its old place.
    known = {**granted.retired, **granted.ranges}
    drafts = [Draft.begin(one, known, granted.routed.get(name, ())) for name, one in spec.environments.items()]
    asked = {(draft.spec.name, r.name) for draft in drafts for r in draft.requests}
    retired = {key: block for key, block in granted.retired.items() if key not in asked}
    clouds = {one.cloud.name: one.cloud for one in spec.environments.values()}
    placement = Placement((*spec.reserved.values(), *retired.values()), clouds.values())
    # What an environment has counts before what its peering merely takes along.
    for draft in drafts:
        placement.hold(draft.spec.name, draft.crossing_rooms())
    for draft in drafts:
        placement.claim(draft.spec.name, draft.remote())
    for phase in PHASES:
        for draft in drafts:
            placement.take_step(draft, phase)
    planned = tuple(draft.planned() for draft in drafts)
    return AddressPlan(spec=spec, environments=planned, retired=retired, moving=granted.moving, granted=granted)
