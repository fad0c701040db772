"""How a spec is laid out, and that its meaning is not touched by it."""

import tomllib
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.errors import SpecError
from escscaffold.spec.formatting import formatted
from tests.properties import examples

CASES = {
    "spaces around the equals sign, and none before a key": (
        """\
        version   =1
          provider= "kurrentcloud"
        """,
        """\
        version = 1
        provider = "kurrentcloud"
        """,
    ),
    "one blank line above a header and its comments": (
        """\
        # The head


        version = 1
        # about offices
        [reserved]

        office = "10.8.0.0/16"



        [environments.prod]
        mode = "eks"
        [environments.prod.ranges]
        """,
        """\
        # The head

        version = 1

        # about offices
        [reserved]
        office = "10.8.0.0/16"

        [environments.prod]
        mode = "eks"

        [environments.prod.ranges]
        """,
    ),
    "comments stay, two spaces behind their value": (
        """\
        version = 1# the first
        [reserved]   # not ours
          # of the city
        office = "10.8.0.0/16"      # all of it#
        """,
        """\
        version = 1  # the first

        [reserved]  # not ours
        # of the city
        office = "10.8.0.0/16"  # all of it#
        """,
    ),
    "double quotes where that is the same, and none around a plain key": (
        """\
        ["environments".'prod' . "a b"]
        'mode' = 'eks'
        accept.'ESC501' = 'say "when"'
        "a.b" = 'C:\\\\x'
        """,
        """\
        [environments.prod."a b"]
        mode = "eks"
        accept.ESC501 = 'say "when"'
        "a.b" = 'C:\\\\x'
        """,
    ),
    "lists and tables on one line": (
        """\
        ci = ['github','gitlab',]
        [environments.prod.ranges]
        pods={nodes=100,pods_per_node   = 110}
        none = { }
        nothing = [ ]
        """,
        """\
        ci = ["github", "gitlab"]

        [environments.prod.ranges]
        pods = { nodes = 100, pods_per_node = 110 }
        none = {}
        nothing = []
        """,
    ),
    "a list of several lines keeps them": (
        """\
        [environments.prod]
        remote = [ # what is routed
             "10.0.0.0/16",    # nodes


            # and
            "10.1.0.0/16" ,
          ] # in all
        """,
        """\
        [environments.prod]
        remote = [  # what is routed
          "10.0.0.0/16",  # nodes

          # and
          "10.1.0.0/16",
        ]  # in all
        """,
    ),
    "blocks and sizes as they are usually spelled, and only where they are some": (
        """\
        reserved = {office = "10.8.0.0/016"}
        [environments.prod]
        tags = {cidr = "10.8.0.0/016"}
        remote = ["10.0.0.0/008"]
        [environments.prod.ranges]
        nodes = "/08"
        pods = "10.0.0.1/16"
        """,
        """\
        reserved = { office = "10.8.0.0/16" }

        [environments.prod]
        tags = { cidr = "10.8.0.0/016" }
        remote = ["10.0.0.0/8"]

        [environments.prod.ranges]
        nodes = "/8"
        pods = "10.0.0.1/16"
        """,
    ),
    "texts of several lines as they are": (
        """\
        [accept]
        ESC501 =   \"\"\"
          # no comment

          [no header]\"\"\"
        ESC502 = '''a
         = b'''
        """,
        """\
        [accept]
        ESC501 = \"\"\"
          # no comment

          [no header]\"\"\"
        ESC502 = '''a
         = b'''
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_lays_out(case: str) -> None:
    before, after = map(dedent, CASES[case])

    assert formatted(before) == after
    assert formatted(after) == after


def test_line_ends_of_windows_stay() -> None:
    assert formatted("version=1\r\n[reserved]\r\n") == "version = 1\r\n\r\n[reserved]\r\n"


def test_the_last_line_ends() -> None:
    assert formatted("version = 1") == "version = 1\n"
    assert formatted("\n\n") == ""


def test_what_is_no_toml_is_told() -> None:
    with pytest.raises(SpecError):
        formatted("version = = 1")


SPACE = st.sampled_from(["", " ", "  ", "\t"])
NAME = st.sampled_from(["a", "b-c", "D_1", '"e"', "'f'", '"g h"', "'i.j'", '"#k"', '"]"', "'='"])
NEW_LINE = st.sampled_from(["\n", "\n\n", "\n\n\n", " \n", "\n# note\n", "# note = [1\n", "\n\t# ]\n\n"])
TEXT = st.sampled_from(
    [
        '"x"',
        "'x'",
        "'\"'",
        '"\\""',
        "'\\'",
        '"# no"',
        '"""a\n\n b"""',
        "'''[\n'''",
        '""',
        "''",
        '"""a""""',
        '"10.0.0.0/08"',
    ]
)
LEAF = TEXT | st.sampled_from(["1", "-1_0", "1.5", "true", "1979-05-27 07:32:00", "nan", "0xAF"])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    shape = draw(st.sampled_from(["leaf", "list", "table"])) if depth else "leaf"
    inside = draw(st.lists(values(depth=depth - 1), max_size=3)) if depth and shape != "leaf" else []
    if shape == "list":
        gap = st.sampled_from(["", " ", "\n", "\n  ", " # c\n", "\n\n\n"])
        return "[" + "".join(f"{draw(gap)}{one}{draw(gap)}," for one in inside) + draw(gap) + "]"
    if shape == "table":
        one_line = [one for one in inside if "\n" not in one]
        pairs = [f"{draw(SPACE)}k{n}{draw(SPACE)}={draw(SPACE)}{one}" for n, one in enumerate(one_line)]
        return "{" + ",".join(pairs) + draw(SPACE) + "}"
    return draw(LEAF)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A TOML text in any layout; its tables and keys have numbers, so that none is there twice."""
    text = draw(st.sampled_from(["", "\n", "# head\n", "  # head\n\n"]))
    for number in range(draw(st.integers(0, 3))):
        header = draw(
            st.sampled_from(["reserved", "environments.prod.ranges", "environments . 'prod'.remote", "accept"])
        )
        text += f"{draw(SPACE)}[{draw(SPACE)}{header}.t{number}{draw(SPACE)}]{draw(NEW_LINE)}"
        for inner in range(draw(st.integers(0, 3))):
            key = f"{draw(NAME)}{draw(SPACE)}.{draw(SPACE)}n{inner}" if draw(st.booleans()) else f"n{inner}"
            text += f"{draw(SPACE)}{key}{draw(SPACE)}={draw(SPACE)}{draw(values())}{draw(SPACE)}{draw(NEW_LINE)}"
    return text


@given(documents())
@examples(60)
def test_meaning_never_changes_and_twice_is_once(text: str) -> None:
    once = formatted(text)

    assert formatted(once) == once
    assert _meaning(once) == _meaning(text)


def _meaning(text: str) -> str:
    """Return what the text says, with the one block that the documents have spelled as it is usual."""
    return repr(tomllib.loads(text)).replace("10.0.0.0/08", "10.0.0.0/8")
