"""JSON and YAML with CIDR blocks that modules read: what was not computed is listed as it stands."""

import json
import posixpath
from collections.abc import Iterator
from typing import Any

from escscaffold.scanning.found import Found, Unresolved
from escscaffold.scanning.leaves import Way, leaves
from escscaffold.scanning.literal_blocks import blocks_in, line_of, lines_of_blocks

_SEEN = 2
"""How many of a path's names tell what a file is about: `firewall-rules/production`."""


def blocks_of_data(text: str, source: str) -> Iterator[Found | Unresolved]:
    """Yield the blocks of a file of data, each with its line; nothing where it holds none, or is neither form.

    YAML that repeats itself without an end is not looked through: that is unresolved.
    """
    if "/" not in text:
        return
    stem = posixpath.splitext("/".join(source.split("/")[-_SEEN:]))[0]
    name, about = posixpath.basename(stem), stem.replace("-", "_")
    lines = lines_of_blocks(text)
    # No document has more values than letters, unless it repeats them.
    for leaf, way in leaves(_document(text, source), Way(), most=len(text)):
        if isinstance(leaf, str):
            yield from blocks_in(leaf, way, about=about, name=name, source=source, line=line_of(leaf, lines))
        else:
            yield Unresolved(
                name=name, argument="values", expression="...", reason=leaf.reason, source=source, fails=True
            )


def _document(text: str, source: str) -> Any:
    from escscaffold.terraform.text_functions import read_yaml

    try:
        return json.loads(text) if source.endswith(".json") else read_yaml(text)
    except (ValueError, RecursionError):
        return None
