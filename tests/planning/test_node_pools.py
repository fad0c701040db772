"""Whatever node pools there are: ranges hold the nodes and pods of all of them, and what is allocated stays."""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from escscaffold import check_plan, plan, read_spec
from escscaffold.planning.address_plan import AddressPlan, Grants
from tests.planning.conftest import environment
from tests.properties import examples

Pool = tuple[int, int, bool]
"""Most nodes, most pods on each, and whether they are Spot VMs."""
Pools = Mapping[str, Pool]
FIRST = {"gke-standard": (6, 110, False), "aks-cni": (5, 30, False), "aks-overlay": (5, 250, False)}
PODS = {"gke-standard": "max_pods_per_node", "aks-cni": "pods_per_node", "aks-overlay": "pods_per_node"}


def nodes(pool: Pool, mode: str) -> int:
    """The nodes of a pool while it is upgraded: one more, but of Spot VMs on AKS."""
    most, _, spot = pool
    return most + (0 if spot and mode.startswith("aks") else 1)


def block(pods: int) -> int:
    """What GKE gives a node: a power of two, at least twice as many addresses as it may run pods."""
    return next(1 << bits for bits in range(4, 10) if 1 << bits >= 2 * pods)


# By range: what all pools take together, by the words of each cloud's page, and what is kept besides.
NEEDED: Mapping[str, Mapping[str, tuple[Callable[[Pool, str], int], int]]] = {
    "gke-standard": {
        "nodes": (nodes, 5),
        "pods": (lambda pool, mode: nodes(pool, mode) * block(pool[1]), 0),
    },
    "aks-cni": {"nodes": (lambda pool, mode: nodes(pool, mode) * (1 + pool[1]), 5)},
    "aks-overlay": {"nodes": (nodes, 5), "pods": (lambda pool, mode: nodes(pool, mode) * 256, 0)},
}
MODES = st.sampled_from(sorted(NEEDED))
POOLS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True).filter(lambda name: name not in ("nodes", "default")),
    st.tuples(st.integers(1, 40), st.integers(10, 200), st.booleans()),
    max_size=4,
)


def planned(mode: str, pools: Pools, ranges: dict[str, str], granted: Grants | None = None) -> AddressPlan:
    tables = "".join(
        f"[environments.prod.node_pools.{name}]\nnodes_max = {most}\n"
        f"{PODS[mode]} = {pods}\nspot = {str(spot).lower()}\n"
        for name, (most, pods, spot) in pools.items()
    )
    return plan(read_spec("version = 1\n" + environment("prod", mode, ranges) + tables), granted)


def needed(mode: str, pools: Pools) -> dict[str, int]:
    every = [FIRST[mode], *pools.values()]
    return {name: sum(take(pool, mode) for pool in every) + more for name, (take, more) in NEEDED[mode].items()}


def sizes(whole: AddressPlan) -> dict[str, IPv4Network]:
    return {r.name: r.cidr for r in whole.environment("prod").ranges}


@examples(300)
@given(MODES, POOLS)
def test_ranges_that_nobody_sized_hold_every_pool(mode: str, pools: Pools) -> None:
    whole = planned(mode, pools, {})

    for name, addresses in needed(mode, pools).items():
        assert sizes(whole)[name].num_addresses >= addresses
    assert not any(finding.code == "ESC407" for finding in check_plan(whole))


@examples(300)
@given(MODES, POOLS, st.integers(16, 21))
def test_a_range_that_is_too_small_for_all_is_told(mode: str, pools: Pools, length: int) -> None:
    asked = {name: f"/{length + (3 if name == 'nodes' else 0)}" for name in NEEDED[mode]}

    whole = planned(mode, pools, asked)

    told = {finding.subject for finding in check_plan(whole) if finding.code == "ESC407"}
    few = {name for name, addresses in needed(mode, pools).items() if sizes(whole)[name].num_addresses < addresses}
    assert told == few


@examples(200)
@given(MODES, POOLS, POOLS)
def test_more_pools_move_nothing(mode: str, first: Pools, more: Pools) -> None:
    before = planned(mode, first, {})

    after = planned(mode, {**first, **more}, {}, before.grants())

    assert sizes(after) == sizes(before)
    assert after.environment("prod").remote == before.environment("prod").remote
