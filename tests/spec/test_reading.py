"""The spec file: what is read, and every mistake told at once with its place and the nearest right value."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold import read_spec
from escscaffold.errors import Problem, SpecError
from escscaffold.spec.editing import with_additions
from escscaffold.spec.model import RangeRequest
from escscaffold.spec.new_tables import new_spec

GOOD = """\
version = 1
provider = "eventstorecloud"

[reserved]
office = "10.8.0.0/16"

[environments.prod]
cloud = "gcp"
region = "europe-west2"
mode = "gke-standard"
routes = "exact"

[environments.prod.ranges]
kurrent = "172.22.110.0/24"
nodes = "/16"

[environments.prod.parts]
network = "create"
"""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(SpecError) as caught:
        read_spec(text)
    return caught.value.problems


def test_a_spec_is_read_into_frozen_objects() -> None:
    spec = read_spec(GOOD)
    prod = spec.environments["prod"]

    assert spec.provider == "eventstorecloud"
    assert spec.reserved == {"office": IPv4Network("10.8.0.0/16")}
    assert (prod.cloud.name, prod.region, prod.mode.name, prod.routes) == (
        "gcp",
        "europe-west2",
        "gke-standard",
        "exact",
    )
    assert prod.ranges == {
        "kurrent": RangeRequest(block=IPv4Network("172.22.110.0/24")),
        "nodes": RangeRequest(prefix_length=16),
    }
    with pytest.raises(AttributeError):
        prod.region = "elsewhere"  # type: ignore[misc]


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = (
        GOOD.replace('"10.8.0.0/16"', '"10.8.0.1/16"').replace("gke-standard", "gke-standart").replace("nodes", "node")
    )
    text = text.replace("version = 1", "version = 3").replace("routes", "rutes")

    told = {(p.place.split(":")[1], p.code) for p in problems(text)}

    assert told == {("1", "ESC006"), ("5", "ESC003"), ("10", "ESC004"), ("11", "ESC002")}


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "fix"),
    [
        ('"10.8.0.0/16"', '"10.8.0.1/16"', "ESC003", 5, "The network is 10.8.0.0/16."),
        ('"10.8.0.0/16"', '"10.8.0.0"', "ESC003", 5, "Use a value like 10.0.0.0/16."),
        ('"10.8.0.0/16"', '"10.8.0.0/255.255.0.0"', "ESC003", 5, "Did you mean 10.8.0.0/16?"),
        ('"10.8.0.0/16"', "16", "ESC003", 5, 'Use a value like "10.0.0.0/16".'),
        ('"10.8.0.0/16"', '"fd00::/8"', "ESC003", 5, ""),
        ('"/16"', "16", "ESC003", 15, 'Write the prefix length as "/16".'),
        ('"/16"', "{ nodes = 0 }", "ESC009", 15, "Use nodes = 3."),
        ('"/16"', "{ nodes = 1.5 }", "ESC009", 15, "Use nodes = 3."),
        ('"/16"', "{ node = 100 }", "ESC009", 15, "Did you mean nodes?"),
        ('"/16"', "{ surge = 1 }", "ESC009", 15, "Add nodes = 10 or another number."),
        (
            '"/16"',
            "{ nodes = 9, pods_per_node = 9 }",
            "ESC009",
            15,
            "Use cidr, size, growth, nodes, surge, spare.",
        ),
        ('"/16"', "{ growth = 2 }", "ESC009", 15, "Use { nodes = 10, growth = 2 }."),
        ('"/16"', '{ cidr = "10.0.0.0/16", size = "/16" }', "ESC009", 15, 'Remove size: 10.0.0.0/16 is a "/16".'),
        (
            "nodes =",
            "node =",
            "ESC002",
            15,
            "Did you mean nodes? An own range needs another name, such as data-1.",
        ),
        ("mode =", "mod =", "ESC002", 10, "Did you mean mode?"),
        ('"gcp"', '"gpc"', "ESC004", 8, "Did you mean gcp?"),
        (
            '"gke-standard"',
            '"eks"',
            "ESC004",
            10,
            "Modes of gcp: gcp-existing, gke-autopilot, gke-routes, gke-standard.",
        ),
        ('"exact"', '"exakt"', "ESC004", 11, "Did you mean exact?"),
        ('"eventstorecloud"', '"eventstore"', "ESC004", 2, "Did you mean eventstorecloud?"),
        ('network = "create"', 'network = "absent"', "ESC004", 18, "Known: create, existing."),
        ('network = "create"', 'netwerk = "create"', "ESC002", 18, "Did you mean network?"),
        ("version = 1", "version = true", "ESC006", 1, "Write version = 1, or upgrade escscaffold."),
    ],
)
def test_a_mistake_names_its_line_and_the_nearest_right_value(
    old: str, new: str, code: str, line: int, fix: str
) -> None:
    told = [p for p in problems(GOOD.replace(old, new)) if p.code == code]

    assert [(p.place, p.fix) for p in told][:1] == [(f"escscaffold.toml:{line}:1", fix)]


def test_what_is_missing_is_named() -> None:
    told = {p.message for p in problems("[environments.prod]\ncloud = 'aws'\n")}

    assert told == {"`version` is missing.", "`region` is missing.", "`mode` is missing."}


def test_an_empty_region_of_kurrent_is_refused_as_in_the_schema() -> None:
    (problem,) = problems(GOOD.replace('mode = "gke-standard"', 'mode = "gke-standard"\nkurrent_region = ""'))

    assert (problem.code, problem.path[-1]) == ("ESC004", "kurrent_region")


def test_broken_toml_says_where_it_breaks() -> None:
    (problem,) = problems("version = 1\nprovider = \n")

    assert (problem.code, problem.place) == ("ESC001", "escscaffold.toml:2:12")


def test_a_key_given_twice_is_refused() -> None:
    (problem,) = problems("version = 1\nversion = 1\n")

    assert problem.code == "ESC007"


@pytest.mark.parametrize(
    "name",
    ['${file("/etc/passwd")}', "../prod", "a\\nb", 'a"b', "a" * 300, "Prod", "-prod", "prod-", "nul", "pröd", " "],
)
def test_a_name_that_could_do_harm_is_refused(name: str) -> None:
    quoted = name.replace('"', '\\"').replace("${", "${")
    told = problems(GOOD.replace("environments.prod", f'environments."{quoted}"'))

    assert {p.code for p in told} == {"ESC005"}
    assert all(len(p.message) < 300 and p.message.isprintable() for p in told)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_spec(text)
    except SpecError as error:
        assert error.problems


def test_adding_an_environment_keeps_every_byte_that_was_there() -> None:
    text = "# mine\nversion = 1 # one\n\n[environments.a]  # the first\ncloud = 'aws'\nregion='eu-central-1'\n"
    text += 'mode = "eks"\n'

    added = with_additions(text, {}, {"b": {"cloud": "aws", "region": "eu-west-1", "mode": "eks"}})

    assert added.startswith(text)
    assert set(read_spec(added).environments) == {"a", "b"}


def test_reserving_keeps_comments_and_order() -> None:
    text = 'version = 1\n[reserved]\nvpn = "10.9.0.0/16" # ours\n\n[environments]\n# nothing yet\n'

    added = with_additions(text, {"reserved": {"office": "10.8.0.0/16"}}, {})

    assert "# ours" in added
    assert "# nothing yet" in added
    assert added.index("vpn") < added.index("office") < added.index("[environments]")
    assert set(read_spec(added).reserved) == {"vpn", "office"}


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9 ._-]{0,10}", fullmatch=True), st.just("10.8.0.0/16"), max_size=4))
def test_a_new_spec_reads_back_as_it_was_asked(reserved: dict[str, str]) -> None:
    table = {"cloud": "aws", "region": "eu-west-1", "mode": "eks", "ranges": {"network": "10.0.0.0/16"}}

    spec = read_spec(new_spec({"version": 1, "reserved": reserved, "environments": {"prod": table}}))

    assert set(spec.reserved) == set(reserved)
    assert spec.environments["prod"].ranges == {"network": RangeRequest(block=IPv4Network("10.0.0.0/16"))}


def test_environments_may_overlap_others_and_not_themselves() -> None:
    def text(names: str) -> str:
        keys = 'cloud = "aws"\nregion = "eu-central-1"\nmode = "eks"\n'
        return f"version = 1\n[environments.a]\n{keys}may_overlap = {names}\n[environments.b]\n{keys}"

    assert read_spec(text('["b"]')).environments["a"].may_overlap == {"b"}
    for names in ('["a"]', '["c"]', "[1]", '[["b"]]'):
        with pytest.raises(SpecError, match="There is no other environment"):
            read_spec(text(names))


def test_a_need_is_not_called_unknown_for_a_mode_that_is_misspelt() -> None:
    need = 'nodes = "/16"\npods = { nodes = 10, pods_per_node = 110 }'
    text = GOOD.replace('nodes = "/16"', need).replace('mode = "gke-standard"', 'mode = "gke-standart"')

    assert [problem.code for problem in problems(text)] == ["ESC004"]
    (_, misspelt) = problems(text.replace("pods_per_node", "pods_per_nod"))
    assert (misspelt.code, misspelt.fix) == ("ESC009", "Did you mean pods_per_node?")
