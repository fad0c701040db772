"""What the last plan had of what cannot change in place: the lock's word, or what follows from the rest of it. Pure."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from escscaffold.clouds.choices import option_word
from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock import Lock
from escscaffold.planning.needs import NAME, lasting_settings
from escscaffold.planning.plan import EnvironmentPlan
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.reading import VERSION, build_spec


class LastPlan:
    """What a lock says of the last plan, also of what its version of escscaffold did not write down yet."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock

    def lasting(self, environment: EnvironmentPlan) -> Mapping[str, str]:
        """Return what of the environment cannot change in place, besides ranges, as it was; nothing if it is new.

        Where the lock is silent, the answers that it was written for speak, and then the options' defaults.
        """
        name = environment.name
        if name not in self._lock.settings:
            return {}
        keys = lasting_settings(environment.spec)
        said = {key: self._lock.lasting[f"{name}.{key}"] for key in keys if f"{name}.{key}" in self._lock.lasting}
        if said.keys() == keys.keys():
            return said
        if (asked := self.asked(name)) is not None:
            return {**lasting_settings(asked), **said}
        granted = [key[1] for key in self._lock.grants.ranges if key[0] == name]
        return {NAME: name, **_options_of(environment.spec, granted), **said}

    def asked(self, environment: str) -> EnvironmentSpec | None:
        """Return what the last plan was asked for this environment; None where this version cannot read it."""
        return self._answers.get(environment)

    @cached_property
    def _answers(self) -> Mapping[str, EnvironmentSpec]:
        """What the last plan was asked for, as far as this version can read it."""
        import json  # slow to import, and most locks are not silent

        answers = {name: json.loads(table) for name, table in self._lock.manifest.answers.items()}
        document = {"version": VERSION, "provider": self._lock.provider, "environments": answers}
        try:
            return build_spec(document, lambda _: "the lock").environments if answers else {}
        except ScaffoldError:
            return {}


def _options_of(spec: EnvironmentSpec, granted: Iterable[str]) -> Mapping[str, str]:
    """Return the options that a lock without answers means: those with which there are its ranges, or the defaults."""
    mode = spec.cloud.modes[spec.mode.name]  # with the ranges of every option
    usual = {name: option_word(option.default) for name, option in mode.options.items()}
    found = dict(usual)
    for range_name in granted:
        facts = mode.facts_of(range_name)
        only_with = facts.only_with if facts else {}
        found |= {option: values[0] for option, values in only_with.items() if usual[option] not in values}
    return found
