"""Ranges of a team's own: which names they can have, and where there can be none."""

from collections.abc import Mapping

from escscaffold.clouds.choices import Part
from escscaffold.clouds.facts import Mode
from escscaffold.spec.model import RangeRequest
from escscaffold.spec.problems import Collector
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, read_environment_name, shown

_ALIKE = 0.85
"""How alike two names are, of 1, where one is taken for a slip of the other."""


def read_own_name(name: str, mode: Mode) -> str:
    """Return the name of a range that is not one of the mode's; raises BadValue where it is rather a slip of one."""
    from difflib import get_close_matches  # slow to import, and most specs have none

    known = ("kurrent", "remote", *mode.range_names(), *mode.own_taken)
    if slip := get_close_matches(name, known, n=1, cutoff=_ALIKE):
        fix = f"Did you mean {slip[0]}? An own range needs another name, such as data-1."
        raise BadValue(f"{mode.name} has no range {shown(name)}.", fix)
    return read_environment_name(name)


def check_own_ranges(
    found: Collector, path: KeyPath, mode: Mode, parts: Mapping[str, Part], ranges: Mapping[str, RangeRequest]
) -> None:
    """Keep a problem for each range of a team's own in a network that exists: what is free in there is not known."""
    if parts["network"] != "existing":
        return
    for name in ranges:
        if mode.is_own(name):
            message = f"{name} is an own range, and the network exists: its free addresses are not known."
            fix = f'Leave {name} out, or set parts.network = "create".'
            found.problem("ESC010", (*path, "ranges", name), message, fix)
