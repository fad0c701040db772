"""How many examples a property is tried on: few in CI, ten thousand with `pytest --hypothesis-profile=long`."""

from hypothesis import HealthCheck, settings

LONG = 10_000


def register_profiles() -> None:
    settings.register_profile("long", max_examples=LONG, deadline=None, suppress_health_check=list(HealthCheck))


def examples(few: int) -> settings:
    """Return settings for a property that is tried on a few examples, or on many in a long run."""
    many = settings.default.max_examples
    return settings(
        max_examples=many if many >= LONG else few,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
