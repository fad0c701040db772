"""No regular expression of the package takes more than a little over twice the time for twice the text."""

import time

import pytest

from tests.bounds.patterns import MODULES, Use, attacks, uses_in, uses_of_facts

TINY = (16, 20, 24, 30, 36, 48, 60, 80, 120, 250)
"""What takes noticeable time on so little grows with a power of its length, or faster."""
SHORT = 2_000
TIMES = 8
SUSPICIOUS = 0.001
"""Processor seconds that a linear search of the short text is far below: a millionth for each sign is usual."""


def test_all_of_them_are_found() -> None:
    found = {module: list(uses_in(module)) for module in MODULES}

    assert {module for module in MODULES if found[module]} >= {
        *("escscaffold.spec.toml_text", "escscaffold.spec.values", "escscaffold.scanning.kinds")
    }
    assert sum(map(len, found.values())) > 60
    assert len(list(uses_of_facts())) > 10


@pytest.mark.parametrize("module", MODULES)
def test_its_time_grows_with_the_text_and_no_faster(module: str) -> None:
    for use in {(use.where, use.function): use for use in uses_in(module)}.values():
        holds(use)


def test_the_time_of_those_of_facts_grows_no_faster_either() -> None:
    for use in {(use.where, use.function): use for use in uses_of_facts()}.values():
        holds(use)


def holds(use: Use) -> None:
    for before, unit, after in attacks(use.pattern):
        attack = f"{use.where}: {use.pattern.pattern!r}: {before!r} {unit!r} {after!r}"
        for tiny in TINY:
            assert seconds(use, before, unit, after, tiny, SUSPICIOUS) < SUSPICIOUS, attack
        if (first := seconds(use, before, unit, after, SHORT, SUSPICIOUS)) > SUSPICIOUS:
            # A square would be 64 times as long. Caches and what else the machine does are no growth of the pattern.
            bound = 2.5 * TIMES * max(first, SUSPICIOUS)
            longer = seconds(use, before, unit, after, TIMES * SHORT, bound)

            assert longer < bound, attack


def test_a_bad_one_is_seen() -> None:
    import re

    for bad in (r"\s*#?\s*x", r"^\s*a", r"(a+)+b", r"a*a*a*b", r'"([^"]|\\.)*"x'):
        pattern = re.compile(bad, re.MULTILINE)
        with pytest.raises(AssertionError):
            holds(Use("here", pattern, "search"))


def seconds(use: Use, before: str, unit: str, after: str, length: int, enough: float) -> float:
    """Processor seconds of the quickest of three tries; one below ``enough``, or far above, is the last."""
    text = before + unit * (length // len(unit)) + after
    taken = []
    for _ in range(3):
        begun = time.process_time()
        use.run(text)
        taken.append(time.process_time() - begun)
        # No neighbour makes it take twenty times as long.
        if not enough < taken[-1] < 20 * enough:
            break
    return min(taken)
