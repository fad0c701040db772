"""How long versions, images, sizes, providers and logins are supported: facts with days, read once from each folder."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct, field

from escscaffold.caching import Table
from escscaffold.clouds.fact_files import as_object, folder_table, named, read_table, template_root
from escscaffold.clouds.facts import Credentials, Kurrent

_FACTS = "lifecycles.toml"
_PROGRAMS = "environment"


class KnownRelease(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version, image, size, provider or login; a day that no source gives is None."""

    name: str
    pattern: str = ""
    """A regular expression that a whole value matches; nothing where the value is the name."""
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other settings and their values with which the value stands for this release; nothing where it always does."""
    since: date | None = None
    supported_until: date | None = None
    """The last day of standard support."""
    extended_until: date | None = None
    """The last day of what follows: extended or long-term support, or a grace period."""
    until_next: bool = False
    """Whether support ends with the next release, on a day that is not announced before."""
    deprecated: bool = False
    """Whether its vendor announced its end without a day."""
    deprecated_since: date | None = None
    replacement: str = ""
    """The value to set instead; nothing to take the release that is supported longest."""
    how: str = ""
    """What to set, or how to change, where that is not the setting itself."""
    note: str = ""
    source: str = ""
    """Where its days are from, where that is not the source of the lifecycle."""

    def matches(self, value: str) -> bool:
        """Return True if the value stands for this release."""
        return re.fullmatch(self.pattern, value) is not None if self.pattern else value == self.name


class Lifecycle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The releases of one thing, oldest first, and what happens when support of one ends."""

    name: str
    title: str
    source: str
    read: date
    """The day on which the source was last compared with these facts."""
    releases: tuple[KnownRelease, ...]
    second_source: str = ""
    setting: str = ""
    """The key of the spec that has the value, such as `kubernetes.version`; nothing where the spec has none."""
    closed: bool = False
    """Whether these are all there are, so that another value is unknown."""
    one_by_one: bool = False
    """Whether an upgrade goes from one release to the next."""
    refused: bool = False
    """Whether the cloud refuses a release whose support has ended."""
    extended: str = ""
    """What the extended support is, as the subject of a sentence."""
    extended_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other settings, and their values, that extended support needs."""
    ended: str = ""
    """What happens after all support, as a sentence without its period."""
    upgrade: str = ""
    """What an upgrade needs in addition to the setting, as a sentence without its period."""
    unset: str = ""
    """Where to look up the value where none is set, as a sentence without its period."""

    @property
    def key(self) -> str:
        """The last part of the setting."""
        return self.setting.rpartition(".")[2]

    def release(self, value: str, settings: Mapping[str, str]) -> KnownRelease | None:
        """Return the release that a value means with the other settings, or None."""
        return next(
            (
                release
                for release in self.releases
                if release.matches(value)
                and all(settings.get(key, "") in words for key, words in release.only_with.items())
            ),
            None,
        )

    def best(self, day: date) -> KnownRelease | None:
        """Return the release that is supported longest of those that there are on a day; None where none is."""
        available = [
            release
            for release in self.releases
            if release.supported_until
            and release.supported_until >= day
            and (release.since is None or release.since <= day)
        ]
        return max(available, key=lambda release: release.supported_until or day, default=None)


def older(value: str, other: str) -> bool:
    """Return True if a version is older than another one; False where either is no version.

    >>> older("1.9", "1.10"), older("26.0", "24.10"), older("latest", "1.10")
    (True, False, False)
    """
    parts = [[int(part) for part in text.split(".") if part.isdecimal()] for text in (value, other)]
    return all(parts) and parts[0] < parts[1]


class Lifecycles:
    """All lifecycles, each folder's file read when it is first asked for."""

    def __init__(self) -> None:
        self._folders: dict[str, tuple[Lifecycle, ...]] = {}

    def of(self, folder: str) -> tuple[Lifecycle, ...]:
        """Return the lifecycles in a cloud's folder, or in `kurrent`; none where the folder has none."""
        if folder not in self._folders:
            self._folders[folder] = _lifecycles(folder_table(folder, _FACTS))
        return self._folders[folder]

    @cached_property
    def programs(self) -> Mapping[str, Lifecycle]:
        """The lifecycles of the programs that run what is written, by the name of the program."""
        tables = read_table(template_root().joinpath(_PROGRAMS, f"_{_FACTS}"))
        return {lifecycle.name: lifecycle for lifecycle in _lifecycles(tables)}

    @cached_property
    def deprecated_logins(self) -> Mapping[str, KnownRelease]:
        """What is known of deprecated logins, by their variables."""
        logins = [
            login for lifecycle in self.of("kurrent") if lifecycle.name == "login" for login in lifecycle.releases
        ]
        return {login.name: login for login in logins if login.deprecated}


def _lifecycles(tables: Table) -> tuple[Lifecycle, ...]:
    return tuple(as_object(Lifecycle, table) for table in named(tables).values())


def deprecation(variable: str, login: KnownRelease, credentials: Credentials, kurrent: Kurrent) -> str:
    """Return that the login of this variable is deprecated, and what to set where it can be replaced."""
    others = [way for way in credentials.ways if variable not in way]
    if others:
        return f"{variable} is deprecated ({login.note}): set {' and '.join(others[0])} of a service account"
    newer = next(
        name
        for name, provider in kurrent.providers.items()
        if any(variable not in way for way in provider.credentials.ways)
    )
    return f'{variable} is deprecated ({login.note}): only provider = "{newer}" supports {login.replacement}'
