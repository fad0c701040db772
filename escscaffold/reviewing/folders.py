"""What becomes of whole folders of Terraform, and which of them call which. Pure."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Literal

_CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
# Enough for what is called by a path: nothing is computed in a module's source.
_SOURCE = re.compile(r'^[ \t]*+source[ \t]*+=\s*"(\.{1,2}/[^"\n]{1,200})"', re.MULTILINE)

Fate = Literal["added", "removed"]


def is_configuration(path: str) -> bool:
    """Return True for a file that can declare resources."""
    return path.endswith(_CONFIGURATION)


def folder_of(path: str) -> str:
    """Return the folder in which a file stands, `.` for the top."""
    return posixpath.dirname(path) or "."


def whole_folders(before: Iterable[str], after: Iterable[str]) -> Mapping[str, Fate]:
    """Return the folders that have Terraform on one side only."""
    old, new = ({folder_of(path) for path in side if is_configuration(path)} for side in (before, after))
    fates: dict[str, Fate] = dict.fromkeys(new - old, "added")
    return {**fates, **dict.fromkeys(old - new, "removed")}


def callers(texts: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return the folders that call each module, directly or through others, by the module's folder.

    Only those that nothing calls themselves: they are what Terraform is run in.
    """
    called_by: dict[str, set[str]] = {}
    for path, text in texts.items():
        for source in _SOURCE.findall(text) if is_configuration(path) else ():
            called_by.setdefault(posixpath.normpath(posixpath.join(folder_of(path), source)), set()).add(
                folder_of(path)
            )
    return {module: tuple(sorted(_roots(module, called_by))) for module in called_by}


def _roots(module: str, called_by: Mapping[str, set[str]]) -> set[str]:
    known, waiting, roots = {module}, [module], set()
    while waiting:
        for caller in called_by.get(waiting.pop(), ()):
            if caller not in called_by:
                roots.add(caller)
            elif caller not in known:
                known.add(caller)
                waiting.append(caller)
    return roots
