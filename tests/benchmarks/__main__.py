"""How long escscaffold takes: `python -m tests.benchmarks`, or the names of some parts after it.

- commands: single runs beside bare Python;
- beginning: `init` beside cookiecutter, cruft and copier on the same files;
- regenerating: `generate` on repositories that are there;
- reviewing: `review`, beside python-hcl2 and `git diff`;
- estate: `review` and `scan` of a thousand files that others wrote;
- thousand: a thousand environments beside the raw write of their bytes;
- stacks: `generate` beside `terramate generate` on as many files;
- growing: what commands take of the processor at 100, 300 and 1,000 environments;
- pulling: what `ipam pull` makes of 20,000 prefixes;
- fleet: ten thousand environments in one process.

`--markdown` prints the table as it stands in docs/explanation/speed.md. Nothing here is a test:
numbers depend on the machine, but both of a pair run on it by turns. A part yields rows; to add
one, name it in PARTS. cruft, copier and terramate are measured where they are installed, or on the PATH.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks import (
    beginning,
    commands,
    estate,
    fleet,
    growing,
    pulling,
    regenerating,
    reviewing,
    stacks,
    thousand,
)
from tests.benchmarks.measuring import HEAD, Row, as_markdown, as_text

PARTS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "commands": commands.rows,
    "beginning": beginning.rows,
    "regenerating": regenerating.rows,
    "reviewing": reviewing.rows,
    "estate": estate.rows,
    "thousand": thousand.rows,
    "stacks": stacks.rows,
    "growing": growing.rows,
    "pulling": pulling.rows,
    "fleet": fleet.rows,
}


def main() -> None:
    """Run the parts that are named, or all, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="How long escscaffold takes.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"One of {', '.join(PARTS)}; without one, all.")
    parser.add_argument("--markdown", action="store_true", help="Print the table as a page has it.")
    asked = parser.parse_args()
    if unknown := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"there is no {unknown[0]}")
    rows: list[Row] = []
    print(end="" if asked.markdown else f"{HEAD}\n")
    for name in asked.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            for row in PARTS[name](Path(folder)):
                rows.append(row)
                print(end="" if asked.markdown else f"{as_text(row)}\n", flush=True)
    if asked.markdown:
        print(as_markdown(rows))


if __name__ == "__main__":
    main()
