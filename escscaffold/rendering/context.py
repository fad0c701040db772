"""What the templates see of a plan: plain text and numbers, in plan order."""

from typing import Any

from escscaffold.clouds.facts import Cloud, TerraformProvider, shortest_prefix_length
from escscaffold.clouds.loading import load_kurrent
from escscaffold.planning.needs import cluster_settings
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.rendering.modules import kurrent_modules
from escscaffold.rendering.rows import free_row, range_row
from escscaffold.spec.model import EnvironmentSpec

Context = dict[str, Any]


def environment_context(plan: AddressPlan, environment: EnvironmentPlan) -> Context:
    """Return the context of one environment's templates."""
    first = next(e for e in plan.environments if e.spec.cloud.name == environment.spec.cloud.name)
    known = _environment(environment) | {"is_first_on_cloud": environment is first}
    return {"environment": known, "cloud": _cloud(environment), "kurrent": _kurrent(plan)}


def repository_context(plan: AddressPlan, version: str) -> Context:
    """Return the context of the templates that are there once per repository."""
    return {
        "repository": {"environments": [e.name for e in plan.environments], "escscaffold_version": version},
        "environments": [
            _environment(environment)
            | {
                "cloud": _cloud(environment),
                "table": [range_row(r) for r in environment.ranges],
                "growing": [{"name": r.name, "room": str(r.room)} for r in environment.ranges if r.room != r.cidr],
                "free": [free_row(block) for block in environment.free],
            }
            for environment in plan.environments
        ],
        "kurrent": _kurrent(plan),
    }


def _environment(environment: EnvironmentPlan) -> Context:
    mode = environment.spec.mode
    # A range that is the cloud's own and hidden stands in no argument; one that crosses the peering is routed to.
    written = [r for r in environment.ranges if not (r.origin == "implied" and r.hidden)]
    return {
        "name": environment.spec.called,
        "folder": environment.name,
        "region": environment.spec.region,
        "mode": {"name": mode.name, "title": mode.title, "summary": mode.summary, "source": mode.source},
        "options": dict(environment.spec.options),
        "parts": dict(environment.spec.parts),
        "existing": dict(environment.spec.existing),
        "looked_up": _looked_up(environment.spec),
        "kurrent_modules": kurrent_modules(environment.spec.parts),
        "kubernetes": dict(cluster_settings(environment.spec)),
        "cidrs": {r.name: str(r.cidr) for r in written},
        "ranges": [_range(r, environment.spec.cloud) for r in written],
        "remote": [str(block) for block in environment.remote],
        "database": dict(environment.spec.cloud.database),
    }


def _looked_up(spec: EnvironmentSpec) -> list[Context]:
    """Return what each name of something that exists is for, by alphabet."""
    facts = {**spec.mode.existing, **load_kurrent().existing}
    return [{"name": name, "purpose": facts[name].purpose} for name in sorted(spec.existing)]


def _range(planned: PlannedRange, cloud: Cloud) -> Context:
    facts = planned.facts
    shortest = shortest_prefix_length(facts, cloud)
    return {
        "name": planned.name,
        "cidr": str(planned.cidr),
        "purpose": facts.purpose,
        "inside": facts.inside,
        "covered": facts.covered,
        "per_zone": facts.per_zone,
        "shortest_prefix_length": shortest,
        "longest_prefix_length": facts.longest_prefix_length,
    }


def _cloud(environment: EnvironmentPlan) -> Context:
    cloud = environment.spec.cloud
    return {
        "name": cloud.name,
        "title": cloud.title,
        "network_term": cloud.network_term,
        "default_region": cloud.default_region,
        "terraform_providers": [_provider(p) for p in cloud.terraform_providers],
    }


def _kurrent(plan: AddressPlan) -> Context:
    provider = load_kurrent().providers[plan.spec.provider]
    return _provider(provider) | {"connection_scheme": provider.connection_scheme}


def _provider(provider: TerraformProvider) -> Context:
    return {"name": provider.name, "source": provider.source, "version": provider.version}
