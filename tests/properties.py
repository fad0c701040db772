"""How much a run of the tests tries: `pytest --full` tries all that is tried anywhere, and a default run less of it.

A property is tried on ten examples by default and on as many as it names in full; `pytest --hypothesis-profile=long`
tries each on ten thousand. What a default run leaves out is listed in docs/explanation/speed.md.
"""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

BY_DEFAULT = 10
FULL, LONG = 1_000, 10_000

T = TypeVar("T")

in_full = pytest.mark.full
"""Marks a test that runs in full only: another one, which is cheaper, notices most of what it does."""


def register_profiles() -> None:
    """Make the first the one that is used; none has a deadline, which a busy machine would miss."""
    for name, many in (("default", BY_DEFAULT), ("full", FULL), ("long", LONG)):
        settings.register_profile(name, max_examples=many, deadline=None, suppress_health_check=list(HealthCheck))
    settings.load_profile("default")


def run_in_full() -> None:
    """Have this run try all."""
    settings.load_profile("full")


def examples(more: int, *also: HealthCheck) -> settings:
    """Return settings for a property that is tried on ten examples, on `more`, or on ten thousand in a long run.

    `also` are health checks that do not fit the property.
    """
    asked = settings.default.max_examples
    return settings(
        max_examples=asked if asked >= LONG else more if asked >= FULL else min(more, BY_DEFAULT),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, *also],
    )


def tries_more() -> bool:
    """Whether this run tries more than a default one."""
    return settings.default.max_examples >= FULL


def some_of(all_: Sequence[T], *by_default: T) -> list[T]:
    """Return all in a full run, and else those that stand for the others."""
    assert by_default and all(one in all_ for one in by_default), f"{by_default} are not some of {all_}"
    return list(all_) if tries_more() else list(by_default)
