"""The lock is read line by line where it stands as it was written, and as TOML where it does not."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.planning.lock import Lock, format_lock
from escscaffold.planning.lock_text import tables_of
from tests.planning.test_lock_merges import locks
from tests.properties import examples

LINES = st.sampled_from(
    [
        *("", "# said", "version = 1", "version = 01", "version = 1.0", 'provider = "kurrentcloud"', "[granted]"),
        *("[written]", "[granted] # said", "[[granted]]", "[a.b]", "bare = 1", '"a.b" = "c"', '"a.b" = \'c "d"\''),
        *('"a" = "\\u0041"', '"a\\u0041" = "c"', '"a" = "c" # said', '"a" = 1', '"" = "c"', "'a' = 'c'", '"a" = ""'),
        *('"a" = ""', '"b" = "\x7f"', '"ä" = "ö"', '  "a" = "c"', '"a"="c"', '"a" = """c"""', "\"a\" = '''c'''"),
    ]
)


@examples(300)
@given(st.lists(LINES, max_size=6))
def test_what_is_read_by_lines_is_what_toml_makes_of_it(lines: list[str]) -> None:
    text = "\n".join(lines)
    by_lines = tables_of(text)

    if by_lines is not None:
        assert by_lines == tomllib.loads(text)


@examples(30)
@given(locks())
def test_every_lock_that_is_written_is_read_by_lines(lock: Lock) -> None:
    text = format_lock(lock)

    assert tables_of(text) == tomllib.loads(text)


@pytest.mark.parametrize("text", ["version = 1\r\n", '[written]\n"a" = "1"\n"a" = "1"\n', "[written]\n[written]\n"])
def test_another_text_is_left_to_toml(text: str) -> None:
    assert tables_of(text) is None
