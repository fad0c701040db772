"""A mode as it is under the options that were chosen."""

from collections.abc import Mapping
from dataclasses import replace

from escscaffold.clouds.choices import OptionValue, option_word
from escscaffold.clouds.facts import Mode


def with_options(mode: Mode, chosen: Mapping[str, OptionValue]) -> Mode:
    """Return the mode with its ranges, and their facts, as they are under the chosen options."""
    words = {name: option_word(chosen.get(name, option.default)) for name, option in mode.options.items()}
    ranges = {
        kind: facts
        for kind, facts in mode.ranges.items()
        if all(words[name] in values for name, values in facts.only_with.items())
    }
    for name, option in mode.options.items():
        for kind, changes in option.changed.get(words[name], {}).items():
            ranges[kind] = replace(ranges[kind], **changes)
    return replace(mode, ranges=ranges)
