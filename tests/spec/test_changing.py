"""A spec is changed where a person would change it, and everything else in it stays."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.spec.editing import CannotEditError, with_environment_renamed, with_values, without_environment
from escscaffold.spec.toml_text import KeyPath
from tests.properties import examples

SPEC = """\
# Head.
version = 1

[reserved]   # offices
office = "10.8.0.0/16"  # Berlin

# prod is dear
[environments.prod]
cloud = "gcp"   # for now
region = "europe-west2"
may_overlap = ["test"]

# about test
[environments.test]
cloud = "gcp"

[environments.test.ranges]
pods = "/16"

# about last
[environments.last]
cloud = "gcp"
"""


@pytest.mark.parametrize(
    ("path", "value", "line", "above"),
    [
        (("provider",), "eventstorecloud", 'provider = "eventstorecloud"', "version = 1"),
        (("reserved", "lab"), "10.9.0.0/16", 'lab = "10.9.0.0/16"', 'office = "10.8.0.0/16"  # Berlin'),
        (("environments", "prod", "cloud"), "aws", 'cloud = "aws"   # for now', "[environments.prod]"),
        (("environments", "prod", "routes"), "exact", 'routes = "exact"', 'may_overlap = ["test"]'),
        (("environments", "prod", "ranges", "pods"), "/14", 'pods = "/14"', "[environments.prod.ranges]"),
        (("environments", "test", "ranges", "pods"), {"nodes": 3}, "pods = {nodes = 3}", "[environments.test.ranges]"),
        (("environments", "last", "options", "snat"), False, "snat = false", "[environments.last.options]"),
        (("pools", "corp"), "10.64.0.0/12", 'corp = "10.64.0.0/12"', "[pools]"),
    ],
)
def test_a_key_is_set_where_it_belongs(path: KeyPath, value: Any, line: str, above: str) -> None:
    lines = with_values(SPEC, {path: value}).splitlines()

    changed = next(n for n, text in enumerate(lines) if text.replace("{ ", "{").replace(" }", "}") == line)
    assert lines[changed - 1] == above
    assert set(SPEC.splitlines()) - set(lines) <= {line for line in SPEC.splitlines() if path[-1] in line}


def test_a_key_is_removed() -> None:
    assert with_values(SPEC, {("reserved", "office"): None}) == SPEC.replace('office = "10.8.0.0/16"  # Berlin\n', "")


def test_an_environment_goes_with_its_comments_and_what_names_it() -> None:
    text = without_environment(SPEC, "test")

    assert "about test" not in text
    assert "may_overlap" not in text
    assert all(line in text for line in ("# Head.", "# prod is dear", "# for now", "# about last\n[environments.last]"))


def test_an_environment_is_renamed_wherever_it_is_named() -> None:
    assert with_environment_renamed(SPEC, "test", "live", {("environments", "live", "name"): "test"}) == (
        SPEC.replace("[environments.test", "[environments.live")
        .replace('["test"]', '["live"]')
        .replace(
            'cloud = "gcp"\n\n[environments.live.ranges]', 'cloud = "gcp"\nname = "test"\n\n[environments.live.ranges]'
        )
    )


WAYS = [
    'version = 1\n[environments]\nprod = { cloud = "gcp" }\ntest = { cloud = "aws" }\n',
    'version = 1\nenvironments.prod.cloud = "gcp"\nenvironments.test.cloud = "aws"\n',
    'version = 1\n[environments.prod]\ncloud = "gcp"\n[reserved]\na = "x"\n[environments.prod.ranges]\npods = "/16"\n'
    '[environments.test]\ncloud = "aws"\n',
    'version = 1\n[ environments . "prod" ] # head\ncloud = "gcp"\n[environments.test]\ncloud = "aws"',
    "version = 1\r\n[environments.prod]\r\ncloud = 'gcp'\r\n[environments.test]\r\ncloud = 'aws'\r\n",
    'version = 1\n[environments.test]\ncloud = "aws"\nnote = """\n[environments.prod]\n# no\n"""\n'
    '[environments.prod]\ncloud = "gcp"\n',
]


@pytest.mark.parametrize("text", WAYS)
def test_however_it_is_written_it_is_changed_right_or_not_at_all(text: str) -> None:
    """The result is parsed here by another parser than the one that edits."""
    before = tomllib.loads(text)
    changes = 0
    for edit, expect in (
        (lambda: with_values(text, {("environments", "prod", "region"): "x"}), {"region": "x"}),
        (lambda: without_environment(text, "prod"), None),
        (lambda: with_environment_renamed(text, "test", "live", {}), before["environments"]["prod"]),
    ):
        try:
            after = tomllib.loads(edit())
        except CannotEditError:
            continue
        changes += 1
        prod = after["environments"].get("prod")
        assert prod == (expect if expect is None else {**before["environments"]["prod"], **expect})
        assert {k: v for k, v in after.items() if k != "environments"} == {
            k: v for k, v in before.items() if k != "environments"
        }
    assert changes


KEYS = st.sampled_from(["a", "b-1", "odd key", "ß", 'q"', "c.d"])
VALUES = st.one_of(
    st.text(max_size=5), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.lists(st.text(max_size=3), max_size=2)
)


@examples(100)
@given(st.lists(st.tuples(KEYS, KEYS)), st.tuples(KEYS, KEYS), VALUES)
def test_any_key_can_be_set(there: list[tuple[str, str]], path: KeyPath, value: Any) -> None:
    import tomlkit

    document: dict[str, Any] = {}
    for table, key in there:
        document.setdefault(table, {})[key] = "x"
    text = "# head\n" + tomlkit.dumps(document) + "# end\n"

    after = with_values(text, {path: value})

    document.setdefault(path[0], {})[path[1]] = value
    assert tomllib.loads(after) == document
    assert after.startswith("# head\n")
    assert "# end" in after
