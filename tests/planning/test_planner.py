"""The plan of whole repositories: the guide's numbers, and what holds for every plan."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from escscaffold import check_plan
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rendering.document import range_row
from tests.planning.conftest import MakePlan
from tests.properties import examples

GKE = {"kurrent": "172.22.110.0/24", "nodes": "172.30.0.0/16", "pods": "172.31.128.0/17"}
AKS_MODES = ["aks-cni", "aks-kubenet-vnet", "aks-overlay", "aks-podsubnet"]
MODES = ["eks", "eks-custom", "gke-standard", "gke-autopilot", "gke-routes", *AKS_MODES]


def cidrs(plan: AddressPlan, name: str) -> dict[str, str]:
    return {r.name: str(r.cidr) for r in plan.environment(name).ranges}


@pytest.mark.parametrize("mode", ["gke-standard", "gke-autopilot", "gke-routes"])
def test_the_guides_gke_example_comes_out_exactly(mode: str, make_plan: MakePlan) -> None:
    prod = make_plan(prod=(mode, GKE)).environment("prod")

    assert prod.remote == (IPv4Network("172.30.0.0/15"),)
    assert prod.free == (IPv4Network("172.31.0.0/17"),)
    assert [range_row(r)["hosts"] for r in prod.covered] == [65534, 32766]


def test_the_guides_eks_example_comes_out_exactly(make_plan: MakePlan) -> None:
    ranges = {"kurrent": "172.29.98.0/24", "network": "172.16.0.0/16"}
    prod = make_plan(prod=("eks", ranges | {"nodes-1": "/18", "nodes-2": "/18"})).environment("prod")

    assert prod.remote == (IPv4Network("172.16.0.0/16"),)
    assert [str(r.cidr) for r in prod.held_by("network")] == ["172.16.0.0/18", "172.16.64.0/18"]
    assert [r.assignable for r in prod.held_by("network")] == [16379, 16379]


@pytest.mark.parametrize("mode", ["aks-cni", "aks-kubenet-vnet", "aks-overlay"])
def test_the_guides_aks_example_comes_out_exactly(mode: str, make_plan: MakePlan) -> None:
    ranges = {"network": "172.16.0.0/15", "nodes": "172.16.0.0/16"}
    prod = make_plan(prod=(mode, ranges)).environment("prod")

    assert prod.remote == (IPv4Network("172.16.0.0/15"),)
    assert prod.free == (IPv4Network("172.17.0.0/16"),)


def test_the_network_that_aks_makes_is_known_and_routed_to(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("aks-kubenet", {}))

    assert plan.environment("prod").remote == (IPv4Network("10.224.0.0/12"),)
    assert cidrs(plan, "prod")["pods"] == "10.244.0.0/16"
    assert not IPv4Network(cidrs(plan, "prod")["kurrent"]).overlaps(IPv4Network("10.224.0.0/12"))


def test_pods_with_a_subnet_of_their_own_lie_in_the_network_that_is_routed_to(make_plan: MakePlan) -> None:
    ranges = {"network": "172.16.0.0/16", "nodes": "172.16.0.0/20", "pods": "/17"}
    prod = make_plan(prod=("aks-podsubnet", ranges)).environment("prod")

    assert prod.remote == (IPv4Network("172.16.0.0/16"),)
    assert [(r.name, str(r.cidr), r.assignable) for r in prod.held_by("network")] == [
        ("nodes", "172.16.0.0/20", 4091),
        ("pods", "172.16.128.0/17", 32763),
    ]


def test_pods_given_by_size_land_beside_the_pinned_nodes(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("gke-standard", {"nodes": "172.30.0.0/16", "pods": "/17"}))

    assert cidrs(plan, "prod")["pods"] == "172.31.0.0/17"


def test_pods_go_beside_a_reserved_block_rather_than_through_it(make_plan: MakePlan) -> None:
    asked = {"nodes": "172.30.0.0/16", "pods": "/17"}
    plan = make_plan(prod=("gke-standard", asked), reserved={"vpn": "172.31.0.0/20"})

    assert cidrs(plan, "prod")["pods"] == "172.31.128.0/17"


def test_services_take_what_the_cloud_would_take_if_it_is_clear(make_plan: MakePlan) -> None:
    in_172 = {"network": "172.20.0.0/16", "kurrent": "172.29.98.0/24"}

    assert cidrs(make_plan(prod=("eks", {})), "prod")["services"] == "172.20.0.0/16"
    assert cidrs(make_plan(prod=("eks", in_172)), "prod")["services"] == "10.100.0.0/16"


def test_a_network_is_found_around_the_subnets_that_are_pinned(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("eks", {"nodes-1": "192.168.0.0/20", "nodes-2": "/18", "nodes-3": "/19"}))

    assert cidrs(plan, "prod")["network"] == "192.168.0.0/16"
    assert set(cidrs(plan, "prod")) == {"kurrent", "network", "nodes-1", "nodes-2", "nodes-3", "services"}


def test_ten_environments_of_all_modes_are_clear_of_each_other(make_plan: MakePlan) -> None:
    plan = make_plan(**{f"e{n}": (MODES[n % len(MODES)], {}) for n in range(10)})

    assert [f for f in check_plan(plan) if f.code != "ESC502"] == []


def test_the_order_of_the_file_decides_nothing(make_plan: MakePlan) -> None:
    one = make_plan(a=("gke-standard", {"nodes": "/20", "pods": "/16", "kurrent": "/24"}), b=("eks", {}))
    two = make_plan(a=("gke-standard", {"kurrent": "/24", "pods": "/16", "nodes": "/20"}), b=("eks", {}))
    turned = make_plan(b=("eks", {}), a=("gke-standard", {"nodes": "/20", "pods": "/16", "kurrent": "/24"}))

    assert one == two == turned


def test_a_given_remote_range_is_where_ranges_are_placed(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("gke-standard", {"remote": "10.50.0.0/15"}))

    assert all(r.cidr.subnet_of(IPv4Network("10.50.0.0/15")) for r in plan.environment("prod").covered)
    assert check_plan(plan) == ()


def test_subnets_that_nobody_sized_fit_a_small_network(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("eks", {"network": "10.0.0.0/20"}))

    assert [str(r.cidr) for r in plan.environment("prod").held_by("network")] == ["10.0.0.0/21", "10.0.8.0/21"]


def test_a_network_around_pinned_subnets_stays_off_its_neighbours(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("eks", {"nodes-1": "10.0.0.0/24", "kurrent": "10.0.200.0/24"}))

    assert cidrs(plan, "prod")["network"] == "10.0.0.0/17"
    assert check_plan(plan) == ()


def test_exact_routes_need_no_common_supernet(make_plan: MakePlan) -> None:
    asked = {"nodes": "10.0.0.0/16", "kurrent": "10.1.0.0/24"}
    without = make_plan(prod=("gke-standard", asked))
    plan = make_plan(prod=("gke-standard", asked | {"routes": "exact"}))

    assert [u.name for u in without.environment("prod").unplaced] == ["pods"]
    assert plan.environment("prod").unplaced == ()
    assert [f for f in check_plan(plan) if f.severity == "error"] == []


def test_pods_are_never_placed_in_public_space(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("gke-standard", {"nodes": "8.8.8.0/24"}))

    assert "pods" not in cidrs(plan, "prod")


def test_a_resized_range_moves_and_no_other_does(make_plan: MakePlan) -> None:
    before = make_plan(a=("gke-standard", {}), b=("eks", {}))
    after = make_plan(a=("gke-standard", {"pods": "/15"}), b=("eks", {}), granted=before.grants())

    changed = {n for e in ("a", "b") for n in cidrs(before, e) if cidrs(before, e)[n] != cidrs(after, e)[n]}
    assert changed == {"pods"}
    assert cidrs(before, "b") == cidrs(after, "b")


def test_subnets_follow_the_network_that_is_pinned_elsewhere(make_plan: MakePlan) -> None:
    before = make_plan(a=("eks", {"network": "10.0.0.0/16"}))
    after = make_plan(a=("eks", {"network": "10.8.0.0/16"}), granted=before.grants())

    assert [str(r.cidr) for r in after.environment("a").held_by("network")] == ["10.8.0.0/18", "10.8.64.0/18"]
    assert cidrs(after, "a")["kurrent"] == cidrs(before, "a")["kurrent"]


def test_an_environment_that_goes_away_moves_nothing(make_plan: MakePlan) -> None:
    before = make_plan(a=("gke-standard", {}), b=("eks", {}), c=("aks-cni", {}))
    after = make_plan(b=("eks", {}), c=("aks-cni", {}), granted=before.grants())

    assert cidrs(after, "b") == cidrs(before, "b")
    assert cidrs(after, "c") == cidrs(before, "c")
    assert {r.origin for r in after.environment("b").ranges} == {"locked"}


ENVIRONMENTS = st.lists(st.sampled_from(MODES), min_size=1, max_size=4)
SIZES = {"kurrent": st.integers(16, 24), "pods": st.integers(12, 19), "services": st.integers(18, 24)}


@st.composite
def asked(draw: st.DrawFn) -> dict[str, tuple[str, dict[str, str]]]:
    environments = {}
    for number, mode in enumerate(draw(ENVIRONMENTS)):
        known = {n for n in SIZES if n == "kurrent" or (n == "services") == (mode != "gke-routes" and n == "services")}
        known -= {"pods"} if mode in ("eks", "eks-custom", "aks-cni", "aks-podsubnet") else set()
        wanted = draw(st.sets(st.sampled_from(sorted(known))))
        environments[f"e{number}"] = (mode, {name: f"/{draw(SIZES[name])}" for name in sorted(wanted)})
    return environments


RESERVED = st.dictionaries(
    st.sampled_from(["office", "vpn", "old"]),
    st.sampled_from(["10.0.0.0/12", "172.16.0.0/14", "192.168.0.0/17", "10.64.0.0/10", "10.16.5.0/24"]),
)


@examples(60, HealthCheck.function_scoped_fixture)
@given(asked(), RESERVED)
def test_what_is_placed_breaks_no_rule(
    make_plan: MakePlan, environments: dict[str, tuple[str, dict[str, str]]], reserved: dict[str, str]
) -> None:
    plan = make_plan(reserved=reserved, **environments)

    for one in plan.environments:
        crossing = [r for r in one.ranges if r.name != "network"]
        for a, b in combinations(crossing, 2):
            assert not a.cidr.overlaps(b.cidr)
        for r in one.ranges:
            assert not any(r.cidr.overlaps(IPv4Network(block)) for block in reserved.values())
            assert int(r.cidr.network_address) % r.cidr.num_addresses == 0
        for covered in one.covered:
            assert any(covered.cidr.subnet_of(block) for block in one.remote)
        assert one.kurrent is not None
        assert not any(one.kurrent.cidr.overlaps(block) for block in one.remote)
    for one, two in combinations(plan.environments, 2):
        for a in one.covered:
            assert not any(a.cidr.overlaps(b.cidr) for b in two.covered)
    assert [f.message for f in check_plan(plan) if f.severity == "error"] == []


@examples(40, HealthCheck.function_scoped_fixture)
@given(asked(), st.sampled_from(MODES))
def test_one_more_environment_moves_nothing(
    make_plan: MakePlan, environments: dict[str, tuple[str, dict[str, str]]], mode: str
) -> None:
    before = make_plan(**environments)
    after = make_plan(**environments, more=(mode, {}), granted=before.grants())

    for one in before.environments:
        assert cidrs(after, one.name) == cidrs(before, one.name)
