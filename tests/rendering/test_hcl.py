"""Values as HCL: whatever a person typed is data, and the layout is terraform's own."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.rendering.templates import hcl
from tests.conftest import Terraform
from tests.properties import examples

HOSTILE = [
    '${file("/etc/passwd")}',
    "%{ if true }x%{ endif }",
    'a"b',
    "a\\",
    "a\nb\r\t",
    "\x00\x1b\x7f\u2028",
    "$${x}",
    "$%{",
    "😀 ünï",
    "EOT\n${1+1}",
]


def test_terraform_reads_back_every_character(tmp_path: Path, terraform: Terraform) -> None:
    values = {f"v{n}": text for n, text in enumerate(HOSTILE) if "\x00" not in text}
    (tmp_path / "main.tf").write_text(f'output "values" {{\n  value = {hcl(values)}\n}}\n', encoding="utf-8")

    terraform(tmp_path, "apply", "-auto-approve")

    import json

    told = json.loads(terraform(tmp_path, "output", "-json", "values").stdout)
    assert told == {key: text.replace("\r\n", "\n") for key, text in values.items()}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_an_expression(text: str) -> None:
    written = hcl(text)

    assert written.startswith('"')
    assert written.endswith('"')
    assert written.isprintable()
    assert "${" not in written.replace("$${", "")
    assert "%{" not in written.replace("%%{", "")


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.one_of(st.text(max_size=8), st.integers(), st.booleans())))
@examples(30)
def test_a_mapping_is_laid_out_with_its_signs_in_one_column(mapping: dict[str, object]) -> None:
    lines = hcl(mapping).splitlines()[1:-1]

    assert len(lines) == len(mapping)
    assert len({line.index(" = ") for line in lines if '"' not in line.partition(" = ")[0]}) <= 1


def test_a_value_without_a_form_in_hcl_is_refused() -> None:
    with pytest.raises(TypeError, match="set has no form in HCL"):
        hcl({1, 2})


def test_a_name_that_would_begin_an_expression_is_quoted() -> None:
    assert hcl({"for": 1}) == '{\n  "for" = 1\n}'
    assert hcl({"for-pods": 1}) == "{\n  for-pods = 1\n}"
