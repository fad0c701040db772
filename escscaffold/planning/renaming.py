"""The lock of a repository in which an environment has another name. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from escscaffold.planning.lock import Lock
from escscaffold.planning.plan import Granted

V = TypeVar("V")


def folder_of(environment: str) -> str:
    """Return where an environment's root module stands."""
    return f"environments/{environment}"


def with_environment_renamed(lock: Lock, old: str, new: str) -> Lock:
    """Return the lock as if the environment had always had the new name, and its files the new folder."""

    def granted(places: Granted) -> Granted:
        return {(new if name == old else name, kind): block for (name, kind), block in places.items()}

    def named(table: Mapping[str, V]) -> dict[str, V]:
        return {new if name == old else name: value for name, value in table.items()}

    def below(table: Mapping[str, str], before: str, after: str) -> dict[str, str]:
        return {after + key.removeprefix(before) if key.startswith(before) else key: v for key, v in table.items()}

    folders = (f"{folder_of(old)}/", f"{folder_of(new)}/")
    manifest, grants = lock.manifest, lock.grants
    return replace(
        lock,
        settings=named(lock.settings),
        grants=replace(
            grants,
            ranges=granted(grants.ranges),
            routed=named(grants.routed),
            moving=named(grants.moving),
            claims=grants.claims.renamed(old, new),
        ),
        lasting=below(lock.lasting, f"{old}.", f"{new}."),
        manifest=replace(
            manifest,
            answers=named(manifest.answers),
            written=below(manifest.written, *folders),
            deleted=below(manifest.deleted, *folders),
            released=below(manifest.released, *folders),
            bases=below(manifest.bases, *folders),
        ),
    )
