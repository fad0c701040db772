"""How long escscaffold takes: `python -m tests.benchmarks`, or the name of one part after it.

- commands: runs of the command line, each beside a peer;
- regenerating: `generate` on repositories that are there;
- reviewing: `review`, beside python-hcl2 and `git diff`;
- fleet: ten thousand environments in one process.

Nothing here is a test: numbers depend on the machine. Aims stand beside the results.
"""

import sys

from tests.benchmarks import commands, fleet, regenerating, reviewing

PARTS = {
    "commands": commands.main,
    "regenerating": regenerating.main,
    "reviewing": reviewing.main,
    "fleet": fleet.main,
}


def main() -> None:
    """Run the parts that are named, or all."""
    unknown = [name for name in sys.argv[1:] if name not in PARTS]
    if unknown:
        sys.exit(f"There is no {unknown[0]}. Known: {', '.join(PARTS)}.")
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
        print()


if __name__ == "__main__":
    main()
