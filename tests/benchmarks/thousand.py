"""A thousand environments written at once, beside the raw write of their bytes."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import fleets
from tests.benchmarks.measuring import Row, ours, row, seconds

ENVIRONMENTS = 1_000
ROUNDS = 3
_WRITE = """\
import pickle, sys, time
from pathlib import Path
files = pickle.loads(Path(sys.argv[1]).read_bytes())
start = time.perf_counter()
for name, body in files.items():
    path = Path(sys.argv[2], name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
print(time.perf_counter() - start)
"""
_KEEP = """\
import pickle, sys
from pathlib import Path
folder = Path(sys.argv[1])
files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
Path(sys.argv[2]).write_bytes(pickle.dumps(files))
"""


def rows(folder: Path) -> Iterator[Row]:
    """Yield `generate` in a folder that holds a spec and nothing else."""
    spec = fleets.toml_of(fleets.bare(ENVIRONMENTS))
    kept = folder / "files.pickle"
    times: list[tuple[float, float]] = []
    for number in range(ROUNDS + 1):
        made, raw = folder / f"made-{number}", folder / f"raw-{number}"
        made.mkdir()
        (made / "escscaffold.toml").write_text(spec, encoding="utf-8")
        ours_took = seconds(ours("-C", made, "generate", "--quiet"))
        if not number:
            subprocess.run([sys.executable, "-c", _KEEP, made, kept], check=True)
        done = subprocess.run([sys.executable, "-c", _WRITE, kept, raw], check=True, capture_output=True, text=True)
        times.append((ours_took, float(done.stdout)))
        shutil.rmtree(made)
        shutil.rmtree(raw)
    yield row(f"generate, {ENVIRONMENTS:,} new environments", times[1:], "raw write of their bytes", 3.0)
