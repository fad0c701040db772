"""Whether every reference in the repository's Terraform leads somewhere, without asking Terraform.

A folder that stands as it was generated needs no look: the templates are tried with Terraform itself.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from escscaffold.repository.disk import read_text
from escscaffold.repository.terraform import Complaint
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.reading import NotHclError, read_hcl
from escscaffold.terraform.references import ModuleFiles, missing_in

_ROOTS, _MODULES = "environments/*", "modules/*"


def unresolved(folder: Path, generated: frozenset[str], as_generated: frozenset[str]) -> Iterator[Complaint]:
    """Yield what is used and declared nowhere, in each folder where a person has had a hand.

    Of the files that are `generated`, those `as_generated` stand as they were.
    """
    terraform, ours, standing = _terraform_of(folder), _by_folder(generated), _by_folder(as_generated)
    none: frozenset[str] = frozenset()
    changed = {
        where for where, files in terraform.items() if not files == ours.get(where, none) == standing.get(where, none)
    }
    modules_changed = any(where.startswith("modules/") for where in changed)
    reader = _Reader(folder)
    for where in terraform:
        # A module that changed may not fit those who call it.
        if where in changed or modules_changed:
            yield from reader.complaints(where)


def differing_values(path: str, generated: str, text: str) -> Iterator[Complaint]:
    """Yield each address in edited values that is not the plan's: Terraform would build another one."""
    try:
        planned, found = (_addresses(read_hcl(one)) for one in (generated, text))
    except NotHclError:
        return
    for name, value in planned.items():
        if name in found and found[name] != value:
            message = f"{name} is {found[name]}, and the plan has {value}: change it in escscaffold.toml instead."
            yield Complaint(path=path, message=message)


def _addresses(body: hcl.Body) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in body.attributes:
        match attribute.name, attribute.value:
            case "ranges", hcl.Mapping(items):
                for key, value in items:
                    if isinstance(key, hcl.Literal) and isinstance(value, hcl.Literal):
                        found[f"ranges.{key.value}"] = str(value.value)
            case "remote", hcl.Sequence(parts):
                found["remote"] = ", ".join(str(part.value) for part in parts if isinstance(part, hcl.Literal))
    return found


def _terraform_of(folder: Path) -> dict[str, frozenset[str]]:
    """Return the Terraform files of each root and module, by folder."""
    found = (sorted(folder.glob(f"{pattern}/*.tf")) for pattern in (_ROOTS, _MODULES))
    return _by_folder(path.relative_to(folder).as_posix() for paths in found for path in paths)


def _by_folder(paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return those of the paths that are Terraform files of a root or a module, by folder."""
    found: dict[str, set[str]] = {}
    for path in paths:
        if path.endswith(".tf") and path.count("/") == 2:
            found.setdefault(path.rpartition("/")[0], set()).add(path)
    return {where: frozenset(files) for where, files in found.items()}


class _Reader:
    """Reads each folder once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, ModuleFiles | None] = {}

    def complaints(self, where: str) -> Iterator[Complaint]:
        """Yield what is missing in a folder; nothing where one of its files cannot be read, which others tell."""
        module = self._module(where)
        if module is None:
            return
        called = {name: self._called(where, source) for name, source in _local_calls(module)}
        readable = {name: one for name, one in called.items() if one is not None or self._is_gone(where, module, name)}
        for missing in missing_in(module, readable):
            yield Complaint(path=missing.path, line=missing.line or 0, message=missing.message)

    def _module(self, where: str) -> ModuleFiles | None:
        if where not in self._read:
            texts = {f"{where}/{path.name}": read_text(path) or "" for path in (self._folder / where).glob("*.tf")}
            # The JSON form declares things, too, and nothing here reads them from it.
            readable = not any((self._folder / where).glob("*.tf.json"))
            try:
                files = {path: read_hcl(text) for path, text in sorted(texts.items()) if readable}
                self._read[where] = ModuleFiles(files=files) if files else None
            except NotHclError:
                self._read[where] = None
        return self._read[where]

    def _called(self, where: str, source: str) -> ModuleFiles | None:
        place = _joined(where, source)
        if place is None or not (self._folder / place).is_dir():
            return None
        return self._module(place)

    def _is_gone(self, where: str, module: ModuleFiles, name: str) -> bool:
        place = _joined(where, dict(_local_calls(module))[name])
        return place is not None and not (self._folder / place).exists()


def _local_calls(module: ModuleFiles) -> Iterator[tuple[str, str]]:
    for block in module.blocks("module"):
        source = block.body.attribute("source")
        if block.labels and source and isinstance(source.value, hcl.Literal):
            text = str(source.value.value)
            if text.startswith(("./", "../")):
                yield block.labels[0], text


def _joined(where: str, source: str) -> str | None:
    """Return the folder that a source means, or None where it leads out of the repository."""
    parts: list[str] = []
    for part in PurePosixPath(where, source).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
