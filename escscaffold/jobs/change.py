"""The jobs `set`, `rename` and `remove`: change the spec, and write what follows from it."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ScaffoldError, UnknownNameError
from escscaffold.jobs.generate import DEFAULT_TERMS, Generated, Terms, write_files
from escscaffold.jobs.key_values import read_settings, spec_with
from escscaffold.jobs.reporter import Reporter, holding_folder
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock, folder_of, kept_in, with_environment_renamed
from escscaffold.planning.planner import plan_allocated
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.repository.dropped_resources import StateLeft, states_left
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, known_environment, read_environment_name


class Edited(Struct, frozen=True, kw_only=True):
    """The new text of a spec, and the lock that it is planned with."""

    text: str
    spec: Spec
    lock: Lock


class StateLeftError(ScaffoldError):
    """A Terraform state in the environment's folder still has resources."""

    def __init__(self, environment: str, states: tuple[StateLeft, ...], *, more: str = "") -> None:
        terraform = f"terraform -chdir={folder_of(environment)}"
        workspaces = list(dict.fromkeys(resource.workspace for resource in states))
        self.steps = [f"{terraform} destroy"]
        if workspaces != [""]:
            names = [workspace or "default" for workspace in workspaces]
            self.steps = [f"{terraform} workspace select {name} && {terraform} destroy" for name in names]
        self.states = "; ".join(resource.text for resource in states)
        lines = [more] if more else []
        lines += ["Destroy its resources first, while its files exist:", *self.steps]
        hint = "\n".join([*lines, f"Or: escscaffold remove {environment} --force"])
        super().__init__(f"{environment} is not destroyed yet: {self.states}.", hint=hint)


class ChangeReporter(Reporter):
    """Takes the plan of a changed spec, too."""

    def changed(self, lock: Lock, plan: AddressPlan) -> None:
        """Take the plan before anything is compared or written."""


Edit = Callable[[str, Basis], Edited]


def set_keys(
    folder: Path | str,
    settings: Iterable[str],
    environment: str | None = None,
    terms: Terms = DEFAULT_TERMS,
    *,
    reporter: ChangeReporter | None = None,
) -> Generated:
    """Change keys of the spec, each given as KEY=VALUE; raises UnknownNameError, WrongUsageError, SpecError."""

    def edit(text: str, basis: Basis) -> Edited:
        changes = read_settings(text, settings, environment)
        new_text, spec = spec_with(text, changes, basis.facts, kept_in(basis.lock))
        return Edited(text=new_text, spec=spec, lock=basis.lock)

    return _change(folder, edit, terms, reporter)


def rename(
    folder: Path | str,
    old: str,
    new: str,
    terms: Terms = DEFAULT_TERMS,
    *,
    new_names: bool = False,
    reporter: ChangeReporter | None = None,
) -> Generated:
    """Rename an environment and its folder; its resources keep their names, unless `new_names`.

    Raises UnknownNameError for a name that is not there or cannot be one, ScaffoldError where the folder is taken.
    """
    folder = Path(folder)
    moved = {folder_of(old): folder_of(new)} if (folder / folder_of(old)).is_dir() else {}

    def edit(text: str, basis: Basis) -> Edited:
        from escscaffold.spec import editing

        spec = basis.read_spec(text)
        known_environment(old, spec.environments, "OLD")
        _refuse_name(folder, spec, new)
        called = new if new_names else spec.environments[old].called
        name: dict[KeyPath, str | None] = {("environments", new, "name"): called if called != new else None}
        new_text = editing.with_environment_renamed(text, old, new, name)
        renamed = with_environment_renamed(basis.lock, old, new, spec.facts.clouds)
        return Edited(text=new_text, spec=read_spec(new_text, spec.facts, SPEC_FILE, kept_in(renamed)), lock=renamed)

    return _change(folder, edit, replace(terms, moved=moved), reporter)


def _refuse_name(folder: Path, spec: Spec, new: str) -> None:
    """Raise where the new name cannot be one, or is taken."""
    try:
        read_environment_name(new)
    except BadValue as error:
        raise UnknownNameError(f"{error.message} {error.fix}", flag="NEW") from None
    if new in spec.environments:
        raise UnknownNameError(f"{new} already exists.", flag="NEW")
    if (folder / folder_of(new)).exists():
        raise ScaffoldError(f"{folder / folder_of(new)} already exists.", hint="Move or delete the folder.")


def remove(
    folder: Path | str,
    environment: str,
    terms: Terms = DEFAULT_TERMS,
    *,
    force: bool = False,
    reporter: ChangeReporter | None = None,
) -> Generated:
    """Remove an environment and its files; what Terraform created stays, and so do its claims in the IPAM.

    Raises StateLeftError where a Terraform state in its folder has resources, unless `force` or nothing is written;
    UnknownNameError for a name that is not there, ScaffoldError for the last environment.
    """
    folder = Path(folder)
    states = () if force or terms.would else states_left(folder, folder_of(environment))

    def edit(text: str, basis: Basis) -> Edited:
        from escscaffold.spec.editing import without_environment

        environments = basis.read_spec(text).environments
        known_environment(environment, environments, "ENVIRONMENT")
        if states:
            raise StateLeftError(environment, states)
        if len(environments) == 1:
            raise ScaffoldError(f"{environment} is the last environment; a repository needs at least one.")
        new_text = without_environment(text, environment)
        return Edited(text=new_text, spec=basis.read_spec(new_text), lock=basis.lock)

    return _change(folder, edit, terms, reporter)


def _change(folder: Path | str, edit: Edit, terms: Terms, reporter: ChangeReporter | None) -> Generated:
    folder, reporter = Path(folder), reporter or ChangeReporter()
    with nullcontext() if terms.would else holding_folder(folder, reporter):
        on_disk, basis = read_basis(folder, load_facts())
        edited = edit(on_disk.text, basis)
        plan = plan_allocated(edited.lock, edited.spec, basis.snapshot_for(edited.spec))
        reporter.changed(edited.lock, plan)
        spec_text = edited.text if edited.text != on_disk.text else None
        return write_files(folder, plan, edited.lock, basis, terms, spec_text=spec_text, reporter=reporter)
