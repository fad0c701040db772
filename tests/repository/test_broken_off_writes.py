"""Every step of a write may be the last one: what was there is there, or what was asked for is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import EKS, tree
from tests.conftest import Run
from tests.repository.faults import (
    Fault,
    KilledError,
    fault_at,
    full,
    interrupted,
    interrupted_twice,
    killed,
    refused,
)

NEVER = 10**9
Files = dict[str, str | bytes]


@dataclass(kw_only=True)
class Work:
    """A command on a folder, with what the folder holds before and after it."""

    folder: Path
    command: list[object]
    before: Files
    after: Files
    steps: int
    """How often the command changes the disk."""

    def restore(self) -> None:
        """Bring the folder back to what it was before."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.folder.with_name("kept"), self.folder)


def files(found: Files) -> Files:
    """Leave out folders, and what lies in the folder where new files wait for their place."""
    return {name: body for name, body in found.items() if body != "/" and "/.escscaffold-" not in f"/{name}"}


def change_everywhere(repository: Path, run: Run) -> list[object]:
    """Ask for files to be made, rewritten and removed, beside files of one's own."""
    spec = repository / "escscaffold.toml"
    text = spec.read_text()
    assert run("add", "test", "-C", repository, *EKS, "--yes").exit_code == 0
    spec.write_text(text.replace("eu-central-1", "eu-west-1"))
    (repository / "README.md").write_text("# Ours\n" + (repository / "README.md").read_text() + "mine\n")
    (repository / "environments/test/custom.tf").write_text("# mine\n")
    shutil.rmtree(repository / "modules/eks")
    return ["generate", "-C", repository, "--accept-replace", "prod"]


def add_one(repository: Path, run: Run) -> list[object]:
    """Ask for one more environment, which changes the spec, too."""
    return ["add", "test", "-C", repository, *EKS, "--yes"]


def begin(repository: Path, run: Run) -> list[object]:
    """Ask for a repository in a folder that is not there."""
    shutil.rmtree(repository)
    return ["init", repository / "deep/below", *EKS, "--yes"]


@pytest.fixture
def work(request: pytest.FixtureRequest, repository: Path, run: Run) -> Work:
    command = request.param(repository, run)
    folder = repository.parent / "work"
    kept = folder.with_name("kept")
    kept.mkdir()
    if repository.exists():
        repository.rename(kept / "network")
    shutil.copytree(kept, folder)
    command = [folder / "network" / p.relative_to(repository) if isinstance(p, Path) else p for p in command]
    before = tree(folder)
    with fault_at(NEVER, killed) as steps:
        assert run(*command).exit_code == 0
    done = Work(folder=folder, command=command, before=before, after=tree(folder), steps=len(steps))
    done.restore()
    return done


every = pytest.mark.parametrize("work", [change_everywhere, add_one, begin], ids=lambda f: f.__name__, indirect=True)


@every
@pytest.mark.parametrize("fault", [refused, full], ids=["refused", "full"])
def test_a_disk_that_refuses_at_any_step_leaves_all_or_nothing(fault: Fault, work: Work, run: Run) -> None:
    assert work.steps > 30
    for step in range(work.steps):
        with fault_at(step, fault):
            result = run(*work.command)

        assert result.exit_code in (0, 1), result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), f"step {step}"
        left = tree(work.folder)
        assert files(left) == files(work.after if result.exit_code == 0 else work.before), f"step {step}"
        if result.exit_code == 1:
            assert "Nothing was changed" in result.output
            assert left == work.before, f"step {step}"
        else:
            work.restore()


@every
@pytest.mark.parametrize("fault", [interrupted, interrupted_twice], ids=["once", "twice"])
def test_ctrl_c_at_any_step_leaves_all_or_nothing(fault: Fault, work: Work, run: Run) -> None:
    for step in range(work.steps):
        with fault_at(step, fault):
            result = run(*work.command)

        assert result.exit_code in (0, 1), result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), f"step {step}"
        left = files(tree(work.folder))
        assert left in (files(work.before), files(work.after)), f"step {step}"
        work.restore()


@pytest.mark.parametrize("work", [change_everywhere, add_one], ids=lambda f: f.__name__, indirect=True)
def test_after_a_kill_at_any_step_nothing_of_yours_is_lost_and_the_next_run_finishes(work: Work, run: Run) -> None:
    spec, own = "network/escscaffold.toml", "network/environments/test/custom.tf"
    for step in range(work.steps):
        with fault_at(step, killed), pytest.raises(KilledError):
            run(*work.command)

        left = tree(work.folder)
        assert left[spec] in (work.before[spec], work.after[spec]), f"step {step}"
        assert left.get(own) == work.before.get(own), f"step {step}"
        again = work.command if left[spec] == work.before[spec] else ["generate", "-C", work.folder / "network"]
        finished = run(*again)
        assert finished.exit_code == 0, f"step {step}: {finished.output}"
        assert files(tree(work.folder)) == files(work.after), f"step {step}"
        work.restore()
