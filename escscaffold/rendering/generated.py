"""What a generated file is, and its first line: who wrote it, and what to edit instead."""

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
