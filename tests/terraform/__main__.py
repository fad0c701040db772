"""Builds a provider mirror for work by hand: `python -m tests.terraform FOLDER`.

It decides only what is printed: the line that makes a shell's Terraform use the mirror.
"""

import argparse
import shlex
from pathlib import Path

from tests.terraform.mirror import build_mirror
from tests.terraform.schema import FOLDER_VARIABLE, schema_folder


def main() -> None:
    """Build the mirror in the folder named on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.terraform",
        description="Build a mirror of schema providers, with which Terraform works offline.",
        epilog=f"The schemas come from {schema_folder()}; {FOLDER_VARIABLE} names another folder.",
    )
    parser.add_argument("folder", type=Path, help="where to build the mirror")
    configuration = build_mirror(parser.parse_args().folder, schemas=schema_folder())
    print(f"export TF_CLI_CONFIG_FILE={shlex.quote(str(configuration))}")


if __name__ == "__main__":
    main()
