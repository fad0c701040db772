"""Reads the facts files into frozen objects, refusing keys that nothing would use.

A wrong facts file is a developer's mistake, so it raises ValueError or TypeError and not a
message for users.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import fields, replace

from escscaffold.clouds.choices import AlsoReplaces, ExistingFacts, Option
from escscaffold.clouds.facts import Cloud, Credentials, Mode, RangeFacts, TerraformProvider
from escscaffold.clouds.kurrent import Kurrent, KurrentProvider
from escscaffold.clouds.location import template_root
from escscaffold.clouds.needs import Sizing
from escscaffold.clouds.refusals import Forbidden, FurtherBlocks
from escscaffold.clouds.settings import Setting, TagFacts

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
    facts = _read(folder.joinpath("cloud.toml"))
    providers = tuple(TerraformProvider(**p) for p in facts.pop("terraform_providers"))
    forbidden = tuple(Forbidden(**f | {"cidr": IPv4Network(f["cidr"])}) for f in facts.pop("forbidden"))
    further = tuple(
        FurtherBlocks(within=IPv4Network(f["within"]), refuses=_blocks(f["refuses"]), source=f["source"])
        for f in facts.pop("further_blocks", ())
    )
    facts["regions"] = tuple(facts["regions"])
    facts["tags"] = TagFacts(**facts["tags"])
    facts["credentials"] = _credentials(facts["credentials"])
    facts["crossing"] = _blocks(facts.get("crossing", ()))
    known = _checked(Cloud, folder, facts, "name", "terraform_providers", "forbidden", "further_blocks", "modes")
    modes = Modes([mode for mode, cloud in mode_names().items() if cloud == name], folder)
    return Cloud(
        name=name, terraform_providers=providers, forbidden=forbidden, further_blocks=further, modes=modes, **known
    )


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
    facts = _read(template_root().joinpath("kurrent", "kurrent.toml"))
    return Kurrent(
        private_ranges=_blocks(facts["private_ranges"]),
        shared_ranges=_blocks(facts["shared_ranges"]),
        network=_range_facts("kurrent", facts["network"]),
        remote=_range_facts("remote", facts["remote"] | {"default_prefix_length": 8}),
        providers={name: _provider(name, p) for name, p in facts["providers"].items()},
        parts={name: tuple(choices) for name, choices in facts["parts"].items()},
        parts_replace={
            name: {before: tuple(words) for before, words in of_part.items()}
            for name, of_part in facts["parts_replace"].items()
        },
        existing={name: _existing(one) for name, one in facts["existing"].items()},
        database=settings_of(_read(template_root().joinpath("kurrent", "database.toml"))),
        backup=settings_of(_read(template_root().joinpath("kurrent", "backup.toml"))),
        acl_replaces=tuple(facts["acl"]["replaces"]),
    )


def _load_mode(name: str, folder: "Traversable") -> Mode:
    file = folder.joinpath("modes", f"{name}.toml")
    facts = _read(file)
    facts["modules"] = tuple(facts["modules"])
    if "others" in facts:
        facts["others"] = _range_facts("", facts["others"])
    facts["options"] = {key: _option(value) for key, value in facts.get("options", {}).items()}
    usual = facts.pop("kubernetes_defaults", {})
    known = settings_of(_read(folder.joinpath("kubernetes.toml"))) if "kubernetes" in facts else {}
    facts["kubernetes"] = with_defaults({key: known[key] for key in facts.get("kubernetes", ())}, usual)
    facts["parts"] = {key: tuple(value) for key, value in facts.get("parts", {}).items()}
    facts["existing"] = {key: _existing(value) for key, value in facts.get("existing", {}).items()}
    ranges = {key: _range_facts(key, value) for key, value in facts.pop("ranges", {}).items()}
    return Mode(name=name, ranges=ranges, **_checked(Mode, file, facts, "name", "ranges"))


def _provider(name: str, facts: dict[str, Any]) -> KurrentProvider:
    return KurrentProvider(name=name, **facts | {"credentials": _credentials(facts["credentials"])})


def _credentials(facts: dict[str, Any]) -> Credentials:
    ways = tuple(tuple(way) for way in facts["ways"])
    return Credentials(**facts | {"ways": ways, "needed": tuple(facts.get("needed", ()))})


def _option(facts: dict[str, Any]) -> Option:
    words = {key: tuple(facts.get(key, ())) for key in ("choices", "replaces")}
    to = {value: tuple(names) for value, names in facts.get("replaces_to", {}).items()}
    return Option(**facts | words | {"replaces_to": to})


def _existing(facts: dict[str, Any]) -> ExistingFacts:
    return ExistingFacts(**facts | {"settings": tuple(facts.get("settings", ()))})


def settings_of(facts: Mapping[str, Any]) -> Mapping[str, Setting]:
    """Return settings from their facts by name."""
    return {name: _setting(name, one) for name, one in facts.items()}


def _setting(name: str, facts: dict[str, Any]) -> Setting:
    for key in ("needed_with", "only_with"):
        facts[key] = {other: tuple(values) for other, values in facts.get(key, {}).items()}
    return Setting(name=name, **_with_tuples(facts))


def _with_tuples(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}


def with_changes(settings: Mapping[str, Setting], changes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Setting]:
    """Return the settings, some of their fields changed."""
    if unknown := changes.keys() - settings.keys():
        raise ValueError(f"changes of unknown settings {sorted(unknown)}")
    return {name: replace(one, **_with_tuples(changes.get(name, {}))) for name, one in settings.items()}


def with_defaults(settings: Mapping[str, Setting], defaults: Mapping[str, Any]) -> Mapping[str, Setting]:
    """Return the settings, some of them with other defaults."""
    return with_changes(settings, {name: {"default": value} for name, value in defaults.items()})


def _range_facts(name: str, facts: dict[str, Any]) -> RangeFacts:
    for key in ("preferred", "only_in", "pools"):
        facts[key] = _blocks(facts.get(key, ()))
    if "sizing" in facts:
        pod_blocks = tuple((pods, length) for pods, length in facts["sizing"].get("pod_blocks", ()))
        facts["sizing"] = Sizing(**facts["sizing"] | {"pod_blocks": pod_blocks})
    if "implied" in facts:
        facts["implied"] = IPv4Network(facts["implied"])
    for words in ("replaces", "count_replaces"):
        facts[words] = tuple(facts.get(words, ()))
    facts["only_with"] = _values_of(facts.get("only_with", {}))
    if "also_replaces" in facts:
        also = facts["also_replaces"]
        facts["also_replaces"] = AlsoReplaces(words=tuple(also["words"]), only_with=_values_of(also["only_with"]))
    return RangeFacts(name=name, **_checked(RangeFacts, name, facts, "name"))


def _values_of(options: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return {option: tuple(values) for option, values in options.items()}


def _blocks(texts: Iterable[str]) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, texts))


def _read(file: "Traversable") -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _checked(kind: type[Struct], where: object, facts: dict[str, Any], *given: str) -> dict[str, Any]:
    """Return `facts` if they are just the fields of `kind` that are not `given`."""
    known = {f.name: f for f in fields(kind) if f.name not in given}
    missing = {name for name, f in known.items() if f.required} - facts.keys()
    if missing or facts.keys() - known.keys():
        raise ValueError(f"{where}: missing {sorted(missing)}, unknown {sorted(facts.keys() - known.keys())}")
    return facts
