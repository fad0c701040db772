"""Refuses settings that do not go together, before Terraform's plan or the cloud does."""

import re
from collections.abc import Iterator, Mapping
from math import ceil

from msgspec import Struct

from escscaffold.clouds.choices import Setting, SettingRelation, Value, option_word
from escscaffold.clouds.facts import Mode
from escscaffold.spec.model import RangeRequest
from escscaffold.spec.problems import Collector
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import shown


def needed_settings(mode: Mode, ranges: Mapping[str, RangeRequest]) -> dict[str, Value]:
    """Return the cluster's settings that follow from what ranges have to hold; nodes are counted over all zones."""
    needs = {name: request.need for name, request in ranges.items() if request.need}
    per_zone = {name for name in needs if (facts := mode.facts_of(name)) and facts.per_zone}
    whole = [need.nodes or 0 for name, need in needs.items() if name not in per_zone]
    asked = {
        "nodes": max(whole, default=0) or sum(needs[name].nodes or 0 for name in per_zone) or None,
        "pods_per_node": max((n.pods_per_node for n in needs.values() if n.pods_per_node is not None), default=None),
        "surge": max((need.surge for need in needs.values() if need.surge is not None), default=None),
    }
    return {argument: value for key, argument in mode.settings.items() if (value := asked[key]) is not None}


def check_relations(
    found: Collector,
    path: KeyPath,
    known: Mapping[str, Setting],
    given: Mapping[str, Value],
    needed: Mapping[str, Value],
    region: str,
) -> None:
    """Keep a problem for each value that the region or another setting excludes.

    `needed` is what follows from ranges. Defaults alone are never refused.
    """
    values = {name: needed.get(name, given.get(name, setting.default)) for name, setting in known.items()}
    given_names = given.keys() | needed.keys()
    for name, setting in known.items():
        value = values[name]
        if setting.in_region and isinstance(value, tuple):
            for text in value:
                if not text.startswith(f"{region}-"):
                    message = f"{name}: {shown(text)} is not in region {region}."
                    reason = "The nodes of a regional cluster run in zones of its region."
                    found.problem(
                        "ESC004", (*path, name), message, f'Use a zone like "{region}-b".', reason, known[name].source
                    )
        # Where a person gave both, it is told already; a default follows what the ranges are asked for.
        limit = needed.get(setting.at_most) if name in given else None
        if isinstance(value, int) and isinstance(limit, int) and value > limit:
            message = f"{name} = {value} is above the {limit} nodes that the ranges are sized for ({setting.at_most})."
            fix = f"Set {name} = {limit} or fewer, or size the ranges for {value} nodes."
            reason = f"The size of the ranges sets {setting.at_most}."
            found.problem("ESC004", (*path, name), message, fix, reason)
        for relation in setting.relations:
            involved = {name, relation.other, *relation.when} & given_names
            case = _Case(name=name, value=value, values=values, relation=relation)
            if involved and case.holds():
                where = name if name in given_names else sorted(involved)[0]
                for message, fix in case.problems():
                    found.problem("ESC004", (*path, where), message, fix, case.reason, relation.source)


class _Case(Struct, frozen=True, kw_only=True):
    """One relation of one setting, with the values of all."""

    name: str
    value: Value | None
    values: Mapping[str, Value | None]
    relation: SettingRelation

    def holds(self) -> bool:
        now = {name: self.values.get(name) for name in self.relation.when}
        return self.value is not None and all(
            isinstance(value, (bool, str)) and option_word(value) in self.relation.when[name]
            for name, value in now.items()
        )

    @property
    def reason(self) -> str:
        """The demand as a sentence."""
        return f"{self.relation.because[:1].upper()}{self.relation.because[1:]}."

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield a message and a fix for what is refused."""
        if self.relation.other:
            yield from self._compared()
            return
        texts = self.value if isinstance(self.value, tuple) else (self.value,)
        for text in texts if self.relation.pattern else texts[:1]:
            if not self.relation.pattern or re.fullmatch(self.relation.pattern, str(text)):
                others = " and ".join(f"{name} = {self._shown(name)}" for name in self.relation.when)
                message = f"{self.name} = {shown(text)} is not possible with {others}."
                yield message, self.relation.fix

    def _compared(self) -> Iterator[tuple[str, str]]:
        relation, other = self.relation, self._other()
        if other is None or isinstance(self.value, bool) or not isinstance(self.value, int):
            return
        message = f"{self.name} = {self.value} is not possible with {relation.other} = {self._shown(relation.other)}."
        if relation.at_least_product and self.value * other < relation.at_least_product:
            least = ceil(relation.at_least_product / self.value)
            yield message, f"Set {relation.other} = {least} or more, or raise {self.name}."
        if relation.at_most_times and self.value > relation.at_most_times * other:
            most = int(relation.at_most_times * other)
            yield message, f"Set {self.name} = {most} or less, or change {relation.other}."

    def _other(self) -> int | None:
        value = self.values.get(self.relation.other)
        if self.relation.other_pattern:
            match = re.fullmatch(self.relation.other_pattern, str(value))
            return int(match[1]) if match else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _shown(self, name: str) -> str:
        value = self.values[name]
        return option_word(value) if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
