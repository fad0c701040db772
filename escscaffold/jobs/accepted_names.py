"""What the caller of a job accepts to be replaced, by name."""

from collections.abc import Iterable

from escscaffold.jobs.unknown_names import UnknownNameError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock
from escscaffold.planning.replacements import Replacement
from escscaffold.planning.sizing import lasting_settings
from escscaffold.spec.values import nearest, shown

_PARTS = ("place", "remote", "upgrade")


def refuse_unknown_prices(
    accepted: Iterable[str], plan: AddressPlan, lock: Lock, replaced: Iterable[Replacement]
) -> None:
    """Raise UnknownNameError for a name that nothing can have which Terraform replaces or drops."""
    names = {environment.name for environment in plan.environments} | lock.settings.keys()
    known = {
        *names,
        *(replacement.name for replacement in replaced),
        *(f"{name}.{part}" for name in names for part in _PARTS),
    }
    for environment in plan.environments:
        parts = (*(planned.name for planned in environment.ranges), *lasting_settings(environment.spec))
        known |= {f"{environment.name}.{part}" for part in parts}
    known |= {".".join(key) for key in lock.grants.ranges}
    for name in accepted:
        # The address of a resource, such as prod.aws_vpc.main, is known to Terraform alone.
        is_address = name.count(".") >= 2 and name.partition(".")[0] in names
        if name not in known and not is_address:
            fix = nearest(name, sorted(known))
            raise UnknownNameError(f"{shown(name)} is no range or environment. {fix}", flag="--accept-replace")
