"""The three-way merge, beside git's own."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from escscaffold.repository.merging import has_marks, merge
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
