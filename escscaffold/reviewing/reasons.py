"""Why a change of a range is not made in place, and where that is written. Pure."""

from collections.abc import Iterable
from typing import TypedDict

from escscaffold.clouds.choices import Option, Setting
from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.clouds.facts import RangeFacts
from escscaffold.clouds.resource_facts import source_of
from escscaffold.planning.plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.replacements import Replacement
from escscaffold.planning.sizing import choice_of
from escscaffold.reviewing.words import Sentence

_KEPT = ("kurrent", "remote")
"""Ranges whose facts say why they can never change."""
_DATABASE = "the database"
CLUSTER = "the cluster"
"""What may be refused by the cloud, and not by Terraform."""


class Why(TypedDict):
    """The fields of an impact that say why."""

    reason: Sentence
    refused: str
    source: str


def why(
    plan: AddressPlan, environment: str, name: str, things: tuple[str, ...], *, old: str = "", new: str = ""
) -> Why:
    """Return why a change of this range, option or setting replaces these things."""
    known = {one.name: one.spec for one in plan.environments}
    match choice_of(known[environment], name) if environment in known else None:
        case Setting(source=source) as setting if refused := setting.refusal(old, new):
            return Why(reason=(refused,), refused=refused, source=source)
        case Option(reason=reason, source=source) if reason:
            return Why(reason=(reason,), refused="", source=source)
    facts = facts_of(plan, environment, name)
    refused = facts.refused if facts and CLUSTER in things else ""
    if facts and refused and things == (CLUSTER,):
        return Why(reason=(refused,), refused=refused, source=facts.refused_source)
    reason = facts.why if facts and name in _KEPT else "It cannot change in place: Terraform replaces it."
    database = "The new database is empty: have a backup to restore." if _DATABASE in things else ""
    clouds = {one.name: one.spec.cloud.name for one in plan.environments}
    return Why(
        reason=(" ".join(part for part in (reason, refused, database) if part),),
        refused=refused,
        source=source_of(things, clouds.get(environment, ""), plan.spec.provider),
    )


def refused_by_the_cloud(plan: AddressPlan, replacements: Iterable[Replacement]) -> set[str]:
    """Return the names of the changes that the cloud refuses while there is a cluster, whatever Terraform plans."""
    found = set()
    for one in replacements:
        environment, _, name = one.name.partition(".")
        if CLUSTER in one.replaces and why(plan, environment, name, one.replaces, old=one.old, new=one.new)["refused"]:
            found.add(one.name)
    return found


def facts_of(plan: AddressPlan, environment: str, name: str) -> RangeFacts | None:
    """Return what is known of an environment's range; None where it has no such range."""
    known: dict[str, EnvironmentPlan] = {one.name: one for one in plan.environments}
    if name == "remote":
        return load_kurrent().remote
    planned = known[environment].range(name) if environment in known else None
    return planned.facts if planned else None
