"""Markdown that the pages share: the page itself, tables, links to sources, the limits of a range."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from escscaffold.clouds.facts import RangeFacts


def page(title: str, *parts: str) -> str:
    """Join parts to a page; a paragraph that follows a paragraph is the next line of it."""
    text = f"<!-- Written by `python docs/generate.py` from the code; do not edit it. -->\n\n# {title}\n\n"
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        text += part.rstrip("\n") + ("\n" if _is_prose(part) and _is_prose(following) else "\n\n")
    return text.rstrip("\n") + "\n"


def _is_prose(part: str) -> bool:
    return bool(part) and not part.startswith(("#", "|", "```", "**")) and "\n\n" not in part


def fenced(language: str, text: str) -> str:
    """Return text as a code block."""
    return f"```{language}\n{text.rstrip()}\n```"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    cells = [header, ["---"] * len(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def codes(words: Iterable[str]) -> str:
    """Return words as code, with commas between them."""
    return ", ".join(f"`{word}`" for word in words)


def limits(facts: RangeFacts) -> str:
    """Return the prefix lengths that a range may have."""
    existing = f" (/{facts.longest_existing} where it exists)" if facts.longest_existing is not None else ""
    return f"/{facts.shortest_prefix_length} to /{facts.longest_prefix_length}{existing}"


def range_name(facts: RangeFacts) -> str:
    """Return how a range is named, with numbers where there is one for each zone."""
    if not facts.name:
        return "any name that you give"
    if not facts.per_zone:
        return f"`{facts.name}`"
    return f"`{facts.name}-1`, `{facts.name}-2`, ... (one per zone, at least {facts.minimum_zones})"


def source(place: str) -> str:
    """Return a link to a source: an address, or a page below docs/."""
    if place.startswith("docs/"):
        target = os.path.relpath(place, "docs/reference")
        return f"[{Path(place).stem}]({target})"
    return f"<{place}>"
