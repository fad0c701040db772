"""Reading a repository and planning what it asks for, for every command that works in one."""

from dataclasses import dataclass, replace
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock import Lock, grants_for
from escscaffold.planning.plan import AddressPlan
from escscaffold.planning.planner import plan_addresses
from escscaffold.repository.disk import SPEC_FILE, load_lock, read_spec_text
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import read_spec


@dataclass(frozen=True, kw_only=True)
class LoadedPlan:
    """A repository's plan, and the lock that it stands on."""

    plan: AddressPlan
    lock: Lock


def load_plan(folder: Path) -> LoadedPlan:
    """Read the folder's spec and lock and plan them; raises SpecError, LockError, NoRepositoryError."""
    lock = load_lock(folder)
    spec = read_spec(read_spec_text(folder), SPEC_FILE)
    if not spec.environments:
        raise ScaffoldError(f"{folder / SPEC_FILE} has no environment.", hint="Add one: escscaffold add prod")
    return LoadedPlan(plan=plan_on(lock, spec), lock=lock)


def plan_on(lock: Lock, spec: Spec) -> AddressPlan:
    """Plan the spec with what the lock grants left where it is."""
    return replace(plan_addresses(spec, grants_for(lock, spec)), notes=lock.notes)
