"""Files are read to their end, whatever size the system gives for them."""

import sys
from pathlib import Path

import pytest

from escscaffold.errors import ScaffoldError
from escscaffold.inputs import read_file


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_file_is_read_whole(size: int, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * size)

    assert read_file(file) == b"x" * size
    assert read_file(file, most=size) == b"x" * size


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 101)

    with pytest.raises(ScaffoldError, match="larger"):
        read_file(file, most=100)


@pytest.mark.skipif(sys.platform != "linux", reason="files of a size that is not known exist on Linux")
def test_a_file_that_is_said_to_be_empty_is_read_to_its_end() -> None:
    known = Path("/proc/self/environ")

    assert known.stat().st_size == 0
    assert read_file(known) == known.read_bytes() != b""
