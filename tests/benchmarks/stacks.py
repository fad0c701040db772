"""`generate` beside `terramate generate` on as many files: from nothing, and with nothing to do.

Terramate evaluates one template for each file of a stack; it plans and checks no address, and keeps no lock.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import fleets
from tests.benchmarks.growing import processor
from tests.benchmarks.measuring import Row, ours, program, row, seconds
from tests.git import git

SIZES = (100, 1_000)


def rows(folder: Path) -> Iterator[Row]:
    """Yield processor seconds of both; nothing where terramate is not installed."""
    terramate = program("terramate")
    if terramate is None:
        return
    for size in SIZES:
        network, stacks = folder / f"ours-{size}", folder / f"theirs-{size}"
        network.mkdir()
        (network / "escscaffold.toml").write_text(fleets.toml_of(fleets.bare(size)), encoding="utf-8")
        mine = _twice(ours("-C", network, "generate", "--quiet"), network)
        _copy_as_stacks(network, stacks)
        theirs = _twice([terramate, "generate"], stacks)
        missing = [path for path in _emitted(network) if not (stacks / path).is_file()]
        assert not missing, f"terramate wrote {len(missing)} files fewer, {missing[0]} among them"
        for what, taken, peer in zip(("from nothing", "nothing to do"), mine, theirs, strict=True):
            yield row(f"generate, {what}, {size:,}", [(taken, peer)], "terramate generate, as many files")
        shutil.rmtree(network)
        shutil.rmtree(stacks)


def _twice(command: list[str], folder: Path) -> list[float]:
    return [processor(lambda: seconds(command, folder)) for _ in range(2)]


def _emitted(network: Path) -> list[Path]:
    return [path.relative_to(network) for path in sorted(network.glob("environments/*/**/*.tf*")) if path.is_file()]


def _copy_as_stacks(network: Path, to: Path) -> None:
    """Make a stack of each environment; one template for each of its files, with the environment's name in it."""
    roots = sorted((network / "environments").iterdir())
    for root in roots:
        (to / "environments" / root.name).mkdir(parents=True)
        (to / "environments" / root.name / "stack.tm.hcl").write_text("stack {\n}\n", encoding="utf-8")
    first = roots[0]
    templates = []
    for path in _emitted(network):
        if path.parts[1] == first.name:
            text = (network / path).read_text(encoding="utf-8").replace("${", "$${").replace("%{", "%%{")
            text = json.dumps(text, ensure_ascii=False).replace(first.name, "${terramate.stack.path.basename}")
            name = Path(*path.parts[2:]).as_posix()
            templates.append(f'generate_file "{name}" {{\n  content = {text}\n}}\n')
    (to / "templates.tm.hcl").write_text("\n".join(templates), encoding="utf-8")
    git(to, "init", "--quiet", "--initial-branch=main")
