"""What a file has besides its text stays: its mode, its owner, its access list; another name of it is told."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.repository.test_permissions import NOBODY

TFVARS, SCRIPT = "environments/prod/terraform.tfvars", "scripts/check-connectivity.sh"
FILES = ["escscaffold.toml", "escscaffold.lock", TFVARS]
SET = ["set", "prod.region=eu-west-1", "--accept-replace", "prod"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("wanted", [0o600, 0o664, 0o640, 0o444])
def test_a_file_keeps_its_mode(wanted: int, repository: Path, run: Run) -> None:
    for name in FILES:
        (repository / name).chmod(wanted)
    before = {name: (repository / name).read_text() for name in FILES}

    assert run("-C", repository, *SET).exit_code == 0

    assert all((repository / name).read_text() != before[name] for name in FILES)
    assert {name: mode(repository / name) for name in FILES} == dict.fromkeys(FILES, wanted)


def test_a_script_that_nobody_may_run_stays_so(repository: Path, run: Run) -> None:
    script = repository / SCRIPT
    script.write_text(script.read_text().replace("busybox", "busybox:1.36"))
    script.chmod(0o600)

    assert run("-C", repository, *SET).exit_code in (0, 4)

    assert mode(script) == 0o600


def test_formatting_and_reserving_keep_the_mode(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace(" = ", "   = "))
    spec.chmod(0o600)

    assert run("-C", repository, "fmt").exit_code == 0
    (repository / "found.txt").write_text("192.168.7.0/24 office\n")
    assert run("-C", repository, "scan", "found.txt", "--reserve").exit_code == 0

    assert "office" in spec.read_text()
    assert mode(spec) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for another user")
def test_a_file_keeps_its_owner(repository: Path, run: Run) -> None:
    for name in FILES:
        os.chown(repository / name, NOBODY, NOBODY)

    assert run("-C", repository, *SET).exit_code == 0

    assert {((repository / name).stat().st_uid, (repository / name).stat().st_gid) for name in FILES} == {
        (NOBODY, NOBODY)
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep access lists elsewhere")
def test_a_file_keeps_its_attributes(repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    try:
        os.setxattr(spec, "user.mine", b"kept")
    except OSError:
        pytest.skip("this disk has no attributes")

    assert run("-C", repository, *SET).exit_code == 0

    assert os.getxattr(spec, "user.mine") == b"kept"


@pytest.mark.parametrize("asking", [[], ["--dry-run"]])
def test_another_name_of_a_file_is_told(asking: list[str], repository: Path, tmp_path: Path, run: Run) -> None:
    old = (repository / TFVARS).read_text()
    (tmp_path / "other").hardlink_to(repository / TFVARS)

    result = run("-C", repository, *SET, *asking)

    assert f"warning {TFVARS} is a hard link; its other name keeps the old text." in " ".join(result.output.split())
    assert (tmp_path / "other").read_text() == old
    assert ((repository / TFVARS).read_text() == old) == bool(asking)


def test_a_file_with_one_name_is_not(repository: Path, run: Run) -> None:
    assert "another name" not in run("-C", repository, *SET).output


@pytest.mark.parametrize("command", [["set", "prod.routes=exact", "--accept-replace", "prod"], ["fmt"]])
def test_a_byte_order_mark_stays(command: list[str], repository: Path, run: Run) -> None:
    spec = repository / "escscaffold.toml"
    text = spec.read_text().replace(" = ", "  = ", 1)
    spec.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert run("-C", repository, *command).exit_code == 0

    assert spec.read_bytes().startswith(b"\xef\xbb\xbf#:schema")
    assert spec.read_bytes().count(b"\xef\xbb\xbf") == 1
    assert spec.read_text("utf-8-sig") != text
    assert run("-C", repository, "check").exit_code == 0


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    code = "import os, sys; os.umask(0o027); sys.argv[0] = 'escscaffold'; from escscaffold.__main__ import main; main()"
    arguments = ["init", tmp_path / "network", "--mode", "eks", "--region", "eu-central-1", "--yes"]

    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)

    assert mode(tmp_path / "network/escscaffold.toml") == 0o640
    assert mode(tmp_path / "network" / SCRIPT) == 0o750
