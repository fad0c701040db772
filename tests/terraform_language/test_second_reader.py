"""A second reader, python-hcl2, finds the same blocks, arguments and plain values in the Terraform that is shipped."""

from pathlib import Path
from typing import Any

import hcl2
import pytest
from hcl2.utils import SerializationOptions

import escscaffold
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import read_hcl

TEMPLATES = Path(escscaffold.__file__).parents[1] / "templates"
# Some have marks of Jinja in them.
FILES = sorted(path for path in TEMPLATES.rglob("*.tf") if "{%" not in path.read_text(encoding="utf-8"))


def outline(body: hcl.Body) -> list[Any]:
    """Arguments and blocks by name, with the values that are plain."""
    arguments = [(a.name, a.value.value) for a in body.attributes if _is_plain(a.value)]
    names = sorted(a.name for a in body.attributes)
    return [names, sorted(arguments, key=str), sorted([b.type, *b.labels, outline(b.body)] for b in body.blocks)]


def second_outline(values: dict[str, Any]) -> list[Any]:
    blocks = [
        [kind, *labels, second_outline(body)]
        for kind, items in values.items()
        if _are_blocks(items)
        for labels, body in (_unfolded(item) for item in items)
    ]
    rest = {name: value for name, value in values.items() if not name.startswith("__") and not _are_blocks(value)}
    plain = [(name, value) for name, value in rest.items() if _is_plain_there(value)]
    return [sorted(rest), sorted(plain, key=str), sorted(blocks)]


def _is_plain(value: hcl.Expression) -> bool:
    return isinstance(value, hcl.Literal) and _is_plain_there(value.value)


def _is_plain_there(value: object) -> bool:
    # How escapes are written is python-hcl2's own matter, and a reference is a text there, too.
    return isinstance(value, bool | int | float)


def _are_blocks(items: object) -> bool:
    return isinstance(items, list) and bool(items) and all(_unfolded(item)[1] for item in items)


def _unfolded(item: Any) -> tuple[list[str], Any]:
    labels: list[str] = []
    while isinstance(item, dict) and "__is_block__" not in item:
        if len(item) != 1:
            return [], None
        ((label, item),) = item.items()
        labels.append(label)
    return (labels, item) if isinstance(item, dict) else ([], None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_second_reader_finds_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    values = hcl2.loads(text, serialization_options=SerializationOptions(strip_string_quotes=True))

    assert outline(read_hcl(text)) == second_outline(values)


def test_there_are_files() -> None:
    assert len(FILES) > 30
