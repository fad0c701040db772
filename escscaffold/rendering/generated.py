"""What a generated file is, for those who render it and those who keep it on disk."""

from msgspec import Struct

BEGIN = "<!-- escscaffold:begin -->"
END = "<!-- escscaffold:end -->"
"""In a file with these two lines only what is between them is generated."""


class GeneratedFile(Struct, frozen=True, kw_only=True):
    """One file of the repository; its path is relative, with forward slashes."""

    text: str
    executable: bool = False

    @property
    def is_block(self) -> bool:
        """Whether only the part between the markers is generated."""
        return self.text.startswith(BEGIN)
