"""The job `plan`: the place of every range and what is wrong with that, for a repository or for a spec alone."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.planner import plan_addresses
from escscaffold.rules.catalogue import check_plan
from escscaffold.rules.finding import Finding
from escscaffold.spec import reading
from escscaffold.spec.model import Spec
from escscaffold.spec.values import known_environment

if TYPE_CHECKING:
    from escscaffold.planning.lock import Lock


class PlanResult(Struct, frozen=True, kw_only=True):
    """What `plan` found."""

    plan: AddressPlan
    """The plan of the environments that were named."""
    whole: AddressPlan
    """The plan of all environments."""
    findings: tuple[Finding, ...]
    """Those of the environments that were named, and every error: an overlap stops both of its environments."""
    lock: "Lock | None" = None
    """What a repository allocated before; None for a spec alone."""


def plan_repository(
    folder: Path | str, environments: Iterable[str] = (), *, repack: str | None = None, as_of: date | None = None
) -> PlanResult:
    """Plan the repository in `folder`; nothing is written.

    `repack` names the environment that is planned again without the lock, `*` all of them. Support of versions is
    judged as of a day, and is not judged without one. Raises SpecError where spec or lock cannot be read,
    NoRepositoryError where there is no spec, UnknownNameError for a name that no environment has.
    """
    from escscaffold.jobs.repository_plan import load_plan  # a plan of a spec alone needs no lock

    loaded = load_plan(Path(folder), repack)
    return replace(_result(loaded.plan, environments, as_of), lock=loaded.lock)


def read_spec(text: str) -> Spec:
    """Read the text of an `escscaffold.toml` by the facts of this escscaffold; raises SpecError with every problem."""
    return reading.read_spec(text, load_facts())


def plan_spec(spec: Spec, environments: Iterable[str] = (), *, as_of: date | None = None) -> PlanResult:
    """Plan a spec for which nothing was allocated before."""
    return _result(plan_addresses(spec), environments, as_of)


def _result(whole: AddressPlan, environments: Iterable[str], as_of: date | None) -> PlanResult:
    names = tuple(environments)
    for name in names:
        known_environment(name, (environment.name for environment in whole.environments), "ENVIRONMENT")
    plan = replace(whole, environments=tuple(e for e in whole.environments if not names or e.name in names))
    findings = tuple(
        finding
        for finding in check_plan(whole, as_of)
        if not names or finding.environment in names or finding.severity == "error"
    )
    return PlanResult(plan=plan, whole=whole, findings=findings)
