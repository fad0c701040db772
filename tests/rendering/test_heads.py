"""What a generated file declares can be read of it without parsing: what is parsed says the same."""

import pytest

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.heads import read_heads
from escscaffold.terraform.reading import read_hcl
from escscaffold.terraform.references import ModuleFiles
from tests.rendering.test_files import MODES, files_of

_SEEN: set[str] = set()


@pytest.mark.parametrize("mode", MODES)
def test_what_is_generated_declares_what_its_heads_say(mode: str) -> None:
    texts = {path: text for path, text in files_of(mode).items() if path.endswith(".tf") and text not in _SEEN}
    _SEEN.update(texts.values())

    for path, text in texts.items():
        parsed, heads = read_hcl(text), read_heads(text)
        assert ModuleFiles(files={path: heads}).declared == ModuleFiles(files={path: parsed}).declared, path
        assert _said(heads) == _said(parsed), path


def _said(body: hcl.Body) -> list[tuple[str, tuple[str, ...], int | None, list[tuple[str, int | None]], object]]:
    return [
        (
            block.type,
            block.labels,
            block.line,
            [(attribute.name, attribute.line) for attribute in block.body.attributes],
            next((a.value for a in block.body.attributes if a.name == "source"), None),
        )
        for block in body.blocks
    ]
