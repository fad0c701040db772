"""Reads the facts' files: those of the clouds, their modes, Kurrent Cloud, Terraform's backends and CI services.

Each file is read once. Keys that nothing uses are refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, ValidationError, convert, field
from msgspec.structs import asdict, replace

from escscaffold.caching import Table, read_toml
from escscaffold.clouds.choices import OptionValue, Part, Setting, Value, option_word
from escscaffold.clouds.facts import KURRENT_RANGE, REMOTE, Cloud, Kurrent, Mode, as_existing

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T", bound=Struct)


@cache
def template_root() -> "Traversable":
    """Return the folder that holds one sub-folder per cloud.

    A wheel carries it inside the package; a checkout, and so an editable install, keeps it
    next to the package.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    # A wheel that is run from its archive. The import is slow, and hardly anybody needs it.
    from importlib.resources import files

    return files("escscaffold").joinpath("templates")


def read_table(file: "Traversable") -> Table:
    """Return the tables of a facts file, in its order; raises OSError, and TOMLDecodeError for what is no TOML."""
    return read_toml(file)


def folder_table(folder: str, file_name: str) -> Table:
    """Return the table of a folder's facts file of this name; an empty one where it has none."""
    file = template_root().joinpath(folder, file_name)
    return read_table(file) if file.is_file() else {}


def tables_by_folder(file_name: str) -> dict[str, Table]:
    """Return what the facts files of this name say, by their folders in alphabetical order."""
    folders = sorted(folder.name for folder in template_root().iterdir())
    return {folder: table for folder in folders if (table := folder_table(folder, file_name))}


def as_object(kind: type[T], table: Mapping[str, Any]) -> T:
    """Return the object of a table, with objects of the tables in it."""
    try:
        # What TOML has no type for are blocks of addresses.
        return convert(table, kind, dec_hook=lambda of, value: of(value))
    except ValidationError as error:
        error.add_note(f"in the facts of {table.get('name') or kind.__name__}")
        raise


def named(tables: Mapping[str, Any]) -> dict[str, Table]:
    """Return tables that know their own names."""
    return {name: {"name": name, **table} for name, table in tables.items()}


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
    account = named(folder_table(name, "account.toml"))
    cloud = as_object(
        Cloud, {"name": name, "modes": {}, "account": account, **read_table(folder.joinpath("cloud.toml"))}
    )
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
    facts["network"]["name"] = KURRENT_RANGE
    facts["remote"] |= {"name": REMOTE, "default_prefix_length": 8}
    facts["providers"] = named(facts["providers"])
    facts["acl_replaces"] = facts.pop("acl")["replaces"]
    for settings in ("database", "backup"):
        facts[settings] = named(read_table(folder.joinpath(f"{settings}.toml")))
    integrations = read_table(folder.joinpath("integrations.toml"))
    facts["integrations"] = {**integrations, "settings": named(integrations["settings"])}
    return as_object(Kurrent, facts)


def _load_mode(name: str, folder: "Traversable") -> Mode:
    facts = read_table(folder.joinpath("modes", f"{name}.toml"))
    setting_names, changed = facts.pop("kubernetes", ()), facts.pop("kubernetes_changed", {})
    settings = named(read_table(folder.joinpath("kubernetes.toml"))) if setting_names else {}
    if unknown := changed.keys() - set(setting_names):
        raise ValueError(f"{name}: changes of unknown settings {sorted(unknown)}")
    facts["kubernetes"] = {key: {**settings[key], **changed.get(key, {})} for key in setting_names}
    facts["ranges"] = named(facts.get("ranges", {}))
    if "others" in facts:
        facts["others"]["name"] = ""
    if facts.pop("node_pools", False):
        pools = read_table(folder.joinpath("node_pools.toml"))
        facts["pools"] = {**pools, "settings": named(pools.get("settings", {}))}
        facts["modules"] = [*facts["modules"], *pools.get("modules", ())]
    if facts.pop("own_ranges", False):
        own_facts = read_table(folder.joinpath("own_ranges.toml"))
        facts |= {"own_range": {"name": "", **own_facts["range"]}, "own_taken": own_facts["taken"]}
        facts["modules"] = [*facts["modules"], own_facts["module"]]
    return as_object(Mode, {"name": name, **facts})


def with_changes(settings: Mapping[str, Setting], changes: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Setting]:
    """Return the settings, some of their fields changed; raises ValueError for a change of an unknown setting."""
    if unknown := changes.keys() - settings.keys():
        raise ValueError(f"changes of unknown settings {sorted(unknown)}")
    return {
        name: as_object(Setting, {**asdict(setting), **changes[name]}) if name in changes else setting
        for name, setting in settings.items()
    }


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
    """Arguments that are always written."""
    state: Mapping[str, str] = field(default_factory=dict)
    """The argument with the place of an environment's state: a text with `{prefix}` and `{environment}`."""
    credentials: Mapping[str, str] = field(default_factory=dict)
    """Arguments that are never in a file, and the environment variables for them."""
    cloud: str = ""
    """The cloud that the state is in; nothing for none."""

    def arguments(self, values: Mapping[str, Value], environment: str) -> Mapping[str, Value]:
        """Return the arguments of the block for one environment: those given, the state's place, and the fixed ones."""
        prefix = values.get("prefix", self.settings["prefix"].default) if "prefix" in self.settings else ""
        where = {name: text.format(prefix=prefix, environment=environment) for name, text in self.state.items()}
        arguments = {name: value for name, value in values.items() if name != "prefix"}
        return {**arguments, **where, **self.always}


@cache
def load_backends() -> Mapping[str, Backend]:
    """Read the backends; the first is the default."""
    tables = named(read_table(template_root().joinpath("environment", "_backends.toml")))
    for facts in tables.values():
        facts["settings"] = named(facts.get("settings", {}))
    return {name: as_object(Backend, facts) for name, facts in tables.items()}


class CiService(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service that runs the checks; its files are a folder of templates by its name."""

    name: str
    title: str
    source: str
    """What describes the file that it reads."""


@cache
def load_ci() -> Mapping[str, CiService]:
    """Read the services; the first is the default."""
    tables = named(read_table(template_root().joinpath("repository", "_ci.toml")))
    return {name: as_object(CiService, facts) for name, facts in tables.items()}


def with_options(mode: Mode, chosen: Mapping[str, OptionValue]) -> Mode:
    """Return the mode with its ranges, and their facts, as they are under the chosen options."""
    words = {name: option_word(chosen.get(name, option.default)) for name, option in mode.options.items()}
    ranges = {kind: facts for kind, facts in mode.ranges.items() if _are_chosen(facts.only_with, words)}
    for kind, facts in ranges.items():
        if facts.also_replaces and _are_chosen(facts.also_replaces.only_with, words):
            ranges[kind] = replace(facts, replaces=(*facts.replaces, *facts.also_replaces.replaces))
    for name, option in mode.options.items():
        for kind, changes in option.changed.get(words[name], {}).items():
            ranges[kind] = replace(ranges[kind], **changes)
    return replace(mode, ranges=ranges)


def _are_chosen(conditions: Mapping[str, tuple[str, ...]], words: Mapping[str, str]) -> bool:
    return all(words[name] in values for name, values in conditions.items())


def with_parts(mode: Mode, parts: Mapping[str, Part]) -> Mode:
    """Return the mode with the facts of its ranges as they are where a part exists already: it has its ranges.

    The cloud decides how small such a range may be, and not the needs of a created cluster.
    """
    ranges = dict(mode.ranges)
    for kind, facts in mode.ranges.items():
        if parts.get(facts.part) == "existing":
            ranges[kind] = as_existing(facts)
    return replace(mode, ranges=ranges)


@cache
def settings_of_database(cloud: str, provider: str, part: Part) -> Mapping[str, Setting]:
    """Return what can be set of a database at this cloud, by this Terraform provider, as this part of an environment.

    Of one that exists it is what cannot be looked up.
    """
    kurrent = load_kurrent()
    at_cloud = with_changes(kurrent.database, load_cloud(cloud).database)
    everywhere = with_changes(at_cloud, kurrent.providers[provider].settings)
    names = {"existing": kurrent.existing["database"].settings, "absent": ()}.get(part, tuple(everywhere))
    return {
        name: setting
        for name, setting in everywhere.items()
        if name in names and (not setting.providers or provider in setting.providers)
    }


class CloudSignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How CI signs in at one cloud by the tokens of its service (OIDC)."""

    variables: Mapping[str, str]
    """The variables of CI that name the identity, each with its purpose."""


@cache
def pipeline_settings() -> Mapping[str, Setting]:
    """Read what can be set in `[pipeline]`."""
    tables = named(read_table(template_root().joinpath("repository", "_pipeline.toml")))
    return {name: as_object(Setting, facts) for name, facts in tables.items()}


@cache
def cloud_sign_ins() -> Mapping[str, CloudSignIn]:
    """Read how CI signs in, by the cloud."""
    return {folder: as_object(CloudSignIn, table) for folder, table in tables_by_folder("deploy.toml").items()}


def schema_text() -> str:
    """Return the JSON schema of the spec as the text of a JSON file, the same that every repository has."""
    return template_root().joinpath("repository", "dot-escscaffold", "schema.json").read_text(encoding="utf-8")
