"""The lock: what was allocated and written before, one line each, so that branches merge by line."""

from collections.abc import Iterable, Mapping, Set
from functools import cached_property
from ipaddress import IPv4Network
from typing import TypeVar
from zlib import crc32

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.choices import option_word
from escscaffold.clouds.defaults import EVERY, Defaults, KeptDefaults
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.errors import Problem, ScaffoldError
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, Granted, Grants
from escscaffold.planning.immutable_settings import ImmutableSettings, immutable_settings, parsed_settings
from escscaffold.planning.lock_records import (
    SETTLED_WITH,
    by_owner,
    claim_lines,
    defaults_in,
    defaults_line,
    json_line,
    owners_of,
)
from escscaffold.spec.model import EnvironmentSpec, Location, Reference, Spec
from escscaffold.spec.reading import VERSION, build_spec

ENVIRONMENTS = "environments"
"""The folder of the environments' root modules."""
# No other key of an environment's table affects its files once its ranges have their places.
_NOT_DECISIVE = {"accept", "may_overlap", "pools"}
LOCK_VERSION = 1
LOCK_FILE = "escscaffold.lock"
MOVE = "provider"
"""What the move to another Terraform provider is called where one is forgotten: `prod.provider`."""
_HEAD = f"""\
# Written by escscaffold: allocated ranges and written files. Commit it, never edit it.
version = {LOCK_VERSION}
"""
_OWNER = "owner"
"""What an owner's line is called in the table of what cannot change in place: `"prod.owner" = "azure"`."""
V = TypeVar("V")


class Manifest(Struct, frozen=True, kw_only=True):
    """Every file of the repository that is, or was, ours; by its path."""

    writer: str = ""
    """The version of escscaffold that wrote the files; nothing in locks that are older than this line."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Each environment's answers, as JSON: with what was granted, the files can be rendered from them again."""
    written: Mapping[str, str] = field(default_factory=dict)
    """The content id of each generated file as it was last generated: what hand edits are edits of."""
    deleted: Mapping[str, str] = field(default_factory=dict)
    """The same of files that a person deleted: they stay away."""
    released: Mapping[str, str] = field(default_factory=dict)
    """The same of files that were handed over: they are a person's, and are not generated any more."""
    bases: Mapping[str, str] = field(default_factory=dict)
    """The text of edited files as it was last generated, packed: git has never seen it."""

    def tables(self) -> Mapping[str, Mapping[str, str]]:
        """Return what is in the lock, by the names of its tables."""
        return {
            "answers": self.answers,
            "written": self.written,
            "deleted": self.deleted,
            "released": self.released,
            "bases": self.bases,
        }


def answers_of(spec: Spec) -> Mapping[str, str]:
    """Return each environment's answers on one line, without what has no say in its files."""
    return {
        name: json_line({key: value for key, value in table.items() if key not in _NOT_DECISIVE})
        for name, table in spec.answers.items()
    }


class Lock(Struct, frozen=True, kw_only=True):
    """What a repository remembers of its last plan and write."""

    provider: str = ""
    """The Terraform provider for the Kurrent side; nothing where nothing was written yet."""
    locations: Mapping[str, Location] = field(default_factory=dict)
    """Cloud, region and mode of each environment."""
    grants: Grants = field(default_factory=Grants)
    """The place of each range and what each peering routes to."""
    immutable: Mapping[str, ImmutableSettings] = field(default_factory=dict)
    """What of each environment, other than ranges, cannot change in place."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """The cloud whose shared resources an environment creates, by environment."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The defaults that each environment was written with, as JSON; nothing in locks that are older than this table."""
    manifest: Manifest = field(default_factory=Manifest)
    """What was written, and from what."""
    notes: tuple[Problem, ...] = ()
    """What is odd about the text that it was read from."""


def lock_of(plan: AddressPlan, before: Lock | None = None, manifest: Manifest | None = None) -> Lock:
    """Return what to remember of a plan and of the files that were written for it.

    What `before` remembers and the plan has no more is retired.
    """
    grants = plan.grants()
    return Lock(
        provider=plan.spec.provider,
        locations={environment.name: environment.spec.location for environment in plan.environments},
        grants=replace(grants, retired=_retired(plan, before), owners={}),
        immutable={environment.name: immutable_settings(environment.spec) for environment in plan.environments},
        owners=by_owner(plan.owners),
        defaults={environment.name: defaults_line(environment.spec) for environment in plan.environments},
        manifest=replace(manifest or Manifest(), answers=answers_of(plan.spec)),
    )


def _retired(plan: AddressPlan, before: Lock | None) -> Granted:
    """Return the ranges that are removed and whose addresses others could run into."""
    planned = plan.grants().ranges
    removed = {} if before is None else {key: b for key, b in before.grants.ranges.items() if key not in planned}
    clouds = plan.spec.facts.clouds
    crossing = {
        key: b
        for key, b in removed.items()
        if before and _crosses(clouds, before.locations.get(key.environment), key.name)
    }
    return {**plan.retired, **crossing}


def _crosses(clouds: Mapping[str, Cloud], location: Location | None, range_name: str) -> bool:
    """Return True unless the range is known to be one that never crosses a peering."""
    modes = clouds[location.cloud].modes if location and location.cloud in clouds else {}
    facts = modes[location.mode].facts_of(range_name) if location and location.mode in modes else None
    return facts is None or not (facts.hidden or facts.implied_hidden)


def mode_before(location: Location, environment: EnvironmentSpec) -> Mode | None:
    """Return the mode of a location that differs from the environment's in nothing else; None where it does."""
    now = environment.location
    elsewhere = (location.cloud, location.region) != (now.cloud, now.region)
    return None if elsewhere else environment.facts.clouds[now.cloud].modes.get(location.mode)


def format_lock(lock: Lock) -> str:
    """Return the lock's text; the same lock gives the same bytes."""
    tables = {
        "environments": {name: str(location) for name, location in lock.locations.items()},
        "granted": _by_name(lock.grants.ranges),
        "routed": {name: ", ".join(map(str, blocks)) for name, blocks in lock.grants.routed.items()},
        "lasting": _immutable_lines(lock),
        "defaults": lock.defaults,
        "retired": _by_name(lock.grants.retired),
        "moving": lock.grants.moving,
        "claims": claim_lines(lock.grants.claims),
        "seals": seals_of(lock, lock.locations),
        **lock.manifest.tables(),
    }
    top = {
        "escscaffold": lock.manifest.writer,
        "provider": lock.provider,
        "repository": lock.grants.claims.repository,
    }
    head = _HEAD + "".join(f'{key} = "{value}"\n' for key, value in top.items() if value)
    return head + "".join(f"\n[{name}]\n{_lines(table)}" for name, table in tables.items() if table)


def _immutable_lines(lock: Lock) -> dict[str, str]:
    lines = {
        Reference(environment, name): value
        for environment, settings in lock.immutable.items()
        for name, value in settings.by_name().items()
    }
    lines |= {Reference(environment, _OWNER): cloud for environment, cloud in lock.owners.items()}
    return {str(reference): value for reference, value in lines.items()}


def parsed_immutable(
    lines: Mapping[Reference, str],
) -> tuple[Mapping[str, ImmutableSettings], Mapping[str, str]]:
    """Return what cannot change in place, and the owners' clouds, by environment, as the lock's lines have them."""
    owners: dict[str, str] = {}
    settings: dict[str, list[tuple[str, str]]] = {}
    for (environment, name), value in lines.items():
        if name == _OWNER:
            owners[environment] = value
        else:
            settings.setdefault(environment, []).append((name, value))
    return {environment: parsed_settings(pairs) for environment, pairs in settings.items()}, owners


def seals_of(lock: Lock, environments: Iterable[str]) -> dict[str, str]:
    """Return a checksum of each environment's lines in the lock, which shows an edit."""
    granted = lock.grants.by_environment()
    return {name: _seal(lock, name, granted.get(name, {})) for name in environments}


def _seal(lock: Lock, environment: str, ranges: Mapping[str, IPv4Network]) -> str:
    lines = [str(lock.locations.get(environment, "")), *(f"{name} {ranges[name]}" for name in sorted(ranges))]
    lines += map(str, lock.grants.routed.get(environment, ()))
    return f"{crc32(chr(10).join(lines).encode()):08x}"


def grants_for(lock: Lock, spec: Spec) -> Grants:
    """Return the places that hold for this spec: another cloud has other ranges, another mode has some of them."""
    environments = {
        name: environment
        for name, environment in spec.environments.items()
        if _same_cloud(lock.locations.get(name), environment)
    }
    return Grants(
        ranges={
            key: block
            for key, block in lock.grants.ranges.items()
            if key.environment in environments
            and _is_kept(lock.locations.get(key.environment), environments[key.environment], key.name, block)
        },
        routed={name: blocks for name, blocks in lock.grants.routed.items() if name in environments},
        retired=_retired_for(lock, spec),
        moving=_moving_for(lock, spec),
        claims=lock.grants.claims,
        owners=owners_of(lock.owners, lock.locations, spec.facts.clouds),
    )


def _moving_for(lock: Lock, spec: Spec) -> dict[str, str]:
    """Return the provider that each environment comes from: the lock's, where the spec has another one now."""
    names = [name for name in spec.environments if name in lock.locations]
    if lock.provider not in ("", spec.provider):
        return dict.fromkeys(names, lock.provider)
    return {name: before for name, before in lock.grants.moving.items() if name in names}


def _retired_for(lock: Lock, spec: Spec) -> Granted:
    """Return what is retired already, and what of environments that are removed is retired with this spec."""
    removed = {
        key: block
        for key, block in lock.grants.ranges.items()
        if key.environment not in spec.environments
        and _crosses(spec.facts.clouds, lock.locations.get(key.environment), key.name)
    }
    return {**lock.grants.retired, **removed}


def without(lock: Lock, environments: frozenset[str]) -> Lock:
    """Return the lock as if nothing had been granted to these environments, so that they are placed again."""
    ranges = {key: block for key, block in lock.grants.ranges.items() if key.environment not in environments}
    routed = {name: blocks for name, blocks in lock.grants.routed.items() if name not in environments}
    return replace(lock, grants=replace(lock.grants, ranges=ranges, routed=routed))


def forgetting(lock: Lock, names: frozenset[str]) -> Lock:
    """Return the lock without what was granted, retired or moving under these names.

    They are ranges (`old.pods`), environments (`old`), `provider` for every environment that moves to another one, or
    `prod.provider`.
    """

    def not_forgotten(granted: Granted) -> Granted:
        return {key: b for key, b in granted.items() if key.environment not in names and str(key) not in names}

    still = {name for name in lock.grants.moving if not names & {MOVE, f"{name}.{MOVE}"}}
    moving = {name: before for name, before in lock.grants.moving.items() if name in still}
    ranges, retired = not_forgotten(lock.grants.ranges), not_forgotten(lock.grants.retired)
    return replace(lock, grants=replace(lock.grants, ranges=ranges, retired=retired, moving=moving))


def _same_cloud(before: Location | None, now: EnvironmentSpec) -> bool:
    """Return True unless the environment was at another cloud; the region has no say in the ranges."""
    return before is None or before.cloud == now.cloud.name


def _is_kept(before: Location | None, now: EnvironmentSpec, range_name: str, block: IPv4Network) -> bool:
    """Return True if the range means in the environment's mode what it meant in the one before, and can be as large.

    So the Kurrent network, and the database in it, stays where it is; so does a network around another cluster.
    """
    mode = before.mode if before else ""
    if before is None or mode == now.mode.name or range_name == "kurrent":
        return True
    was = now.cloud.modes[mode].facts_of(range_name) if mode in now.cloud.modes else None
    facts = now.mode.facts_of(range_name)
    if was is None or facts is None or not (was.settable and facts.settable):
        return False
    compared = [(kind.part, kind.inside, kind.covered, kind.hidden) for kind in (was, facts)]
    return compared[0] == compared[1] and facts.shortest_prefix_length <= block.prefixlen <= facts.longest_prefix_length


def _by_name(granted: Granted) -> dict[str, str]:
    return {str(range_): str(block) for range_, block in granted.items()}


def _lines(table: Mapping[str, str]) -> str:
    # Answers hold quotes themselves, and nothing in a lock an apostrophe.
    quoted = ((key, f"'{value}'" if '"' in value else f'"{value}"') for key, value in sorted(table.items()))
    return "".join(f'"{key}" = {value}\n' for key, value in quoted)


class LastPlan:
    """The last plan as a lock records it, with what its version of escscaffold did not record yet."""

    def __init__(self, lock: Lock, spec: Spec) -> None:
        self._lock, self._spec, self._facts = lock, spec, spec.facts

    def immutable(self, environment: EnvironmentPlan) -> ImmutableSettings:
        """Return what of the environment, other than ranges, cannot change in place, as it was; nothing if it is new.

        Where the lock is silent, the answers that it was written for speak, and then the options' defaults.
        """
        name = environment.name
        if name not in self._lock.locations:
            return ImmutableSettings()
        recorded = self._lock.immutable.get(name, ImmutableSettings())
        if immutable_settings(environment.spec).by_name().keys() <= recorded.by_name().keys():
            return recorded
        if (spec_before := self.spec_of(name)) is not None:
            return recorded.completed(immutable_settings(spec_before))
        granted = [key.name for key in self._lock.grants.ranges if key.environment == name]
        defaults = self._facts.defaults.written_with(self._kept[name])
        options = _options_of(environment.spec, granted, defaults)
        return recorded.completed(ImmutableSettings(name=name, choices=options))

    def spec_of(self, environment: str) -> EnvironmentSpec | None:
        """Return the spec of an environment in the last plan; None where this version cannot read it."""
        return self._answers.get(environment)

    @cached_property
    def _kept(self) -> Mapping[str, KeptDefaults]:
        return kept_in(self._lock)

    @cached_property
    def _answers(self) -> Mapping[str, EnvironmentSpec]:
        """The specs of the last plan, as far as this version can read them."""
        if self._lock.provider == self._spec.provider and self._lock.manifest.answers == answers_of(self._spec):
            return self._spec.environments  # of a fleet it takes as long to read the same again as to plan it
        import json  # slow to import, and most locks are not silent

        answers = {name: json.loads(table) for name, table in self._lock.manifest.answers.items()}
        document = {"version": VERSION, "provider": self._lock.provider, "environments": answers}
        try:
            return build_spec(document, self._facts, lambda _: "the lock", self._kept).environments if answers else {}
        except ScaffoldError:
            return {}


def _options_of(spec: EnvironmentSpec, granted: Iterable[str], before: Defaults) -> Mapping[str, str]:
    """Return the options that a lock without answers means: those with which there are its ranges, or the defaults."""
    mode = spec.cloud.modes[spec.mode.name]  # with the ranges of every option
    defaults = {
        name: option_word(before.get(f"options.{name}", option.default)) for name, option in mode.options.items()
    }
    options = dict(defaults)
    for range_name in granted:
        facts = mode.facts_of(range_name)
        only_with = facts.only_with if facts else {}
        options |= {option: values[0] for option, values in only_with.items() if defaults[option] not in values}
    return options


def folder_of(environment: str) -> str:
    """Return where an environment's root module stands."""
    return f"{ENVIRONMENTS}/{environment}"


def environment_of(folder: str) -> str:
    """Return the environment whose root module is in a folder; nothing for any other folder."""
    parent, _, name = folder.partition("/")
    return name if parent == ENVIRONMENTS and "/" not in name else ""


def with_environment_renamed(lock: Lock, old: str, new: str, clouds: Mapping[str, Cloud]) -> Lock:
    """Return the lock as if the environment had always had the new name, and its files the new folder."""

    def renamed(table: Mapping[Reference, V]) -> dict[Reference, V]:
        return {Reference(new, key.name) if key.environment == old else key: value for key, value in table.items()}

    def named(table: Mapping[str, V]) -> dict[str, V]:
        return {new if name == old else name: value for name, value in table.items()}

    def below(table: Mapping[str, str], before: str, after: str) -> dict[str, str]:
        return {after + key.removeprefix(before) if key.startswith(before) else key: v for key, v in table.items()}

    folders = (f"{folder_of(old)}/", f"{folder_of(new)}/")
    manifest, grants = lock.manifest, lock.grants
    owners = {**lock.owners, **by_owner(owners_of(lock.owners, lock.locations, clouds))}
    return replace(
        lock,
        locations=named(lock.locations),
        grants=replace(
            grants,
            ranges=renamed(grants.ranges),
            routed=named(grants.routed),
            moving=named(grants.moving),
            claims=grants.claims.renamed(old, new),
        ),
        immutable=named(lock.immutable),
        owners=named(owners),
        defaults=named(lock.defaults),
        manifest=replace(
            manifest,
            answers=named(manifest.answers),
            written=below(manifest.written, *folders),
            deleted=below(manifest.deleted, *folders),
            released=below(manifest.released, *folders),
            bases=below(manifest.bases, *folders),
        ),
    )


def kept_in(lock: Lock, *, without: Set[str] = frozenset()) -> Mapping[str, KeptDefaults]:
    """Return the defaults that each environment was written with, as the lock records them.

    `without` are those to be today's: of all environments (EVERY), of one (`prod`), or one of them
    (`prod.kubernetes.machine_type`). What changes only together with another setting stays.
    """
    return {
        name: KeptDefaults(
            cloud=location.cloud,
            mode=location.mode,
            recorded=defaults_in(recorded) if (recorded := lock.defaults.get(name)) else None,
            absent=_absent_parts(lock.immutable.get(name, ImmutableSettings())),
            renewed=_renewed(name, without),
        )
        for name, location in lock.locations.items()
    }


def _absent_parts(settings: ImmutableSettings) -> frozenset[str]:
    return frozenset(part for part in SETTLED_WITH if settings.choices.get(part, "create") != "create")


def _renewed(environment: str, names: Set[str]) -> frozenset[str]:
    if names & {EVERY, environment}:
        return frozenset((EVERY,))
    return frozenset(key for name in names if (key := name.removeprefix(f"{environment}.")) != name)
