"""How many examples a property is tried on: ten in CI, more by hand.

`pytest --hypothesis-profile=more` tries as many as each property names, `--hypothesis-profile=long` ten thousand.
"""

from hypothesis import HealthCheck, settings

IN_CI = 10
MORE, LONG = 1_000, 10_000


def register_profiles() -> None:
    """Make the first the usual one; none has a deadline, which a busy machine would miss."""
    for name, many in (("usual", IN_CI), ("more", MORE), ("long", LONG)):
        settings.register_profile(name, max_examples=many, deadline=None, suppress_health_check=list(HealthCheck))
    settings.load_profile("usual")


def examples(more: int, *also: HealthCheck) -> settings:
    """Return settings for a property that is tried on ten examples, on `more`, or on ten thousand in a long run.

    `also` are health checks that do not fit the property.
    """
    asked = settings.default.max_examples
    return settings(
        max_examples=asked if asked >= LONG else more if asked >= MORE else min(more, IN_CI),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, *also],
    )


def tries_more() -> bool:
    """Whether this is a run by hand that tries more than CI does."""
    return settings.default.max_examples >= MORE
