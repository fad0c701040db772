"""What was granted stays: environments come, go, change their names and their sizes around it."""

from copy import deepcopy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold import check_plan
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.rules.catalogue import has_errors
from tests.planning.documents import (
    Document,
    documents,
    environments,
    locked,
    mode_of,
    names_of,
    planned,
    requests,
)
from tests.properties import examples


def places(one: EnvironmentPlan) -> dict[str, str]:
    return {r.name: str(r.cidr) for r in one.ranges}


def granted(document: Document) -> AddressPlan:
    """Plan a document that can be granted: a plan with errors writes nothing, and leaves no lock."""
    whole = planned(document)
    assume(not any(one.unplaced for one in whole.environments))
    assume(not has_errors(check_plan(whole)))
    return whole


def assert_untouched(before: AddressPlan, after: AddressPlan, *changed: str) -> None:
    """Assert that the environments that both plans have lie where they lay, but for those that changed."""
    names = {one.name for one in after.environments} - set(changed)
    for was in before.environments:
        if was.name in names:
            now = after.environment(was.name)
            assert places(now).items() >= places(was).items()
            assert now.remote == was.remote


@examples(30)
@given(documents())
def test_the_same_spec_beside_its_lock_gives_the_same_plan_and_the_same_bytes(document: Document) -> None:
    before = granted(document)
    lock = locked(before)

    after = planned(document, lock)

    assert_untouched(before, after)
    assert [[r.room for r in one.ranges] for one in after.environments] == [
        [r.room for r in one.ranges] for one in before.environments
    ]
    assert locked(after, lock) == lock


@examples(30)
@given(documents(most=2), st.data())
def test_one_more_environment_moves_none(document: Document, data: st.DataObject) -> None:
    before = granted(document)
    more = data.draw(environments(pins=True, pools=list(document["pools"])))

    after = planned(with_environment(document, data.draw(st.sampled_from(["aa", "zz"])), more), locked(before))

    assert_untouched(before, after)


def with_environment(document: Document, name: str, one: Document) -> Document:
    return document | {"environments": document["environments"] | {name: one}}


@examples(30)
@given(documents(), st.data())
def test_an_environment_that_goes_moves_none_and_comes_back_to_its_place(
    document: Document, data: st.DataObject
) -> None:
    before = granted(document)
    name = data.draw(st.sampled_from(sorted(document["environments"])))
    rest = document | {"environments": {n: one for n, one in document["environments"].items() if n != name}}

    lock = locked(before)
    without = planned(rest, lock)
    later = locked(without, lock)
    again = planned(document, later)

    assert_untouched(before, without)
    assert_untouched(before, again, name)
    crossing = {r.name: str(r.cidr) for r in before.environment(name).ranges if not r.hidden and r.origin != "implied"}
    # Hidden ranges are not remembered: nobody else ever reaches them.
    kept = {key: place for key, place in places(again.environment(name)).items() if key in crossing}
    may_be_hidden = {r.name for r in before.environment(name).ranges if r.facts.hidden or r.facts.implied_hidden}
    assert {k: v for k, v in kept.items() if k not in may_be_hidden} == {
        k: v for k, v in crossing.items() if k not in may_be_hidden
    }


@examples(30)
@given(documents(), st.data())
def test_nobody_is_placed_where_one_that_is_gone_may_still_stand(document: Document, data: st.DataObject) -> None:
    before = granted(document)
    name = data.draw(st.sampled_from(sorted(document["environments"])))
    rest = document | {"environments": {n: one for n, one in document["environments"].items() if n != name}}
    newcomer = data.draw(environments(pins=False, pools=list(document["pools"])))

    after = planned(with_environment(rest, "new", newcomer), locked(before))

    gone = [r for r in before.environment(name).ranges if not (r.facts.hidden or r.facts.implied_hidden)]
    placed = [r for r in after.environment("new").ranges if r.origin in ("placed", "sized")]
    assert not [(a.name, b.name) for a in gone for b in placed if a.cidr.overlaps(b.cidr)]


@examples(30)
@given(documents(), st.data())
def test_another_name_moves_no_other_environment(document: Document, data: st.DataObject) -> None:
    before = granted(document)
    name = data.draw(st.sampled_from(sorted(document["environments"])))
    renamed = {("another" if n == name else n): one for n, one in document["environments"].items()}

    after = planned(document | {"environments": renamed}, locked(before))

    assert_untouched(before, after)


@examples(30)
@given(documents(), st.data())
def test_a_range_of_another_size_moves_only_what_is_in_it_or_around_it(document: Document, data: st.DataObject) -> None:
    before = granted(document)
    name = data.draw(st.sampled_from(sorted(document["environments"])))
    mode = mode_of(document["environments"][name]["mode"])
    changed = data.draw(st.sampled_from(names_of(mode)))
    facts = None if changed == "kurrent" else mode.facts_of(changed)
    wish: Any = data.draw(requests(facts, pins=False))

    after = planned(with_range(document, name, changed, wish), locked(before))

    assert_untouched(before, after, name)
    was, now = before.environment(name), after.environment(name)
    stays = {r.name for r in was.ranges if r.name != changed and not is_kin(r.facts.inside, changed, was)}
    # Nodes that are said for one range widen the others that nobody sized.
    sized = {r.name for r in now.ranges if r.origin == "sized"}
    assert {n: p for n, p in places(now).items() if n in stays - sized} == {
        n: p for n, p in places(was).items() if n in stays - sized
    }
    covered = [r.room for r in now.covered]
    if len(was.remote) == 1 and was.spec.routes == "supernet" and covered:
        kurrent = now.kurrent
        still = all(room.subnet_of(was.remote[0]) for room in covered)
        if still and not (kurrent and kurrent.cidr.overlaps(was.remote[0])):
            assert now.remote == was.remote


def with_range(document: Document, name: str, changed: str, wish: Any) -> Document:
    copy = deepcopy(document)
    copy["environments"][name]["ranges"][changed] = wish
    return copy


def is_kin(inside: str, changed: str, one: EnvironmentPlan) -> bool:
    """Return True if the range lies in the one that changed."""
    return bool(inside) and inside == changed and one.range(changed) is not None


@examples(30)
@given(documents(pins=False, most=1), st.data())
def test_a_range_stays_where_it_lies_if_there_is_room_for_its_new_size(document: Document, data: st.DataObject) -> None:
    document = document | {"reserved": {}, "pools": {}}
    (one,) = document["environments"].values()
    one.pop("pools", None)
    before = granted(document)
    was = before.environments[0]
    candidates = [r for r in was.ranges if r.origin == "placed" and r.name in one["ranges"] and not r.facts.per_zone]
    candidates = [r for r in candidates if isinstance(one["ranges"][r.name], str) and not was.held_by(r.name)]
    assume(candidates)
    r = data.draw(st.sampled_from(candidates))
    length = data.draw(st.integers(max(r.facts.shortest_prefix_length, 9), r.facts.longest_prefix_length))

    after = planned(with_range(document, was.name, r.name, f"/{length}"), locked(before)).environments[0]

    now = after.range(r.name)
    wanted = (
        r.cidr.supernet(new_prefix=length) if length <= r.cidr.prefixlen else next(r.cidr.subnets(new_prefix=length))
    )
    others = [o.room for o in was.ranges if o is not r and o.name != r.facts.inside]
    holder = was.holder_of(r)
    if holder and not wanted.subnet_of(holder.cidr):
        return
    forbidden = [rule.cidr for rule in was.spec.cloud.forbidden]
    if not any(wanted.overlaps(other) for other in [*others, *forbidden]) and not r.facts.covered and not holder:
        # Beside it lies nothing, but maybe what the peering routes to.
        if not any(wanted.overlaps(block) for block in was.remote):
            assert now and now.cidr == wanted
    elif holder and not any(wanted.overlaps(other) for other in others):
        assert now and now.cidr == wanted
