"""The file set of a repository: every generated file's text, by its path.

Which templates there are decides which files there are: a cloud, mode or module is a folder.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from escscaffold import __version__
from escscaffold.clouds.location import template_root
from escscaffold.errors import ScaffoldError
from escscaffold.planning.plan import AddressPlan
from escscaffold.rendering.context import Context, environment_context, repository_context
from escscaffold.rendering.diagram import network_diagram
from escscaffold.rendering.generated import BEGIN, GeneratedFile
from escscaffold.rendering.header import with_header
from escscaffold.rendering.templates import template
from escscaffold.rules.catalogue import check_plan, has_errors

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


_CALL = re.compile(r'^  source = "\.\./\.\./modules/([a-z0-9-]+)"$', re.MULTILINE)


class PlanHasErrorsError(ScaffoldError):
    """A plan with errors becomes no files."""


def render_repository(plan: AddressPlan) -> Mapping[str, GeneratedFile]:
    """Return every generated file by its path, in alphabetical order.

    Raises PlanHasErrorsError where the plan breaks a rule.
    """
    if has_errors(check_plan(plan)):
        raise PlanHasErrorsError("The plan has errors.", hint="Look at them with: escscaffold plan")
    return repository_files(plan)


def repository_files(plan: AddressPlan) -> Mapping[str, GeneratedFile]:
    """Return the same for a plan that is known to break no rule."""
    repository = repository_context(plan, __version__)
    files = dict(_folder("repository", "", repository))
    for environment in plan.environments:
        cloud, mode = environment.spec.cloud.name, environment.spec.mode
        context = environment_context(plan, environment)
        root = f"environments/{environment.name}/"
        for folder in ("environment", f"{cloud}/environment", f"{cloud}/modes/{mode.name}"):
            files |= _folder(folder, root, context)
        svg = network_diagram(environment)
        files[f"docs/network-{environment.name}.svg"] = GeneratedFile(text=with_header("network.svg", svg))
    # Which of its modules a mode calls may hang on the environment's options.
    called = {name for path, file in files.items() if path.endswith("/main.tf") for name in _CALL.findall(file.text)}
    for home, module in _modules_of(plan):
        if module not in called:
            continue
        files |= _folder(f"{home}/modules/{module}", f"modules/{module}/", repository)
    return dict(sorted(files.items()))


def _modules_of(plan: AddressPlan) -> list[tuple[str, str]]:
    """Return the template folder and name of each module that the modes know, once for all environments."""
    of_clouds = {(e.spec.cloud.name, module) for e in plan.environments for module in e.spec.mode.modules}
    return [("kurrent", "kurrent"), *sorted(of_clouds)] if of_clouds else []


def _folder(folder: str, target: str, context: Context) -> Iterator[tuple[str, GeneratedFile]]:
    for name in _templates(folder):
        path = target + name.removesuffix(".j2").replace("dot-", ".")
        text = template(f"{folder}/{name}").render(context) if name.endswith(".j2") else _plain(f"{folder}/{name}")
        whole = text if text.startswith(BEGIN) else with_header(path, text)
        yield path, GeneratedFile(text=whole, executable=text.startswith("#!"))


@cache
def _templates(folder: str) -> tuple[str, ...]:
    """Return the paths below a template folder, without partials, whose names begin with `_`."""
    return tuple(_walk(_at(folder), ""))


def _walk(folder: "Traversable", prefix: str) -> Iterator[str]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name) if folder.is_dir() else ():
        if entry.name.startswith("_"):
            continue
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name


@cache
def _plain(name: str) -> str:
    return _at(name).read_text(encoding="utf-8")


def _at(name: str) -> "Traversable":
    return template_root().joinpath(*name.split("/"))
