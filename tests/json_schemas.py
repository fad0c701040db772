"""Checks files by the schemas that editors and CI services use, as `check-jsonschema` does, without its start."""

import warnings
from pathlib import Path

import check_jsonschema
from click.testing import CliRunner


def violations(*arguments: str | Path) -> str:
    """Return what `check-jsonschema` prints when it fails with these arguments, or nothing."""
    with warnings.catch_warnings(action="ignore"):
        done = CliRunner().invoke(check_jsonschema.main, [str(one) for one in arguments])
    return "" if done.exit_code == 0 else done.output or repr(done.exception)
