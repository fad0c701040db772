"""What the templates see of a plan: plain text and numbers in plan order, modules in use, and where CI signs in.

Which of its modules a mode calls may hang on the environment's options, so the root module has the last word.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import to_builtins
from msgspec.structs import asdict

from escscaffold.clouds.facts import Cloud, TerraformProvider, shortest_prefix_length
from escscaffold.clouds.known_facts import Facts
from escscaffold.drawing.mermaid import overview
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.lock_records import creates_shared
from escscaffold.planning.sizing import (
    cluster_settings,
    database_settings,
    open_endpoints,
    pool_nodes,
    prevents_destroy,
)
from escscaffold.rendering.document import free_row, range_row
from escscaffold.rendering.root_variables import (
    account_rows,
    arguments,
    backup_rows,
    database_rows,
    integration_rows,
    integrations_by_sink,
    kubernetes_rows,
    node_pool_checks,
    node_pool_rows,
    node_pool_values,
)
from escscaffold.spec.model import EnvironmentSpec, Spec
from escscaffold.spec.settings import SECRETS_VARIABLE, secrets_of

Context = dict[str, Any]
_PROTECTION = "deletion_protection"
_KURRENT = "kurrent"
_CALL = re.compile(r'^  source = "\.\./\.\./modules/([a-z0-9-]+)"$', re.MULTILINE)


def environment_context(plan: AddressPlan, environment: EnvironmentPlan, facts: Context) -> Context:
    """Return the context of one environment's templates; `facts` are its `environment_facts`."""
    of_environment = facts | {"creates_shared": creates_shared(plan.owners, environment.spec)}
    if environment.spec.node_pools:
        of_environment["node_pool_settings"] = node_pool_rows(environment.spec)
        of_environment["node_pool_checks"] = node_pool_checks(environment.spec)
    if environment.spec.integrations:
        of_environment["integration_settings"] = integration_rows(environment.spec)
    return {
        "environment": of_environment,
        "cloud": _cloud(environment),
        "kurrent": _kurrent(plan),
        "backend": _backend(plan.spec) | {"arguments": _backend_arguments(plan.spec, environment.spec.called)},
    }


def move_context(plan: AddressPlan, environment: EnvironmentPlan) -> Context:
    """Return what the move of one environment to another Terraform provider takes."""
    before = plan.spec.facts.kurrent.providers[plan.moving[environment.name]]
    return {
        "before": _provider(before),
        "resources": dict(_created_resources(environment.spec)),
        "integrations": integrations_by_sink(environment.spec),
    }


def repository_context(plan: AddressPlan, version: str, facts: Mapping[str, Context]) -> Context:
    """Return the context of the templates that are there once per repository; `facts` are those of each environment."""
    return {
        "repository": {
            "environments": [e.name for e in plan.environments],
            "escscaffold_version": version,
            "moving": sorted(plan.moving),
            "ci": list(plan.spec.ci),
            "pipeline": asdict(plan.spec.pipeline),
            "map": overview(plan),
        },
        "environments": [
            facts[environment.name]
            | {
                "creates_shared": creates_shared(plan.owners, environment.spec),
                "cloud": _cloud(environment),
                "table": [range_row(r, environment.spec.cloud.kept_at_end) for r in environment.ranges],
                "growing": [{"name": r.name, "room": str(r.room)} for r in environment.ranges if r.room != r.cidr],
                "free": [free_row(block) for block in environment.free],
            }
            for environment in plan.environments
        ],
        "kurrent": _kurrent(plan),
        "backend": _backend(plan.spec),
        "deploy": _deploy_context(plan),
    }


def environment_facts(environment: EnvironmentPlan) -> Context:
    """Return what both kinds of templates see of one environment."""
    mode = environment.spec.mode
    # A range that is the cloud's own and hidden is in no argument; one that crosses the peering is routed to.
    written = [r for r in environment.ranges if not (r.origin == "implied" and r.hidden)]
    return {
        "name": environment.spec.called,
        "folder": environment.name,
        "region": environment.spec.region,
        "kurrent_region": environment.spec.kurrent_region,
        "mode": {"name": mode.name, "title": mode.title, "summary": mode.summary, "source": mode.source},
        "cluster_module": _cluster_module(environment.spec),
        "options": dict(environment.spec.options),
        "parts": dict(environment.spec.parts),
        "existing": dict(environment.spec.existing),
        "looked_up": _looked_up(environment.spec),
        "kurrent_modules": _kurrent_modules(environment.spec),
        "kubernetes": arguments(mode.kubernetes, cluster_settings(environment.spec)),
        "kubernetes_settings": kubernetes_rows(environment.spec),
        "needs": _needs(environment.spec),
        "deletion_protection": _is_protected(environment.spec),
        "node_pools": node_pool_values(environment.spec),
        "open_to_all": bool(open_endpoints(environment.spec)),
        "cidrs": {r.name: str(r.cidr) for r in written},
        "ranges": [_range(r, environment.spec.cloud) for r in written],
        "own_ranges": [r.name for r in written if mode.is_own(r.name)],
        "own_subnets": [name for name, request in sorted(environment.spec.ranges.items()) if request.subnet],
        "apart": _separate_groups(written),
        "remote": [str(block) for block in environment.remote],
        "database": arguments(environment.spec.database_settings, database_settings(environment.spec)),
        "database_settings": database_rows(environment.spec),
        "acl": dict(environment.spec.acl),
        "backup": arguments(environment.spec.backup_settings, environment.spec.backup or {}),
        "backup_settings": backup_rows(environment.spec),
        "integrations": {name: dict(settings) for name, settings in environment.spec.integrations.items()},
        "integration_secrets": secrets_of(environment.spec),
        "account": arguments(environment.spec.cloud.account, environment.spec.account),
        "account_settings": account_rows(environment.spec),
        "tags": dict(environment.spec.tags),
    }


def _is_protected(spec: EnvironmentSpec) -> bool:
    """Return whether Terraform refuses to destroy the created cluster."""
    setting = spec.mode.kubernetes.get(_PROTECTION)
    return bool(setting and spec.kubernetes.get(_PROTECTION, setting.default))


def _needs(spec: EnvironmentSpec) -> list[Context]:
    """Return what its nodes take of the account's quotas, pool by pool; nothing where the cloud decides that."""
    if not spec.creates("kubernetes"):
        return []
    facts, cloud = spec.facts, spec.cloud.name
    rows = [facts.nodes.needed(cloud, spec.mode, cluster_settings(spec))]
    for pool in pool_nodes(spec):
        settings = spec.node_pools[pool.name].settings
        rows.append(facts.nodes.needed_by_pool(cloud, spec.mode, settings, pool.nodes + (pool.surge or 0), pool.name))
    return [to_builtins(row) for row in rows if row is not None]


def _cluster_module(spec: EnvironmentSpec) -> str:
    """Return the module of the mode that creates the cluster; nothing where none does."""
    created = spec.facts.replacing.module_resources(spec.cloud.name)
    return next((name for name in spec.mode.modules if name in created and created[name].part == "kubernetes"), "")


def _separate_groups(ranges: Iterable[PlannedRange]) -> list[list[str]]:
    """Return groups of ranges of which no two may overlap: those in no other range, and those in the same one."""
    groups: dict[str, list[str]] = {}
    for planned in ranges:
        groups.setdefault(planned.facts.inside, []).append(planned.name)
    return [names for names in groups.values() if len(names) > 1]


def _looked_up(spec: EnvironmentSpec) -> list[Context]:
    """Return what each name of something that exists is for, by alphabet."""
    facts = {**spec.mode.existing, **spec.facts.kurrent.existing}
    return [{"name": name, "purpose": facts[name].purpose} for name in sorted(spec.existing)]


def _range(planned: PlannedRange, cloud: Cloud) -> Context:
    facts = planned.facts
    shortest = shortest_prefix_length(facts, cloud)
    return {
        "name": planned.name,
        "kind": facts.name,
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
        "tags": {"term": cloud.tags.term, "key": cloud.tags.key_pattern, "value": cloud.tags.value_pattern},
        "terraform_providers": [_provider(p) for p in cloud.providers_for(environment.spec.options)],
    }


def _backend(spec: Spec) -> Context:
    backend, facts = spec.backend, spec.facts.backends[spec.backend.type]
    return {
        "type": backend.type,
        "purpose": facts.purpose,
        "required_version": facts.required_version,
        "settings": {name: backend.settings.get(name, setting.default) for name, setting in facts.settings.items()},
    }


def _backend_arguments(spec: Spec, environment: str) -> Context:
    return dict(spec.facts.backends[spec.backend.type].arguments(spec.backend.settings, environment))


def _kurrent(plan: AddressPlan) -> Context:
    provider = plan.spec.facts.kurrent.providers[plan.spec.provider]
    return _provider(provider) | {
        "connection_scheme": provider.connection_scheme,
        "service_account_since": provider.service_account_since,
    }


def _provider(provider: TerraformProvider) -> Context:
    return {"name": provider.name, "source": provider.source, "version": provider.version}


def _deploy_context(plan: AddressPlan) -> dict[str, Any]:
    """Return the context `deploy`; nothing where CI applies nothing."""
    if not plan.spec.pipeline.deploy:
        return {}
    identity, secrets = _kurrent_variables(plan)
    environments = [
        {
            "environment": environment.name,
            "clouds": _clouds(plan, environment),
            "needs": " ".join(
                [
                    *_cloud_variables(plan, _clouds(plan, environment)),
                    *identity,
                    *secrets,
                    *_of_integrations(environment),
                ]
            ),
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
        "more_secrets": sorted({name for environment in plan.environments for name in _of_integrations(environment)}),
    }


def _of_integrations(environment: EnvironmentPlan) -> list[str]:
    return [SECRETS_VARIABLE] if environment.spec.integrations else []


def _clouds(plan: AddressPlan, environment: EnvironmentPlan) -> list[str]:
    """Return where an environment signs in: its own cloud, and the one that its state is in."""
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
    regions = [environment.spec.region for environment in plan.environments if environment.spec.cloud.name == cloud]
    return str(plan.spec.backend.settings.get("region", "")) or next(iter(regions), "")


def modules_called(spec: EnvironmentSpec, main: str) -> list[str]:
    """Return the template folder of each module that the root module's text calls.

    Such as `kurrent/modules/kurrent-peering`. Raises ValueError where the facts do not name one of them.
    """
    called = set(_CALL.findall(main))
    folders = {module: f"{spec.cloud.name}/modules/{module}" for module in spec.mode.modules}
    folders |= {module: f"{_KURRENT}/modules/{module}" for module in _kurrent_modules(spec)}
    if unknown := sorted(called - folders.keys()):
        raise ValueError(
            f"{spec.mode.name}: main.tf calls {unknown}, and {spec.mode.name}.toml names {sorted(folders)}"
        )
    return [folder for module, folder in folders.items() if module in called]


def _kurrent_modules(spec: EnvironmentSpec) -> list[str]:
    """Return the modules on the Kurrent side, in the order in which a root module uses them."""
    created = {
        "acl": spec.acl,
        "backup": spec.backup,
        "integrations": spec.integrations,
        "read_only_replicas": spec.database.get("read_only_replicas"),
        "prevent_destroy": prevents_destroy(spec),
    }
    parts = {**spec.parts, **{name: "create" if is_used else "absent" for name, is_used in created.items()}}
    return [
        name for name, module in spec.facts.kurrent_modules.items() if module.get("when", {}).items() <= parts.items()
    ]


def _created_resources(spec: EnvironmentSpec) -> Mapping[str, str]:
    """Return the resources that are created on the Kurrent side, without their prefix: the module that makes each."""
    modules = {name: spec.facts.kurrent_modules[name] for name in _kurrent_modules(spec)}
    return {
        resource: module.get("called", name.replace("-", "_"))
        for name, module in modules.items()
        for resource in module.get("makes", ())
    }


def module_parts(facts: Facts) -> Mapping[str, Mapping[str, str]]:
    """Return what the parts must be for each module on the Kurrent side to be in use."""
    return {name: module.get("when", {}) for name, module in facts.kurrent_modules.items()}
