"""Facts are read from a cache only while they are what they were."""

import tomllib
from pathlib import Path

import pytest

from escscaffold import caching
from escscaffold.caching import read_toml
from escscaffold.clouds.fact_files import template_root

DEEP = b'["a = 1\\n", {"a": ' + b"[" * 100_000


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which tables are cached."""
    folder = tmp_path / "package/__pycache__"
    folder.mkdir(parents=True)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    monkeypatch.setattr(caching, "__file__", str(folder.parent / "caching.py"))
    return folder


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that are parsed from here on."""
    texts: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: texts.append(text) or loads(text))
    return texts


@pytest.mark.parametrize("file", sorted(Path(str(template_root())).rglob("*.toml")), ids=lambda file: file.name)
def test_every_facts_file_says_the_same_when_it_is_read_again(file: Path, cached: Path) -> None:
    expected = tomllib.loads(file.read_text(encoding="utf-8"))

    assert [repr(read_toml(file)) for _ in range(2)] == [repr(expected)] * 2


def test_a_table_that_was_cached_is_not_parsed(tmp_path: Path, cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "facts.toml"
    file.write_text('a = 1.0\nb = [true, "x"]\n')
    texts = parsed(monkeypatch)

    assert [read_toml(file) for _ in range(3)] == [{"a": 1.0, "b": [True, "x"]}] * 3
    assert len(texts) == 1


def test_another_text_is_parsed(tmp_path: Path, cached: Path) -> None:
    file = tmp_path / "facts.toml"
    for number in (1, 2, 1):
        file.write_text(f"a = {number}\n")
        assert read_toml(file) == {"a": number}


@pytest.mark.parametrize("content", [b"", b"[", b"[1, 2]", b'["a = 1\\n", 3]', b'["a = 1\\n"]', b"\xff", b"{}", DEEP])
def test_what_cannot_be_read_is_parsed_again(content: bytes, tmp_path: Path, cached: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text("a = 1\n")
    read_toml(file)
    (place,) = cached.iterdir()
    place.write_bytes(content)

    assert read_toml(file) == {"a": 1}
    assert read_toml(file) == {"a": 1}
    assert [*cached.iterdir()] == [place]


def test_nothing_is_cached_where_python_keeps_nothing(
    tmp_path: Path, cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    file = tmp_path / "facts.toml"
    file.write_text("a = 1\n")

    assert read_toml(file) == {"a": 1}
    assert not [*cached.iterdir()]


def test_a_table_that_cannot_be_cached_leaves_no_file(tmp_path: Path, cached: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text("a = 1\n")
    read_toml(file)
    (place,) = cached.iterdir()
    place.unlink()
    place.mkdir()

    assert read_toml(file) == {"a": 1}
    assert [*cached.iterdir()] == [place]
