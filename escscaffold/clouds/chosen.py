"""Facts as they are under what was chosen: a mode with its options, the settings of a database where it stands."""

from collections.abc import Mapping
from functools import cache

from msgspec.structs import replace

from escscaffold.clouds.choices import OptionValue, Part, option_word
from escscaffold.clouds.facts import Mode
from escscaffold.clouds.loading import load_cloud, load_kurrent, with_changes
from escscaffold.clouds.settings import Setting


def with_options(mode: Mode, chosen: Mapping[str, OptionValue]) -> Mode:
    """Return the mode with its ranges, and their facts, as they are under the chosen options."""
    words = {name: option_word(chosen.get(name, option.default)) for name, option in mode.options.items()}
    ranges = {kind: facts for kind, facts in mode.ranges.items() if _are_chosen(facts.only_with, words)}
    for kind, facts in ranges.items():
        if facts.also_replaces and _are_chosen(facts.also_replaces.only_with, words):
            ranges[kind] = replace(facts, replaces=(*facts.replaces, *facts.also_replaces.words))
    for name, option in mode.options.items():
        for kind, changes in option.changed.get(words[name], {}).items():
            ranges[kind] = replace(ranges[kind], **changes)
    return replace(mode, ranges=ranges)


def _are_chosen(wanted: Mapping[str, tuple[str, ...]], words: Mapping[str, str]) -> bool:
    return all(words[name] in values for name, values in wanted.items())


def with_parts(mode: Mode, parts: Mapping[str, Part]) -> Mode:
    """Return the mode with the facts of its ranges as they are where a part exists already: it has its ranges.

    How small such a range may be is the cloud's to say, and not what a cluster needs that is made here.
    """
    ranges = dict(mode.ranges)
    for kind, facts in mode.ranges.items():
        if parts.get(facts.part) == "existing":
            longest = facts.longest_prefix_length if facts.longest_existing is None else facts.longest_existing
            ranges[kind] = replace(facts, pinned_only=True, longest_prefix_length=longest)
    return replace(mode, ranges=ranges)


@cache
def settings_of_database(cloud: str, provider: str, part: Part) -> Mapping[str, Setting]:
    """Return what can be set of a database at this cloud, by this Terraform provider, as this part of an environment.

    Of one that exists it is what cannot be looked up.
    """
    kurrent = load_kurrent()
    at_cloud = with_changes(kurrent.database, load_cloud(cloud).database)
    everywhere = with_changes(at_cloud, kurrent.providers[provider].settings)
    asked_for = {"existing": kurrent.existing["database"].settings, "absent": ()}.get(part, tuple(everywhere))
    return {
        name: one
        for name, one in everywhere.items()
        if name in asked_for and (not one.providers or provider in one.providers)
    }
