"""What is written can be checked out on Windows, and a file can be named there as people name it."""

import re
from pathlib import Path, PureWindowsPath

import pytest

from escscaffold.clouds.fact_files import mode_names
from escscaffold.clouds.known_facts import load_facts
from escscaffold.jobs.release import path_in
from escscaffold.repository.disk import load_lock
from escscaffold.spec.values import BadValue, read_environment_name
from tests.conftest import Run

FOLDER = PureWindowsPath(r"C:\Users\me\network")
# What a name of a file cannot hold there, besides the names of devices.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: reserved with any extension, too.
DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:[.:].*)?", re.IGNORECASE
)
IMPOSSIBLE = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (r"environments\prod\main.tf", "environments/prod/main.tf"),
        ("environments/prod/main.tf", "environments/prod/main.tf"),
        (r".\environments\prod\main.tf", "environments/prod/main.tf"),
        (r"modules\..\environments\prod\main.tf", "environments/prod/main.tf"),
        (r"C:\Users\me\network\environments\prod\main.tf", "environments/prod/main.tf"),
        (r"c:\users\ME\network\README.md", "README.md"),
        (r"D:\Users\me\network\README.md", "D:/Users/me/network/README.md"),
        (r"C:\Users\me\network-2\README.md", "C:/Users/me/network-2/README.md"),
        (r"\\server\share\README.md", "//server/share/README.md"),
        (r"..\README.md", "../README.md"),
        (r"modules\..\..\README.md", "../README.md"),
        (r"C:README.md", "C:README.md"),
    ],
)
def test_a_file_is_known_by_its_windows_path(typed: str, path: str) -> None:
    assert path_in(FOLDER, PureWindowsPath(typed)) == path


@pytest.mark.parametrize(
    "name",
    [
        *("con", "nul", "aux", "prn", "com1", "lpt9", "CON", "nul.txt", "con.", "aux "),
        *("prod.", "prod ", " prod", "c:", "c:prod", r"a\b", r"\\server\share", "a/b", "a|b", "a*", "com\u00b9"),
    ],
)
def test_an_environment_is_no_name_that_windows_keeps_or_cannot_have(name: str) -> None:
    with pytest.raises(BadValue):
        read_environment_name(name)


@pytest.mark.parametrize("mode", ["eks", "gke-standard", "aks-podsubnet"])
def test_every_file_can_stand_on_a_windows_disk(mode: str, tmp_path: Path, run: Run) -> None:
    assert mode in mode_names()
    run("init", tmp_path, "--mode", mode, "--environment", "an-environment-of-20", "--yes")
    paths = [*load_lock(tmp_path, load_facts()).manifest.written]

    assert len(paths) > 40
    assert "\\" not in (tmp_path / "escscaffold.lock").read_text()
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        windows = PureWindowsPath(path)
        assert not windows.is_absolute() and not windows.drive
        assert not [part for part in windows.parts if DEVICE.fullmatch(part)]
        assert not [part for part in windows.parts if IMPOSSIBLE.search(part)]
        # The folder that a person works in has room in the 260 characters of a path.
        assert len(path) < 120
