"""Generated files: their first line, and which of a fleet's are the same.

A template gives the same text for the same values. A file is therefore used again where each value that its template
read is the same, types included. Values that cannot be compared exactly are rendered each time.
"""

from collections.abc import Callable, Mapping
from marshal import dumps
from typing import Any

from msgspec import Struct

_WRITER = "Written by escscaffold."
_WORDS = f"{_WRITER} Edit escscaffold.toml and run `escscaffold generate` instead of editing here."
_HASH = (".tf", ".tfvars", ".hcl", ".sh", ".yml", ".yaml", ".gitignore", ".gitattributes")
_MARKUP = (".md", ".svg")
_DATA = (".json",)
"""JSON has no comments: a key marks a generated file."""
BEGIN = "<!-- escscaffold:begin -->"
END = "<!-- escscaffold:end -->"
"""In a file with these two lines only what is between them is generated."""
_FORM = 2
"""Equal values are equal bytes in this form of marshal; later forms also depend on the identity of objects."""
_MISSING = b""
Read = tuple[str, str]
"""A part of a context and a name in it, such as `environment` and `region`."""
Parts = Mapping[str, "ObservedPart"]


def with_header(path: str, text: str) -> str:
    """Return the text with the header in the comment form of its kind of file.

    A first line that must stay first (`#!`, `<?xml`) stays. Raises ValueError for a kind of
    file that has no known comment.
    """
    if path.endswith(_DATA):
        return text
    if path.endswith(_HASH):
        header = f"# {_WORDS}\n"
    elif path.endswith(_MARKUP):
        header = f"<!-- {_WORDS} -->\n"
    else:
        raise ValueError(f"{path}: no form of comment is known for this kind of file")
    if text.startswith(("#!", "<?xml")):
        first, _, rest = text.partition("\n")
        return f"{first}\n{header}{rest}"
    return f"{header}\n{text}"


def has_header(text: str) -> bool:
    """Return True if the text begins with a header of any version, in a form that HCL reads."""
    return text.startswith(f"# {_WRITER}")


class GeneratedFile(Struct, frozen=True, kw_only=True):
    """One file of the repository; its path is relative, with forward slashes."""

    text: str
    executable: bool = False

    @property
    def is_block(self) -> bool:
        """Whether only the part between the markers is generated."""
        return self.text.startswith(BEGIN)


class KnownFiles:
    """The files that were rendered so far, by template and by what was read for them."""

    def __init__(self, render: Callable[[str, Parts], GeneratedFile]) -> None:
        self._render = render
        self._files: dict[str, dict[tuple[Read, ...], dict[tuple[bytes, ...], GeneratedFile]]] = {}

    def file(self, template: str, context: "ObservedContext") -> GeneratedFile:
        """Return the file that a template gives in this context."""
        by_reads = self._files.setdefault(template, {})
        for reads, files in by_reads.items():
            ids = context.ids_of(reads)
            if ids is not None and ids in files:
                return files[ids]
        file, reads = context.observe(lambda parts: self._render(template, parts))
        if (ids := context.ids_of(reads)) is not None:
            by_reads.setdefault(reads, {})[ids] = file
        return file


class ObservedContext:
    """The context of one environment, in which each look-up is noted."""

    def __init__(self, parts: Mapping[str, Mapping[str, Any]]) -> None:
        self._values = parts
        self._reads: dict[Read, None] = {}
        self._ids: dict[Read, bytes | None] = {}
        self._parts = {name: ObservedPart(name, values, self._reads) for name, values in parts.items()}

    def observe(self, render: Callable[[Parts], GeneratedFile]) -> tuple[GeneratedFile, tuple[Read, ...]]:
        """Return what is rendered, and what was read for it."""
        self._reads.clear()
        return render(self._parts), tuple(self._reads)

    def ids_of(self, reads: tuple[Read, ...]) -> tuple[bytes, ...] | None:
        """Return what identifies the values that are read; None if one of them cannot be compared."""
        ids: list[bytes] = []
        for read in reads:
            if read not in self._ids:
                part, name = read
                self._ids[read] = _bytes_of(self._values[part][name]) if name in self._values[part] else _MISSING
            id_ = self._ids[read]
            if id_ is None:
                return None
            ids.append(id_)
        return tuple(ids)


def _bytes_of(value: Any) -> bytes | None:
    try:
        return dumps(value, _FORM)
    except ValueError:  # not only text, numbers, lists and mappings
        return None


class ObservedPart:
    """One part of a context, such as `environment`, which notes the names that a template looks up in it.

    Templates have no other way to its values, so none can depend on a value that is not noted.
    """

    __slots__ = ("_name", "_reads", "_values")

    def __init__(self, name: str, values: Mapping[str, Any], reads: dict[Read, None]) -> None:
        self._name, self._values, self._reads = name, values, reads

    def look_up(self, name: str, missing: Any) -> Any:
        """Return the value of this name, or `missing` if there is none."""
        self._reads[self._name, name] = None
        return self._values.get(name, missing)
