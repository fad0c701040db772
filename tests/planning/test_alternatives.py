"""An environment that is planned anew in a finished plan lands where it would among reserved blocks."""

from ipaddress import IPv4Network

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from msgspec.structs import replace

from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.alternatives import Alternatives
from escscaffold.planning.planner import plan_addresses
from escscaffold.spec.model import RangeRequest
from tests.planning.conftest import MakePlan
from tests.properties import examples

MODES = ["eks", "gke-standard", "aks-cni", "aks-overlay"]
PLACES = ["10.0.0.0/16", "10.0.64.0/18", "10.1.0.0/16", "172.16.0.0/15", "172.16.0.0/20", "/18", "/22"]
NAMES = {"eks": "network", "gke-standard": "pods", "aks-cni": "network", "aks-overlay": "network"}


@st.composite
def asked(draw: st.DrawFn) -> dict[str, tuple[str, dict[str, str]]]:
    """Environments some of which run into each other."""
    environments = {}
    for number in range(draw(st.integers(1, 4))):
        mode = draw(st.sampled_from(MODES))
        ranges = {NAMES[mode]: draw(st.sampled_from(PLACES))} if draw(st.booleans()) else {}
        if draw(st.booleans()):
            ranges["kurrent"] = draw(st.sampled_from(["10.0.0.0/24", "10.1.2.0/24", "/22"]))
        environments[f"e{number}"] = (mode, ranges)
    return environments


RESERVED = st.dictionaries(st.sampled_from(["office", "vpn"]), st.sampled_from(["10.0.0.0/12", "172.16.0.0/13"]))


def among_reserved(plan: AddressPlan, name: str, range_name: str, prefix_length: int) -> EnvironmentPlan:
    """Plan the environment alone, with all that the others keep as reserved blocks."""
    others = [one for one in plan.environments if one.name != name]
    taken = {f"{one.name} {r.name}": r.cidr for one in others for r in one.ranges if not r.hidden}
    taken |= {f"{one.name} {block}": block for one in others for block in one.remote}
    asked_for = plan.environment(name).spec
    held = {r.name: r.cidr.prefixlen for r in plan.environment(name).held_by(range_name) if r.name in asked_for.ranges}
    sizes = {**held, range_name: prefix_length}
    ranges = {**asked_for.ranges, **{key: RangeRequest(prefix_length=length) for key, length in sizes.items()}}
    alone = replace(
        plan.spec, reserved={**plan.spec.reserved, **taken}, environments={name: replace(asked_for, ranges=ranges)}
    )
    return plan_addresses(alone).environments[0]


def places(environment: EnvironmentPlan) -> dict[str, IPv4Network]:
    return {r.name: r.cidr for r in environment.ranges}


@examples(60, HealthCheck.function_scoped_fixture)
@given(asked(), RESERVED, st.lists(st.tuples(st.integers(0, 3), st.integers(17, 24)), min_size=1, max_size=6))
def test_one_after_the_other_lands_where_it_would_among_reserved_blocks(
    make_plan: MakePlan,
    environments: dict[str, tuple[str, dict[str, str]]],
    reserved: dict[str, str],
    tried: list[tuple[int, int]],
) -> None:
    plan = make_plan(reserved=reserved, **environments)
    alternatives = Alternatives(plan)

    for number, prefix_length in tried:
        one = plan.environments[number % len(plan.environments)]
        for range_name in ("kurrent", NAMES[one.spec.mode.name]):
            found = alternatives.without_place(one.name, range_name, prefix_length, {})

            assert places(found.environments[0]) == places(among_reserved(plan, one.name, range_name, prefix_length))


def test_what_it_runs_into_stands_in_the_spec(make_plan: MakePlan) -> None:
    plan = make_plan(
        reserved={"office": "10.0.0.0/20", "far": "10.99.0.0/16"},
        a=("aks-cni", {"network": "10.0.0.0/16"}),
        b=("aks-cni", {"network": "10.0.128.0/17"}),
    )
    found = Alternatives(plan).without_place("a", "kurrent", 24, {})

    assert {name.partition(" ")[0] for name in found.spec.reserved} == {"office", "b"}


def test_it_stays_off_what_another_has_of_the_same_addresses(make_plan: MakePlan) -> None:
    plan = make_plan(
        reserved={"ten": "10.0.0.0/8", "most": "172.16.0.0/13", "rest": "172.28.0.0/14", "last": "192.168.0.0/16"},
        a=("aks-cni", {"network": "172.24.0.0/14"}),
        b=("aks-cni", {"network": "172.24.0.0/15"}),
    )
    found = Alternatives(plan).without_place("a", "network", 15, {}).environments[0].range("network")

    assert found is not None
    assert found.cidr == IPv4Network("172.26.0.0/15")
