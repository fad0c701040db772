"""The interview by lists and edited lines, in a pseudo-terminal whose screen is read as a person sees it."""

import itertools
import os
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pexpect
import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.output import DummyOutput

from escscaffold.cli.choice_lists import ChoiceLists
from escscaffold.clouds.fact_files import mode_names
from tests.cli.conftest import tree
from tests.properties import examples
from tests.started import AtTerminal

PROGRAM = str(Path(sys.executable).with_name("escscaffold"))
UP, DOWN, ENTER, TAB, BACKSPACE = "\x1b[A", "\x1b[B", "\r", "\t", "\x7f"
CTRL_C, CTRL_D, CTRL_U = "\x03", "\x04", "\x15"
KEYS = [*"abegkz-<?é 日", UP, DOWN, TAB, BACKSPACE, CTRL_U, "\x1b[Z", "\x1b[H", "\x1b[F"]
UNSET = ("ACCESSIBLE", "NO_COLOR", "COLUMNS", "PROMPT_TOOLKIT_NO_CPR")
QUESTIONS = [
    *["Name of the environment", "Mode:", "Region", "Ranges in use elsewhere", "What exists in Kurrent Cloud:"],
    *["Size of the cluster:", "CI service:", "Write the repository to network?"],
]


class Person:
    """Looks at the screen, and types when it shows what was waited for."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 100, rows: int = 60, **variables: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.raw, self._shown = "", ""
        self.child: Any = AtTerminal(
            [*arguments],
            cwd=str(folder),
            env={**kept, "TERM": "xterm-256color", **variables},
            encoding="utf-8",
            dimensions=(rows, columns),
            timeout=20,
        )
        self.before = termios.tcgetattr(self.child.child_fd)

    @property
    def shown(self) -> str:
        self._shown = self._shown or "\n".join(line.rstrip() for line in self.screen.display).rstrip("\n")
        return self._shown

    def sees(self, text: str, *, last: bool = False) -> str:
        """Wait until the screen shows a text, in its last line where it is to be that; return the whole screen."""
        self._wait_until(lambda: text in (self.shown.split("\n")[-1] if last else self.shown), text)
        return self.shown

    def explains(self, words: str) -> None:
        """Wait until the screen shows these words, in one line or several."""
        self._wait_until(lambda: words in " ".join(self.shown.split()), words)

    def sees_lines(self, pattern: str, count: int) -> list[str]:
        """Wait until as many lines of the screen begin like that, and return them."""
        self._wait_until(lambda: len(self._lines(pattern)) == count, f"{count} lines like {pattern}")
        return self._lines(pattern)

    def at(self, question: str) -> "Person":
        """Wait until the question is the last one that has no answer."""
        asked = "|".join(map(re.escape, [*QUESTIONS, question]))
        self._wait_until(lambda: any(line.startswith(question) for line in self._lines(asked)[-1:]), question)
        return self

    def types(self, *keys: str) -> "Person":
        for key in keys:
            self.child.send(key)
        return self

    def ends(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and the screen."""
        while self.child.isalive() or not self.child.flag_eof:
            try:
                self._read()
            except pexpect.EOF:
                break
        return int(self.child.wait()), self.shown

    def _lines(self, pattern: str) -> list[str]:
        return [line for line in self.shown.split("\n") if re.match(pattern, line)]

    def _wait_until(self, is_shown: Callable[[], bool], expected: str) -> None:
        until = time.monotonic() + 20
        while not is_shown():
            assert time.monotonic() < until, f"waited for {expected!r}:\n{self.shown}"
            self._read()

    def _read(self) -> None:
        try:
            read = self.child.read_nonblocking(65536, timeout=0.02)
        except pexpect.TIMEOUT:
            return
        self.raw += read
        self.stream.feed(read)
        self._shown = ""


@pytest.fixture
def sit_down(tmp_path: Path) -> Iterator[Any]:
    people: list[Person] = []

    def start(*arguments: str, **options: Any) -> Person:
        people.append(Person(tmp_path, *arguments, **options))
        return people[-1]

    yield start
    for person in people:
        person.child.close(force=True)


def test_enter_at_every_question_gives_a_repository(sit_down: Any, tmp_path: Path) -> None:
    person = sit_down("init", "network")

    for question in QUESTIONS:
        person.at(question).types(ENTER)
    code, last = person.ends()

    assert code == 0
    assert "Wrote" in last
    assert 'mode = "eks"' in (tmp_path / "network/escscaffold.toml").read_text()
    # A list is gone once it is answered, and its answer stays.
    assert "Mode: eks\n" in last
    assert "aks-overlay" not in last


def test_a_list_is_moved_in_by_arrows_and_shows_what_a_choice_means(sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod")
    person.at("Mode:")

    person.sees("> eks ")
    person.explains("the peering must route to the VPC")
    person.types(DOWN).sees("> aws-existing")
    person.explains("the VPC does not change")
    person.types(UP, UP).sees("> gke-routes")
    person.types(TAB).sees("> eks ")
    person.types("\x1b[F").sees("> gke-routes")
    person.types("\x1b[H").sees("> eks ")
    assert all(f"  {mode}" in person.shown or f"> {mode}" in person.shown for mode in mode_names())


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("gke-r", "gke-routes"),
        ("azure", "aks-cni"),
        ("AUTOP", "gke-autopilot"),
        ("overlay", "aks-overlay"),
        ("aks-kubenet", "aks-kubenet"),
    ],
)
def test_typing_narrows_a_list(typed: str, chosen: str, sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod")
    person.at("Mode:").types(typed).sees(f"> {chosen} ")
    assert person.sees_lines("[> ] eks-custom", 0) == []

    person.types(ENTER).at("Region")

    assert f"Mode: {chosen}\n" in person.shown


def test_what_no_choice_has_is_told_and_asked_again(sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod")
    person.at("Mode:").types("gke-standart").sees("None of the choices: Enter answers gke-standart.")

    person.types(ENTER).sees("Did you mean gke-standard?")
    person.types("gke-x", BACKSPACE, "s").sees("> gke-standard")
    person.types(CTRL_U).sees("> eks ")
    person.types("?").sees("Compare all modes: escscaffold/docs/reference/modes.md")
    person.sees("> eks ")


def test_a_question_mark_explains_a_list_that_was_narrowed(sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod")
    person.at("Mode:").types("overlay").sees("> aks-overlay")

    person.types("?").sees("Compare all modes: escscaffold/docs/reference/modes.md")


def test_regions_are_completed_by_tab(sit_down: Any, tmp_path: Path) -> None:
    person = sit_down("init", "network", "--environment", "prod", "--mode", "gke-standard")
    person.at("Region").types("europe-n").sees("europe-north1")
    person.types(TAB).sees("Region [europe-west2]: europe-north1")
    person.types(ENTER)
    for question in QUESTIONS[3:]:
        person.at(question).types(ENTER)

    assert person.ends()[0] == 0
    assert 'region = "europe-north1"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_a_misspelled_region_is_corrected_by_enter(sit_down: Any, tmp_path: Path) -> None:
    person = sit_down("init", "network", "--environment", "prod", "--mode", "gke-standard")
    person.at("Region").types("europe-wst2", ENTER).sees("Did you mean europe-west2? [Y/n]:")
    person.types("?", ENTER).sees("Or type another answer.")
    person.types(ENTER)
    for question in QUESTIONS[3:]:
        person.at(question).types(ENTER)

    assert person.ends()[0] == 0
    assert 'region = "europe-west2"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_going_back_points_at_what_was_answered(sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod")
    person.at("Mode:").types("gke-r", ENTER)
    person.at("Region").types("europe-west4", ENTER)
    person.at("Ranges in use elsewhere").types("<", ENTER)
    person.sees("Region [europe-west4]:", last=True)
    person.types("<", ENTER).sees("> gke-routes")
    person.types("<").sees("This is the first question.")
    person.types("\r").sees("Region [europe-west4]:", last=True)


def test_a_number_answers_the_list_of_sizes(sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod", "--mode", "gke-standard")
    for question in QUESTIONS[2:5]:
        person.at(question).types(ENTER)
    person.at("Size of the cluster:").types("40").sees("None of the choices: Enter answers 40.")

    person.types(ENTER).sees("CI service:")

    assert "Size of the cluster: 40\n" in person.shown
    # Going back points at it.
    person.types("<").sees("> 40       As answered before")
    person.types(ENTER).sees("> github")
    assert person.shown.count("Size of the cluster: 40\n") == 2


def test_sizes_of_nodes_and_pods(sit_down: Any, tmp_path: Path) -> None:
    person = sit_down("init", "network", "--environment", "prod", "--mode", "gke-standard")
    for question in QUESTIONS[2:5]:
        person.at(question).types(ENTER)
    person.at("Size of the cluster:").sees("> default  Room for 127 nodes, 110 pods on each")
    person.types("nodes", ENTER).sees("Nodes at most [127]:")
    person.types("40", ENTER).sees("Pods on each node at most [110]:")
    person.types("64", ENTER)
    for question in QUESTIONS[6:]:
        person.at(question).types(ENTER)

    assert person.ends()[0] == 0
    assert "pods = { nodes = 40, pods_per_node = 64 }" in (tmp_path / "network/escscaffold.toml").read_text()


# At every question, and with both keys at each kind of it: a text, a list, a text that is completed, and yes or no.
LEAVING = [*((number, CTRL_C) for number in (0, 2, 4, 7)), *((number, CTRL_D) for number in (1, 2, 3, 5, 6, 7))]


@pytest.mark.parametrize(("position", "key"), LEAVING)
def test_leaving_at_any_question_leaves_nothing_and_a_terminal_as_it_was(
    position: int, key: str, sit_down: Any, tmp_path: Path
) -> None:
    person = sit_down("init", "network")
    for question in QUESTIONS[:position]:
        person.at(question).types(ENTER)
    person.at(QUESTIONS[position]).types(key)
    code, last = person.ends()

    assert code == (130 if key == CTRL_C else 1)
    assert last.endswith("Aborted!")
    assert "Traceback" not in last
    assert tree(tmp_path) == {}
    assert person.screen.cursor.hidden is False
    assert "\x1b[?2004h" not in person.raw.rpartition("\x1b[?2004l")[2]


def wait_for_keys(shell: Any) -> None:
    """Wait until the question reads each key, and no longer whole lines as the terminal hands them over at first."""
    until = time.monotonic() + 20
    while termios.tcgetattr(shell.fileno())[3] & termios.ICANON:
        assert time.monotonic() < until, "the question does not read keys"
        time.sleep(0.01)


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D, "n\r"], ids=["Ctrl-C", "Ctrl-D", "no"])
def test_a_shell_has_its_terminal_back(key: str, tmp_path: Path) -> None:
    given = "--mode eks --region eu-west-1 --environment prod --reserve office=10.8.0.0/16"
    command = f"unset ACCESSIBLE; stty -a > before; {PROGRAM} init network {given}; echo code $?; stty -a > after"
    environment = {**os.environ, "TERM": "xterm"}
    shell = pexpect.spawn("/bin/sh", ["-c", command], cwd=str(tmp_path), env=environment, dimensions=(50, 100))
    for number, question in enumerate(("What exists", "Size of", "CI service", "Write the repository")):
        shell.expect(question)
        wait_for_keys(shell)
        shell.send(key if number == 3 else "\r")
    shell.expect("code (130|1)")
    shell.expect(pexpect.EOF)

    assert (tmp_path / "before").read_text() == (tmp_path / "after").read_text()
    assert not (tmp_path / "network").exists()


@pytest.mark.parametrize("question", ["Name of the environment", "Mode:"])
def test_a_signal_that_ends_it_leaves_the_terminal_as_it_was(question: str, tmp_path: Path) -> None:
    command = f"unset ACCESSIBLE; stty -a > before; {PROGRAM} init network; echo code $?; stty -a > after"
    environment = {**os.environ, "TERM": "xterm"}
    shell = pexpect.spawn("/bin/sh", ["-c", command], cwd=str(tmp_path), env=environment, dimensions=(50, 100))
    shell.expect("Name of the environment")
    if question == "Mode:":
        shell.send(ENTER)
        shell.expect("Mode:")
    wait_for_keys(shell)
    inner = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()[0]
    os.kill(int(inner), signal.SIGTERM)
    shell.expect("code 143")
    shell.expect(pexpect.EOF)

    assert (tmp_path / "before").read_text() == (tmp_path / "after").read_text()


def test_a_signal_while_raw_mode_is_entered_or_left_leaves_the_terminal_as_it_was() -> None:
    """The signal comes at each line of prompt_toolkit that changes the terminal, one after the other."""
    stopped = []
    while True:
        keyboard, terminal = os.openpty()
        before, moments = termios.tcgetattr(terminal), itertools.count()

        def trace(frame: FrameType, event: str, _: Any, moments: Iterator[int] = moments) -> Any:
            if frame.f_code.co_qualname not in ("raw_mode.__enter__", "raw_mode.__exit__"):
                return None
            if next(moments) == len(stopped):
                os.kill(os.getpid(), signal.SIGTERM)
            return trace

        with os.fdopen(terminal) as file, create_app_session(input=Vt100Input(file), output=DummyOutput()):
            os.write(keyboard, ENTER.encode())
            sys.settrace(trace)
            try:
                ChoiceLists().choose("Mode", "eks", {"eks": "aws: eks", "aks-cni": "azure: aks-cni"})
            except SystemExit as exit_:
                assert exit_.code == 128 + signal.SIGTERM
            finally:
                sys.settrace(None)
            after = termios.tcgetattr(terminal)
        os.close(keyboard)
        if next(moments) <= len(stopped):
            break
        stopped.append(after == before)

    assert len(stopped) > 10
    assert all(stopped), stopped


def test_a_signal_ends_it_even_if_a_task_of_the_list_never_does() -> None:
    code = """
import asyncio.runners, os, signal, threading, time
from escscaffold.cli.choice_lists import ChoiceLists
asyncio.runners._cancel_all_tasks = lambda loop: time.sleep(60)
threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()
ChoiceLists().choose("Mode", "eks", {"eks": "aws: eks"})
"""
    program = pexpect.spawn(sys.executable, ["-c", code], env={**os.environ, "TERM": "xterm"})

    program.expect(pexpect.EOF)
    program.close()

    assert program.exitstatus == 128 + signal.SIGTERM


def test_a_signal_ends_it_in_the_background(tmp_path: Path) -> None:
    """A shell that kills a stopped job continues it, and has the terminal itself."""
    command = f"set -m; {PROGRAM} init network; echo stopped; stty -a >before; "
    command += "kill %1; kill -CONT %1; wait -f %1; echo code $?; stty -a >after"
    environment = {**os.environ, "TERM": "xterm"}
    shell = pexpect.spawn("bash", ["-c", command], cwd=str(tmp_path), env=environment, dimensions=(50, 100), timeout=20)
    shell.expect("Name of the environment")
    wait_for_keys(shell)
    inner = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()[0]
    os.kill(int(inner), signal.SIGSTOP)
    shell.expect("stopped")
    shell.expect("code 143")
    shell.expect(pexpect.EOF)

    assert (tmp_path / "before").read_text() == (tmp_path / "after").read_text()
    assert not (tmp_path / "network").exists()


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_narrow_terminal_shows_lists_and_prompts_whole(columns: int, sit_down: Any) -> None:
    person = sit_down("init", "network", columns=columns, rows=200)

    person.at("Name of the environment").types(ENTER)
    person.at("Mode:").sees("> eks ")
    rows = person.sees_lines(r"[> ] \S+ +(aws|azure|gcp): ", len(mode_names()))
    assert all(row.endswith("...") or len(row) < columns for row in rows)
    person.types(ENTER)
    for question in QUESTIONS[2:]:
        person.sees(" ".join(question.split()[:3]))
        person.at(" ".join(question.split()[:3])).types("n\r" if question == QUESTIONS[-1] else ENTER)

    assert person.ends()[1].endswith("Nothing was written.")


@pytest.mark.parametrize("rows", [12, 24])
def test_a_low_terminal_keeps_the_pointed_choice_in_sight(rows: int, sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod", columns=80, rows=rows)
    person.sees("> eks ")

    person.types(UP).sees("> gke-routes")
    person.types(ENTER).sees("Region")


def test_no_color_is_respected(sit_down: Any) -> None:
    for variables, flags in (({"NO_COLOR": "1"}, ()), ({}, ("--color", "never"))):
        person = sit_down("init", "network", "--environment", "prod", *flags, **variables)
        person.at("Mode:").types(ENTER)
        person.at("Region").types(ENTER)
        person.at("Ranges in use elsewhere").types(CTRL_C)
        person.ends()

        colors = re.findall(r"\x1b\[([0-9;]*)m", person.raw)
        assert not [code for code in colors if re.search(r"(^|;)(3[0-8]|4[0-8]|9[0-7])(;|$)", code)]


@pytest.mark.parametrize(
    ("flags", "variables"),
    [(("--plain",), {}), ((), {"ACCESSIBLE": "1"}), ((), {"ESCSCAFFOLD_PLAIN": "1"}), ((), {"TERM": "dumb"})],
)
def test_plain_lines_move_no_cursor(flags: tuple[str, ...], variables: dict[str, str], sit_down: Any) -> None:
    person = sit_down("init", "network", "--environment", "prod", *flags, **variables)
    person.sees("Mode (eks, ")
    person.sees("[eks]:")
    person.types(CTRL_C)

    assert person.ends()[0] == 130
    # Styles, and what readline says of pasting; nothing that moves, clears or hides.
    assert not re.findall(r"\x1b\[[0-9;]*[A-HJKf]|\x1b\[\?25l", person.raw)


def test_accessible_zero_is_not_accessible(sit_down: Any) -> None:
    sit_down("init", "network", "--environment", "prod", ACCESSIBLE="0").sees("> eks ")


def test_letters_of_any_language_are_shown_as_typed(sit_down: Any) -> None:
    person = sit_down("init", "network")

    person.at("Name of the environment").types("größe", ENTER)

    assert "Invalid environment name 'größe'" in person.sees("Invalid environment name")
    assert "'ö' is U+00F6." in " ".join(person.shown.split())


def test_a_terminal_is_asked_nothing(sit_down: Any) -> None:
    """An answer of the terminal would be typed into the next question, or be seen after the end."""
    person = sit_down("init", "network", "--environment", "prod")
    person.at("Mode:").types(ENTER)
    person.at("Region").types(CTRL_C)
    person.ends()

    assert not re.findall(r"\x1b\[6n|\x1b\[c|\x1b\[>c", person.raw)


@examples(15)
@given(st.lists(st.sampled_from(KEYS), max_size=30))
def test_any_keys_end_in_a_choice_or_in_what_was_typed(keys: list[str]) -> None:
    choices = {mode: f"{cloud}: {mode}\nMore of {cloud}." for mode, cloud in mode_names().items()}
    typed = "".join(keys)
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(f"{typed}{ENTER}")
        answer = ChoiceLists().choose("Mode", "eks", choices)

    assert answer
    assert answer in choices or set(answer) <= set(typed)


def test_nothing_of_it_is_imported_without_a_terminal(tmp_path: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from escscaffold.cli import cli; "
        "r = CliRunner().invoke(cli, ['init', 'network', '--yes', '--quiet']); assert r.exit_code == 0, r.output; "
        "print(sorted({'prompt_toolkit', 'asyncio', 'escscaffold.cli.choice_lists'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
