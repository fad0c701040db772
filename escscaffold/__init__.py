"""Plan addresses that cannot collide, and write the Terraform that peers Kubernetes with Kurrent Cloud.

The same things that the command line does, from Python:

    spec = escscaffold.read_spec(text)      # what was asked
    plan = escscaffold.plan(spec)           # where every range lies
    findings = escscaffold.check(plan)      # what is wrong with it
    files = escscaffold.render(plan)        # the Terraform, as text by path

A spec that cannot be read raises escscaffold.SpecError.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["SpecError", "__version__", "check", "plan", "read_spec", "render"]

if TYPE_CHECKING:
    from escscaffold.errors import SpecError
    from escscaffold.planning.planner import plan_addresses as plan
    from escscaffold.rendering.files import render_repository as render
    from escscaffold.rules.catalogue import check_plan as check
    from escscaffold.spec.reading import read_spec

_HOMES = {
    "SpecError": ("escscaffold.errors", "SpecError"),
    "check": ("escscaffold.rules.catalogue", "check_plan"),
    "plan": ("escscaffold.planning.planner", "plan_addresses"),
    "read_spec": ("escscaffold.spec.reading", "read_spec"),
    "render": ("escscaffold.rendering.files", "render_repository"),
}


def __getattr__(name: str) -> Any:
    """Import what is public on first use: `--version` must not pay for Jinja."""
    if name not in _HOMES:
        raise AttributeError(f"module 'escscaffold' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
