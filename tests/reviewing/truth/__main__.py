"""Tries many changes: `python -m tests.reviewing.truth --changes 500 --first 0 --out FILE`.

FILE gets one line of JSON for each change, with what reproduces it; the table is printed. `--show` tries single ones,
`--table` prints one table of all FILEs of earlier runs, or of the configurations that `--of` names.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import msgspec

import tests.environment  # noqa: F401 - before what reads it is imported
from tests.reviewing.truth.comparing import RESULTS
from tests.reviewing.truth.driving import ROOTS, Laboratory, Tried, by_hand, laboratory
from tests.reviewing.truth.emitted import MODES, emitted, stand_ins
from tests.reviewing.truth.tables import table


def main() -> int:
    """Return 1 where something that goes was told as safe."""
    parser = argparse.ArgumentParser(prog="python -m tests.reviewing.truth")
    parser.add_argument("--changes", type=int, default=500, help="how many changes that Terraform accepts")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--out", type=Path, help="a file for one line of JSON for each change")
    every = [*ROOTS, *MODES]
    parser.add_argument("--of", nargs="*", default=every, choices=every, help="these configurations only")
    parser.add_argument("--show", type=int, nargs="*", help="these seeds only, with all that was said")
    parser.add_argument("--table", type=Path, nargs="*", help="files of earlier runs, of which one table is printed")
    arguments = parser.parse_args()
    if arguments.table:
        lines = [line for file in arguments.table for line in file.read_bytes().splitlines()]
        read = (msgspec.json.decode(line, type=Tried) for line in lines)
        print(table([one for one in read if one.configuration in arguments.of]))
        return 0
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        names, modes = ([name for name in arguments.of if name in some] for some in (ROOTS, MODES))
        configurations = [*(by_hand(*names) if names else ()), *emitted(scratch / "emitted", modes)]
        servers, schemas = stack.enter_context(stand_ins(scratch / "made")) if modes else ({}, {})
        made = stack.enter_context(laboratory(scratch, configurations, servers, schemas))
        if arguments.show:
            for one in map(made.try_change, arguments.show):
                print(msgspec.json.format(msgspec.json.encode(one)).decode().replace("\\n", "\n"))
            return 0
        tried = list(_tried(made, arguments.first, arguments.changes, arguments.out))
    print(table(tried))
    return int(any(one.result == "MISSED" for one in tried))


def _tried(made: Laboratory, first: int, changes: int, out: Path | None) -> Iterator[Tried]:
    accepted = 0
    for seed in count(first):
        if accepted == changes:
            return
        one = made.try_change(seed)
        accepted += one.result in RESULTS
        if out:
            with out.open("ab") as file:
                file.write(msgspec.json.encode(one) + b"\n")
        yield one


if __name__ == "__main__":
    sys.exit(main())
