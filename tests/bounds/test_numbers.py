"""Numbers, keys and nesting that are beyond what anybody writes, through every way in: told, and no traceback."""

import json
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.spec.toml_text import DEEPEST, MOST_PARTS, NotTomlError, key_path, toml_document
from escscaffold.spec.values import shown
from tests.cli.conftest import EKS
from tests.conftest import Run

HUGE = {
    "decimal": "9" * 5_000,
    "negative": "-" + "9" * 5_000,
    "hexadecimal": "0x" + "f" * 20_000,
    "octal": "0o" + "7" * 20_000,
    "binary": "0b" + "1" * 20_000,
    "beyond 64 bits": str(2**63),
    "nested lists": "[" * 5_000,
    "closed lists": "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    "nested tables": "{a=" * 5_000,
    "a list of them": "[" + ", ".join(["0x" + "f" * 5_000] * 3) + "]",
    "a float": "9" * 5_000 + ".0",
    "a long float": "1e" + "9" * 5_000,
}
KEYS = ["version", "reserved.a", "pools.a", "ci", "backend.type", "environments.prod.ranges.network", "nobody.knows"]
KEYS += ["environments.prod.kubernetes.nodes_max", "environments.prod.may_overlap", "environments.prod.tags.a"]
SPEC = 'version = 1\n[environments.prod]\ncloud = "aws"\nregion = "eu-central-1"\nmode = "eks"\n'


def spec_with(key: str, value: str) -> str:
    """Return a spec that gives the key this value, above all tables."""
    rest = SPEC.replace("version = 1\n", "") if key == "version" else SPEC
    return f"{key} = {value}\n{rest}" if key != "version" else f"version = {value}\n{rest}"


def held(result: object) -> None:
    """Hold that a run ended as runs end; a bug would be an exception, and have exit code 1 as well."""
    exception = getattr(result, "exception", None)
    assert exception is None or isinstance(exception, SystemExit), repr(exception)[:300]


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("key", KEYS)
def test_in_a_spec_and_in_answers(key: str, value: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text(spec_with(key, value), encoding="utf-8")

    for arguments in (["plan"], ["check"], ["fmt"], ["plan", "--answers", "escscaffold.toml"]):
        result = (
            run(*arguments, "-C", tmp_path)
            if "--answers" not in arguments
            else run("plan", "--answers", tmp_path / "escscaffold.toml", "--yes")
        )
        held(result)
        assert len(result.output) < 50_000


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
def test_in_a_lock(value: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text(SPEC, encoding="utf-8")
    for lock in (f"version = {value}\n", f"version = 1\n[granted]\n'prod.network' = {value}\n"):
        (tmp_path / "escscaffold.lock").write_text(lock, encoding="utf-8")

        result = run("plan", "-C", tmp_path)

        held(result)
        assert result.exit_code == 1
        assert "ESC601" in result.output


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("flag", ["--range=network=", "--reserve=a=", "--pool=a=", "--set=kubernetes.nodes_max="])
def test_in_a_flag_and_in_a_variable(flag: str, value: str, run: Run) -> None:
    option, key = flag.removeprefix("--").split("=", 1)

    held(run("plan", "--mode", "eks", f"{flag}{value}"))
    held(run("plan", "--mode", "eks", env={f"ESCSCAFFOLD_{option.upper()}": f"{key}{value}"}))
    held(run("plan", "--mode", value, "--region", value))


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
def test_in_set(value: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "escscaffold.toml").write_text(SPEC, encoding="utf-8")

    for key in ("version", "ranges.network", "kubernetes.nodes_max", ".".join(["a"] * 1_000), "reserved.a"):
        result = run("set", f"{key}={value}", "-C", tmp_path)

        held(result)
        assert result.exit_code in (1, 2)
    assert (tmp_path / "escscaffold.toml").read_text(encoding="utf-8") == SPEC


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000, '{"a":' * 5_000])
def test_in_json(value: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.json"
    for text in (value, f'{{"format_version": {value}}}', f'{{"version": {value}, "lineage": ""}}'):
        path.write_text(text, encoding="utf-8")

        held(run("scan", path))
        held(run("review", tmp_path, tmp_path, "--plan", path))


def test_in_a_journal(tmp_path: Path, run: Run) -> None:
    made = run("init", tmp_path / "net", *EKS, "--yes")
    assert made.exit_code == 0
    (tmp_path / "net/.escscaffold-x").mkdir()
    for text in ("9" * 5_000, "[" * 5_000, json.dumps({"steps": [], "made": ["a" * 5_000]})):
        (tmp_path / "net/.escscaffold-x/journal").write_text(text, encoding="utf-8")

        held(run("generate", "-C", tmp_path / "net"))


def strange() -> st.SearchStrategy[object]:
    """Return values of every kind that a document can hold, and some that only code can make."""
    plain = st.one_of(
        st.integers(), st.integers(15_000, 40_000).map(lambda bits: 1 << bits), st.floats(), st.text(), st.none()
    )
    return st.recursive(
        plain, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=5
    )


@given(strange())
def test_anything_can_be_shown(value: object) -> None:
    text = shown(value)

    assert len(text) <= 60
    assert "\n" not in text and text.isprintable()


def deep(levels: int) -> Iterator[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    yield value


def test_what_is_nested_too_deeply_to_be_written_can_be_shown() -> None:
    assert shown(next(deep(100_000))) == "a list"


def test_a_key_has_few_parts_and_its_line_is_told() -> None:
    assert toml_document(".".join(["a"] * MOST_PARTS) + " = 1\n")
    with pytest.raises(NotTomlError) as refused:
        toml_document("# ......................................\n" + ".".join(["a"] * (MOST_PARTS + 1)) + " = 1\n")
    assert refused.value.line == 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('reserved."office.berlin"', ("reserved", "office.berlin")),
        ("'a.b'.c", ("a.b", "c")),
        ('"a\\u002eb"', ("a.b",)),
        ("reserved.Büro Berlin", ("reserved", "Büro Berlin")),
        ("a.b.c", ("a", "b", "c")),
    ],
)
def test_a_part_in_quotes_is_one(text: str, parts: tuple[str, ...]) -> None:
    assert key_path(text) == parts


@pytest.mark.parametrize("text", ["", ".", "a..b", "a.", '"a"b', '"a".', ".".join(["a"] * (MOST_PARTS + 1))])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotTomlError):
        key_path(text)


def test_values_are_shown_as_toml_has_them() -> None:
    assert shown(True) == "true"
    assert shown(date(1979, 5, 27)) == "1979-05-27"
    assert shown([False, {"a": "x", "b.c": time(7, 32)}]) == "[false, { a = 'x', 'b.c' = 07:32:00 }]"
    assert shown({}) == "{}"
