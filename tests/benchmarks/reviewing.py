"""`review`, beside reading the same files with python-hcl2, and beside `git diff`.

- a hundred environments of which every file of values differs, and then every main.tf too, in one process: beside
  parsing each differing text once, the spec and the lock among them;
- one environment, as a command: beside `git diff` and importing python-hcl2.

Of a hundred, processor time counts, for both sides run in this process. Files of values are so small that reading and
checking the two address plans weighs as much as they do.
"""

import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measuring import ROUNDS, Row, ours, row, seconds
from tests.git import commit, git

ENVIRONMENTS = 100


def rows(folder: Path) -> Iterator[Row]:
    """Yield a hundred environments in one process, and one as a command."""
    yield from _hundred(folder / "hundred")
    yield _one(folder / "one")


def _hundred(folder: Path) -> Iterator[Row]:
    import hcl2

    from escscaffold.jobs.review import compare as compare_trees
    from escscaffold.planning.lock import LOCK_FILE
    from escscaffold.reviewing.revisions import Git
    from escscaffold.reviewing.trees import GitTree
    from escscaffold.spec.reading import SPEC_FILE

    _two_commits(folder, ENVIRONMENTS)
    there = Git(folder)

    def compare() -> None:
        report = compare_trees(*(GitTree(there, name, there.needed(name)) for name in ("main", "HEAD")))
        assert len({one.item.path for one in report.contents.differences}) == len(names)

    def peer() -> None:
        for text in texts:
            hcl2.parses_to_tree(text)
        for text in tables:
            tomllib.loads(text)

    tables = [git(folder, "show", f"{side}:{name}") for side in ("main", "HEAD") for name in (SPEC_FILE, LOCK_FILE)]
    for what in ("values of a hundred", "values and main.tf of a hundred"):
        if what != "values of a hundred":
            for file in folder.glob("environments/*/main.tf"):
                with file.open("a", encoding="utf-8") as opened:
                    opened.write(f'locals {{\n  own = "{file.parent.name}"\n}}\n')
            git(folder, "commit", "--quiet", "--all", "--message", "By hand")
        names = [name for name in git(folder, "diff", "--name-only", "main").splitlines() if "environments/" in name]
        texts = sorted({git(folder, "show", f"{side}:{name}") for name in names for side in ("main", "HEAD")})
        times = [(_processor(compare), _processor(peer)) for _ in range(4)][1:]
        yield row(f"review, {what}", times, f"parse {len(texts)} texts, spec and lock", 1.2)


def _one(folder: Path) -> Row:
    _two_commits(folder, 1)
    review = ours("-C", folder, "review", "main", "HEAD", "--fail-on", "")
    diff = ["git", "-C", str(folder), "--no-pager", "diff", "main", "HEAD"]
    imports = [sys.executable, "-c", "import hcl2"]
    times = [(seconds(review), seconds(diff) + seconds(imports)) for _ in range(ROUNDS + 1)][1:]
    return row("review, one environment", times, "git diff, and import hcl2", 4.0)


def _two_commits(folder: Path, environments: int) -> None:
    """Make a repository in which every environment's database grows from the first commit to the second."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    for size in (100, 200):
        spec = 'version = 1\nprovider = "kurrentcloud"\n' + "".join(
            f'[environments.e{n:03}]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
            f'[environments.e{n:03}.ranges]\nnodes = "/24"\npods = "/19"\n'
            f"[environments.e{n:03}.database]\ndisk_size = {size + n}\n"
            for n in range(environments)
        )
        (folder / "escscaffold.toml").write_text(spec, encoding="utf-8")
        subprocess.run(ours("-C", folder, "generate", "--quiet"), check=True)
        commit(folder, f"{size} GB")
        git(folder, "switch", "--quiet", "--create", f"gb-{size}")


def _processor(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
