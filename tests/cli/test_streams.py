"""Standard streams that are full, closed or left early, however Python was told to write to them."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import EKS

PRINTING = ["--version", "--help", "plan --help", "plan --mode eks", "plan --mode eks --json", "schema", "explain"]
UNBUFFERED = [{}, {"PYTHONUNBUFFERED": "1"}]


def escscaffold(arguments: str, streams: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it in a shell, with its streams as the shell is told."""
    program = f"{shlex.quote(sys.executable)} -m escscaffold {arguments} {streams}"
    environment = os.environ | variables
    done = subprocess.run(
        program, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    for words in ("Traceback", "Exception ignored"):
        assert words not in done.stderr
    return done


@pytest.mark.parametrize("unbuffered", UNBUFFERED, ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(("streams", "reason"), [(">/dev/full", "No space left on device"), (">&-", "Bad file")])
@pytest.mark.parametrize("arguments", PRINTING)
def test_an_output_that_takes_no_more_is_told_in_a_line(
    arguments: str, streams: str, reason: str, unbuffered: dict[str, str], tmp_path: Path
) -> None:
    done = escscaffold(arguments, streams, tmp_path, **unbuffered)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error standard output: ")
    assert reason in done.stderr


@pytest.mark.parametrize("unbuffered", UNBUFFERED, ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", "<&-"])
def test_a_result_needs_no_other_stream(streams: str, unbuffered: dict[str, str], tmp_path: Path) -> None:
    done = escscaffold("plan --mode eks --json", streams, tmp_path, **unbuffered)

    assert done.returncode == 0
    assert '"environments"' in done.stdout


@pytest.mark.parametrize("unbuffered", UNBUFFERED, ids=["buffered", "unbuffered"])
def test_wrong_usage_exits_with_2_where_nobody_can_be_told(unbuffered: dict[str, str], tmp_path: Path) -> None:
    done = escscaffold("plan --mode nonsense", "2>&- >&- <&-", tmp_path, **unbuffered)

    assert done.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("init network", 2, "No terminal for questions, and these values are missing"),
        ("scan -", 1, "error standard input: cannot be read"),
        ("plan --answers -", 2, "standard input"),
        ("init network --answers -", 2, "standard input"),
    ],
)
def test_an_input_that_is_closed_is_told(arguments: str, code: int, told: str, tmp_path: Path) -> None:
    done = escscaffold(arguments, "<&-", tmp_path)

    assert done.returncode == code
    assert told in done.stderr
    assert not (tmp_path / "network").exists()


def test_add_with_its_input_closed_names_the_flags(tmp_path: Path) -> None:
    made = escscaffold(f"init . {shlex.join(EKS)} --yes", "", tmp_path)

    done = escscaffold("add test", "<&-", tmp_path)

    assert (made.returncode, done.returncode) == (0, 2)
    assert "--region" in done.stderr


def test_a_file_that_is_written_never_takes_the_place_of_a_closed_output(tmp_path: Path) -> None:
    done = escscaffold(f"init network {shlex.join(EKS)} --yes", ">&- 2>&- <&-", tmp_path)

    assert done.returncode == 1
    spec = (tmp_path / "network" / "escscaffold.toml").read_text(encoding="utf-8")
    assert spec.startswith("#:schema")
    assert "Wrote" not in spec


INTERRUPTED = """
import os, signal, sys
sys.argv = ["escscaffold", "plan", "--mode", "eks"]
signal.signal(signal.SIGINT, signal.{handler})
from escscaffold.__main__ import main
def interrupt(event, values):
    if event == "import" and values[0] == {module!r}:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(interrupt)
main()
"""


@pytest.mark.parametrize(
    ("module", "handler", "code"),
    [
        # Before the command line is imported, the signal itself ends the process: shells say 130 of that, too.
        ("click", "default_int_handler", -signal.SIGINT),
        ("escscaffold.planning.planner", "default_int_handler", 130),
        ("click", "SIG_IGN", 0),
        ("escscaffold.planning.planner", "SIG_IGN", 0),
    ],
)
def test_ctrl_c_while_it_starts_prints_no_traceback(module: str, handler: str, code: int, tmp_path: Path) -> None:
    program = INTERRUPTED.format(module=module, handler=handler)

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == code
    assert done.stderr in ("", "\nAborted!\n")


def test_an_import_that_ctrl_c_breaks_off_is_no_traceback(tmp_path: Path) -> None:
    """Python 3.11 raises RuntimeError for a KeyboardInterrupt in a class that is being made."""
    program = INTERRUPTED.format(module="no such module", handler="default_int_handler").replace(
        "main()\n", "import escscaffold.cli; escscaffold.cli.import_module = broken_off; main()\n"
    )
    raising = """
def broken_off(name):
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt as error:
        raise RuntimeError("Error calling __set_name__") from error
"""

    done = subprocess.run(
        [sys.executable, "-c", raising + program], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (130, "")
