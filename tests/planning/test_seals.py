"""The seal of an environment tells an edit of its own lines, and of no other's."""

from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.lock import format_lock, lock_of
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.replacements import replacements
from tests.planning.conftest import MakePlan


def test_a_lock_of_several_environments_reads_back_as_it_was(make_plan: MakePlan) -> None:
    lock = lock_of(make_plan(a=("eks", {}), b=("aks-cni", {}), c=("gke-standard", {})))

    assert read_lock(format_lock(lock), load_facts()) == lock


def test_an_edit_is_told_of_the_environment_that_it_is_in(make_plan: MakePlan) -> None:
    plan = make_plan(a=("eks", {}), b=("aks-cni", {"kurrent": "10.7.0.0/24"}))
    lock = read_lock(
        format_lock(lock_of(plan)).replace('"b.kurrent" = "10.7.0.0/24"', '"b.kurrent" = "10.8.0.0/24"'), load_facts()
    )

    assert [note.path for note in lock.notes] == [("environments", "b")]
    assert [one.name for one in replacements(lock, plan)] == ["b.kurrent"]


def test_an_environment_without_a_range_has_a_seal(make_plan: MakePlan) -> None:
    text = format_lock(lock_of(make_plan(a=("eks", {}), b=("eks", {}))))
    without = "".join(line for line in text.splitlines(keepends=True) if not line.startswith('"b.'))

    assert [note.path for note in read_lock(without, load_facts()).notes] == [("environments", "b")]
