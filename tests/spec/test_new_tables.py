"""A new spec has what it was given, in the words of tomlkit, which edits it from then on."""

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.spec.new_tables import key_text, new_spec, value_text
from tests.properties import examples

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
SCALARS = st.one_of(TEXTS, st.integers(-(2**63), 2**63 - 1), st.booleans())
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
INLINE = st.dictionaries(TEXTS, VALUES, max_size=3)
TABLES = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3)
ENVIRONMENTS = st.fixed_dictionaries(
    {"mode": TEXTS},
    optional={
        "ranges": st.dictionaries(TEXTS, st.one_of(VALUES, INLINE), max_size=3),
        "tags": st.dictionaries(TEXTS, TEXTS, max_size=3),
        "node_pools": st.dictionaries(TEXTS, TABLES, min_size=1, max_size=2),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"version": st.just(1), "environments": st.dictionaries(TEXTS, ENVIRONMENTS, min_size=1, max_size=2)},
    optional={"provider": TEXTS, "ci": st.lists(TEXTS, max_size=2), "reserved": TABLES, "pools": TABLES},
)


@examples(1_000)
@given(DOCUMENTS)
def test_it_has_what_it_was_given(document: dict[str, object]) -> None:
    text = new_spec(document)

    assert tomllib.loads(text) == document
    assert tomlkit.dumps(tomlkit.parse(text)) == text


@examples(1_000)
@given(VALUES)
def test_values_are_written_as_tomlkit_writes_them(value: object) -> None:
    assert value_text(value) == tomlkit.item(value).as_string()


@examples(1_000)
@given(TEXTS)
def test_keys_are_written_as_tomlkit_writes_them(key: str) -> None:
    assert key_text(key) == tomlkit.key(key).as_string()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ([{"a": 1}, {"b": {"c": []}}], "[{ a = 1 }, { b = { c = [] } }]"),
        (1.5, "1.5"),
        (float("inf"), "inf"),
        (date(2026, 11, 29), "2026-11-29"),
    ],
)
def test_what_no_spec_has_is_toml_all_the_same(value: object, text: str) -> None:
    assert value_text(value) == text
    assert tomllib.loads(f"a = {text}") == {"a": value}


def test_what_has_no_form_in_toml_is_refused() -> None:
    with pytest.raises(TypeError, match="NoneType has no form in TOML"):
        value_text(None)


def test_a_new_repository_needs_nothing_that_edits_or_evaluates(tmp_path: Path) -> None:
    code = (
        "import sys; from escscaffold.cli import cli; cli(sys.argv[1:], standalone_mode=False); "
        "print(sorted({'tomlkit', 'importlib.metadata', 'yaml', 'escscaffold.terraform.evaluating'} & {*sys.modules}))"
    )
    flags = ["--mode", "eks", "--region", "eu-west-1", "--yes", "--quiet"]
    done = subprocess.run([sys.executable, "-c", code, "init", tmp_path, *flags], capture_output=True, check=True)

    assert done.stdout == b"[]\n"
    assert (tmp_path / "escscaffold.toml").is_file()
