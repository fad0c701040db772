"""Every door by which text of a stranger's comes in, and how many of a hundred inputs it gets.

To add one, write a function that puts an input made by the generator into the sandbox, runs what
reads it by `passing.ask`, and returns whether it was taken; then name it here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tests.fuzzing import adopting, asking, drawing, foreign, helping, remembering
from tests.fuzzing.sandbox import Sandbox


@dataclass(frozen=True)
class Door:
    """One way in."""

    share: int
    feed: Callable[[Sandbox, Random], bool]
    few: int = 1
    """By what its share is divided in a run of the tests: its inputs take several times as long as others."""


DOORS: Mapping[str, Door] = {
    "spec": Door(17, asking.spec),
    "flags": Door(17, asking.flags),
    "variables": Door(7, asking.variables),
    "answers": Door(7, asking.answers),
    "values": Door(8, asking.values, few=3),
    "lock": Door(7, remembering.lock),
    "pulled": Door(3, remembering.pulled),
    "journal": Door(6, remembering.journal, few=3),
    "edits": Door(4, remembering.edits, few=3),
    "scan": Door(7, foreign.scan),
    "adopt": Door(3, adopting.adopt, few=3),
    "trees": Door(6, foreign.trees, few=3),
    "patches": Door(2, foreign.patches, few=3),
    "git": Door(2, foreign.git, few=3),
    "fmt": Door(3, helping.fmt),
    "doctor": Door(2, helping.doctor),
    "completion": Door(3, helping.completion),
    "drawn": Door(2, drawing.drawn),
}


def feed(box: Sandbox, door: str, seed: int, number: int) -> bool:
    """Put one input through a door; the same one for the same seed and number. Raises Broken, or what broke."""
    box.empty()
    return DOORS[door].feed(box, Random(f"{seed} {door} {number}"))
