"""Where Terraform can keep its state, as data."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct, field

from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, named, read_table
from escscaffold.clouds.settings import Setting, Value


class Backend(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of backend, by Terraform's own name for it."""

    name: str
    purpose: str
    source: str
    required_version: str
    """The versions of Terraform that read what is written, its arguments among that."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """What a person can say of it."""
    always: Mapping[str, bool | str] = field(default_factory=dict)
    """Arguments that are written whatever was said."""
    state: Mapping[str, str] = field(default_factory=dict)
    """The argument that says where the state of an environment lies: a text with `{prefix}` and `{environment}`."""
    credentials: Mapping[str, str] = field(default_factory=dict)
    """Arguments that never stand in a file, and the environment variables for them."""

    def arguments(self, given: Mapping[str, Value], environment: str) -> Mapping[str, Value]:
        """Return the arguments of the block for one environment: what was said, where, and what always holds."""
        prefix = given.get("prefix", self.settings["prefix"].default) if "prefix" in self.settings else ""
        where = {name: text.format(prefix=prefix, environment=environment) for name, text in self.state.items()}
        said = {name: value for name, value in given.items() if name != "prefix"}
        return {**said, **where, **self.always}


@cache
def load_backends() -> Mapping[str, Backend]:
    """Read the backends; the first is the default."""
    tables = named(read_table(template_root().joinpath("environment", "_backends.toml")))
    for facts in tables.values():
        facts["settings"] = named(facts.get("settings", {}))
    return {name: as_object(Backend, facts) for name, facts in tables.items()}
