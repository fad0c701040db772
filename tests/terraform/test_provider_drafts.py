"""Which values the program that asks providers tries next, after what a real provider says of one it refuses."""

import pytest

from tools.provider_facts.drafts import Draft, Refusal
from tools.provider_facts.hints import pairs
from tools.provider_facts.schema import Argument, Block

# What a provider said of a text, and the two values that are tried then.
TOLD = [
    ('expected kind to be one of ["GP2" "GP3" "SSD"], got one', ("GP2", "GP3")),
    ("expected kind to be one of [GP2 GP3], got one", ("GP2", "GP3")),
    ('Attribute kind value must be one of: ["A" "B"], got: "one"', ("A", "B")),
    (
        "No valid values match. Path: kind[0].units Given: one Valid Values: [MINUTE HOUR DAY ]",
        ("MINUTE", "HOUR"),
    ),
    ('invalid value for kind (must begin with "lt-")', ("lt-0123456789abcdef0", "lt-0123456789abcdef1")),
    ('expected value of kind to match regular expression "^ab[0-9]{2}$", got one', ("ab00", "ab11")),
]


@pytest.mark.parametrize(("told", "values"), TOLD)
def test_a_refusal_names_the_values_that_are_tried_next(told: str, values: tuple[str, str]) -> None:
    first = pairs(Argument(name="kind", type="string", optional=True), told)[0]

    assert (first.first, first.other) == values


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ("expected size to be in the range (8 - 4096), got 1", (8, 9)),
        ("expected size to be at least (30), got 1", (30, 60)),
        ("expected size to be one of [0 1 5 10], got 2", (0, 1)),
        ("expected size to be divisible by 64, got: 1", (64, 128)),
    ],
)
def test_a_refusal_names_the_numbers_that_are_tried_next(told: str, values: tuple[int, int]) -> None:
    first = pairs(Argument(name="size", type="number", optional=True), told)[0]

    assert (first.first, first.other) == values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vpc_cidr", "10.0.0.0/16"),
        ("role_arn", "arn:aws:iam::123456789012:role/one"),
        ("subnet_id", "subnet-0123456789abcdef0"),
    ],
)
def test_a_name_hints_at_the_first_value(name: str, value: str) -> None:
    assert pairs(Argument(name=name, type="string", optional=True))[0].first == value


def test_a_description_lists_values() -> None:
    argument = Argument(
        name="kind", type="string", optional=True, description="The kind. Possible values: `small`, `large`."
    )

    assert (pairs(argument)[0].first, pairs(argument)[0].other) == ("small", "large")


def text(name: str, **more: bool) -> Argument:
    return Argument(name=name, type="string", **(more or {"optional": True}))


BLOCK = Block(
    {"name": text("name", required=True), "one": text("one"), "two": text("two"), "disk_iops": text("disk_iops")}
)
EITHER = "Invalid combination of arguments: one of `one,two` must be specified"
EXACTLY = "Exactly one of these attributes must be configured: [one,two]"


def test_what_is_missing_is_set() -> None:
    draft = Draft(BLOCK)

    assert draft.fix([Refusal(EITHER, ("one",)), Refusal(EITHER, ("two",))])

    # Both refusals are about the same, of which one argument is enough.
    assert draft.config() == {"name": "one", "one": None, "two": "one", "disk_iops": None}


def test_of_two_that_exclude_each_other_the_asked_one_stays() -> None:
    draft = Draft(BLOCK, [("one",), ("two",)])

    assert draft.fix([Refusal(EXACTLY, ("one",))], asked=("two",))

    assert draft.config() == {"name": "one", "one": None, "two": "one", "disk_iops": None}


def test_an_abbreviated_name_is_found() -> None:
    draft = Draft(BLOCK)

    assert draft.fix([Refusal("'iops' must be set when 'type' is 'GP3'", ())])

    assert draft.holds(("disk_iops",))


def test_a_refusal_that_nothing_helps_against_ends_it() -> None:
    draft = Draft(BLOCK, [("one",)])
    tried = []
    while draft.fix([Refusal("nobody knows what one must be", ("one",))], asked=("one",)):
        assert draft.pair(("one",)) not in tried
        tried.append(draft.pair(("one",)))
        assert len(tried) < 100

    assert len(tried) > 10
