"""What a changed range makes Terraform replace, and what it does not."""

import pytest
from msgspec.structs import replace

from escscaffold import plan, read_spec
from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.address_plan import AddressPlan, Grants
from escscaffold.planning.lock import Lock, Manifest, format_lock, grants_for, lock_of
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.replacements import Replacement, replacements, unlearned
from escscaffold.spec.model import Location, Reference
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


def test_another_region_replaces_everything(make_plan: MakePlan) -> None:
    before = make_plan(prod=("gke-standard", GKE))
    lock = replace(lock_of(before), locations={"prod": Location("gcp", "europe-west1", "gke-standard")})

    (replacement,) = replacements(lock, before)

    assert (replacement.name, replacement.replaces) == ("prod.place", ("everything in the environment",))
    assert (replacement.old, replacement.new) == ("gcp europe-west1 gke-standard", "gcp europe-west2 gke-standard")


OVERLAY = {"kurrent": "10.255.0.0/24", "network": "10.50.0.0/16", "nodes": "10.50.0.0/22"}
HIDDEN = {"pods": "10.244.0.0/16", "services": "10.0.0.0/16"}


@pytest.mark.parametrize(
    ("before", "after", "ranges", "expected"),
    [
        # The cluster is another one at Google and Azure; what it is peered by, and with, stays.
        ("gke-standard", "gke-autopilot", GKE, {"mode": "the cluster"}),
        ("gke-standard", "gke-routes", GKE, {"mode": "the cluster"}),
        ("aks-kubenet-vnet", "aks-overlay", OVERLAY | HIDDEN, {"mode": "the cluster"}),
        ("aks-cni", "aks-overlay", OVERLAY, {"mode": "the cluster"}),
        # AKS made the VNet, and it goes with the cluster.
        (
            "aks-kubenet",
            "aks-overlay",
            {"kurrent": "192.168.0.0/24", "remote": "10.0.0.0/8"},
            {"mode": "the cluster, the peering"},
        ),
        (
            "aks-overlay",
            "aks-kubenet",
            {"kurrent": "192.168.0.0/24", "remote": "10.0.0.0/8"},
            {"mode": "the cluster, the VNet, the peering"},
        ),
        # The same cluster and node group with another setting of the network plugin.
        ("eks", "eks-custom", EKS, {}),
        ("eks-custom", "eks", EKS, {"mode": "the pod subnet, its CIDR block"}),
    ],
)
def test_another_mode_replaces_what_the_two_modes_do_not_have_in_common(
    before: str, after: str, ranges: dict[str, str], expected: dict[str, str], make_plan: MakePlan
) -> None:
    lock = lock_of(make_plan(prod=(before, ranges)))
    spec = make_plan(prod=(after, ranges)).spec
    changed_plan = plan(spec, grants_for(lock, spec))
    told = {r.name.removeprefix("prod."): ", ".join(r.replaces) for r in replacements(lock, changed_plan)}

    assert told == expected


def test_a_cluster_of_another_mode_keeps_database_and_peering_also_where_nothing_is_pinned(make_plan: MakePlan) -> None:
    """Beside other environments, a fresh plan would put the Kurrent network elsewhere."""
    first = lock_of(make_plan(old=("aks-cni", {}), prod=("aks-kubenet-vnet", {})))
    spec = make_plan(prod=("aks-overlay", {})).spec
    again = plan(spec, grants_for(first, spec))

    assert {r.name: ", ".join(r.replaces) for r in replacements(first, again)} == {"prod.mode": "the cluster"}
    assert again.environment("prod").remote == first.grants.routed["prod"]


def test_a_network_that_is_widened_under_its_peering_is_not_seen_by_kurrent_cloud(make_plan: MakePlan) -> None:
    before = {**VNET, "remote": "10.8.0.0/14"}
    lock = lock_of(make_plan(prod=("aks-overlay", before)))
    wider = make_plan(prod=("aks-overlay", before | {"network": "10.8.0.0/15"}), granted=lock.grants)
    new_peering = make_plan(
        prod=("aks-overlay", before | {"network": "10.8.0.0/15", "remote": "10.8.0.0/15"}), granted=lock.grants
    )

    assert [(one.name, one.old, one.new) for one in unlearned(lock, wider)] == [
        ("prod.network", "10.8.0.0/16", "10.8.0.0/15")
    ]
    assert replacements(lock, wider) == ()
    assert unlearned(lock, new_peering) == ()
    assert unlearned(lock, make_plan(prod=("aks-overlay", before), granted=lock.grants)) == ()


def test_a_node_subnet_of_eks_cannot_be_replaced_while_the_cluster_stands(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(prod=("eks", EKS)))

    def told(text: str) -> str:
        found = replacements(lock, plan(read_spec(text), lock.grants))
        (one,) = [replacement for replacement in found if replacement.name == "prod.nodes-2"]
        assert one.instead.startswith("Keep the subnets")
        return one.impossible

    moved = "version = 1\n" + environment("prod", "eks", EKS | {"nodes-2": "10.0.128.0/18"})
    absent = '[environments.prod.parts]\nkubernetes = "absent"\n'
    older = '[environments.prod.options]\nscaling = "fixed-name"\n'

    assert "network interfaces" in told(moved + older)
    assert told(moved + absent) == ""
    # The new subnet is there before the old one goes.
    assert told(moved) == ""


def test_a_new_eks_cluster_stops_at_the_name_of_the_old_one(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(prod=("eks", EKS | {"services": "172.20.0.0/16"})))
    moved = "version = 1\n" + environment("prod", "eks", EKS | {"services": "10.100.0.0/16"})
    older = '[environments.prod.options]\nscaling = "fixed-name"\n'

    (told,) = replacements(lock, plan(read_spec(moved), lock.grants))
    reasons = {one.name: one.impossible for one in replacements(lock, plan(read_spec(moved + older), lock.grants))}

    assert "a second cluster of the same name" in told.impossible
    assert reasons["prod.services"] == ""


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
    replacement = Replacement(reference=Reference("prod", "pods"), old="a", new="b", resources=())

    assert replacement.accepted_by(names) is accepted


def test_the_lock_reads_back_and_keeps_one_line_for_each_range(make_plan: MakePlan) -> None:
    lock = lock_of(
        make_plan(prod=("eks", EKS), test=("gke-standard", GKE)), manifest=Manifest(written={"main.tf": "0" * 40})
    )

    text = format_lock(lock)

    assert read_lock(text, load_facts()) == lock
    assert '"prod.nodes-1" = "10.0.0.0/18"\n"prod.nodes-2" = "10.0.64.0/18"\n' in text
    assert read_lock(format_lock(Lock()), load_facts()) == Lock()
