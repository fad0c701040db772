"""The runner of the pages' commands bites: what a page gets wrong fails."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.console import Session, steps_of

PAGE = """\
Text.

```console
$ cd folder
$ printf 'one\\ntwo\\nthree\\n' | \\
    cat
one
...
three
$ false
$ echo $?
1
```

```toml
$ not a command
```
"""


def test_commands_and_their_output_are_found() -> None:
    assert [(step.command, step.shown) for step in steps_of(PAGE)] == [
        ("cd folder", ()),
        ("printf 'one\\ntwo\\nthree\\n' | \\\n    cat", ("one", "...", "three")),
        ("false", ()),
        ("echo $?", ("1",)),
    ]


@pytest.mark.parametrize(
    ("output", "same"),
    [
        ("one\ntwo\nthree\n", True),
        ("one\nthree\n", True),
        ("one\ntwo\n", False),
        ("zero\none\ntwo\nthree\n", False),
        ("one\ntwo\nthree\nfour\n", False),
    ],
)
def test_output_is_compared_line_by_line(output: str, same: bool) -> None:
    assert steps_of(PAGE)[1].matches(output) is same


def test_a_status_that_is_not_shown_is_refused() -> None:
    with pytest.raises(AssertionError, match="has to show the status"):
        steps_of("```console\n$ false\n$ echo $?\n```")


def test_a_session_remembers_its_folder_and_status(
    tmp_path: Path, plain_environment: Mapping[str, str], programs: Path
) -> None:
    session = Session(tmp_path, plain_environment, programs)

    assert session.run("mkdir inner && cd inner").status == 0
    assert session.run("pwd").output == f"{tmp_path / 'session' / 'inner'}\n"
    assert session.run("(exit 7)").status == 7
    assert session.run("echo $?").output == "7\n"
