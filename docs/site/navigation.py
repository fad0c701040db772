"""The site's navigation, as docs/README.md lists the pages: each heading begins a section.

Links above the first heading are of the front page alone.
"""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1]
_HEADING = re.compile(r"^## (.+)$")
_LINK = re.compile(r"^(?:- |\| )\[([^]]+)\]\(([^)#]+\.md)\)")


def navigation() -> list[dict[str, Any]]:
    """Return the sections, each with its pages' titles and paths."""
    sections: list[dict[str, Any]] = []
    for line in (DOCS / "README.md").read_text(encoding="utf-8").splitlines():
        heading, link = _HEADING.match(line), _LINK.match(line)
        if heading:
            sections.append({heading[1]: []})
        elif link and sections:
            title, path = link.groups()
            (pages,) = sections[-1].values()
            pages.append({title: path})
    return sections


def on_config(config: Any) -> Any:
    """Give mkdocs the navigation; it calls this by its name."""
    config.nav = [{"Home": "README.md"}, *navigation()]
    return config
