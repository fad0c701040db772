"""What a cloud allows of a node pool besides the cluster's first one: `node_pools.toml` in the folders of templates."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, convert, field
from msgspec.structs import asdict

from escscaffold.clouds.choices import Setting, TagFacts, Value


class NodePoolFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one cloud for its node pools."""

    name_pattern: str
    """A regular expression that a pool's whole name matches."""
    name_example: str
    names_taken: tuple[str, ...]
    """Names of pools that a cluster has anyway."""
    source: str
    inherits: tuple[str, ...]
    """Settings of the cluster's first pool that a further one has as well, with the same default."""
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs of them: fields of `Setting`, by the setting's name."""
    settings: Mapping[str, Setting]
    """Settings that the first pool does not have."""
    labels: TagFacts
    reserved: tuple[str, ...]
    """What no key of a label or of a taint has in it, because the cloud or Kubernetes sets those."""
    reserved_source: str
    counts: Mapping[str, str]
    """The settings that carry a need, as `Mode.settings`: nodes, pods on a node, and nodes that an upgrade adds."""
    zones_of: str = ""
    """The kind of range whose numbers its zones are; nothing where they have names of the cloud's."""
    modules: tuple[str, ...] = ()
    """Modules that only environments with node pools use."""
    no_surge_with: str = ""
    """The switch with which an upgrade adds no node, where there is one."""


def settings_of_pools(facts: NodePoolFacts, kubernetes: Mapping[str, Setting]) -> Mapping[str, Setting]:
    """Return what can be set of a node pool of a cluster with these settings, by alphabet."""
    inherited = {name: kubernetes[name] for name in facts.inherits if name in kubernetes}
    known = {name: _changed(setting, facts.changed.get(name, {})) for name, setting in inherited.items()}
    return dict(sorted({**known, **facts.settings}.items()))


def _changed(setting: Setting, changes: Mapping[str, Any]) -> Setting:
    """Return the setting as a pool has it; one that is needed has no default."""
    if not changes:
        return setting
    default = None if changes.get("needed") else setting.default
    return convert({**asdict(setting), "default": default, **changes}, Setting)


def pool_value(settings: Mapping[str, Setting], given: Mapping[str, Value], name: str) -> Value | None:
    """Return what a setting of a pool is: as it is given, or its default; None where the mode does not have it."""
    return given.get(name, settings[name].default) if name in settings else None
