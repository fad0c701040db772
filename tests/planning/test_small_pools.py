"""Whole environments in pools so small that every supernet and every layout can be tried."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from escscaffold.planning.address_plan import EnvironmentPlan
from tests.planning.documents import Document, blocks, planned
from tests.properties import examples

POOL = "10.0.0.0/20"
FREE_OF_KURRENT = "192.168.0.0/24"

# Sizes that the modes allow and that leave few enough layouts to try them all.
GKE = {"nodes": st.integers(23, 26), "pods": st.integers(22, 24)}
PLACES = st.one_of(st.none(), blocks(21, 25, (POOL,)))


def all_blocks(length: int) -> list[IPv4Network]:
    return list(IPv4Network(POOL).subnets(new_prefix=length))


def supernet_of(one: IPv4Network, other: IPv4Network) -> IPv4Network:
    """Return the smallest block that holds both, by widening one of them step by step."""
    while not other.subnet_of(one):
        one = one.supernet()
    return one


def layouts(asked: dict[str, str], taken: list[IPv4Network]) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    """Yield every way to give nodes and pods a place, where nothing is taken and they do not meet."""
    choices = [choices_of(asked[name], taken) for name in ("nodes", "pods")]
    return ((nodes, pods) for nodes in choices[0] for pods in choices[1] if not nodes.overlaps(pods))


def choices_of(asked: str, taken: list[IPv4Network]) -> list[IPv4Network]:
    if not asked.startswith("/"):
        return [IPv4Network(asked)]
    return [one for one in all_blocks(int(asked[1:])) if not any(one.overlaps(other) for other in taken)]


@examples(60)
@given(
    st.fixed_dictionaries(GKE),
    st.sampled_from([None, None, "nodes", "pods"]),
    st.integers(0, 2**12 - 1),
    st.lists(blocks(21, 27, (POOL,)), max_size=3),
    PLACES,
)
def test_nodes_and_pods_share_the_smallest_supernet_that_there_is(
    lengths: dict[str, int], pinned: str | None, place: int, reserved: list[str], kurrent: str | None
) -> None:
    asked = {name: f"/{length}" for name, length in lengths.items()}
    if pinned:
        candidates = all_blocks(lengths[pinned])
        asked[pinned] = str(candidates[place % len(candidates)])
    kurrent = kurrent and str(IPv4Network(kurrent).supernet(new_prefix=min(24, IPv4Network(kurrent).prefixlen)))
    one = environment(asked, reserved, kurrent or FREE_OF_KURRENT)

    off = IPv4Network(kurrent or FREE_OF_KURRENT)
    taken = [IPv4Network(block) for block in reserved]
    if pinned:
        pin = IPv4Network(asked[pinned])
        others = {name: wish for name, wish in asked.items() if name != pinned}
        (wish,) = others.values()
        pairs = [(pin, block) for block in choices_of(wish, [*taken, off, pin])]
    else:
        pairs = list(layouts(asked, [*taken, off]))
    supernets = [supernet_of(a, b) for a, b in pairs]
    legal = [block for block in supernets if not block.overlaps(off)]
    if not legal:
        assert one.unplaced
        return
    assert not one.unplaced
    smallest = max(block.prefixlen for block in legal)
    assert [block.prefixlen for block in one.remote] == [smallest]
    # Of equally small ones the one that takes least along, and then the lowest.
    held = [*taken, off]
    best = min((least(block, held), block) for block in legal if block.prefixlen == smallest)
    assert one.remote == (best[1],)


def least(supernet: IPv4Network, taken: list[IPv4Network]) -> int:
    return len({address for other in taken if other.overlaps(supernet) for address in other if address in supernet})


def environment(
    asked: dict[str, str], reserved: list[str], kurrent: str, mode: str = "gke-autopilot", cloud: str = "gcp"
) -> EnvironmentPlan:
    document: Document = {
        "version": 1,
        "pools": {"only": POOL},
        "reserved": {f"block-{number}": block for number, block in enumerate(reserved)},
        "environments": {
            "prod": {
                "cloud": cloud,
                "region": "anywhere",
                "mode": mode,
                "ranges": {"kurrent": kurrent, **asked},
            }
        },
    }
    return planned(document).environment("prod")


@examples(60)
@given(st.integers(21, 24), st.lists(blocks(21, 26, (POOL,)), max_size=4))
def test_a_network_is_the_lowest_block_that_is_free(length: int, reserved: list[str]) -> None:
    asked = {"network": f"/{length}", "nodes": f"/{length + 1}"[:3]}
    one = environment(asked, reserved, FREE_OF_KURRENT, "aks-cni", "azure")

    free = choices_of(f"/{length}", [IPv4Network(block) for block in reserved])
    assert one.remote == tuple(free[:1])


@examples(60)
@given(st.lists(st.integers(22, 24), min_size=1, max_size=6), st.lists(blocks(21, 26, (POOL,)), max_size=2))
def test_a_pool_fills_up_before_anybody_is_refused(lengths: list[int], reserved: list[str]) -> None:
    """Largest first, as many networks fit as there are free blocks of their size."""
    document: Document = {
        "version": 1,
        "pools": {"only": POOL},
        "reserved": {f"block-{number}": block for number, block in enumerate(reserved)},
        "environments": {
            f"e{number}": {
                "cloud": "azure",
                "region": "westeurope",
                "mode": "aks-cni",
                "ranges": {"kurrent": f"192.168.{number}.0/24", "network": f"/{length}", "nodes": "/24"},
            }
            for number, length in enumerate(sorted(lengths))
        },
    }
    environments = planned(document).environments

    taken = [IPv4Network(block) for block in reserved]
    for one, length in zip(environments, sorted(lengths), strict=True):
        free = choices_of(f"/{length}", taken)
        assert one.remote == tuple(free[:1]), f"{one.name} of {lengths}"
        taken += one.remote
