"""Compiled templates are kept where that is possible; a disk that refuses them stops no command."""

import errno
from pathlib import Path

import pytest

from escscaffold.rendering import templates

NAME = "repository/_needs.md.j2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which compiled templates are kept."""
    monkeypatch.setattr(templates, "cache_folder", lambda _: tmp_path)
    return tmp_path


def test_a_full_disk_does_not_stop_a_template(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("jinja2.bccache.Bucket.write_bytecode", refuse)

    assert templates._environment.__wrapped__().get_template(NAME).name == NAME
    assert not [*folder.iterdir()]


def test_a_compiled_template_that_cannot_be_read_is_compiled_again(folder: Path) -> None:
    templates._environment.__wrapped__().get_template(NAME)
    (place,) = folder.iterdir()
    place.unlink()
    place.symlink_to(place)

    assert templates._environment.__wrapped__().get_template(NAME).name == NAME
