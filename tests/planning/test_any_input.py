"""Whatever is given as a spec, a range or a lock is planned or refused with a problem, and never ends otherwise."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.planning.lock import Lock, format_lock, grants_for
from escscaffold.planning.lock_text import read_lock
from escscaffold.rules.catalogue import RULES
from escscaffold.spec.reading import build_spec
from tests.planning.documents import MODES, as_toml, blocks, names_of
from tests.planning.documents import mode_of as facts_of
from tests.properties import examples

# Words that mean something to the reader, so that chance gets past the first key.
WORDS = [
    *("version", "provider", "pools", "reserved", "accept", "environments", "prod", "cloud", "region", "mode"),
    *("routes", "ranges", "parts", "existing", "options", "may_overlap", "remote", "kurrent", "nodes", "pods"),
    *("network", "services", "nodes-1", "nodes-2", "nodes-99", "nodes-0", "size", "cidr", "growth", "surge"),
    *("pods_per_node", "spare", "kurrent-network", "kurrent-project", "database", "ESC205", "ESC201", "..", ""),
]
VALUES = [
    *("aws", "gcp", "azure", "create", "existing", "absent", "exact", "supernet", "10.0.0.0/8", "0.0.0.0/0"),
    *("255.255.255.255/32", "/1", "/32", "/33", "/0", "10.0.0.0", "::/0", "{ nodes = 3 }", "10.0.0.0/16,10.1.0.0/16"),
    *("224.0.0.0/4", "172.16.0.0/12", "\x00", "\u06f1\u06f0.0.0.0/8", "10.0.0.0/\u0668", "a" * 300, *MODES),
]
WORD = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
VALUE = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=20),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.dates(),
    blocks(0, 32),
)
DOCUMENT = st.recursive(VALUE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=5))


def read_and_plan(read: Any) -> None:
    try:
        whole = plan(read())
    except SpecError as error:
        assert error.problems
        assert {problem.code for problem in error.problems} <= set(RULES)
        assert all(problem.message for problem in error.problems)
        return
    assert all(finding.message and finding.code in RULES for finding in check_plan(whole))


@examples(30)
@given(st.dictionaries(WORD, DOCUMENT, max_size=6))
def test_any_document_is_a_spec_or_a_problem(document: dict[str, Any]) -> None:
    read_and_plan(lambda: build_spec(document, load_facts(), lambda path: f"escscaffold.toml:{len(path)}"))


@examples(30)
@given(st.dictionaries(WORD, DOCUMENT, max_size=4), st.dictionaries(WORD, DOCUMENT, max_size=4), st.sampled_from(MODES))
def test_any_environment_of_a_known_mode_is_planned_or_a_problem(
    keys: dict[str, Any], ranges: dict[str, Any], mode: str
) -> None:
    cloud = load_cloud(mode_names()[mode])
    known = {"cloud": cloud.name, "region": cloud.default_region, "mode": mode}
    document = {"version": 1, "environments": {"prod": {"ranges": ranges, **keys, **known}}}

    read_and_plan(lambda: build_spec(document, load_facts(), lambda path: f"escscaffold.toml:{len(path)}"))


# Ranges that are well formed and far from what anybody means.
ODD = st.one_of(
    blocks(0, 32, ("0.0.0.0/0",)),
    st.integers(1, 32).map("/{}".format),
    st.fixed_dictionaries({"size": st.integers(1, 32).map("/{}".format)}, optional={"growth": st.integers(1, 65536)}),
    st.fixed_dictionaries({"cidr": blocks(0, 32, ("0.0.0.0/0",))}, optional={"growth": st.integers(1, 65536)}),
    st.fixed_dictionaries(
        {"nodes": st.integers(1, 1_000_000)},
        optional={
            "surge": st.integers(0, 1_000_000),
            "pods_per_node": st.integers(1, 300),
            "spare": st.integers(0, 1_000_000),
            "growth": st.integers(1, 65536),
        },
    ),
    st.fixed_dictionaries({"services": st.integers(1, 1_000_000)}),
)


@examples(30)
@given(st.data(), st.lists(st.sampled_from(MODES), min_size=1, max_size=2))
def test_any_range_of_any_mode_is_planned_or_a_problem(data: st.DataObject, modes: list[str]) -> None:
    environments = {}
    for number, mode in enumerate(modes):
        cloud = load_cloud(mode_names()[mode])
        names = [*names_of(facts_of(mode)), *facts_of(mode).range_names()]
        ranges = data.draw(st.dictionaries(st.sampled_from(names), ODD, max_size=4))
        if data.draw(st.booleans()):
            ranges["remote"] = data.draw(st.lists(blocks(0, 32, ("0.0.0.0/0",)), min_size=1, max_size=3))
        one = {"cloud": cloud.name, "region": cloud.default_region, "mode": mode, "ranges": ranges}
        environments[f"e{number}"] = one | {"routes": data.draw(st.sampled_from(["exact", "supernet"]))}
    reserved = data.draw(st.lists(blocks(0, 32, ("0.0.0.0/0",)), max_size=2))
    document = {
        "version": 1,
        "reserved": {f"r{number}": block for number, block in enumerate(reserved)},
        "environments": environments,
    }

    read_and_plan(lambda: read_spec(as_toml(document)))


@examples(30)
@example({"provider": "\x1f"})
@example({"retired": {'gone\\".pods': "10.0.0.0/16"}})
@given(
    st.dictionaries(
        st.sampled_from(["environments", "granted", "routed", "retired", "seals", "written", "provider"]),
        st.one_of(
            VALUE.filter(lambda value: isinstance(value, str | bool)),
            st.dictionaries(
                st.sampled_from(["prod", "prod.nodes", "prod.pods", "prod.kurrent", "gone.pods", "a.b.c", ".", "x"]),
                st.one_of(blocks(0, 32, ("0.0.0.0/0",)), st.sampled_from(["", "gcp x gke-standard", "a, b", "nine"])),
                max_size=4,
            ),
        ),
    )
)
def test_any_tables_are_a_lock_or_a_problem(tables: dict[str, Any]) -> None:
    text = "version = 1\n"
    for name, table in sorted(tables.items(), key=lambda item: isinstance(item[1], dict)):
        if isinstance(table, dict):
            text += f"[{name}]\n" + "".join(f'"{key}" = "{value}"\n' for key, value in table.items())
        else:
            text += f"{name} = {str(table).lower() if isinstance(table, bool) else repr(table)}\n"
    plan_beside(text)


def plan_beside(lock_text: str) -> None:
    """Plan an environment beside a lock, if it is one."""
    try:
        lock = read_lock(lock_text, load_facts())
    except SpecError as error:
        assert [problem.code for problem in error.problems] == ["ESC601"]
        return
    assert isinstance(read_lock(format_lock(lock), load_facts()), Lock)
    spec = read_spec(
        'version = 1\n[environments.prod]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
    )
    check_plan(plan(spec, grants_for(lock, spec)))
