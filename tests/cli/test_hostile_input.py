"""Names and texts that nobody should give: refused by every door, with no traceback and nothing on disk."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import EKS, tree
from tests.conftest import Run

HOSTILE = {
    "expression": '${file("/etc/passwd")}',
    "directive": "%{ for x in y }",
    "quote": 'a"b',
    "single quote": "a'b",
    "newline": "a\nb",
    "parent": "../up",
    "absolute": "/etc/passwd",
    "dots": "..",
    "backslash": "a\\b",
    "escape": "\x1b[2J\x07",
    "delete": "a\x7fb",
    "300 letters": "a" * 300,
    "homoglyph": "pr\u043ed",
    "full width": "\uff50rod",
    "right to left": "prod\u202e",
    "zero width": "pr\u200bod",
    "device": "con",
    "numbered device": "lpt1",
    "empty": "",
    "space": " prod",
    "leading hyphen": "-rf",
    "trailing hyphen": "prod-",
    "capital": "Prod",
    "dot": ".git",
    "shell": "$(id)",
    "table": "a.b",
}
DEVICES = {("--region", "con"), ("--region", "lpt1")}


def refused(result: object, folder: Path, *codes: int) -> str:
    """Assert that the command refused without a traceback, steered no terminal, and left nothing."""
    exit_code, output = result.exit_code, result.output  # type: ignore[attr-defined]
    assert exit_code in (codes or (2,)), output
    assert isinstance(result.exception, SystemExit)  # type: ignore[attr-defined]
    assert [c for c in output if not c.isprintable() and c != "\n"] == []
    assert tree(folder) == {}
    return str(output)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_an_environment_is_refused_by_every_door(name: str, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    spec = f'version = 1\n[environments.{json.dumps(name)}]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
    (tmp_path / "answers.toml").write_text(spec)

    refused(run("init", folder / "new", *EKS, "--environment", name, "--yes"), folder)
    refused(run("init", folder / "new", "--answers", "-", "--yes", input=spec), folder)
    refused(run("init", folder / "new", "--answers", tmp_path / "answers.toml", "--yes"), folder)
    if name:
        variables = {"ESCSCAFFOLD_ENVIRONMENT": name}
        refused(run("init", folder / "new", *EKS, "--yes", env=variables), folder)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_refused_by_add_and_in_the_spec(name: str, repository: Path, run: Run) -> None:
    before = tree(repository)

    added = run("add", "-C", repository, *EKS, "--environment", name, "--yes")
    (repository / "escscaffold.toml").write_text(
        f'version = 1\n[environments.{json.dumps(name)}]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
    )
    generated = run("generate", "-C", repository)

    assert (added.exit_code, generated.exit_code) == (2, 1)
    assert [c for c in added.output + generated.output if not c.isprintable() and c != "\n"] == []
    after = tree(repository)
    assert {n for n in before if after[n] != before[n]} == {"escscaffold.toml"}
    assert after.keys() == before.keys()


@pytest.mark.parametrize(
    ("flag", "text"),
    # A region may be called like a device: it names no file.
    [(flag, t) for t in HOSTILE.values() for flag in ("--cloud", "--region", "--mode") if (flag, t) not in DEVICES],
    ids=lambda value: ascii(value)[:20],
)
def test_a_hostile_word_is_refused(flag: str, text: str, tmp_path: Path, run: Run) -> None:
    given = ["--mode", "eks"] if flag == "--region" else []

    refused(run("init", tmp_path / "new", *given, flag, text, "--yes"), tmp_path)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_a_range_is_refused(name: str, tmp_path: Path, run: Run) -> None:
    refused(run("init", tmp_path / "new", *EKS, "--range", f"{name}=/20", "--yes"), tmp_path)


@pytest.mark.parametrize("name", [n for n in HOSTILE.values() if not n.isalnum() or not n.isascii()], ids=ascii)
def test_a_hostile_name_of_a_reserved_block_reaches_the_files_as_data_or_not_at_all(
    name: str, tmp_path: Path, run: Run
) -> None:
    result = run("init", tmp_path / "new", *EKS, "--reserve", f"{name}=10.99.0.0/16", "--yes")

    if result.exit_code == 0:
        # Dots, spaces and hyphens are free text there, and none of Terraform's or Markdown's signs is.
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzPABC0123456789 ._-")
        assert run("check", "-C", tmp_path / "new").exit_code == 0
    else:
        refused(result, tmp_path)


@pytest.mark.parametrize(
    "cidr",
    [
        *("10.0.0.0/33", "10.0.0.0/-1", "10.0.0/16", "010.0.0.0/16", "10.0.0.0/16/16", "10.0.0.0", "::/0"),
        *("10.0.0.0/\u0661\u0666", "10.0.0.0/255.255.0.0", "10.0.0.1/16", " 10.0.0.0/16", "10.0.0.0/16 "),
        *("/0", "/33", "/", "16", "true", "${x}"),
    ],
)
def test_a_text_that_is_no_range_is_refused(cidr: str, tmp_path: Path, run: Run) -> None:
    output = refused(run("init", tmp_path / "new", *EKS, "--range", f"network={cidr}", "--yes"), tmp_path)

    assert "--range network" in output


def test_a_region_with_a_typo_becomes_data_in_the_files(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new", "--mode", "eks", "--region", "eu-cetral-1", "--yes")

    assert result.exit_code == 0
    assert "Did you mean eu-central-1?" in result.output
    assert '"eu-cetral-1"' in (tmp_path / "new/environments/prod/terraform.tfvars").read_text()


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
_NAMES = st.one_of(_TEXT, st.from_regex(r"[a-z][a-z0-9-]{0,25}", fullmatch=True), st.sampled_from([*HOSTILE.values()]))
_OCTET = st.integers(0, 260).map(str)
_CIDRS = st.one_of(
    st.builds("{}.{}.{}.{}/{}".format, _OCTET, _OCTET, _OCTET, _OCTET, st.integers(-1, 34)),
    st.builds("10.{}.0.0/{}".format, _OCTET, st.integers(8, 28)),
    st.integers(-1, 34).map("/{}".format),
    st.sampled_from(["10.0.0.0/16", "172.16.0.0/12", "0.0.0.0/0", "255.255.255.255/32"]),
    _TEXT,
)
_RANGES = st.dictionaries(
    st.one_of(
        st.sampled_from(["kurrent", "network", "nodes", "nodes-1", "nodes-9", "pods", "services", "remote"]), _NAMES
    ),
    _CIDRS,
    max_size=5,
)
_AKS_MODES = ["aks-cni", "aks-kubenet", "aks-kubenet-vnet", "aks-overlay", "aks-podsubnet"]
_MODES = st.sampled_from(["eks", "eks-custom", "gke-standard", "gke-routes", *_AKS_MODES])
_QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_QUICK
@given(_NAMES, _MODES, _RANGES, st.dictionaries(_NAMES, _CIDRS, max_size=2), st.sampled_from(["supernet", "exact"]))
@example("prod", "eks", {"network": "0.0.0.0/0", "nodes-1": "0.0.0.0/1"}, {}, "exact")
@example("prod", "aks-kubenet", {"network": "10.0.0.0/8", "kurrent": "/8"}, {"a": "0.0.0.0/0"}, "supernet")
def test_no_flags_end_in_a_traceback(
    run: Run, name: str, mode: str, blocks: dict[str, str], reserved: dict[str, str], routes: str
) -> None:
    flags = [part for n, block in blocks.items() for part in ("--range", f"{n}={block}")]
    flags += [part for n, block in reserved.items() for part in ("--reserve", f"{n}={block}")]

    result = run("plan", "--mode", mode, f"--environment={name}", "--set", f"routes={routes}", *flags, "--json")

    assert result.exit_code in (0, 1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if result.stdout:
        assert json.loads(result.stdout)["version"] == 1


_VALUES = st.recursive(
    st.one_of(_CIDRS, _NAMES, st.integers(), st.booleans(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(_NAMES, inner, max_size=2)),
    max_leaves=4,
)
_TABLES = st.dictionaries(
    st.one_of(st.sampled_from(["cloud", "region", "mode", "routes", "ranges", "parts"]), _NAMES), _VALUES, max_size=5
)
_GOOD = {"cloud": "aws", "region": "eu-west-1", "mode": "eks"}


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")


@_QUICK
@given(_NAMES, st.one_of(_TABLES, _TABLES.map(lambda t: _GOOD | t)), st.dictionaries(_NAMES, _VALUES, max_size=2))
def test_no_spec_ends_in_a_traceback(run: Run, name: str, table: dict[str, object], more: dict[str, object]) -> None:
    document = {"version": 1} | more | {"environments": {name: table}}
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in document.items())
        (Path(folder) / "escscaffold.toml").write_text(text, encoding="utf-8")

        for command in (["plan"], ["check"], ["generate", "--dry-run"], ["add", "new", *EKS, "--yes"]):
            result = run(*command, "-C", folder)
            assert result.exit_code in (0, 1, 3), result.output
            assert result.exception is None or isinstance(result.exception, SystemExit)
        by_answers = run("init", Path(folder) / "new", "--answers", Path(folder) / "escscaffold.toml", "--yes")

        assert by_answers.exit_code in (0, 1, 2), by_answers.output
        assert result.exception is None or isinstance(result.exception, SystemExit)


@_QUICK
@given(st.binary(max_size=60), st.sampled_from(["escscaffold.toml", "escscaffold.lock"]))
def test_no_bytes_in_the_spec_or_the_lock_end_in_a_traceback(run: Run, noise: bytes, broken: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spec = b'version = 1\n[environments.prod]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
        (Path(folder) / "escscaffold.toml").write_bytes(spec)
        (Path(folder) / broken).write_bytes(noise)

        result = run("generate", "-C", folder, "--dry-run")

    assert result.exit_code in (1, 3)
    assert result.exception is None or isinstance(result.exception, SystemExit)
