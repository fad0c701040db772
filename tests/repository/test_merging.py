"""The three-way merge, beside git's own."""

import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold.repository.file_states import edits, has_marks, merge
from tests.properties import examples

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "}\n", "\n"]), max_size=10)


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[str], list[str], list[str]]:
    """Two texts that were made of a third by a few changes, with lines that tell who wrote them."""
    base = draw(LINES)

    def changed(who: str) -> list[str]:
        lines = list(base)
        for number in range(draw(st.integers(0, 2))):
            at = draw(st.integers(0, len(lines)))
            lines[at : at + draw(st.integers(0, 2))] = [f"{who} {number}\n"] if draw(st.booleans()) else []
        return lines

    return base, changed("ours"), changed("theirs")


@examples(200)
@given(sides())
def test_no_line_of_either_side_is_lost(texts: tuple[list[str], list[str], list[str]]) -> None:
    base, ours, theirs = texts

    merged = merge(*map("".join, texts))

    lines = merged.text.splitlines(keepends=True)
    assert {line for line in (*ours, *theirs) if line not in base} <= set(lines)
    assert has_marks(merged.text) == merged.in_conflict


@examples(200)
@given(LINES, LINES)
def test_what_one_side_changed_is_taken_as_it_is(base: list[str], changed: list[str]) -> None:
    old, new = "".join(base), "".join(changed)

    assert merge(old, new, old).text == new
    assert merge(old, old, new).text == new
    assert merge(old, new, new).text == new


@examples(40)
@given(sides())
def test_git_comes_to_the_same(texts: tuple[list[str], list[str], list[str]]) -> None:
    base, ours, theirs = texts
    with TemporaryDirectory() as name:
        paths = [Path(name, side) for side in ("yours", "base", "generated")]
        for path, lines in zip(paths, (ours, base, theirs), strict=True):
            path.write_text("".join(lines))
        done = subprocess.run(["git", "merge-file", "-p", *paths], capture_output=True, text=True, check=False)

    merged = merge(*map("".join, texts))

    # Which of several equal lines was changed is a matter of taste; where both are sure, they agree.
    assume(done.returncode == 0 and not merged.in_conflict)
    assert merged.text == done.stdout


def test_a_conflict_shows_both_sides_and_what_was_there() -> None:
    assert merge("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n").text == (
        "a\n<<<<<<< yours\nours\n||||||| base\nb\n=======\ntheirs\n>>>>>>> generated\nc\n"
    )


def test_changes_of_neighbouring_lines_are_a_conflict() -> None:
    assert merge("a\nb\n", "A\nb\n", "a\nB\n").in_conflict
    assert not merge("a\nx\nb\n", "A\nx\nb\n", "a\nx\nB\n").in_conflict


def test_a_mark_stands_on_its_own_line_whatever_the_file_ends_with() -> None:
    assert merge("a", "ours", "theirs").text.splitlines() == [
        *("<<<<<<< yours", "ours", "||||||| base", "a", "=======", "theirs", ">>>>>>> generated")
    ]


@examples(200)
@given(LINES, LINES, st.integers(0, 60))
def test_edits_turn_the_old_lines_into_the_new_ones_however_little_is_compared(
    old: list[str], new: list[str], most_steps: int
) -> None:
    made, position = list[str](), 0
    for start, end, first, last in edits(old, new, most_steps):
        assert start >= position
        made += old[position:start] + new[first:last]
        position = end

    assert made + old[position:] == new


# A quarter of the longest text that is merged, in a quarter of the time.
MIB = 2**18
COSTLY = {
    "equal lines": ("a\n" * (MIB // 2), "b\n" + "a\n" * (MIB // 2 - 2) + "b\n", "c\n" + "a\n" * (MIB // 2 - 2) + "c\n"),
    "every second line": tuple(
        "".join(f"shared {number}\n{side} {number}\n" for number in range(MIB // 24))
        for side in ("base", "ours", "them")
    ),
    "another order": tuple(
        "".join(f"{number * factor % 37_501}\n" for number in range(37_501)) for factor in (1, 7_919, 104_729)
    ),
}


@pytest.mark.parametrize("name", COSTLY)
def test_texts_that_are_made_to_cost_much_are_merged_in_time(name: str) -> None:
    base, ours, theirs = COSTLY[name]
    seconds = []

    # The quickest of three: a busy machine makes one of them slow.
    for _ in range(3):
        begun = time.process_time()
        merged = merge(base, ours, theirs)
        seconds.append(time.process_time() - begun)
        if seconds[-1] < 1.25:
            break

    assert min(seconds) < 1.25
    assert merged.in_conflict
    assert set(ours.splitlines()) | set(theirs.splitlines()) <= set(merged.text.splitlines())


def test_a_long_text_of_equal_lines_keeps_an_edit_of_one_of_them() -> None:
    lines = ["a\n"] * 400_000
    ours = "".join([*lines[:200_000], "mine\n", *lines[200_001:]])

    assert merge("".join(lines), ours, "".join(lines)) == merge("".join(lines), "".join(lines), ours)
    assert merge("".join(lines), ours, "".join(lines)).text == ours
    assert not merge("".join(lines), ours, "".join(lines)).in_conflict


def test_long_texts_with_changes_far_apart_have_no_conflict() -> None:
    lines = [f"{number % 3_000}\n" for number in range(9_000)]
    ours = "".join([*lines[:1_000], "mine\n", *lines[1_001:]])
    theirs = "".join([*lines[:8_000], "theirs\n", *lines[8_001:]])

    merged = merge("".join(lines), ours, theirs)

    assert merged.text == "".join([*lines[:1_000], "mine\n", *lines[1_001:8_000], "theirs\n", *lines[8_001:]])
    assert not merged.in_conflict
