"""What of node pools cannot change in place, and which pools go, before Terraform replaces or destroys them. Pure."""

from collections.abc import Iterator

from msgspec import Struct

from escscaffold.clouds.choices import Setting, option_word
from escscaffold.clouds.facts import pool_value
from escscaffold.planning.pool_nodes import POOLS, pool_nodes
from escscaffold.spec.model import EnvironmentSpec

POOL = ("the node pool",)


class PoolGone(Struct, frozen=True, kw_only=True):
    """A node pool that Terraform destroys, with its nodes."""

    name: str
    """What it is accepted by, below its environment."""
    was: str


def lasting_of_pools(spec: EnvironmentSpec) -> dict[str, str]:
    """Return what of each pool cannot change in place, by `node_pools.batch.spot`."""
    found: dict[str, str] = {}
    for name, pool in spec.node_pools.items():
        known = spec.mode.pool_settings()
        for setting, facts in known.items():
            if facts.replaces:
                value = pool_value(known, pool.settings, setting)
                found[f"{POOLS}.{name}.{setting}"] = _word(value)
    return found


def setting_of_pool(spec: EnvironmentSpec, name: str) -> Setting | None:
    """Return the facts of a setting by such a name; None for any other name."""
    table, _, rest = name.partition(".")
    pool, _, setting = rest.partition(".")
    return spec.mode.pool_settings().get(setting) if table == POOLS and pool else None


def pools_gone(spec: EnvironmentSpec, asked: EnvironmentSpec | None) -> Iterator[PoolGone]:
    """Yield each pool that was asked for in the last plan, and is not now, unless its cluster goes with it."""
    if asked is None or spec.parts.get("kubernetes", "create") != "create" or asked.mode.name != spec.mode.name:
        return
    for pool in pool_nodes(asked):
        if pool.name not in spec.node_pools:
            yield PoolGone(name=f"{POOLS}.{pool.name}", was=f"up to {pool.nodes:,} nodes")


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return option_word(value) if isinstance(value, bool) else "none" if value is None else str(value)
