"""What holds for every plan, whatever was asked: drawn at random over all modes."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.fact_files import load_kurrent, mode_names
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from tests.planning.documents import FREE_MODES, Document, Ranges, as_toml, documents, locked, planned
from tests.properties import examples


def chosen_by_the_planner(one: EnvironmentPlan) -> Iterator[PlannedRange]:
    """Yield what was placed freely: not around a pinned range, nor inside one that is not placed freely."""
    free = {r.name for r in one.ranges if is_placed(r) and all(map(is_placed, one.held_by(r.name)))}
    return (r for r in one.ranges if r.name in free and (not one.holder_of(r) or r.facts.inside in free))


def is_placed(r: PlannedRange) -> bool:
    return r.origin in ("placed", "sized")


def supernet_size(lengths: list[int]) -> int:
    """Return the prefix length of the smallest block that blocks of these sizes can fill, by adding them up."""
    addresses = sum(2 ** (32 - length) for length in lengths)
    return next(length for length in range(32, -1, -1) if 2 ** (32 - length) >= addresses)


@examples(30)
@given(documents())
def test_every_plan_is_sound(document: Document) -> None:
    whole = planned(document)

    assert locked(planned(document)) == locked(whole)
    for one in whole.environments:
        asked = document["environments"][one.name]["ranges"]
        what_the_planner_chose_overlaps_nothing_that_it_knows(one, whole)
        a_range_has_the_size_that_was_asked_and_room_around_it(one, asked)
        a_part_lies_in_its_holder_and_apart_from_the_other_parts(one)
        if not one.spec.remote and one.remote:
            the_remote_range_covers_what_it_must(one)
            the_remote_range_is_off_the_kurrent_network(one)


def what_the_planner_chose_overlaps_nothing_that_it_knows(one: EnvironmentPlan, whole: AddressPlan) -> None:
    for mine in chosen_by_the_planner(one):
        others = [r for r in one.ranges if r is not mine and not nested(r, mine)]
        assert not [r.name for r in others if r.cidr.overlaps(mine.cidr)]
        assert not [b for b in whole.spec.reserved.values() if b.overlaps(mine.cidr)]
        assert not [f.cidr for f in one.spec.cloud.forbidden if f.cidr.overlaps(mine.cidr)]
        if not mine.hidden:
            theirs = [r for other in whole.environments if other is not one for r in other.ranges if not r.hidden]
            assert not [r.name for r in theirs if r.cidr.overlaps(mine.cidr)]


def nested(a: PlannedRange, b: PlannedRange) -> bool:
    return a.facts.inside == b.name or b.facts.inside == a.name


def a_range_has_the_size_that_was_asked_and_room_around_it(one: EnvironmentPlan, asked: Ranges) -> None:
    for r in one.ranges:
        wish = asked.get(r.name)
        size = wish.get("size") if isinstance(wish, dict) else wish
        if isinstance(size, str):
            assert size in (f"/{r.cidr.prefixlen}", str(r.cidr))
        growth = wish.get("growth", 1) if isinstance(wish, dict) else 1
        assert r.cidr.subnet_of(r.room)
        assert r.room.num_addresses < 2 * growth * r.cidr.num_addresses
        if r in chosen_by_the_planner(one):
            assert r.room.num_addresses >= growth * r.cidr.num_addresses


def a_part_lies_in_its_holder_and_apart_from_the_other_parts(one: EnvironmentPlan) -> None:
    for r in filter(is_placed, one.ranges):
        holder = one.holder_of(r)
        assert holder is None or r.room.subnet_of(holder.cidr)
        beside = [b for b in one.held_by(r.facts.inside) if b is not r] if holder else []
        assert not [b.name for b in beside if b.room.overlaps(r.room)]


def the_remote_range_covers_what_it_must(one: EnvironmentPlan) -> None:
    assert all(any(r.room.subnet_of(block) for block in one.remote) for r in one.covered)
    if one.spec.routes == "exact":
        assert spans(one.remote) == spans([r.room for r in one.covered])
    else:
        assert len(one.remote) == 1


def the_remote_range_is_off_the_kurrent_network(one: EnvironmentPlan) -> None:
    """But where both are pinned: then nothing can be done about it."""
    chosen = {r.name for r in chosen_by_the_planner(one)}
    if one.kurrent and ("kurrent" in chosen or all(r.name in chosen for r in one.covered)):
        assert not any(one.kurrent.cidr.overlaps(block) for block in one.remote)


def spans(blocks: Iterable[IPv4Network]) -> list[tuple[int, int]]:
    """Return the spans of addresses that the blocks cover together, by a sweep of our own."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((int(b[0]), int(b[-1])) for b in blocks):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


@examples(30)
@given(documents(pins=False))
def test_with_nothing_pinned_there_is_no_error_but_for_want_of_room(document: Document) -> None:
    whole = planned(document)

    for finding in [f for f in check_plan(whole) if f.severity == "error" and f.code != "ESC305"]:
        asked = document["environments"][finding.environment]["ranges"]
        if finding.code == "ESC407":
            # Somebody gave its size or its nodes, and another range more nodes; or a network that it cannot widen in.
            assert finding.subject in asked or "network" in asked
        elif finding.code == "ESC202":
            # An exact route to a range that is smaller than a route can be.
            assert document["environments"][finding.environment]["routes"] == "exact"
            assert any(r.room.prefixlen > 28 for r in whole.environment(finding.environment).covered)
        else:
            # What was asked inside the network is more than the largest one holds.
            assert (finding.code, finding.subject, "network" in asked) == ("ESC401", "network", False)


@examples(30)
@given(documents(pins=False))
def test_with_nothing_pinned_the_supernet_is_as_small_as_its_sizes_allow(document: Document) -> None:
    document = document | {"reserved": {}, "pools": {}}
    for one in document["environments"].values():
        one.pop("pools", None)
    whole = planned(document)
    assume(sum(room.num_addresses for one in whole.environments for room in one.remote) < 2**22)

    for one in whole.environments:
        if one.spec.routes == "supernet" and not one.unplaced and all(map(is_placed, one.covered)):
            best = supernet_size([r.room.prefixlen for r in one.covered])
            # No route is longer than a /28.
            assert [b.prefixlen for b in one.remote] == [min(28, best)]


@examples(30)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_tables_and_keys_decides_nothing(document: Document, random: "st.random.Random") -> None:
    spec, turned = read_spec(as_toml(document)), read_spec(as_toml(shuffled(document, random)))

    assert plan(turned) == plan(spec)
    assert locked(plan(turned)) == locked(plan(spec))
    assert check_plan(plan(turned)) == check_plan(plan(spec))


def shuffled(document: Document, random: "st.random.Random") -> Document:
    """Return the same document in another order, but for the pools, whose order is an answer."""
    keys = sorted(document, key=lambda _: random.random())
    pools = document.get("pools")
    return {
        key: shuffled(document[key], random)
        if isinstance(document[key], dict) and document[key] is not pools
        else document[key]
        for key in keys
    }


@examples(30)
@given(st.sampled_from(FREE_MODES), st.integers(1, 40))
def test_a_row_of_environments_of_one_mode_is_clear_of_itself(mode: str, count: int) -> None:
    lines = "".join(
        f'[environments.e{n}]\ncloud = "{mode_names()[mode]}"\nregion = "eu-1"\nmode = "{mode}"\n' for n in range(count)
    )
    whole = plan(read_spec("version = 1\n" + lines))

    assert not [u for one in whole.environments for u in one.unplaced]
    private = load_kurrent().private_ranges
    for one in whole.environments:
        assert all(any(block.subnet_of(p) for p in private) for block in one.remote)
    assert_apart(whole)


def assert_apart(whole: AddressPlan) -> None:
    """Assert that no environment's remote range or Kurrent network meets another's."""
    claimed = [b for one in whole.environments for b in (*one.remote, *(k.cidr for k in [one.kurrent] if k))]
    for a, b in pairwise(sorted(claimed)):
        assert int(a[-1]) < int(b[0])
