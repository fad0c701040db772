"""The site's navigation, as docs/README.md lists the pages: a line that ends in a colon begins a section."""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"^(?:- |\| )\[([^]]+)\]\(([^)#]+\.md)\)")


def navigation() -> list[dict[str, Any]]:
    """Return the sections, each with its pages' titles and paths."""
    sections: list[dict[str, Any]] = [{"Begin": ["README.md"]}]
    for line in (DOCS / "README.md").read_text(encoding="utf-8").splitlines():
        link = _LINK.match(line)
        if line.endswith(":"):
            sections.append({line.removesuffix(":"): []})
        elif link:
            title, path = link.groups()
            (pages,) = sections[-1].values()
            pages.append({title: path})
    return sections


def on_config(config: Any) -> Any:
    """Give mkdocs the navigation; it calls this by its name."""
    config.nav = navigation()
    return config
