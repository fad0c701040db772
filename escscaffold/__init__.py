"""Plan addresses that cannot collide, and write the Terraform that peers Kubernetes with Kurrent Cloud.

The same things that the command line does, from Python:

    spec = escscaffold.read_spec(text)      # what was asked
    plan = escscaffold.plan(spec)           # where every range lies
    findings = escscaffold.check_plan(plan) # what is wrong with it
    files = escscaffold.render(plan)        # the Terraform, as text by path

The commands, in a repository, with a value as the result:

    escscaffold.plan_repository(folder)     # plan, findings
    escscaffold.check(folder)               # verdict, findings, files, complaints
    escscaffold.generate(folder)            # outcome, findings, files, replaced
    escscaffold.review(folder)              # level, verdict
    escscaffold.scan(folder, paths)         # networks, diagnoses, reservations

A spec that cannot be read raises escscaffold.SpecError.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "SpecError",
    "Terms",
    "__version__",
    "check",
    "check_plan",
    "generate",
    "plan",
    "plan_repository",
    "read_spec",
    "render",
    "review",
    "scan",
]

if TYPE_CHECKING:
    from escscaffold.errors import SpecError
    from escscaffold.jobs.check import check
    from escscaffold.jobs.generate import Terms, generate
    from escscaffold.jobs.plan import plan_repository
    from escscaffold.jobs.review import review
    from escscaffold.jobs.scan import scan
    from escscaffold.planning.planner import plan_addresses as plan
    from escscaffold.rendering.repository_files import render_repository as render
    from escscaffold.rules.catalogue import check_plan
    from escscaffold.spec.reading import read_spec

_HOMES = {
    "SpecError": ("escscaffold.errors", "SpecError"),
    "Terms": ("escscaffold.jobs.generate", "Terms"),
    "check": ("escscaffold.jobs.check", "check"),
    "check_plan": ("escscaffold.rules.catalogue", "check_plan"),
    "generate": ("escscaffold.jobs.generate", "generate"),
    "plan": ("escscaffold.planning.planner", "plan_addresses"),
    "plan_repository": ("escscaffold.jobs.plan", "plan_repository"),
    "read_spec": ("escscaffold.spec.reading", "read_spec"),
    "render": ("escscaffold.rendering.repository_files", "render_repository"),
    "review": ("escscaffold.jobs.review", "review"),
    "scan": ("escscaffold.jobs.scan", "scan"),
}


def __getattr__(name: str) -> Any:
    """Import what is public on first use: `--version` must not pay for Jinja."""
    if name not in _HOMES:
        raise AttributeError(f"module 'escscaffold' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
