"""What each address of a bar is for, held against a look at every block."""

from ipaddress import IPv4Address

import pytest

from escscaffold.planning.address_plan import EnvironmentPlan
from tests.drawing.crowds import SPECS, plan_of, topology


@pytest.mark.parametrize("name", SPECS)
def test_a_bar_has_each_address_once_and_from_end_to_end(name: str) -> None:
    for bar in topology(name).bars:
        assert bar.stretches[0].first == int(bar.block[0])
        assert bar.stretches[-1].last == int(bar.block[-1])
        for one, after in zip(bar.stretches, bar.stretches[1:], strict=False):
            assert after.first == one.last + 1
            assert (one.use, one.names) != (after.use, after.names)


@pytest.mark.parametrize("name", SPECS)
def test_an_address_is_for_what_has_it(name: str) -> None:
    plan = plan_of(name)
    for bar in topology(name).bars:
        for stretch in bar.stretches[:: 1 + len(bar.stretches) // 200]:
            for number in {stretch.first, stretch.last, (stretch.first + stretch.last) // 2}:
                used = users(plan.environments[0], IPv4Address(number))
                kept = {key for key, block in plan.spec.reserved.items() if IPv4Address(number) in block}
                if used or kept:
                    assert set(stretch.names) == used | kept
                else:
                    assert stretch.use in ("free", "growth")


def users(environment: EnvironmentPlan, address: IPv4Address) -> set[str]:
    return {r.name for r in environment.leaves if address in r.cidr}


def uses(name: str) -> dict[str, str]:
    return {" ".join(s.names): s.use for bar in topology(name).bars for s in bar.stretches}


def test_what_lies_in_each_others_way_is_a_clash() -> None:
    assert uses("nodes over pods")["nodes pods"] == "clash"
    assert uses("a database in what is routed")["kurrent"] == "clash"


def test_what_the_peering_misses_is_cut_off_and_the_bar_holds_it_all() -> None:
    (bar,) = topology("pods that nothing covers").bars

    assert str(bar.block) == "0.0.0.0/0"
    assert uses("pods that nothing covers")["pods"] == "cut-off"
    assert uses("pods that nothing covers")["kurrent"] == "kurrent"


def test_room_to_grow_is_beside_its_range() -> None:
    kept = [s for bar in topology("room to grow").bars for s in bar.stretches if s.use == "growth"]

    nodes = plan_of("room to grow").environments[0].ranges[1]
    assert {s.names for s in kept} == {("kept for growth of nodes",)}
    assert (nodes.name, sum(s.addresses for s in kept)) == ("nodes", 3 * nodes.cidr.num_addresses)


def test_a_few_routes_have_a_bar_each_and_many_share_one() -> None:
    assert [str(bar.block) for bar in topology("two routes").bars] == ["172.30.0.0/16", "172.31.128.0/17"]
    (bar,) = topology("a route for each").bars
    assert (str(bar.block), bar.is_routed) == ("10.0.0.0/9", False)
