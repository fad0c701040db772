"""Tries many changes: `python -m tests.reviewing.truth --changes 500 --first 0 --out FILE`.

FILE gets one line of JSON for each change, with what reproduces it; the table is printed. `--show` tries single ones.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

import tests.environment  # noqa: F401 - before what reads it is imported
from tests.reviewing.truth.comparing import RESULTS
from tests.reviewing.truth.driving import ROOTS, Tried, laboratory
from tests.reviewing.truth.tables import table


def main() -> int:
    """Return 1 where something that goes was told as safe."""
    parser = argparse.ArgumentParser(prog="python -m tests.reviewing.truth")
    parser.add_argument("--changes", type=int, default=500, help="how many changes that Terraform accepts")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--out", type=Path, help="a file for one line of JSON for each change")
    parser.add_argument("--configurations", nargs="*", default=list(ROOTS), help="these only", choices=list(ROOTS))
    parser.add_argument("--show", type=int, nargs="*", help="these seeds only, with all that was said")
    arguments = parser.parse_args()
    tried: list[Tried] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        laboratory(Path(scratch) / "laboratory", arguments.configurations) as made,
    ):
        if arguments.show:
            tried = [made.try_change(seed) for seed in arguments.show]
            for one in tried:
                print(msgspec.json.format(msgspec.json.encode(one)).decode().replace("\\n", "\n"))
            return 0
        seed = arguments.first
        while sum(one.result in RESULTS for one in tried) < arguments.changes:
            one = made.try_change(seed)
            tried.append(one)
            if arguments.out:
                with arguments.out.open("ab") as file:
                    file.write(msgspec.json.encode(one) + b"\n")
            seed += 1
    print(table(tried))
    return int(any(one.result == "MISSED" for one in tried))


if __name__ == "__main__":
    sys.exit(main())
