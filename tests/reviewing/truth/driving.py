"""Makes changes at random in configurations, and has both a review and the real Terraform say what they do.

Each configuration is applied once, without AWS; then each change is planned over that state. What Terraform refuses is
counted and left out.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from difflib import unified_diff
from pathlib import Path
from random import Random

from msgspec import Struct, field

from escscaffold.reviewing.formats.json import review_document
from tests.reviewing.sides import report_of
from tests.reviewing.truth.changing import KINDS, Schemas
from tests.reviewing.truth.comparing import Comparison, compared, planned
from tests.reviewing.truth.offline_aws import CONFIGURATION, ENVIRONMENT, offline_aws
from tests.reviewing.truth.places import Files, blocks
from tests.terraform.attached import Servers, reattaching
from tests.terraform.mirror import empty_mirror, mirrored

CONFIGURATIONS = Path(__file__).with_name("configurations")
ROOTS = {
    "network": "environments/prod",
    "cluster": "root",
    "data": ".",
    "services": ".",
    "people": ".",
    "platform": "live",
    "regions": "live",
    "types": ".",
    "conditions": ".",
}
"""Where Terraform runs in each configuration that is written by hand."""
_OVERRIDE = "truth_override.tf"
_SKIPPED = (".terraform", "terraform.tfstate")
_ATTEMPTS = 20
_NOT_INSTALLED = ("Module not installed", "Module source has changed")


class Tried(Struct, frozen=True, kw_only=True):
    """One change, and what came of it."""

    seed: int
    configuration: str
    kind: str
    diff: str
    result: str
    comparison: Comparison
    answer: str = ""
    """The headline's answer."""
    refusal: str = ""
    """Why Terraform refused the change."""


class Configuration(Struct, frozen=True):
    """Files of Terraform, and where among them Terraform runs."""

    name: str
    folder: Path
    root: str


class Applied(Struct, kw_only=True):
    """A configuration whose resources exist, as far as Terraform knows."""

    name: str
    folder: Path
    root: str
    files: Files


class Laboratory(Struct, kw_only=True):
    """The configurations that are applied, and how to run Terraform over them."""

    scratch: Path
    environment: Mapping[str, str]
    schemas: Schemas
    applied: list[Applied] = field(default_factory=list)

    def add(self, configuration: Configuration) -> None:
        """Apply a configuration, and see that Terraform would change nothing then."""
        there, root = self.scratch / "applied" / configuration.name, configuration.root
        shutil.copytree(configuration.folder, there, ignore=shutil.ignore_patterns(*_SKIPPED))
        if any('provider "aws"' in file.read_text(encoding="utf-8") for file in (there / root).glob("*.tf")):
            (there / root / _OVERRIDE).write_text(CONFIGURATION, encoding="utf-8")
        for arguments in (("init", "-input=false"), ("apply", "-auto-approve", "-input=false", "-no-color")):
            done = self._run(there / root, there, *arguments)
            assert done.returncode == 0, done.stderr
        terraform, refusal = self.plan(there, there, root)
        assert not terraform, terraform
        assert not refusal, refusal
        self.applied.append(Applied(name=configuration.name, folder=there, root=root, files=_read(there)))

    def try_change(self, seed: int) -> Tried:
        """Make the change of this seed, and compare what both say of it."""
        random = Random(seed)
        base, kind, files = self._changed(random, seed)
        comparison, answer, refusal = self.compare(base, files)
        return Tried(
            seed=seed,
            configuration=base.name,
            kind=kind,
            diff="\n".join(_diff(base.files, files)),
            result=comparison.result,
            comparison=comparison,
            answer=answer,
            refusal=refusal,
        )

    def compare(self, base: Applied, files: Files) -> tuple[Comparison, str, str]:
        """Compare what both say of other files; return the headline's answer, too, or why Terraform refuses."""
        changed = self.scratch / "changed"
        shutil.rmtree(changed, ignore_errors=True)
        _write(changed, files)
        terraform, refusal = self.plan(changed, base.folder, base.root)
        if refusal:
            return Comparison("refused"), "", refusal
        document = review_document(report_of(base.files, files))
        return compared(document, terraform), document["verdict"]["answer"], ""

    def plan(self, folder: Path, applied: Path, root: str) -> tuple[dict[str, str], str]:
        """Return what Terraform would do to each instance that it has, or why it refuses."""
        state = applied / root / "terraform.tfstate"
        arguments = ("plan", "-json", "-refresh=false", "-lock=false", "-input=false", f"-state={state}")
        done = self._run(folder / root, applied, *arguments)
        if any(words in done.stdout for words in _NOT_INSTALLED):
            self._run(folder / root, folder, "get")
            done = self._run(folder / root, folder, *arguments)
        messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode:
            errors = [m["diagnostic"] for m in messages if m["type"] == "diagnostic" and m["@level"] == "error"]
            return {}, "; ".join(e["summary"] + " " + e["detail"] for e in errors) or done.stderr or "it broke off"
        return planned(messages), ""

    def _changed(self, random: Random, seed: int) -> tuple[Applied, str, dict[str, str]]:
        kinds = list(KINDS)
        for attempt in range(_ATTEMPTS):
            base = random.choice(self.applied)
            # Every kind has its turn, and its place is taken where a configuration has nothing for it.
            kind = kinds[seed % len(kinds)] if attempt < _ATTEMPTS // 2 else random.choice(kinds)
            files = KINDS[kind](random, base.files, self.schemas)
            if files is not None and files != base.files:
                return base, kind, files
        raise AssertionError(f"nothing can be changed with seed {seed}")

    def _run(self, folder: Path, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.environment, "TF_DATA_DIR": str(data / ".terraform")}
        return subprocess.run(
            ["terraform", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def by_hand(*names: str) -> list[Configuration]:
    """Return the configurations of these names; without any, all that are written by hand."""
    return [Configuration(name, CONFIGURATIONS / name, ROOTS[name]) for name in names or ROOTS]


@contextmanager
def laboratory(
    scratch: Path,
    configurations: Sequence[Configuration],
    servers: Servers | None = None,
    schemas: Schemas | None = None,
) -> Iterator[Laboratory]:
    """Apply the configurations; `servers` and `schemas` are those of other providers than that of AWS."""
    types = {name for one in configurations for name in _types(one.folder)}
    (scratch / "cli").mkdir(parents=True)
    with ExitStack() as stack:
        of_aws: Schemas = {}
        every = dict(servers or {})
        if any(name.startswith("aws_") for name in types):
            real_servers, schema = stack.enter_context(offline_aws(types))
            every, of_aws = every | dict(real_servers), schema.resources
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
        environment |= ENVIRONMENT | mirrored(empty_mirror(scratch / "cli"))
        environment |= reattaching(every)
        environment |= {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        made = Laboratory(scratch=scratch, environment=environment, schemas={**(schemas or {}), **of_aws})
        for one in configurations:
            made.add(one)
        yield made


def _types(folder: Path) -> set[str]:
    files = {str(path): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.tf"))}
    return {place.text.split('"')[1] for kind in ("resource", "data") for place in blocks(files, kind)}


def _read(folder: Path) -> dict[str, str]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    files = {path.relative_to(folder).as_posix(): path for path in found}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in files.items()
        if not any(part.startswith(_SKIPPED) for part in path.relative_to(folder).parts)
    }


def _write(folder: Path, files: Files) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _diff(before: Files, after: Files) -> Iterator[str]:
    for path in sorted({*before, *after}):
        old, new = before.get(path, "").splitlines(), after.get(path, "").splitlines()
        yield from unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="", n=1)
