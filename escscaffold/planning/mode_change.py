"""What another mode, at the same cloud and in the same region, replaces of an environment. Pure.

It follows from the two modes' own data: the modules that one has and the other has not, the ranges that go, and
the parts that were created and are looked up now. Ranges that both modes have are compared as always.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.clouds.facts import Mode
from escscaffold.clouds.replacing import ModuleMade, modules_made, step_between
from escscaffold.planning.needs import replaced_with
from escscaffold.planning.plan import EnvironmentPlan
from escscaffold.spec.model import EnvironmentSpec

_CREATE = "create"


class ModeChange(Struct, frozen=True, kw_only=True):
    """What one mode instead of another replaces, and what can be done instead."""

    replaces: tuple[str, ...]
    """In the words of the ranges' facts; nothing where all changes in place."""
    parts: frozenset[str]
    """The parts that are replaced as a whole."""
    instead: str
    """What makes the change in place, where that is known."""


def change_of_mode(
    before: Mode, asked: EnvironmentSpec | None, environment: EnvironmentPlan, granted: Mapping[str, IPv4Network]
) -> ModeChange:
    """Return what the environment's mode replaces where it had the mode `before`.

    `asked` is what the last plan was asked for, None where it is not known: then every part counts as created.
    `granted` is where the environment's ranges lay.
    """
    step = step_between(environment.spec.cloud.name, before.name, environment.spec.mode.name)
    parts = asked.parts if asked else {}
    modules = [] if step.in_place else list(_replaced_modules(before, parts, environment))
    words = [
        *(word for module in modules for word in module.words),
        *_of_parts(parts, environment),
        *_of_ranges(asked.mode if asked else before, parts, environment, granted),
    ]
    return ModeChange(
        replaces=tuple(dict.fromkeys(words)), parts=frozenset(module.part for module in modules), instead=step.instead
    )


def _replaced_modules(before: Mode, parts: Mapping[str, str], environment: EnvironmentPlan) -> Iterator[ModuleMade]:
    """Yield the modules that were in use and that the new mode has not."""
    for module, made in modules_made(environment.spec.cloud.name).items():
        goes = module in before.modules and module not in environment.spec.mode.modules
        if goes and parts.get(made.part, _CREATE) == _CREATE:
            yield made


def _of_parts(parts: Mapping[str, str], environment: EnvironmentPlan) -> Iterator[str]:
    """Yield what goes with a part that was created and exists elsewhere now, or the other way round."""
    for part in environment.spec.mode.parts:
        was, now = parts.get(part, _CREATE), environment.spec.parts.get(part, _CREATE)
        if was != now and part in load_kurrent().parts_replace:
            yield from replaced_with(environment.spec, part, was)


def _of_ranges(
    before: Mode, parts: Mapping[str, str], environment: EnvironmentPlan, granted: Mapping[str, IPv4Network]
) -> Iterator[str]:
    """Yield what the ranges held that the new mode has no more."""
    for name in granted:
        facts = before.facts_of(name)
        stays = environment.range(name) is not None or name in environment.spec.mode.range_names()
        if facts is not None and not stays and parts.get(facts.part, _CREATE) == _CREATE:
            yield from facts.replaces
