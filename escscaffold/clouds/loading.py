"""Finds the facts of the clouds and of Kurrent Cloud, and reads each once."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace

from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.clouds.kurrent import Kurrent
from escscaffold.clouds.location import template_root
from escscaffold.clouds.objects import as_object, named, read_table
from escscaffold.clouds.settings import Setting

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@cache
def cloud_names() -> tuple[str, ...]:
    """Return every cloud that has a folder with facts, in alphabetical order."""
    folders = (f for f in template_root().iterdir() if f.joinpath("cloud.toml").is_file())
    return tuple(sorted(folder.name for folder in folders))


@cache
def mode_names() -> Mapping[str, str]:
    """Return the cloud of every mode, without reading the modes' facts."""
    return {
        name: cloud
        for cloud in cloud_names()
        for name in sorted(
            file.name.removesuffix(".toml")
            for file in template_root().joinpath(cloud, "modes").iterdir()
            if file.name.endswith(".toml")
        )
    }


@cache
def load_cloud(name: str) -> Cloud:
    """Read one cloud's facts and those of its modes; `name` is one of `cloud_names()`."""
    folder = template_root().joinpath(name)
    cloud = as_object(Cloud, {"name": name, "modes": {}, **read_table(folder.joinpath("cloud.toml"))})
    return replace(cloud, modes=Modes([mode for mode, of in mode_names().items() if of == name], folder))


class Modes(Mapping[str, Mode]):
    """The modes in a cloud's folder by their names, each read when it is first asked for: a plan needs one of them."""

    def __init__(self, names: Iterable[str], folder: "Traversable") -> None:
        self._names = tuple(names)
        self._folder = folder
        self._read: dict[str, Mode] = {}

    def __getitem__(self, name: str) -> Mode:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = _load_mode(name, self._folder)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


@cache
def load_kurrent() -> Kurrent:
    """Read what Kurrent Cloud demands."""
    folder = template_root().joinpath("kurrent")
    facts = read_table(folder.joinpath("kurrent.toml"))
    facts["network"]["name"] = "kurrent"
    facts["remote"] |= {"name": "remote", "default_prefix_length": 8}
    facts["providers"] = named(facts["providers"])
    facts["acl_replaces"] = facts.pop("acl")["replaces"]
    for settings in ("database", "backup"):
        facts[settings] = named(read_table(folder.joinpath(f"{settings}.toml")))
    return as_object(Kurrent, facts)


def _load_mode(name: str, folder: "Traversable") -> Mode:
    facts = read_table(folder.joinpath("modes", f"{name}.toml"))
    usual, wanted = facts.pop("kubernetes_defaults", {}), facts.pop("kubernetes", ())
    known = named(read_table(folder.joinpath("kubernetes.toml"))) if wanted else {}
    if unknown := usual.keys() - set(wanted):
        raise ValueError(f"{name}: defaults of unknown settings {sorted(unknown)}")
    facts["kubernetes"] = {key: {**known[key], **({"default": usual[key]} if key in usual else {})} for key in wanted}
    facts["ranges"] = named(facts.get("ranges", {}))
    if "others" in facts:
        facts["others"]["name"] = ""
    return as_object(Mode, {"name": name, **facts})


def with_changes(settings: Mapping[str, Setting], changes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Setting]:
    """Return the settings, some of their fields changed."""
    if unknown := changes.keys() - settings.keys():
        raise ValueError(f"changes of unknown settings {sorted(unknown)}")
    return {
        name: as_object(Setting, {**asdict(one), **changes[name]}) if name in changes else one
        for name, one in settings.items()
    }
