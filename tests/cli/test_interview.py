"""The interview in a real terminal, asked in plain lines; test_choice_lists.py has the lists."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from escscaffold.cli.answers import Answers
from escscaffold.cli.interview import store_answer
from escscaffold.cli.questions import questions
from escscaffold.cli.tables import routes_text
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.sizing import size_of
from tests.cli.conftest import Plan, tree
from tests.conftest import Run
from tests.started import AtTerminal

EKS_QUESTIONS = [
    *["Name of the environment", "Mode", "Region", "Ranges in use elsewhere", "What exists in Kurrent Cloud"],
    *["Size of the cluster", "CI service"],
]
EKS_RANGES = ["Range kurrent", "Range network", "Range nodes-1", "Range nodes-2", "Range services"]
CTRL_C, CTRL_D = "\x03", "\x04"


def _prompt(question: str) -> str:
    """Return a pattern for a prompt that waits: a long one is broken between words, wherever the terminal ends."""
    return ("" if question.endswith("?") else "(?<! )") + r"\s+".join(map(re.escape, question.split())) + "[^:]*: $"


class Conversation:
    """A person at the terminal: waits for a question, then types."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 100, env: Any = None) -> None:
        self.child: Any = AtTerminal(
            [*arguments],
            cwd=str(folder),
            # Spelled out: readline sets COLUMNS behind Python's back, and what inherits it would believe it.
            env={**(env or os.environ), "ACCESSIBLE": "1"},
            encoding="utf-8",
            codec_errors="replace",
            timeout=30,
            dimensions=(50, columns),
        )

    def answers(self, question: str, answer: str = "") -> str:
        """Wait for the prompt of a question, type the answer, and return what was said before the prompt."""
        self.child.expect(_prompt(question))
        before = str(self.child.before)
        self.child.sendline(answer)
        return before

    def leaves(self, question: str, key: str) -> tuple[int, str]:
        """Wait for a question and press a key; return the exit code and what was said last."""
        self.child.expect(_prompt(question))
        self.child.send(key)
        if self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5):
            # Python's input() can miss a signal in the moment between showing its prompt and waiting: press again.
            self.child.send(key)
            self.child.expect(pexpect.EOF)
        return int(self.child.wait()), str(self.child.before)

    def ends(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what was said last."""
        self.child.expect(pexpect.EOF)
        # The terminal may close a moment before the process is gone; close() would kill it then.
        return int(self.child.wait()), str(self.child.before).replace("\r\n", "\n")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Any]:
    conversations: list[Conversation] = []

    def start(*arguments: str, **options: Any) -> Conversation:
        conversations.append(Conversation(tmp_path, *arguments, **options))
        return conversations[-1]

    yield start
    for conversation in conversations:
        conversation.child.close(force=True)


def test_every_default_gives_a_repository_that_checks(talk: Any, tmp_path: Path, run: Run, planned: Plan) -> None:
    person = talk("init", "network")

    for question in EKS_QUESTIONS:
        person.answers(question)
    person.answers("Write the repository to network?")
    code, last = person.ends()

    assert code == 0
    assert "Wrote" in last
    assert len([line for line in last.split("Next:\n")[1].splitlines() if line.strip()]) == 3
    assert run("check", "-C", tmp_path / "network").output.count("\nNo problems found.\n") == 1
    by_interview = planned("-C", tmp_path / "network")["environments"]["prod"]
    by_flags = planned("--mode", "eks")["environments"]["prod"]
    assert {n: r["cidr"] for n, r in by_interview["ranges"].items()} == {
        n: r["cidr"] for n, r in by_flags["ranges"].items()
    }


def test_what_flags_say_is_not_asked(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--mode", "eks", "--region", "eu-west-1", "--range", "network=10.64.0.0/16")

    for question in ("Name of the environment", "Ranges in use", "What exists in Kurrent Cloud"):
        said = person.answers(question)
        assert not re.search(r"^(Region|Mode|Range network)\b.*: ", said, re.MULTILINE)
    person.answers("Size of the cluster", "cidr")
    for question in ("Range kurrent", "Range nodes-1", "Range nodes-2", "Range services", "CI service"):
        person.answers(question)
    person.answers("Write the repository")

    assert person.ends()[0] == 0
    assert 'network = "10.64.0.0/16"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_the_mode_is_one_of_the_cloud_that_is_given(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--cloud", "gcp")
    person.answers("Name of the environment")
    person.answers("Mode", "eks")

    assert "eks is a mode of aws, not of gcp" in person.answers("Mode")
    assert "eks" not in person.answers("Region")
    for question in EKS_QUESTIONS[3:]:
        person.answers(question)
    person.answers("Write the repository")
    assert person.ends()[0] == 0
    assert 'mode = "gke-standard"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_a_question_mark_explains_and_asks_again(talk: Any) -> None:
    person = talk("init", "network")

    person.answers("Name of the environment", "?")
    assert "such as prod or eu-staging" in person.answers("Name of the environment")
    person.answers("Mode", "?")
    modes = person.answers("Mode", "gke-standard")
    # One line for each mode, so that the help and the question fit 24 lines.
    assert "gke-autopilot: gcp: GKE Autopilot\n" in modes.replace("\r", "")
    assert len(modes.strip().splitlines()) <= 24
    person.answers("Region", "?")
    regions = " ".join(person.answers("Region", "europe-wst2").split())
    assert "europe-north1" in regions
    assert (
        "account.host_project=acme-network sets the id of the host project, if the network is a Shared VPC" in regions
    )
    person.answers("Did you mean europe-west2?", "?")
    assert "Or type another answer" in " ".join(person.answers("Did you mean europe-west2?").split())
    person.answers("Ranges in use", "?")
    assert "office=10.8.0.0/16" in person.answers("Ranges in use")
    person.answers("What exists in Kurrent Cloud", "?")
    assert "looked up by name" in person.answers("What exists in Kurrent Cloud")
    person.answers("Size of the cluster", "?")
    assert "default: Room for 127 nodes, 110 pods on each." in person.answers("Size of the cluster", "nodes")
    person.answers("Nodes at most", "?")
    assert "3 to 1,000,000" in person.answers("Nodes at most")
    person.answers("Pods on each node at most", "?")
    assert "8 to 256" in person.answers("Pods on each node at most")
    person.answers("CI service", "?")
    assert "gitlab: GitLab CI/CD" in person.answers("CI service", "<")
    for question in ("Pods on each node at most", "Nodes at most"):
        person.answers(question, "<")
    person.answers("Size of the cluster", "cidr")
    person.answers("Range kurrent", "?")
    assert "/9 to /24" in " ".join(person.answers("Range kurrent").split())
    for question in ("Range nodes", "Range pods", "Range services", "CI service"):
        person.answers(question)
    person.answers("Write the repository", "?")
    help_of_the_plan = " ".join(person.answers("Write the repository").split())
    assert "KEY=VALUE corrects an answer: region=europe-west2, nodes=/20," in help_of_the_plan
    assert "sized by your nodes and pods" in help_of_the_plan


def test_a_need_answers_a_range_question(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--cloud", "gcp", "--mode", "gke-standard", "--environment", "prod")
    person.answers("Region")
    person.answers("Ranges in use")
    person.answers("What exists in Kurrent Cloud")
    person.answers("Size of the cluster", "cidr")

    person.answers("Range kurrent", "?")
    assert "What it has to hold" not in person.answers("Range kurrent")
    person.answers("Range nodes", "?")
    assert "{ nodes = 10 }" in person.answers("Range nodes")
    person.answers("Range pods", "?")
    told = person.answers("Range pods", "{ nodes = x }")
    assert "Or a number of nodes: { nodes = 10, pods_per_node = 110 }." in " ".join(told.split())
    assert "is not a table" in person.answers("Range pods", "{ nodes = 2 }")
    assert "is outside 3 to" in person.answers("Range pods", "{ nodes = 100, growth = 2 }")
    person.answers("Range services")
    person.answers("CI service")
    shown = person.answers("Write the repository")
    assert re.search(r"pods +[0-9.]+/17 .*sized", shown)
    assert re.search(r"[0-9.]+/16 is kept free for growth of pods", shown)

    assert person.ends()[0] == 0
    assert "pods = { nodes = 100, growth = 2 }" in (tmp_path / "network/escscaffold.toml").read_text()


@pytest.mark.parametrize(
    ("mode", "answers", "written"),
    [
        (
            "gke-standard",
            ["nodes", "200", "64"],
            ["nodes = { nodes = 200 }", "pods = { nodes = 200, pods_per_node = 64 }"],
        ),
        ("gke-standard", ["200"], ["nodes = { nodes = 200 }", "pods = { nodes = 200 }"]),
        # Two zones have half of the nodes each, and the larger half where it is odd.
        ("eks", ["nodes", "41", "58"], [f"nodes-{n} = {{ nodes = 21, pods_per_node = 58 }}" for n in (1, 2)]),
        ("gke-autopilot", ["nodes", "50"], ["nodes = { nodes = 50 }", "pods = { nodes = 50 }"]),
    ],
)
def test_sizes_are_asked_in_nodes_and_pods(
    mode: str, answers: list[str], written: list[str], talk: Any, tmp_path: Path
) -> None:
    person = talk("init", "network", "--mode", mode, "--environment", "prod")
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)
    for question, answer in zip(("Size of the cluster", "Nodes at most", "Pods on each"), answers, strict=False):
        person.answers(question, answer)
    person.answers("CI service")
    assert "sized" in person.answers("Write the repository")

    assert person.ends()[0] == 0
    text = (tmp_path / "network/escscaffold.toml").read_text()
    assert all(line in text for line in written), text


def test_more_nodes_than_fit_are_told_at_once(talk: Any) -> None:
    person = talk("init", "network", "--mode", "eks", "--environment", "prod")
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)

    person.answers("Size of the cluster", "90000")
    assert "error ESC" in person.answers("Size of the cluster", "nodes")
    person.answers("Nodes at most", "many")
    assert "is not a whole number" in person.answers("Nodes at most", "0")
    assert "out of bounds" in person.answers("Nodes at most", "1,000")
    person.answers("Pods on each", "9")
    person.answers("CI service")
    person.answers("Write the repository", "n")
    assert person.ends()[0] == 1


@pytest.mark.parametrize("mode", mode_names())
def test_the_need_that_a_question_shows_fits_its_range(mode: str) -> None:
    answers = Answers(table={"cloud": mode_names()[mode], "mode": mode}, sizes={"size": "cidr"})
    shown = {
        question.key[1]: (question, example[1])
        for question in questions(answers, lambda: None)
        if (example := re.search(r"number of \w+: (\{.*\})\.", question.explanation()))
    }

    assert shown.keys() == {
        name
        for name in load_cloud(mode_names()[mode]).modes[mode].range_names()
        if (facts := load_cloud(mode_names()[mode]).modes[mode].facts_of(name)) and facts.sizing and facts.settable
    }
    for name, (question, example) in shown.items():
        facts = load_cloud(mode_names()[mode]).modes[mode].facts_of(name)
        need = question.read(example).need
        assert facts and facts.shortest_prefix_length <= size_of(need, facts).prefix_length


def test_going_back_changes_the_answer(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network")

    person.answers("Name of the environment", "<")
    assert "first question" in person.answers("Name of the environment", "test")
    person.answers("Mode", "<")
    person.answers("Name of the environment", "live")
    person.answers("Mode", "gke-routes")
    person.answers("Region", "<")
    person.answers("Mode", "eks")
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)
    person.answers("Size of the cluster", "cidr")
    person.answers("Range kurrent")
    person.answers("Range network", "10.64.0.0/16")
    person.answers("Range nodes-1", "<")
    person.answers("Range network", "10.96.0.0/16")
    for question in [*EKS_RANGES[2:], "CI service"]:
        person.answers(question)
    table = person.answers("Write the repository")

    assert person.ends()[0] == 0
    assert "live: AWS" in table
    assert "The peering routes to 10.96.0.0/16. Free: 10.96.128.0/17." in table
    spec = (tmp_path / "network/escscaffold.toml").read_text()
    assert 'network = "10.96.0.0/16"' in spec
    assert "10.64." not in spec
    # What was only shown is not pinned.
    assert "nodes-1" not in spec
    assert (tmp_path / "network/environments/live").is_dir()


def test_answers_are_remembered_when_going_back(talk: Any, tmp_path: Path) -> None:
    """All the way back from the last question, and forward again by Enter alone."""
    answers = {
        "Name of the environment": "live",
        "Mode": "gke-standard",
        "Region": "europe-west4",
        "Ranges in use": "office=10.0.0.0/9",
        "What exists in Kurrent Cloud": "network",
        "Name of the Kurrent Cloud project": "shop",
        "Name of the Kurrent network": "events",
        "Size of the cluster": "cidr",
        "Range kurrent": "172.22.110.0/24",
        "Range nodes": "172.30.0.0/16",
        "Range pods": "/18",
        "Range services": "",
        "CI service": "gitlab",
    }
    person = talk("init", "network")
    for question, answer in answers.items():
        person.answers(question, answer)
    first = person.answers("Write the repository", "<")
    for question in [*reversed(answers)][:-1]:
        person.answers(question, "<")
    for question, answer in answers.items():
        person.child.expect(_prompt(question))
        assert f"[{answer}" in str(person.child.after)
        person.child.sendline("")
    second = person.answers("Write the repository")

    assert person.ends()[0] == 0
    assert [line for line in second.splitlines() if "172." in line] == [
        line for line in first.splitlines() if "172." in line
    ]
    text = (tmp_path / "network/escscaffold.toml").read_text()
    for written in ('ci = "gitlab"', "[environments.live]", 'pods = "/18"', 'nodes = "172.30.0.0/16"', '"shop"'):
        assert written in text
    assert "services" not in text


def test_another_cloud_has_its_own_answers(talk: Any, tmp_path: Path, run: Run) -> None:
    person = talk("init", "network")
    person.answers("Name of the environment")
    person.answers("Mode", "gke-routes")
    person.answers("Region", "europe-west4")
    person.answers("Ranges in use", "office=10.0.0.0/9")
    person.answers("What exists in Kurrent Cloud")
    person.answers("Size of the cluster", "cidr")
    person.answers("Range kurrent", "172.22.110.0/24")
    person.answers("Range nodes", "172.30.0.0/16")
    questions = ["Range pods", "Range nodes", "Range kurrent", "Size of the cluster", "What exists in Kurrent Cloud"]
    for question in [*questions, "Ranges in use", "Region"]:
        person.answers(question, "<")

    person.answers("Mode", "eks")
    person.answers("Region")
    # It is the organisation's, and remembered with another cloud, too.
    person.answers("Ranges in use", "none")
    for question in EKS_QUESTIONS[4:]:
        person.answers(question)
    table = person.answers("Write the repository")

    assert person.ends()[0] == 0
    assert "prod: AWS, eu-central-1, eks" in table
    assert "office" not in table
    assert "172." not in (tmp_path / "network/escscaffold.toml").read_text().replace("172.20.0.0/16", "")
    assert run("check", "-C", tmp_path / "network").exit_code == 0


def test_a_wrong_answer_is_explained_and_asked_again(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network")

    person.answers("Name of the environment", "../Prod")
    assert "Invalid environment name" in person.answers("Name of the environment")
    person.answers("Mode", "gke-standart")
    assert "Did you mean gke-standard?" in person.answers("Mode", "gcp")
    assert "gcp is a cloud. Its modes: gke-standard, gcp-existing" in person.answers("Mode", "gke-standard")
    person.answers("Region", "London!")
    assert "Invalid region code" in person.answers("Region")
    person.answers("Ranges in use", "office")
    assert "name=CIDR" in person.answers("Ranges in use", "office=10.8.0.0/16 office=10.9.0.0/16")
    assert "given twice" in person.answers("Ranges in use", "office=10.8.0.0/16 vpn=10.9.0.0/24")
    person.answers("What exists in Kurrent Cloud", "both")
    assert "nothing, network, database" in person.answers("What exists in Kurrent Cloud")
    person.answers("Size of the cluster", "large")
    assert "'large' is not a size. Write a number of nodes" in person.answers("Size of the cluster", "cidr")
    person.answers("Range kurrent", "172.22.110.7/24")
    assert "The network is 172.22.110.0/24." in person.answers("Range kurrent", "172.22.110.0/24")
    person.answers("Range nodes", "10.8.128.0/20")
    assert "ESC303" in person.answers("Range nodes", "172.30.0.0/16")
    person.answers("Range pods", "10.120.0.0/14")
    refusal = person.answers("Range pods", "172.31.128.0/17")
    assert "ESC201" in refusal
    assert "172.30.0.0/16" in refusal
    assert 'Use pods = "' in refusal
    person.answers("Range services")
    person.answers("CI service", "jenkins")
    assert "is not a supported CI service" in person.answers("CI service", "github,gitlab")
    assert "The peering routes to 172.30.0.0/15." in person.answers("Write the repository", "maybe")
    assert "'maybe' is neither y nor n." in person.answers("Write the repository", "n")
    assert person.ends()[0] == 1
    assert tree(tmp_path) == {}


def test_the_last_question_takes_a_corrected_answer(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod")
    for question in EKS_QUESTIONS[2:]:
        person.answers(question)

    person.answers("Write the repository", "prod.nodes=10.64.0.0/16")
    assert re.search(r"nodes +10\.64\.0\.0/16 .*pinned", person.answers("Write the repository", "pods=172.16.0.0/17"))
    assert "ESC201" in person.answers("Write the repository", "regoin=europe-west4")
    assert "Did you mean region?" in " ".join(person.answers("Write the repository", "region=europe-west4").split())
    assert "prod: Google Cloud, europe-west4" in person.answers("Write the repository", "environment=Live")
    assert "Invalid environment name" in person.answers("Write the repository", "environment=live")
    assert "live: Google Cloud" in person.answers("Write the repository", "ci=gitlab")
    # Going back shows it as the answer.
    person.answers("Write the repository", "<")
    person.child.expect(_prompt("CI service"))
    assert "[gitlab]" in str(person.child.after)
    person.child.sendline("")
    person.answers("Write the repository", "y")

    assert person.ends()[0] == 0
    text = (tmp_path / "network/escscaffold.toml").read_text()
    assert 'ci = "gitlab"' in text
    assert '[environments.live]\ncloud = "gcp"\nregion = "europe-west4"' in text
    assert 'nodes = "10.64.0.0/16"' in text
    assert (tmp_path / "network/.gitlab-ci.yml").exists()


def test_a_plan_with_errors_is_corrected_at_the_end(talk: Any, tmp_path: Path) -> None:
    given = ["--range", "nodes=10.64.0.0/16", "--range", "pods=172.16.0.0/17"]
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod", *given)
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)
    person.answers("CI service")
    leave = "The plan has errors and is not written. Leave (or type KEY=VALUE to correct it)?"
    assert "ESC201" in person.answers(leave, "n")
    person.answers(leave, "routes=nothing")
    assert "is not a value of routes" in person.answers(leave, "pods=/17")
    assert "The peering routes to 10.64.0.0/15." in person.answers("Write the repository")

    assert person.ends()[0] == 0
    assert 'pods = "/17"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_a_plan_with_errors_is_left_by_enter(talk: Any, tmp_path: Path) -> None:
    given = ["--range", "nodes=10.64.0.0/16", "--range", "pods=172.16.0.0/17"]
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod", *given)
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)
    person.answers("CI service")
    person.answers("The plan has errors")

    code, last = person.ends()
    assert code == 1
    assert last.endswith("Nothing was written.\n")
    assert tree(tmp_path) == {}


def test_a_database_that_exists_is_asked_for_with_its_network(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod", "--region", "europe-west2")
    person.answers("Ranges in use")
    person.answers("What exists in Kurrent Cloud", "database")
    person.answers("Name of the Kurrent Cloud project", "shop")
    person.answers("Name of the Kurrent network", "<")
    person.answers("Name of the Kurrent Cloud project", "shop")
    person.answers("Name of the Kurrent network", "events")
    person.answers("DNS name of the database", "c0brj8.mesdb.eventstore.cloud")
    person.answers("Size of the cluster")
    # Where it lies is known to somebody: there is no default.
    assert "/24]" not in person.answers("Range kurrent", "172.22.110.0/24")
    person.answers("CI service")
    person.answers("Write the repository")

    assert person.ends()[0] == 0
    text = (tmp_path / "network/escscaffold.toml").read_text()
    assert text.count('= "existing"') == 3
    assert 'kurrent-network = "events"' in text


def test_the_plan_is_shown_once_and_a_range_says_where_it_leads(talk: Any) -> None:
    person = talk("init", "network", "--cloud", "gcp", "--mode", "gke-standard", "--environment", "prod")
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)
    person.answers("Size of the cluster", "cidr")

    told = [person.answers("Range kurrent", "172.22.110.0/24"), person.answers("Range nodes", "172.30.0.0/16")]
    told.append(person.answers("Range pods", "172.31.128.0/17"))
    told.append(person.answers("Range services"))
    assert "The peering routes to 172.30.0.0/15. Free: 172.31.0.0/17." in told[-1]
    told.append(person.answers("CI service"))
    assert "Subnet address" not in "".join(told)
    table = person.answers("Write the repository")
    assert re.search(r"nodes +172\.30\.0\.0/16 .*pinned", table)
    assert re.search(r"services +34\.118\.224\.0/20 .*implied", table)
    # What is free is one line.
    assert not re.search(r"^free", table, re.MULTILINE)
    assert table.count("Free: 172.31.0.0/17.") == 1


def test_the_largest_free_blocks_are_named_first() -> None:
    spec = Answers(environment="prod", table={"cloud": "gcp", "region": "europe-west2", "mode": "gke-standard"})
    spec.put(("ranges", "nodes"), "/26")
    environment = plan_addresses(spec.spec()).environment("prod")

    named = re.findall(r"/(\d+)", routes_text(environment).partition("Free: ")[2])

    assert len(environment.free) > 3
    assert len(named) == 3
    assert [int(length) for length in named] == sorted(block.prefixlen for block in environment.free)[:3]


def test_no_writes_nothing(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--mode", "eks")

    for question in ["Name of the environment", *EKS_QUESTIONS[2:]]:
        person.answers(question)
    person.answers("Write the repository", "n")
    code, last = person.ends()

    assert code == 1
    assert "Nothing was written." in last
    assert tree(tmp_path) == {}


# At every question, and with both keys at the last, which is answered by yes or no.
LEAVING = [*((number, (CTRL_C, CTRL_D)[number % 2]) for number in range(len(EKS_QUESTIONS) + 1)), (7, CTRL_C)]


@pytest.mark.parametrize(("position", "key"), LEAVING)
def test_leaving_at_any_question_leaves_nothing(position: int, key: str, talk: Any, tmp_path: Path) -> None:
    questions = [*EKS_QUESTIONS, "Write the repository"]
    person = talk("init", "a/network")

    for question in questions[:position]:
        person.answers(question)
    code, last = person.leaves(questions[position], key)

    assert code == (130 if key == CTRL_C else 1)
    assert "Traceback" not in last
    assert tree(tmp_path) == {}


def test_bytes_that_are_no_text_are_explained_and_asked_again(talk: Any) -> None:
    person = talk("init", "network", env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"})

    person.child.expect("Name of the environment[^\\r\\n]*: $")
    os.write(person.child.child_fd, b"\xff\n")

    assert "Invalid environment name" in person.answers("Name of the environment")


def test_long_questions_are_broken_between_words(talk: Any) -> None:
    person = talk("init", "network", "--mode", "eks", columns=60)
    person.answers("Name of the environment")
    person.answers("Region")

    said = re.sub("\x1b[^m]*m", "", person.answers("Ranges in use"))
    person.answers("What exists in Kurrent Cloud")

    assert "No planned range overlaps them." in " ".join(said.split())
    assert max(len(line) for line in said.splitlines()) <= 60


def test_add_asks_for_a_name_that_is_free(talk: Any, tmp_path: Path, repository: Path, run: Run) -> None:
    person = talk("add", "-C", str(repository))

    person.answers("Name of the environment")
    person.answers("Name of the environment", "prod")
    assert "prod exists" in person.answers("Name of the environment", "test")
    for question in EKS_QUESTIONS[1:5]:
        person.answers(question)
    person.answers("Size of the cluster", "cidr")
    person.answers("Range kurrent")
    person.answers("Range network", "10.0.0.0/16")
    assert "ESC302" in person.answers("Range network")
    for question in EKS_RANGES[2:]:
        person.answers(question)
    # The repository has its CI already.
    assert "CI service" not in person.answers("Add test to")

    assert person.ends()[0] == 0
    assert run("check", "-C", repository).exit_code == 0
    assert (repository / "environments/test").is_dir()


@pytest.mark.parametrize("columns", [80])
@pytest.mark.parametrize("over", [-10, 0, 40])
def test_a_question_that_reaches_the_edge_is_broken_before_it(talk: Any, columns: int, over: int) -> None:
    before, after = len("Write the repository to "), len("? [Y/n]: ")
    name = "n" * (columns + over - before - after)
    person = talk(
        "init",
        name,
        "--mode",
        "eks",
        "--region",
        "eu-west-1",
        "--environment",
        "prod",
        "--reserve",
        "office=10.8.0.0/16",
        columns=columns,
    )
    for question in EKS_QUESTIONS[4:]:
        person.answers(question)

    person.child.expect(_prompt("Write the repository to"))

    asked = re.sub("\x1b[^m]*m", "", str(person.child.after))
    broken = [line for line in asked.split("\r\n") if len(line) >= columns]
    assert broken in ([], [f"{name}?"]), asked
    assert name in asked
    person.child.sendline("n")
    assert "Nothing was written" in person.ends()[1]


def test_add_says_where_the_environment_is_added(repository: Path) -> None:
    person = Conversation(repository, "add", "test")
    for question in EKS_QUESTIONS[1:6]:
        person.answers(question)
    person.answers("Add test to the repository in this folder?", "n")

    assert "Nothing was written" in person.ends()[1]


def test_what_was_given_wrong_is_told_before_the_first_question(talk: Any) -> None:
    code, last = talk("init", "network", "--range", "network=10.0.0.1/16").ends()

    assert code == 2
    assert "host bits" in last
    assert "Name of the environment" not in last


@pytest.mark.parametrize("command", [("init", "other"), ("add", "test", "-C", "{}")])
def test_a_program_is_asked_nothing(command: tuple[str, ...], talk: Any, repository: Path) -> None:
    code, last = talk(*(part.format(repository) for part in command), "--json").ends()

    assert code == 2
    assert "No questions with --json" in " ".join(last.split())
    assert "--mode" in last


def test_with_yes_nothing_is_asked_at_a_terminal_either(talk: Any, tmp_path: Path) -> None:
    code, last = talk("init", "network", "--yes").ends()

    assert code == 0
    assert "[prod]" not in last


def test_warnings_are_told_before_the_yes_and_once(talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--mode", "eks", "--environment", "prod")
    person.answers("Region", "eu-cetral-1")
    doubt = person.answers("Did you mean eu-central-1?", "n")
    person.answers("eu-cetral-1 is not in the list of known values. Use it?", "y")
    for question in EKS_QUESTIONS[3:]:
        person.answers(question)

    before_the_yes = person.answers("Write the repository")
    code, last = person.ends()

    assert code == 0
    assert "eu-cetral-1 is not known." in " ".join(doubt.split())
    assert "Did you mean eu-central-1?" in " ".join(before_the_yes.split())
    assert "ESC501" not in last


@pytest.mark.parametrize(
    ("answer", "region"),
    [("", "europe-west2"), ("y", "europe-west2"), ("YES", "europe-west2"), ("us-east1", "us-east1")],
)
def test_a_suggestion_is_taken_or_corrected(answer: str, region: str, talk: Any, tmp_path: Path) -> None:
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod")
    person.answers("Region", "europe-wst2")
    person.answers("Did you mean europe-west2?", answer)
    for question in EKS_QUESTIONS[3:]:
        person.answers(question)
    person.answers("Write the repository")

    assert person.ends()[0] == 0
    assert f'region = "{region}"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_a_question_of_yes_or_no_goes_back(talk: Any) -> None:
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod")
    person.answers("Region", "europe-wst2")
    person.answers("Did you mean europe-west2?", "<")
    person.answers("Region", "europe-wst2")
    person.answers("Did you mean europe-west2?", "n")
    person.answers("europe-wst2 is not in the list of known values. Use it?", "<")
    person.answers("Region", "europe-west4")
    for question in EKS_QUESTIONS[3:]:
        person.answers(question)
    person.answers("Write the repository", "<")
    person.answers("CI service", "<")
    person.child.expect(_prompt("Size of the cluster"))


@pytest.mark.parametrize("mode", mode_names())
def test_seven_questions_at_most_are_asked_on_defaults(mode: str) -> None:
    """And after them the yes; what exists has no default, and is asked for by its name and ranges besides."""
    answers = Answers()
    asked: list[str] = []
    for _ in range(20):
        left = (q for q in questions(answers, lambda: None, asks_ci=True) if q.prompt not in asked)
        question = next(left, None)
        if question is None:
            break
        asked.append(question.prompt)
        default = mode if question.key == ("mode",) else question.default
        store_answer(answers, question, default or _existing(question.key))

    without_default = {q.prompt for q in questions(answers, lambda: None, asks_ci=True) if not q.default}
    assert len(asked) - len(without_default) <= 7, asked
    assert asked[-1] == "CI service"
    assert bool(without_default) == mode.endswith("-existing")


def _existing(key: tuple[str, ...]) -> str:
    return "nodes=10.20.0.0/16" if key == ("named",) else "main"


def test_tab_completes_a_region(talk: Any) -> None:
    person = talk("init", "network", "--mode", "gke-standard", "--environment", "prod")
    person.child.expect(_prompt("Region"))

    person.child.send("europe-n\t")
    person.child.expect("europe-north1")
    person.child.sendline("")
    person.answers("Ranges in use")


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_narrow_terminal_shows_every_question_whole(columns: int, talk: Any) -> None:
    person = talk("init", "network", columns=columns)

    said = [person.answers(question) for question in [*EKS_QUESTIONS, "Write the repository"]]

    lines = re.sub("\x1b[^m]*m", "", "".join(said)).replace("\r", "").split("\n")
    # A URL or a name is not broken.
    assert [line for line in lines if len(line) > columns and " " in line.strip()] == []


def test_a_folder_that_a_git_host_made_is_a_place_to_begin(tmp_path: Path, run: Run) -> None:
    (tmp_path / "README.md").write_text("# shop\n\nOurs.\n")
    (tmp_path / "LICENSE").write_text("MIT\n")
    (tmp_path / ".git").mkdir()

    assert run("init", tmp_path, "--mode", "eks", "--yes").exit_code == 0

    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith("# shop\n\nOurs.\n\n<!-- escscaffold:begin -->\n# Kubernetes and Kurrent Cloud\n")
    assert (tmp_path / "LICENSE").read_text() == "MIT\n"
    assert "README.md" not in run("check", "-C", tmp_path).output
    assert run("generate", "-C", tmp_path).output.startswith("No changes: all files are up to date.")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/main.tf").touch()
    refused = run("init", tmp_path / "other", "--mode", "eks", "--yes")
    assert refused.exit_code == 1
    assert "it contains main.tf" in refused.output


def test_a_network_that_exists_is_asked_for_by_its_name_and_ranges(tmp_path: Path) -> None:
    talk = Conversation(tmp_path, "init", "network", "--mode", "azure-existing", "--environment", "live")
    talk.answers("Region")
    talk.answers("Ranges in use elsewhere")
    talk.answers("What exists in Kurrent Cloud")
    talk.answers("Name of the VNet", "no/slashes")
    assert "neither a name nor a full id" in talk.answers("Name of the VNet", "vnet-shared")
    talk.answers("Resource group of the VNet", "rg-shared")
    talk.answers("Ranges that must reach the database", "")
    assert "No range is set that connects to the database." in talk.answers(
        "Ranges that must reach the database", "jobs=10.20.0.0/16 web=10.21.0.0/16"
    )
    talk.answers("Range kurrent")
    talk.answers("CI service")
    shown = " ".join(talk.answers("Write the repository", "options.service_principal=existing").split())
    assert "Who creates Kurrent Cloud's service principal in the tenant: shared" in shown
    assert "options.service_principal=existing" in shown
    assert "service principal in the tenant: existing" in " ".join(talk.answers("Write the repository", "y").split())
    assert talk.ends()[0] == 0

    variables = (tmp_path / "network/environments/live/terraform.tfvars").read_text()
    assert 'remote = ["10.20.0.0/15"]' in variables
    assert '"vnet-shared"' in variables
    assert 'service_principal = "existing"' in (tmp_path / "network/escscaffold.toml").read_text()


def test_a_full_id_answers_what_else_it_names(talk: Any, tmp_path: Path) -> None:
    whole = "/subscriptions/1b2c3d4e-0000-4000-8000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network"
    person = talk("init", "network", "--mode", "azure-existing", "--environment", "live")
    for question in EKS_QUESTIONS[2:5]:
        person.answers(question)
    person.answers("Name of the VNet", f"{whole}/virtualNetworks/vnet-shared")
    person.answers("Ranges that must reach the database", "<")
    person.answers("Name of the VNet", "vnet-other")
    person.answers("Resource group of the VNet", "rg-other")
    person.answers("Ranges that must reach the database", "jobs=10.20.0.0/16")
    person.answers("Range kurrent")
    person.answers("CI service")
    person.answers("Write the repository")

    assert person.ends()[0] == 0
    text = (tmp_path / "network/escscaffold.toml").read_text()
    assert 'network = "vnet-other"' in text
    assert 'network_resource_group = "rg-other"' in text


def test_ranges_that_no_single_route_covers_can_be_routed_to_by_themselves(tmp_path: Path) -> None:
    """What runs already cannot move: without this, no answer to the questions after would do."""
    given = ["--mode", "gcp-existing", "--environment", "live", "--region", "europe-west2"]
    person = Conversation(tmp_path, "init", "network", *given, "--set", "existing.network=vpc-main")
    ranges = "nodes=172.30.0.0/16 pods=10.120.0.0/14"
    by_itself = "Accept it and route each range separately"
    person.answers("Ranges in use elsewhere")
    person.answers("What exists in Kurrent Cloud")
    person.answers("Ranges that must reach the database", ranges)
    assert "ESC201" in person.answers(by_itself, "n")
    person.answers("Ranges that must reach the database", ranges)
    person.answers(by_itself, "y")
    # Going back takes it back.
    person.answers("Range kurrent", "<")
    person.answers("Ranges that must reach the database", ranges)
    person.answers(by_itself, "y")
    person.answers("Range kurrent", "172.22.110.0/24")
    person.answers("CI service")
    person.answers("Write the repository", "y")

    assert person.ends()[0] == 0
    variables = (tmp_path / "network/environments/live/terraform.tfvars").read_text()
    assert 'remote = ["10.120.0.0/14", "172.30.0.0/16"]' in variables
