"""Variables and locals that a folder uses and does not declare: a pipeline copies the file that does. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from escscaffold.reviewing.differences import differences, items_of
from escscaffold.reviewing.side_files import Reader, SideFiles, Unread
from escscaffold.terraform.references import VALUES, ModuleFiles, is_configuration, parent_folder, variables_named

_COMMENT = re.compile(r"^[ \t]{0,200}(?:#|//).*$", re.MULTILINE)
_USED = re.compile(r"(?<![\w.-])(var|local)\.([A-Za-z_][\w-]{0,200})")
_ASSIGNED = re.compile(r'^[ \t]{0,200}"?([A-Za-z_][\w-]{0,200})"?[ \t]{0,100}[=:]', re.MULTILINE)

_MOST_TEXTS = 4_096
"""Texts whose names are kept: environments of one mode have the same text in many files."""

_Name = tuple[str, str]
"""`var` or `local`, and the name."""


def undeclared_uses(
    files: Mapping[str, Sequence[str]], sides: tuple[SideFiles, SideFiles], differing: Collection[str], reader: Reader
) -> Iterator[Unread]:
    """Yield the differing files that set or declare what another folder uses without declaration.

    `files` are the files of configuration by their folder.
    """
    changed = {
        path: {name for side in sides if side.exists(path) for name in _declared(path, side)}
        for path in differing
        if is_configuration(path) or path.endswith(VALUES)
    }

    @cache
    def changed_names(path: str) -> set[_Name]:
        return _changed(path, changed[path], sides, reader)

    every = {name for names in changed.values() for name in names}
    reported: set[str] = set()
    for folder, paths in sorted(files.items()) if every else ():
        used = {name for path in paths for name in _used_in(sides[1].text(path) or "")} & every
        missing = used - {name for path in paths if used for name in _declared(path, sides[1])}
        for path, names in changed.items() if missing else ():
            if not names & missing or path in reported or parent_folder(path) == folder:
                continue
            shared = sorted(changed_names(path) & missing)
            if shared:
                reported.add(path)
                reason = f"{folder} uses {'.'.join(shared[0])} without declaration, and may get it from this file"
                yield Unread(path=path, reason=reason)


def _changed(path: str, names: set[_Name], sides: tuple[SideFiles, SideFiles], reader: Reader) -> set[_Name]:
    """Return the names without the variables of which a file declares the same on both sides.

    Locals may be computed of anything in the file.
    """
    before, after = (
        reader.bodies(side, [path], when) for side, when in zip(sides, ("before this change, ", ""), strict=True)
    )
    if path in reader.hidden:
        return names
    items = [difference.item for difference in differences(items_of(before), items_of(after))]
    variables = {item.address.partition(" ")[0].removeprefix("var.") for item in items}
    return {(kind, name) for kind, name in names if items and (kind == "local" or name in variables)}


@lru_cache(maxsize=_MOST_TEXTS)
def _used_in(text: str) -> frozenset[_Name]:
    return frozenset((kind, name) for kind, name in _USED.findall(_COMMENT.sub("", text)))


def _declared(path: str, side: SideFiles) -> Iterator[_Name]:
    """Yield what a file gives a value; in HCL, any argument of its name counts as a local."""
    # A pattern has only the first variable of a JSON object. What cannot be read is reported by those who evaluate it.
    body = Reader().body(side, path) if path.endswith(".json") else None
    if body is not None:
        variables = (("var", attribute.name) for attribute in body.attributes)
        declared = (name.partition(".") for name in ModuleFiles(files={path: body}).declared)
        yield from variables if path.endswith(VALUES) else ((kind, name) for kind, _, name in declared)
        return
    text = _COMMENT.sub("", side.text(path) or "")
    if path.endswith(VALUES):
        yield from (("var", name) for name in _ASSIGNED.findall(text))
        return
    yield from (("var", name) for name in variables_named(path, text))
    yield from (("local", name) for name in _ASSIGNED.findall(text))
