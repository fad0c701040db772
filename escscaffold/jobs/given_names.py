"""Names that the caller of a job gives, of environments, files and replacements; unknown ones are refused."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from escscaffold.errors import UnknownNameError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import EVERY, Lock
from escscaffold.planning.replacements import Replacement
from escscaffold.planning.sizing import lasting_settings
from escscaffold.spec.values import nearest, shown


def restored_files(folder: Path, lock: Lock, names: tuple[str, ...]) -> frozenset[str]:
    """Return the files to bring back; raises UnknownNameError for one that is not away."""
    manifest = lock.manifest
    away = {*manifest.deleted, *(path for path in manifest.written if not (folder / path).exists())}
    if EVERY in names:
        return frozenset(away)
    return frozenset(known_file(folder, name, {*away, *manifest.released}, "--restore") for name in names)


def known_file(folder: Path, name: str, known: Iterable[str], hint: str) -> str:
    """Return the path of a file in the repository; raises UnknownNameError where it is none of those known."""
    path = path_in(folder.resolve(), Path(name))
    words = sorted(known)
    if path not in words:
        fix = nearest(path, words) if words and len(words) < 200 else ""
        what = "is not deleted or released" if hint == "--restore" else "is not a generated file"
        raise UnknownNameError(f"{shown(name)} {what}. {fix if words else ''}".rstrip(), flag=hint)
    return path


def path_in(folder: PurePath, name: PurePath) -> str:
    r"""Return a path as the lock writes it: below the folder, with forward slashes, without `.` and `..`.

    >>> from pathlib import PureWindowsPath as Windows
    >>> path_in(Windows(r"C:\net"), Windows(r"c:\NET\scripts\..\README.md"))
    'README.md'
    """
    inner = name.relative_to(folder) if name.is_absolute() and name.is_relative_to(folder) else name
    parts: list[str] = []
    for part in inner.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return type(name)(*parts).as_posix()


_PARTS = ("place", "remote", "upgrade")


def refuse_unknown_replacements(
    accepted: Iterable[str], plan: AddressPlan, lock: Lock, replaced: Iterable[Replacement]
) -> None:
    """Raise UnknownNameError for a name that nothing can have which Terraform replaces or drops."""
    names = {environment.name for environment in plan.environments} | lock.locations.keys()
    known = {
        *names,
        *(replacement.name for replacement in replaced),
        *(f"{name}.{part}" for name in names for part in _PARTS),
    }
    for environment in plan.environments:
        parts = (*(planned.name for planned in environment.ranges), *lasting_settings(environment.spec))
        known |= {f"{environment.name}.{part}" for part in parts}
    known |= {".".join(key) for key in lock.grants.ranges}
    for name in accepted:
        # The address of a resource, such as prod.aws_vpc.main, is known to Terraform alone.
        is_address = name.count(".") >= 2 and name.partition(".")[0] in names
        if name not in known and not is_address:
            fix = nearest(name, sorted(known))
            raise UnknownNameError(f"{shown(name)} is not a range or environment. {fix}", flag="--accept-replace")
