"""Terraform of your own in the folder of a module that an environment no longer calls: it would silently do nothing."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from escscaffold.repository.file_states import FileState

_CALL = re.compile(r'^module "([a-z0-9_]+)" \{\n  source = "\.\./\.\./modules/([a-z0-9-]+)"$', re.MULTILINE)
_ROOT = re.compile(r"environments/([^/]+)/[^/]+\.tf")
_SUFFIXES = (".tf", ".tf.json")


class StrandedFile(Struct, frozen=True, kw_only=True):
    """One file, and the environment that stops using it."""

    path: str
    environment: str
    call: str
    """The call of the module, which is another module's now, or is gone."""
    successor: str
    """The module that the environment calls instead; nothing where it calls none."""

    @property
    def name(self) -> str:
        """What to accept it by: the address of the call."""
        return f"{self.environment}.module.{self.call}"

    @property
    def sentence(self) -> str:
        """What happens to it, and what keeps it."""
        sentence = f"{self.path} would have no effect in {self.environment} any more"
        if not self.successor:
            return f"{sentence}: nothing calls its module there."
        file_name = self.path.rpartition("/")[2]
        return f"{sentence}: module.{self.call} is {self.successor} now. Put it into {self.successor}/{file_name}, too."

    def accepted_by(self, names: Iterable[str]) -> bool:
        """Return True if one of the names is this call or the whole environment."""
        return not {self.environment, self.name}.isdisjoint(names)


def stranded_files(folder: Path, files: Iterable[FileState]) -> tuple[StrandedFile, ...]:
    """Return the files of your own in modules that an environment calls before the change and not after it."""
    files = tuple(files)
    generated = {file.path for file in files}
    before: dict[str, dict[str, str]] = {}
    after: dict[str, dict[str, str]] = {}
    for file in files:
        match = _ROOT.fullmatch(file.path)
        if match is None or file.new is None or file.old is None:
            continue
        before.setdefault(match[1], {}).update(_calls(file.old))
        after.setdefault(match[1], {}).update(_calls(file.new))
    return tuple(
        StrandedFile(path=path, environment=environment, call=call, successor=after[environment].get(call, ""))
        for environment, calls in sorted(before.items())
        for call, module in sorted(calls.items())
        if module not in after[environment].values()
        for path in _own_files(folder, module, generated)
        if not _is_copied(folder, path, after[environment].get(call, ""))
    )


def _calls(text: str) -> dict[str, str]:
    """Return the module folder of each call, by the name of the call."""
    return {call: f"modules/{module}" for call, module in _CALL.findall(text)}


def _own_files(folder: Path, module: str, generated: set[str]) -> Iterator[str]:
    for path in sorted((folder / module).glob("*")):
        own = f"{module}/{path.name}"
        if path.name.endswith(_SUFFIXES) and own not in generated and path.is_file():
            yield own


def _is_copied(folder: Path, path: str, successor: str) -> bool:
    """Return True if the module that is called instead has a file of this name already."""
    return bool(successor) and (folder / successor / path.rpartition("/")[2]).is_file()
