"""JSON and YAML with CIDR blocks that modules read: what was not computed is listed as it stands."""

import json
import posixpath
from collections.abc import Iterator
from typing import Any

from escscaffold.scanning.found import Broken, Found, Unresolved
from escscaffold.scanning.leaves import Way, leaves
from escscaffold.scanning.literal_blocks import blocks_in, line_of, lines_of_blocks

_SEEN = 2
"""How many of a path's names tell what a file is about: `firewall-rules/production`."""


def blocks_of_data(text: str, source: str) -> Iterator[Found | Unresolved | Broken]:
    """Yield the blocks of a file of data, each with its line; nothing where it holds none.

    YAML that repeats itself without an end is not looked through: that is unresolved. A file that has blocks and does
    not parse, such as a template, is broken.
    """
    if "/" not in text:
        return
    stem = posixpath.splitext("/".join(source.split("/")[-_SEEN:]))[0]
    name, about = posixpath.basename(stem), stem.replace("-", "_")
    lines = lines_of_blocks(text)
    documents = _documents(text, source)
    if isinstance(documents, Broken):
        if lines:
            yield documents
        return
    # No document has more values than letters, unless it repeats them.
    for leaf, way in leaves(documents, Way(), most=len(text)):
        if isinstance(leaf, str):
            yield from blocks_in(leaf, way, about=about, name=name, source=source, line=line_of(leaf, lines))
        else:
            yield Unresolved(
                name=name, argument="values", expression="...", reason=leaf.reason, source=source, fails=True
            )


def _documents(text: str, source: str) -> list[Any] | Broken:
    from escscaffold.terraform.text_functions import NotYamlError, read_yaml_documents

    try:
        return [json.loads(text)] if source.endswith(".json") else read_yaml_documents(text)
    except json.JSONDecodeError as error:
        return _broken(source, f"this is not JSON: {error.msg}", error.lineno)
    except NotYamlError as error:
        return _broken(source, f"this is not YAML: {error.message}", error.line)
    except (ValueError, RecursionError):
        return _broken(source, "this is not data that is read here: it is nested too deeply or has a number too long")


def _broken(source: str, message: str, line: int | None = None) -> Broken:
    return Broken(source=source, line=line, message=f"{message}. The CIDR blocks in it were not looked at")
