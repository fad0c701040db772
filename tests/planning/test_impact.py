"""What a changed range makes Terraform replace, and what it does not."""

import pytest
from msgspec.structs import replace

from escscaffold import plan, read_spec
from escscaffold.planning.impact import Replacement, replacements
from escscaffold.planning.lock import Lock, format_lock, grants_for, lock_of
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.manifest import Manifest
from escscaffold.planning.plan import AddressPlan, Grants
from tests.planning.conftest import MakePlan, environment

GKE = {"kurrent": "172.22.110.0/24", "nodes": "172.30.0.0/17", "pods": "172.31.128.0/17"}
EKS = {"kurrent": "10.255.0.0/24", "network": "10.0.0.0/16", "nodes-1": "10.0.0.0/18", "nodes-2": "10.0.64.0/18"}
EKS_CUSTOM = EKS | {"pods-1": "100.64.0.0/18", "pods-2": "100.64.64.0/18"}
VNET = {"kurrent": "10.255.0.0/24", "network": "10.8.0.0/16", "nodes": "10.8.0.0/20", "pods": "10.244.0.0/16"}
POD_SUBNET = VNET | {"pods": "10.8.128.0/18"}


def changed(make_plan: MakePlan, mode: str, before: dict[str, str], change: dict[str, str]) -> dict[str, str]:
    lock = lock_of(make_plan(prod=(mode, before)))
    plan = make_plan(prod=(mode, before | change), granted=lock.grants)
    return {r.name.removeprefix("prod."): ", ".join(r.replaces) for r in replacements(lock, plan)}


@pytest.mark.parametrize(
    ("mode", "before", "change", "expected"),
    [
        ("gke-standard", GKE, {"nodes": "172.30.0.0/16"}, {}),
        ("gke-standard", GKE, {"nodes": "172.30.0.0/18"}, {"nodes": "the subnet, the cluster"}),
        ("gke-standard", GKE, {"pods": "172.31.0.0/17"}, {"pods": "the cluster"}),
        ("gke-standard", GKE, {"remote": "172.28.0.0/14"}, {"remote": "the peering"}),
        (
            "gke-standard",
            GKE,
            {"kurrent": "172.22.111.0/24"},
            {"kurrent": "the Kurrent network, the database, the peering"},
        ),
        ("eks", EKS, {"nodes-2": "10.0.128.0/18"}, {"nodes-2": "the subnet, the node group"}),
        ("eks", EKS, {"nodes-3": "10.0.128.0/18"}, {"nodes-3": "the node group"}),
        ("gke-standard", GKE, {"services": "10.96.0.0/20"}, {"services": "the cluster"}),
        ("eks-custom", EKS_CUSTOM, {"pods-2": "100.65.0.0/18"}, {"pods-2": "the pod subnet, its CIDR block"}),
        ("eks-custom", EKS_CUSTOM, {"services": "10.100.0.0/16"}, {"services": "the cluster, the node group"}),
        ("eks", EKS, {"services": "10.100.0.0/16"}, {"services": "the cluster, the node group"}),
        ("aks-kubenet-vnet", VNET, {"network": "10.8.0.0/15"}, {"remote": "the peering"}),
        ("aks-kubenet-vnet", VNET, {"pods": "10.245.0.0/16"}, {"pods": "the cluster"}),
        ("aks-overlay", VNET, {"pods": "10.244.0.0/15"}, {"pods": "the cluster"}),
        ("aks-podsubnet", POD_SUBNET, {"pods": "10.8.64.0/18"}, {"pods": "the cluster"}),
        ("aks-podsubnet", POD_SUBNET, {"nodes": "10.8.0.0/19"}, {"nodes": "the cluster"}),
    ],
)
def test_a_changed_range_costs_what_the_providers_replace(
    mode: str, before: dict[str, str], change: dict[str, str], expected: dict[str, str], make_plan: MakePlan
) -> None:
    assert changed(make_plan, mode, before, change) == expected


@pytest.mark.parametrize(
    ("nat", "snat", "expected"),
    [
        ("none", "false", "the subnet, the node group, its NAT gateway"),
        ("none", "true", "the subnet, the node group"),
        ("single", "false", "the subnet, the node group"),
    ],
)
def test_a_node_subnet_holds_a_nat_gateway_where_pods_alone_go_out_by_it(nat: str, snat: str, expected: str) -> None:
    def planned(nodes: str, granted: Grants | None = None) -> AddressPlan:
        text = environment("prod", "eks-custom", EKS_CUSTOM | {"nodes-2": nodes}, routes="exact")
        options = f'[environments.prod.options]\nnat = "{nat}"\nsnat = {snat}\n'
        return plan(read_spec(f"version = 1\n{text}{options}"), granted)

    lock = lock_of(planned("10.0.64.0/18"))
    told = {r.name: ", ".join(r.replaces) for r in replacements(lock, planned("10.0.128.0/18", lock.grants))}

    assert told["prod.nodes-2"] == expected


def test_another_mode_replaces_everything(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(prod=("gke-standard", GKE)))

    (replacement,) = replacements(lock, make_plan(prod=("gke-autopilot", GKE), granted=lock.grants))

    assert replacement.name == "prod.place"
    assert replacement.replaces == ("everything in the environment",)
    assert (replacement.old, replacement.new) == ("gcp europe-west2 gke-standard", "gcp europe-west2 gke-autopilot")


def test_a_zone_fewer_replaces_the_node_group(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(prod=("eks", EKS | {"nodes-3": "10.0.128.0/18"})))
    (replacement,) = replacements(lock, make_plan(prod=("eks", EKS), granted=lock.grants))

    assert (replacement.name, replacement.old, replacement.new) == ("prod.nodes-3", "10.0.128.0/18", "none")
    assert replacement.replaces == ("the node group",)


def test_another_provider_moves_what_was_there_and_replaces_nothing(make_plan: MakePlan) -> None:
    plan = make_plan(prod=("eks", EKS))
    lock = replace(lock_of(plan), provider="eventstorecloud")

    moving = grants_for(lock, plan.spec).moving

    assert moving == {"prod": "eventstorecloud"}
    assert replacements(lock, replace(plan, moving=moving)) == ()


def test_another_mode_begins_afresh(make_plan: MakePlan) -> None:
    gke = make_plan(prod=("gke-standard", GKE))
    lock = lock_of(gke)
    cni = make_plan(prod=("aks-cni", {}))

    assert grants_for(lock, cni.spec) == Grants()
    assert grants_for(lock, gke.spec) == lock.grants


def test_a_new_environment_replaces_nothing(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(prod=("gke-standard", GKE)))
    plan = make_plan(prod=("gke-standard", GKE), more=("eks", {}), granted=lock.grants)

    assert replacements(lock, plan) == ()


def test_a_range_stays_where_it_was_pinned_when_the_pin_goes(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(prod=("gke-standard", GKE)))
    plan = make_plan(prod=("gke-standard", {"pods": "/17"}), granted=lock.grants)

    assert {r.name: str(r.cidr) for r in plan.environment("prod").ranges}.items() >= GKE.items()
    assert replacements(lock, plan) == ()


@pytest.mark.parametrize(
    ("names", "accepted"), [(("prod.pods",), True), (("prod",), True), (("prod.nodes", "test"), False), ((), False)]
)
def test_a_replacement_is_accepted_by_its_name_or_its_environment(names: tuple[str, ...], accepted: bool) -> None:
    replacement = Replacement(name="prod.pods", old="a", new="b", replaces=("the cluster",))

    assert replacement.accepted_by(names) is accepted


def test_the_lock_reads_back_and_keeps_one_line_for_each_range(make_plan: MakePlan) -> None:
    lock = lock_of(
        make_plan(prod=("eks", EKS), test=("gke-standard", GKE)), manifest=Manifest(written={"main.tf": "0" * 40})
    )

    text = format_lock(lock)

    assert read_lock(text) == lock
    assert '"prod.nodes-1" = "10.0.0.0/18"\n"prod.nodes-2" = "10.0.64.0/18"\n' in text
    assert read_lock(format_lock(Lock())) == Lock()
