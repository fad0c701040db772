"""Needs on AWS, each counted by hand from the network plugin's own arithmetic."""

import pytest

from escscaffold.clouds.fact_files import load_cloud
from escscaffold.planning.sizing import nodes_held, size_of
from escscaffold.spec.model import Need

# m6i.large: three interfaces with ten addresses each, the first of each its own.
COUNTED = {
    # (10 + 2) nodes x (3 interfaces + 29 pods - 2 on the node's own address) + 16 + 5 = 381
    "ten nodes whose pods share their subnet": ("eks", "nodes", Need(nodes=10), 381, 23),
    # One node and none more: 3 + 27 + 16 + 5
    "the smallest node subnet": ("eks", "nodes", Need(nodes=1, surge=0), 51, 26),
    # (10 + 2) x (4 + 58 - 2) + 16 + 5: m6i.xlarge has four interfaces with fifteen addresses
    "ten larger nodes": ("eks", "nodes", Need(nodes=10, interfaces=4, pods_per_node=58), 741, 22),
    # 110 pods, 108 of them with an address, in prefixes of sixteen: 7; (10 + 2) x (3 + 112) + 16 + 5
    # (10 + 2) x 1 + 17 + 5
    "ten nodes alone": ("eks-custom", "nodes", Need(nodes=10), 34, 26),
    # (10 + 2) x (2 interfaces + 20 pods - 2) + 5
    "the pods of ten nodes": ("eks-custom", "pods", Need(nodes=10), 245, 24),
    # (11 + 2) x 20 + 5
    "the pods of one node more": ("eks-custom", "pods", Need(nodes=11), 265, 23),
    # (10 + 2) x (2 + 112) + 5
    # 300 + 4 does not fit into 256
    "services": ("eks", "services", Need(services=300), 304, 23),
    # 252 + 4 just fits; a /24 is the smallest that EKS takes
    "services of a full range": ("eks-custom", "services", Need(services=252), 256, 24),
    "few services": ("eks-custom", "services", Need(services=10), 14, 24),
}


@pytest.mark.parametrize("what", COUNTED)
def test_a_need_comes_to_what_it_comes_to_by_hand(what: str) -> None:
    mode, name, need, addresses, length = COUNTED[what]

    found = size_of(need, load_cloud("aws").modes[mode].ranges[name])

    assert (found.addresses, found.prefix_length) == (addresses, length)


def test_a_pod_takes_no_address_of_a_node_subnet_where_it_has_its_own() -> None:
    modes = load_cloud("aws").modes

    assert nodes_held(18, Need(), modes["eks"].ranges["nodes"]) == (16384 - 5 - 16) // 30
    assert nodes_held(18, Need(), modes["eks-custom"].ranges["nodes"]) == 16384 - 5 - 17
    assert nodes_held(18, Need(), modes["eks-custom"].ranges["pods"]) == (16384 - 5) // 20


def test_every_step_of_the_sum_can_be_followed() -> None:
    steps = [step.text for step in size_of(Need(nodes=10), load_cloud("aws").modes["eks-custom"].ranges["pods"]).steps]

    assert steps == [
        "10 nodes and 2 more during an upgrade: 12 nodes",
        "a node takes 2 addresses for its interfaces and one for each of 18 of its 20 pods: 20",
        "12 x 20 = 240 addresses",
        "plus 5 reserved by the cloud: 245 addresses",
        "the smallest range that fits is a /24 with 256",
    ]
