"""Gives the package index the README with links that work there: hatchling calls this when it builds.

A link to `docs/tutorial.md` becomes that of the file in the repository that `[project.urls]` names.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)\s]+)(?=\))")
_PICTURE = re.compile(r"(!\[[^]]*\]\()(?!https?:)([^)\s]+)(?=\))")


def with_absolute_links(text: str, repository: str) -> str:
    """Return the README for a page that is not in the repository."""
    text = _PICTURE.sub(rf"\1{repository}/raw/HEAD/\2", text)
    return _LINK.sub(rf"{repository}/blob/HEAD/\1", text)


class PackageReadme(MetadataHookInterface):
    """Sets `readme` of the project."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set it; hatchling calls this by its name."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        repository = metadata["urls"]["Repository"]
        metadata["readme"] = {"content-type": "text/markdown", "text": with_absolute_links(text, repository)}
