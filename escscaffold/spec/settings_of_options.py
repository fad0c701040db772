"""Which settings of a cluster there are under the chosen options: one that nothing would read is refused."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from escscaffold.clouds.choices import OptionValue, option_word
from escscaffold.clouds.facts import Mode
from escscaffold.spec.problems import Collector
from escscaffold.spec.toml_text import KeyPath


def with_settings_of_options(
    found: Collector, path: KeyPath, given: object, mode: Mode, options: Mapping[str, OptionValue]
) -> Mode:
    """Return the mode with the settings that its options have, and keep a problem for each other one that is given.

    `given` is the environment's table of settings, `path` its place.
    """
    words = {name: option_word(value) for name, value in options.items()}
    excluded = {
        name: (option, values)
        for name, setting in mode.kubernetes.items()
        for option, values in setting.only_with_options.items()
        if option in words and words[option] not in values
    }
    if not excluded:
        return mode
    table: Mapping[str, Any] = given if isinstance(given, dict) else {}
    for name, (option, values) in excluded.items():
        if name in table:
            message = f"{name} has no effect with options.{option} = {_shown(words[option])}."
            fix = f"Leave {name} out, or set options.{option} = {' or '.join(map(_shown, values))}."
            found.problem("ESC010", (*path, name), message, fix)
    # What is given stays known, so that it is told once.
    return replace(
        mode,
        kubernetes={
            name: setting for name, setting in mode.kubernetes.items() if name not in excluded or name in table
        },
    )


def _shown(word: str) -> str:
    return word if word in ("true", "false") else f'"{word}"'
