"""The file set of a repository: every generated file's text, by its path; and what an adoption adds once.

Which templates there are decides which files there are: a cloud, mode or module is a folder. A
module's folder `_environment` is what it brings to the root module of those that use it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from escscaffold import __version__
from escscaffold.clouds.fact_files import template_root
from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.svg import svg_file
from escscaffold.drawing.topology import kept_blocks, topology_of
from escscaffold.errors import ScaffoldError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import folder_of
from escscaffold.rendering.context import (
    Context,
    environment_context,
    environment_facts,
    modules_called,
    move_context,
    repository_context,
)
from escscaffold.rendering.generated import BEGIN, GeneratedFile, KnownFiles, ObservedContext, with_header
from escscaffold.rendering.templates import template
from escscaffold.rules.catalogue import check_plan, has_errors

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

from collections.abc import Sequence

from msgspec import Struct, to_builtins

IMPORTS_FILE = "imports.tf"
TESTS_FILE = "tests/adopted.auto.tfvars"


class PlanHasErrorsError(ScaffoldError):
    """A plan with errors becomes no files."""


def render_repository(plan: AddressPlan) -> Mapping[str, GeneratedFile]:
    """Return every generated file by its path, in alphabetical order.

    Raises PlanHasErrorsError where the plan breaks a rule.
    """
    if has_errors(check_plan(plan)):
        raise PlanHasErrorsError("The plan has errors.", hint="To list them: escscaffold plan")
    return repository_files(plan)


def repository_files(plan: AddressPlan) -> Mapping[str, GeneratedFile]:
    """Return the same for a plan that is known to break no rule.

    Raises ValueError for a mode without a root module, or that calls a module which its facts do not name.
    """
    facts = {environment.name: environment_facts(environment) for environment in plan.environments}
    repository = repository_context(plan, __version__, facts)
    files = dict(_folder("repository", "", repository))
    for service in plan.spec.ci:
        files |= _folder(f"repository/_ci/{service}", "", repository)
    if plan.spec.pipeline.deploy:
        for folder in ("any", *plan.spec.ci):
            files |= _folder(f"repository/_deploy/{folder}", "", repository)
    modules: set[str] = set()
    reserved = kept_blocks(plan)
    rendered = KnownFiles(_file)
    for environment in plan.environments:
        cloud, mode = environment.spec.cloud.name, environment.spec.mode
        context = environment_context(plan, environment, facts[environment.name])
        observed = ObservedContext(context)
        root = f"{folder_of(environment.name)}/"
        for folder in ("environment", f"{cloud}/environment", f"{cloud}/modes/{mode.name}"):
            files |= _known_folder(folder, root, observed, rendered)
        if f"{root}main.tf" not in files:
            raise ValueError(f"templates/{cloud}/modes/{mode.name}/main.tf.j2 is missing: a mode has a root module")
        called = modules_called(environment.spec, files[f"{root}main.tf"].text)
        for module in called:
            files |= _known_folder(f"{module}/_environment", root, observed, rendered)
        modules.update(called)
        if environment.name in plan.moving:
            files |= _folder("kurrent/move/environment", root, context | {"move": move_context(plan, environment)})
        picture = svg_file(picture_of(topology_of(environment, reserved)))
        files[f"docs/network-{environment.name}.svg"] = GeneratedFile(text=with_header("network.svg", picture))
    if plan.moving:
        files |= _folder("kurrent/move/repository", "", repository)
    for module in sorted(modules):
        files |= _folder(module, f"modules/{module.rpartition('/')[2]}/", repository)
    return dict(sorted(files.items()))


def _folder(folder: str, target: str, context: Context) -> Iterator[tuple[str, GeneratedFile]]:
    for name in _templates(folder):
        yield target + _target(name), _file(f"{folder}/{name}", context)


def _known_folder(
    folder: str, target: str, context: ObservedContext, rendered: KnownFiles
) -> Iterator[tuple[str, GeneratedFile]]:
    for name in _templates(folder):
        yield target + _target(name), rendered.file(f"{folder}/{name}", context)


def _file(name: str, context: Mapping[str, Any]) -> GeneratedFile:
    text = template(name).render(context) if name.endswith(".j2") else _plain(name)
    whole = text if text.startswith(BEGIN) else with_header(_target(name), text)
    return GeneratedFile(text=whole, executable=text.startswith("#!"))


@cache
def _target(name: str) -> str:
    """Return what the file of a template is called."""
    return name.removesuffix(".j2").replace("dot-", ".")


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


class ImportBlock(Struct, frozen=True, kw_only=True):
    """One object that exists: its address here, its key there, its id, and what it was called."""

    to: str
    key: str
    id: str
    was: str


class TakeoverSteps(Struct, frozen=True, kw_only=True):
    """The values of the steps."""

    environment: str
    peering: str
    before: Sequence[str] | None
    """The old routes; None where they are not known."""
    after: Sequence[str]
    replaced: bool
    removed: Sequence[str]
    """Commands that remove what cannot be imported."""
    forgotten: Sequence[str]
    """Commands that take what is imported out of the old state."""
    imports: int
    renamed: Sequence[str] = ()
    """What is imported and gets another name, which replaces it."""


def takeover_files(imports: Sequence[ImportBlock], steps: TakeoverSteps) -> Mapping[str, str]:
    """Return the text to add to each file of an environment that adopts what exists, by its path in the repository.

    They are written once and are the user's from then on, so no later run compares them with anything.
    """
    root = f"{folder_of(steps.environment)}/"
    files = {"README.md": template("adoption/steps.md.j2").render(to_builtins(steps))}
    if imports:
        text = template("adoption/imports.tf.j2").render({"imports": to_builtins(list(imports))})
        files[root + IMPORTS_FILE] = text
        files[root + TESTS_FILE] = template("adoption/tests.auto.tfvars.j2").render()
    return files
