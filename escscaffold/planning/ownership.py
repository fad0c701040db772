"""Which environment creates what all environments on a cloud share, by the name that the lock records.

The order of names decides once, for the first environment. Later additions, renames and removals change nothing.
"""

from collections.abc import Mapping

from escscaffold.clouds.facts import Cloud
from escscaffold.spec.model import EnvironmentSpec, Location

Owners = Mapping[str, str]
"""The environment that creates what is shared, by cloud. It may be removed since: what it created may still exist."""


OWNER = "owner"
"""What an owner's line is called in the lock's table of what lasts: `"prod.owner" = "azure"`."""


def owners_of(
    lasting: Mapping[str, str], locations: Mapping[str, Location], clouds: Mapping[str, Cloud]
) -> dict[str, str]:
    """Return the owners of a lock; a lock without a record means the first name, which older versions went by.

    `lasting` is the table of what lasts, and `locations` cloud, region and mode of each environment. Where a merge left
    two owners of a cloud, the first name holds.
    """
    recorded = [
        (cloud, line.removesuffix(f".{OWNER}")) for line, cloud in lasting.items() if line.endswith(f".{OWNER}")
    ]
    older = [(location.cloud, name) for name, location in locations.items()]
    found: dict[str, str] = {}
    for cloud, name in (*sorted(recorded), *sorted(older)):
        if cloud in clouds and clouds[cloud].shared:
            found.setdefault(cloud, name)
    return found


def owner_lines(owners: Owners) -> dict[str, str]:
    """Return the owners as the lock's table of what lasts has them."""
    return {f"{name}.{OWNER}": cloud for cloud, name in owners.items()}


def with_new_owners(known: Owners, environments: Mapping[str, EnvironmentSpec]) -> dict[str, str]:
    """Return the owners, with one for each cloud that had none: its first environment by name."""
    found = dict(known)
    for name, environment in sorted(environments.items()):
        if environment.cloud.shared:
            found.setdefault(environment.cloud.name, name)
    return found


def creates_shared(owners: Owners, environment: EnvironmentSpec) -> bool:
    """Return whether this environment creates what is shared on its cloud.

    Its option decides, if it is `create` or `existing`; otherwise the recorded owner creates it.
    """
    chosen = environment.options.get(environment.cloud.shared)
    if chosen in ("create", "existing"):
        return chosen == "create"
    return bool(environment.cloud.shared) and owners.get(environment.cloud.name) == environment.name
