"""Needs against sums of our own, written down from the clouds' pages and not from our facts."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.facts import RangeFacts
from escscaffold.planning.sizing import nodes_held, size_of
from escscaffold.spec.model import Need
from tests.properties import examples

Sum = Callable[[int, int], int]


def gke_block(pods: int) -> int:
    """Return a node's block: at least two addresses for each pod, 16 at the least."""
    return next(2**bits for bits in range(4, 10) if 2**bits >= 2 * pods)


# How many addresses this many nodes (those of an upgrade among them) with so many pods each take.
# https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning
# https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing
SUMS: dict[tuple[str, str], tuple[Sum, int, int]] = {
    ("aks-cni", "nodes"): (lambda nodes, pods: nodes + nodes * pods + 5, 10, 250),
    ("aks-kubenet", "pods"): (lambda nodes, _: nodes * 256, 10, 250),
    ("aks-kubenet-vnet", "nodes"): (lambda nodes, _: nodes + 5, 0, 0),
    ("aks-kubenet-vnet", "pods"): (lambda nodes, _: nodes * 256, 10, 250),
    ("aks-overlay", "nodes"): (lambda nodes, _: nodes + 5, 0, 0),
    ("aks-overlay", "pods"): (lambda nodes, _: nodes * 256, 10, 250),
    ("aks-podsubnet", "nodes"): (lambda nodes, _: nodes + 5, 0, 0),
    # In batches of 16, and one more when fewer than 8 are left.
    ("aks-podsubnet", "pods"): (lambda nodes, pods: nodes * 16 * -(-(pods + 8) // 16) + 5, 10, 250),
    # Three interfaces on a node, two pods that use its own address, 16 spare addresses as EKS recommends.
    ("eks", "nodes"): (lambda nodes, pods: nodes * (3 + pods - 2) + 16 + 5, 3, 250),
    # Auto Mode gives a node prefixes of 16 addresses for its pods, and keeps one more prefix ready.
    # https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html
    ("eks-auto", "nodes"): (lambda nodes, pods: nodes * (1 + 16 * -(-(pods + 16) // 16)) + 16 + 5, 1, 110),
    ("eks-custom", "nodes"): (lambda nodes, _: nodes + 17 + 5, 0, 0),
    ("eks-custom", "pods"): (lambda nodes, pods: nodes * (2 + pods - 2) + 5, 3, 250),
    # The control plane takes an address, too.
    ("gke-standard", "nodes"): (lambda nodes, _: nodes + 1 + 4, 0, 0),
    ("gke-standard", "pods"): (lambda nodes, pods: nodes * gke_block(pods), 8, 256),
    ("gke-autopilot", "nodes"): (lambda nodes, _: nodes + 1 + 4, 0, 0),
    ("gke-autopilot", "pods"): (lambda nodes, _: nodes * 64, 32, 32),
    ("gke-routes", "nodes"): (lambda nodes, _: nodes + 1 + 4, 0, 0),
    # The last /20 is the services'.
    ("gke-routes", "pods"): (lambda nodes, _: nodes * 256 + 4096, 110, 110),
}

# Kubernetes keeps the first and last address, its own service and DNS.
AKS = ["aks-cni", "aks-kubenet", "aks-kubenet-vnet", "aks-overlay", "aks-podsubnet"]
SERVICES = [*AKS, "eks", "eks-auto", "eks-custom", "gke-standard", "gke-autopilot"]
# Nodes that an upgrade adds where nothing else is said.
SURGE = {"eks": 2, "eks-auto": 2, "eks-custom": 2}


def facts_of(mode: str, range_name: str) -> RangeFacts:
    return load_cloud(mode_names()[mode]).modes[mode].ranges[range_name]


def smallest(addresses: int, longest: int) -> int:
    return next(length for length in range(longest, -1, -1) if 2 ** (32 - length) >= addresses)


@examples(60)
@given(
    st.sampled_from(sorted(SUMS)), st.integers(3, 5000), st.one_of(st.none(), st.integers(0, 100)), st.integers(0, 300)
)
def test_a_need_is_sized_as_the_clouds_page_adds_it_up(
    key: tuple[str, str], nodes: int, surge: int | None, pods: int
) -> None:
    facts = facts_of(*key)
    add_up, fewest, most = SUMS[key]
    pods = min(max(pods, fewest), most)
    need = Need(nodes=nodes, surge=surge, pods_per_node=pods if most else None)
    needed = add_up(nodes + (SURGE.get(key[0], 1) if surge is None else surge), pods)

    found = size_of(need, facts)

    assert found.addresses == needed
    assert found.prefix_length == smallest(needed, facts.longest_prefix_length)


@examples(60)
@given(st.sampled_from(SERVICES), st.integers(1, 60_000))
def test_services_take_an_address_each_and_four_besides(mode: str, services: int) -> None:
    facts = facts_of(mode, "services")

    found = size_of(Need(services=services), facts)

    assert found.addresses == services + 4
    assert found.prefix_length == smallest(services + 4, facts.longest_prefix_length)


@examples(60)
@given(st.sampled_from(sorted(SUMS)), st.integers(3, 5000), st.integers(3, 5000), st.data())
def test_more_nodes_or_more_pods_never_take_less(
    key: tuple[str, str], nodes: int, others: int, data: st.DataObject
) -> None:
    facts = facts_of(*key)
    _, fewest, most = SUMS[key]
    pods = sorted(data.draw(st.tuples(st.integers(fewest, most), st.integers(fewest, most)))) if most else [None, None]
    few, many = sorted([nodes, others])

    less = size_of(Need(nodes=few, pods_per_node=pods[0]), facts)
    more = size_of(Need(nodes=many, pods_per_node=pods[1]), facts)

    assert less.addresses <= more.addresses
    assert less.prefix_length >= more.prefix_length


@examples(60)
@given(st.sampled_from(sorted(SUMS)), st.integers(3, 390), st.integers(0, 10), st.data())
def test_what_was_sized_holds_what_was_asked_and_half_of_it_would_not(
    key: tuple[str, str], nodes: int, surge: int, data: st.DataObject
) -> None:
    facts = facts_of(*key)
    _, fewest, most = SUMS[key]
    need = Need(nodes=nodes, surge=surge, pods_per_node=data.draw(st.integers(fewest, most)) if most else None)

    length = size_of(need, facts).prefix_length
    # More than the cloud uses of a range is told by a rule, and no size helps.
    assume(not facts.most_usable or size_of(need, facts).addresses <= facts.most_usable)

    assert nodes_held(length, need, facts) >= nodes + surge
    if length < facts.longest_prefix_length:
        assert nodes_held(length + 1, need, facts) < nodes + surge


def test_every_sizing_that_there_is_has_a_sum_here() -> None:
    known = {*SUMS, *((mode, "services") for mode in SERVICES)}
    sized = {
        (mode, name)
        for mode, cloud in mode_names().items()
        for name, facts in load_cloud(cloud).modes[mode].ranges.items()
        if facts.sizing
    }

    assert sized == known


@pytest.mark.parametrize(
    ("pods", "block"),
    [(8, 28), (9, 27), (16, 27), (17, 26), (32, 26), (33, 25), (64, 25), (65, 24), (110, 24), (129, 23), (256, 23)],
)
def test_gke_gives_a_node_the_block_of_its_table(pods: int, block: int) -> None:
    assert size_of(Need(nodes=255, pods_per_node=pods), facts_of("gke-standard", "pods")).prefix_length == block - 8


@pytest.mark.parametrize(("pods", "is_told"), [(110, False), (111, True), (256, True)])
def test_a_block_that_no_page_names_is_told_as_not_verified(pods: int, is_told: bool) -> None:
    steps = size_of(Need(nodes=10, pods_per_node=pods), facts_of("gke-standard", "pods")).steps

    assert any("not verified" in step.text for step in steps) is is_told
