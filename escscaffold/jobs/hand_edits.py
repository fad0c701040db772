"""Hand edits that give Terraform other addresses than the plan, in values or in the routes that follow."""

from collections.abc import Iterator
from pathlib import Path

from escscaffold.clouds.known_facts import Facts
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.lock import folder_of
from escscaffold.repository.terraform_cli import Complaint
from escscaffold.repository.updating import Update

_INSTEAD = "change escscaffold.toml instead."


def edits_against_plan(folder: Path, plan: AddressPlan, update: Update, *, is_written: bool) -> Iterator[Complaint]:
    """Yield a complaint for each edit that differs from the plan; `is_written`: the other files are as generated."""
    reported: set[str] = set()
    for file in update.with_state("edited", "merged"):
        if file.path.endswith("/terraform.tfvars"):
            # Slow to import, as what reads HCL is, and needed for edited files only.
            from escscaffold.repository.terraform_texts import differing_values

            for complaint in differing_values(file.path, file.generated, file.new or ""):
                reported.add(file.path.rpartition("/")[0])
                yield complaint
    if is_written:
        for environment, path in _edited_routes(plan, update):
            if _root(environment) not in reported:
                yield from _other_routes(folder, environment, path, plan.spec.facts)


def _root(environment: EnvironmentPlan) -> str:
    return folder_of(environment.name)


def _edited_routes(plan: AddressPlan, update: Update) -> Iterator[tuple[EnvironmentPlan, str]]:
    """Yield the environments whose routes an edited file may lead elsewhere, with that file.

    Of the environments that call an edited module, only the first is computed, as each takes a moment.
    """
    edited = [f for f in update.with_state("edited", "merged") if f.path.endswith(".tf") and "routes" in f.generated]
    in_modules = [file.path for file in edited if file.path.startswith("modules/")]
    for number, environment in enumerate(plan.environments):
        in_root = [file.path for file in edited if file.path.startswith(f"{_root(environment)}/")]
        if paths := in_root or (in_modules if number == 0 else []):
            yield environment, paths[0]


def _other_routes(folder: Path, environment: EnvironmentPlan, path: str, facts: Facts) -> Iterator[Complaint]:
    from escscaffold.scanning.peerings import has_unknown_routes, peerings_in, routes_of
    from escscaffold.scanning.scan_paths import scan_paths

    scan = scan_paths(folder, [_root(environment)], facts)
    peerings = peerings_in(scan)
    routes = routes_of(peerings)
    if peerings and not has_unknown_routes(scan, peerings) and set(routes) != set(environment.remote):
        routed = ", ".join(map(str, routes))
        yield Complaint(
            path=path, message=f"the peering routes to {routed}, but the plan has {environment.routed}: {_INSTEAD}"
        )
