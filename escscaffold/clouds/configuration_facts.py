"""What a change of a provider's own configuration does to what exists: facts, each with its source."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from escscaffold.clouds.fact_files import as_object, tables_by_folder


class ConfigurationArgument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One argument of a provider's configuration."""

    source: str
    answer: Literal["in place", "not known"] = "not known"
    unchanged: tuple[str, ...] = ()
    """Other arguments that have to be set, and the same on both sides, for the answer to hold."""
    reason: str = ""
    """What is to be said where the answer does not hold; nothing for what is said of any argument."""


@cache
def configuration_arguments() -> Mapping[str, Mapping[str, ConfigurationArgument]]:
    """Return what is known, by the provider's name and the argument's path."""
    return {
        provider: {path: as_object(ConfigurationArgument, facts) for path, facts in arguments.items()}
        for table in tables_by_folder("configurations.toml").values()
        for provider, arguments in table.items()
    }
