"""Plan addresses that cannot collide, and write the Terraform that peers Kubernetes with Kurrent Cloud.

The same things that the command line does, from Python:

    spec = escscaffold.read_spec(text)      # what was asked
    plan = escscaffold.plan(spec)           # the place of every range
    findings = escscaffold.check_plan(plan) # what is wrong with it
    files = escscaffold.render(plan)        # the Terraform, as text by path

The commands, in a repository, with a value as the result:

    escscaffold.init(folder, document)      # outcome, findings, files, replaced; so have all that write a plan:
    escscaffold.add(folder, document)
    escscaffold.adopt(folder, paths, document) # read, generated
    escscaffold.generate(folder)
    escscaffold.set(folder, settings)
    escscaffold.rename(folder, old, new)
    escscaffold.remove(folder, environment)
    escscaffold.plan_repository(folder)     # plan, findings
    escscaffold.check(folder)               # verdict, findings, files, complaints
    escscaffold.review(folder)              # level, verdict
    escscaffold.scan(folder, paths)         # networks, diagnoses, reservations
    escscaffold.release(folder, files)      # files
    escscaffold.fmt(folder)                 # files

A spec that cannot be read raises escscaffold.SpecError.
"""

# As `typing` has it, without its import: until the command handles Ctrl-C, Python answers it with a traceback.
TYPE_CHECKING = False

__version__ = "0.1.0"

__all__ = [
    "SpecError",
    "Terms",
    "__version__",
    "add",
    "adopt",
    "check",
    "check_plan",
    "fmt",
    "generate",
    "init",
    "plan",
    "plan_repository",
    "read_spec",
    "release",
    "remove",
    "rename",
    "render",
    "review",
    "scan",
    "set_keys",
]

if TYPE_CHECKING:
    from typing import Any

    from escscaffold.errors import SpecError
    from escscaffold.jobs.add import add
    from escscaffold.jobs.adopt import adopt
    from escscaffold.jobs.change import remove, rename, set_keys
    from escscaffold.jobs.check import check
    from escscaffold.jobs.fmt import fmt
    from escscaffold.jobs.generate import Terms, generate
    from escscaffold.jobs.init import init
    from escscaffold.jobs.plan import plan_repository, read_spec
    from escscaffold.jobs.release import release
    from escscaffold.jobs.review import review
    from escscaffold.jobs.scan import scan
    from escscaffold.planning.planner import plan_addresses as plan
    from escscaffold.rendering.repository_files import render_repository as render
    from escscaffold.rules.catalogue import check_plan

_HOMES = {
    "SpecError": ("escscaffold.errors", "SpecError"),
    "Terms": ("escscaffold.jobs.generate", "Terms"),
    "add": ("escscaffold.jobs.add", "add"),
    "adopt": ("escscaffold.jobs.adopt", "adopt"),
    "check": ("escscaffold.jobs.check", "check"),
    "check_plan": ("escscaffold.rules.catalogue", "check_plan"),
    "fmt": ("escscaffold.jobs.fmt", "fmt"),
    "generate": ("escscaffold.jobs.generate", "generate"),
    "init": ("escscaffold.jobs.init", "init"),
    "plan": ("escscaffold.planning.planner", "plan_addresses"),
    "plan_repository": ("escscaffold.jobs.plan", "plan_repository"),
    "read_spec": ("escscaffold.jobs.plan", "read_spec"),
    "release": ("escscaffold.jobs.release", "release"),
    "remove": ("escscaffold.jobs.change", "remove"),
    "rename": ("escscaffold.jobs.change", "rename"),
    "render": ("escscaffold.rendering.repository_files", "render_repository"),
    "review": ("escscaffold.jobs.review", "review"),
    "scan": ("escscaffold.jobs.scan", "scan"),
    "set_keys": ("escscaffold.jobs.change", "set_keys"),
}


def __getattr__(name: str) -> "Any":
    """Import what is public on first use: `--version` must not pay for Jinja."""
    if name not in _HOMES:
        raise AttributeError(f"module 'escscaffold' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
