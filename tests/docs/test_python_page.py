"""The page on Python names what is public, and nothing else."""

import inspect
import re

import escscaffold
from tests.docs.console import REPOSITORY

PAGE = (REPOSITORY / "docs/reference/python.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)(?:\(([^)]*)\))?` \| (.+) \|$", PAGE, re.MULTILINE)


def test_the_page_lists_exactly_what_is_public() -> None:
    assert sorted(name for name, *_ in ROWS) == sorted(escscaffold.__all__)
    assert all(hasattr(escscaffold, name) for name in escscaffold.__all__)


def test_what_is_public_takes_what_the_page_says() -> None:
    for name, parameters, _ in ROWS:
        if parameters:
            wanted = inspect.signature(getattr(escscaffold, name)).parameters
            needed = [key for key, one in wanted.items() if one.default is inspect.Parameter.empty]
            assert needed == parameters.split(", "), name


def test_the_promise_is_of_what_is_there() -> None:
    spec = escscaffold.read_spec(
        'version = 1\n[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
    )
    plan = escscaffold.plan(spec)
    things = {
        "a plan": plan,
        "an environment": plan.environment("prod"),
        "a range": plan.environment("prod").range("pods"),
        "a file": escscaffold.render(plan)["README.md"],
    }
    promise = re.sub(r"\s+", " ", PAGE.partition("## What stays")[2])

    for thing, one in things.items():
        named = re.search(rf"((?:`\w+`(?:, | and )?)+) of {thing}[;,.]", promise)
        assert named, thing
        assert all(hasattr(one, name) for name in re.findall(r"`(\w+)`", named[1])), thing


def test_what_is_not_public_is_no_attribute() -> None:
    assert not hasattr(escscaffold, "plan_addresses")
