"""Words that several rules say."""

from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.plan import EnvironmentPlan

PRIVATE = " or ".join(map(str, load_kurrent().private_ranges))


def narrower_remote(environment: EnvironmentPlan) -> str:
    """Return how the remote range can be made to hold less."""
    if environment.spec.remote:
        return "Give narrower remote ranges, or leave remote out and it is planned for you."
    return 'With routes = "exact" the peering routes to each range by itself.'
