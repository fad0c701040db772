"""What the templates of a CI that applies see: where each environment signs in, and by which variables."""

import json
from typing import Any

from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan


def deploy_context(plan: AddressPlan) -> dict[str, Any]:
    """Return the context `deploy`; nothing where CI applies nothing."""
    if not plan.spec.pipeline.deploy:
        return {}
    identity, secrets = _kurrent_variables(plan)
    environments = [
        {
            "environment": environment.name,
            "clouds": _clouds(plan, environment),
            "needs": " ".join([*_cloud_variables(plan, _clouds(plan, environment)), *identity, *secrets]),
        }
        for environment in plan.environments
    ]
    logins = sorted({cloud for environment in environments for cloud in environment["clouds"]})
    purposes = {
        name: purpose for cloud in logins for name, purpose in plan.spec.facts.sign_ins[cloud].variables.items()
    }
    return {
        "environments": environments,
        "matrix": json.dumps(environments),
        "logins": [{"cloud": cloud, "region": _region(plan, cloud)} for cloud in logins],
        "purposes": purposes,
        "variables": [*purposes, *identity],
        "secrets": secrets,
    }


def _clouds(plan: AddressPlan, environment: EnvironmentPlan) -> list[str]:
    """Return where an environment signs in: its own cloud, and the one that its state lies in."""
    state = plan.spec.facts.backends[plan.spec.backend.type].cloud
    return sorted({environment.spec.cloud.name, state} - {""})


def _cloud_variables(plan: AddressPlan, clouds: list[str]) -> list[str]:
    return [name for cloud in clouds for name in plan.spec.facts.sign_ins[cloud].variables]


def _kurrent_variables(plan: AddressPlan) -> tuple[list[str], list[str]]:
    """Return what names the login at Kurrent Cloud, and its secret, which is the last of each way."""
    credentials = plan.spec.facts.kurrent.providers[plan.spec.provider].credentials
    *names, secret = credentials.ways[0]
    return [*credentials.needed, *names], [secret]


def _region(plan: AddressPlan, cloud: str) -> str:
    """Return a region of the cloud: that of the state, or of the first environment there."""
    known = [environment.spec.region for environment in plan.environments if environment.spec.cloud.name == cloud]
    return str(plan.spec.backend.settings.get("region", "")) or next(iter(known), "")
