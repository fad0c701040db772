"""Asks the real terraform about what escscaffold writes, with as few plans of the whole as that takes.

Each run of an emitted test plans all of its root module, and many only want a wrong value of a variable refused. What a
variable refuses does not hang on what is made of it, so those runs need the variables alone. And runs that plan the
same, each with conditions of its own, can be one run with all of them.
"""

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Terraform
from tests.emitted.formatting import formatted
from tests.properties import tries_more

_RUN = re.compile(r'^run "\w+" \{\n.*?^\}\n\n?', re.MULTILINE | re.DOTALL)
_EXPECTED = re.compile(r"^  expect_failures = \[(.*?)\]", re.MULTILINE | re.DOTALL)
_SOURCE = re.compile(r'^    source = "\.\./\.\./(modules/[\w-]+)"$', re.MULTILINE)
_CALL = re.compile(r'^module "([\w-]+)" \{\n  source += "(\.\./\.\./modules/[\w-]+)"$', re.MULTILINE)
_NAMED_RUN = re.compile(r'^run "(\w+)" \{$', re.MULTILINE)
_ANY_CALL = re.compile(r"^module ", re.MULTILINE)
_CONDITION = re.compile(r"^  assert \{\n.*?^  \}\n\n?", re.MULTILINE | re.DOTALL)
_PLANS_ONLY = "\n  command = plan\n"
_LOOKED_UP = re.compile(r"^override_\w+ \{\n.*?^\}\n\n?", re.MULTILINE | re.DOTALL)
_FRAME = re.compile(r"[\s│╷╵]+")


@dataclass(frozen=True)
class Parts:
    """A root module without the runs in which a variable is refused, and a root of those with the variables alone."""

    root: Path
    variables: Path

    @classmethod
    def of(cls, repository: Path, environment: str = "prod") -> "Parts":
        """Copy the repository, and take one of its root modules apart there."""
        copied = repository.with_name(f"{repository.name}-{environment}")
        shutil.copytree(repository, copied)
        parts = cls(copied / "environments" / environment, copied / "variables")
        (parts.variables / "tests").mkdir(parents=True)
        for pattern in ("variables*.tf", "versions.tf", "*.tfvars", "tests/*.tfvars"):
            for file in parts.root.glob(pattern):
                shutil.copy(file, parts.variables / file.relative_to(parts.root))
        for left_by_init in (".terraform", ".terraform.lock.hcl"):
            (parts.variables / left_by_init).symlink_to(parts.root / left_by_init)
        for file in parts.root.glob("tests/*.tftest.hcl"):
            parts._divide(file)
        return parts

    def _divide(self, file: Path) -> None:
        text = file.read_text()
        runs = _RUN.findall(text)
        assert runs, f"{file.name} is written in another way than is read here"
        given, refusals = _RUN.sub("", text), [run for run in runs if _is_refusal(run)]
        if refusals:
            # OpenTofu refuses an override of what is not there.
            (self.variables / "tests" / file.name).write_text(_LOOKED_UP.sub("", given) + "".join(refusals))
        if len(refusals) == len(runs):
            file.unlink()
        else:
            file.write_text(given + "".join(_joined(run for run in runs if run not in refusals)))


def _is_refusal(run: str) -> bool:
    """Whether a run plans the root module with a value that a variable refuses."""
    expected = _EXPECTED.search(run)
    refused = expected[1].replace(",", " ").split() if expected else []
    return bool(refused) and not _SOURCE.search(run) and all(name.startswith("var.") for name in refused)


def _joined(runs: Iterable[str]) -> list[str]:
    """Return the runs with the conditions of those that do the same in one of them.

    What a run finds hangs on what was applied before it, so no condition moves across a run that applies another thing.
    """
    joined: list[str] = []
    same: dict[str, int] = {}
    for run in runs:
        does = _CONDITION.sub("", run).partition("\n")[2].strip()
        expects = "expect_failures" in does
        if does in same and not expects:
            before = joined[same[does]].rstrip().removesuffix("}")
            joined[same[does]] = before + "\n" + "".join(_CONDITION.findall(run)) + "}\n"
            continue
        if _PLANS_ONLY not in run:
            same.clear()
        if not expects:
            same[does] = len(joined)
        joined.append(run)
    return joined


def judge(terraform: Terraform, repository: Path, environment: str = "prod", *files: str) -> str:
    """Run everything that terraform can say without credentials; return what `test` printed.

    Where files of tests are named, it runs those only.
    """
    formatted(repository)
    parts = Parts.of(repository, environment)
    initialize(terraform, parts.root)
    of_root, of_variables = (chosen(folder, files) for folder in (parts.root, parts.variables))
    if not any(plans_the_root(file) for file in of_root):
        # A test of the root module validates it before it plans.
        terraform(parts.root, "validate")
    tried = [(parts.root, of_root), (parts.variables, of_variables)]
    return "".join(terraform(folder, "test", *filters(some)).stdout for folder, some in tried if some)


def accept(terraform: Terraform, repository: Path, environment: str = "prod") -> None:
    """Have terraform read, format and validate an environment and its tests, and plan nothing."""
    root = repository / "environments" / environment
    formatted(repository)
    initialize(terraform, root)
    terraform(root, "validate")


def judge_as_a_whole(terraform: Terraform, repository: Path) -> str:
    """Run what the workflow and a person run, in the repository as it is; return what `test` printed."""
    root = repository / "environments/prod"
    terraform(repository, "fmt", "-check", "-recursive")
    terraform(root, "init", "-backend=false", "-input=false")
    terraform(root, "validate")
    return terraform(root, "test").stdout


def initialize(terraform: Terraform, root: Path) -> None:
    """Have terraform know the modules of a root; where it would only list them, they are listed for it.

    Servers stand in for the providers, so `init` has nothing to install. OpenTofu and a full run run it.
    """
    modules = None if tries_more() or shutil.which("tofu") else listed_modules(root)
    if modules is None:
        terraform(root, "init", "-backend=false", "-input=false")
        return
    folder = root / ".terraform/modules"
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text(json.dumps({"Modules": modules}))


def listed_modules(root: Path) -> list[dict[str, str]] | None:
    """Return the list that `init` keeps of a root's modules, or None where a module calls another one."""
    sources = {"": ""}
    for file in root.glob("*.tf"):
        text = file.read_text()
        calls = _CALL.findall(text)
        if len(calls) != len(_ANY_CALL.findall(text)):
            return None
        sources |= calls
    for file in root.glob("tests/*.tftest.hcl"):
        for run in _RUN.findall(file.read_text()):
            if (source := _SOURCE.search(run)) and (name := _NAMED_RUN.search(run)):
                sources[f"test.tests.{name_of(file)}.{name[1]}"] = f"../../{source[1]}"
    files = (file for source in {*sources.values()} - {""} for file in (root / source).glob("*.tf"))
    if any(_ANY_CALL.search(file.read_text()) for file in files):
        return None
    return [{"Key": key, "Source": source, "Dir": source or "."} for key, source in sorted(sources.items())]


def assert_noticed(
    terraform: Terraform, repository: Path, file: str, old: str, new: str, tests: str, answer: str
) -> None:
    """Change the first place where a file says `old`; the tests of that name fail then, with this answer.

    Where the answer stands in one of their runs, only what that one needs is run.
    """
    text = (repository / file).read_text()
    assert old in text
    (repository / file).write_text(text.replace(old, new, 1))
    parts = Parts.of(repository)
    initialize(terraform, parts.root)

    of_variables = Path(file).match("environments/prod/variables*.tf")
    noticing = (parts.variables if of_variables else parts.root) / f"tests/{tests}.tftest.hcl"
    keep_run_with(answer, noticing)

    done = terraform(noticing.parents[1], "test", *filters([noticing]), expect=None)

    told = _FRAME.sub(" ", done.stdout + done.stderr)
    # OpenTofu succeeds where it cannot destroy what a test made, and says so.
    assert done.returncode == 1 or "encountered an error destroying" in told, told
    assert answer in told, told


def keep_run_with(words: str, file: Path) -> None:
    """Take out of a file of tests what its run with these words, if there is one, can do without.

    It may plan a change of what an earlier run has applied.
    """
    text = file.read_text()
    runs = _RUN.findall(text)
    last = next((number for number, run in enumerate(runs) if words in run), None)
    if last is not None:
        kept = [*(run for run in runs[:last] if _PLANS_ONLY not in run), runs[last]]
        file.write_text(_RUN.sub("", text) + "".join(kept))


def name_of(file: Path) -> str:
    """Return the name by which a file of tests is asked for."""
    return file.name.removesuffix(".tftest.hcl")


def chosen(root: Path, names: Iterable[str]) -> list[Path]:
    """Return the files of tests with these names, or all if there are no names."""
    asked = list(names)
    return [file for file in sorted(root.glob("tests/*.tftest.hcl")) if not asked or name_of(file) in asked]


def filters(files: Iterable[Path]) -> list[str]:
    """Return the flags that make `terraform test` run these files."""
    return [f"-filter=tests/{file.name}" for file in files]


def plans_the_root(file: Path) -> bool:
    """Whether one of a file's tests plans the root module, and not only a module that it names."""
    return not all(_SOURCE.search(run) for run in _RUN.findall(file.read_text()))


def modules_of(file: Path) -> set[str]:
    """Return the folders of the modules that a file's tests name."""
    return set(_SOURCE.findall(file.read_text()))
