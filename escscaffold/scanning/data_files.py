"""JSON and YAML with CIDR blocks that modules read: what was not computed is listed as it stands."""

import json
import posixpath
from collections.abc import Iterator
from typing import Any

from escscaffold.scanning.found import Found, networks_in
from escscaffold.scanning.kinds import kind_of
from escscaffold.scanning.leaves import Way, leaves

_SEEN = 2
"""How many of a path's names tell what a file is about: `firewall-rules/production`."""


def blocks_of_data(text: str, source: str) -> Iterator[Found]:
    """Yield the blocks of a file of data, each with its line; nothing where it holds none, or is neither form."""
    if "/" not in text:
        return
    stem = posixpath.splitext("/".join(source.split("/")[-_SEEN:]))[0]
    about = stem.replace("-", "_")
    for leaf, way in leaves(_document(text, source), Way()):
        if not isinstance(leaf, str):
            continue
        for network in networks_in(leaf):
            kind = kind_of(about, way.path)
            yield Found(
                cidr=network,
                kind="list" if kind == "value" else kind,
                name=way.name_after(posixpath.basename(stem)),
                source=source,
                line=text.count("\n", 0, text.find(leaf)) + 1 if leaf in text else None,
            )


def _document(text: str, source: str) -> Any:
    from escscaffold.terraform.text_functions import read_yaml

    try:
        return json.loads(text) if source.endswith(".json") else read_yaml(text)
    except (ValueError, RecursionError):
        return None
