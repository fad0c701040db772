"""Ranges of a team's own, whatever their number and size: disjoint, inside the network, and nobody moves for them."""

from ipaddress import IPv4Network

from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold import plan, read_spec
from escscaffold.planning.address_plan import AddressPlan, Grants
from tests.planning.conftest import environment
from tests.properties import examples

SIZES = st.dictionaries(
    st.from_regex(r"(data|db|vm)(-[1-9])?", fullmatch=True), st.integers(22, 28).map(lambda n: f"/{n}"), max_size=5
)
MODES = ["eks", "eks-custom", "gke-standard", "gke-routes", "aks-cni", "aks-podsubnet", "aks-overlay"]


def planned(mode: str, ranges: dict[str, str], granted: Grants | None = None) -> AddressPlan:
    return plan(read_spec("version = 1\n" + environment("prod", mode, ranges)), granted)


def places(whole: AddressPlan) -> dict[str, IPv4Network]:
    return {r.name: r.cidr for r in whole.environment("prod").ranges}


@examples(200)
@given(st.sampled_from(MODES), SIZES, SIZES)
def test_more_of_them_move_nothing_and_overlap_nothing(mode: str, first: dict[str, str], more: dict[str, str]) -> None:
    before = planned(mode, first)
    after = planned(mode, {**more, **first}, before.grants())

    # The network of eks-custom is small, and holds few of the larger ones.
    assume(not after.environment("prod").unplaced)
    now = places(after)
    assert now.items() >= places(before).items()
    assert now.keys() >= more.keys()
    own = {name: now[name] for name in (*first, *more)}
    others = [block for name, block in now.items() if name not in own and name != "network"]
    blocks = list(own.values())
    assert not any(one.overlaps(other) for n, one in enumerate(blocks) for other in [*blocks[:n], *others])
    held = [now["network"]] if "network" in now else list(after.environment("prod").remote)
    assert all(any(block.subnet_of(holder) for holder in held) for block in blocks)
