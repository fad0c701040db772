"""The fixtures of the command line's tests: what is written of a spec is tried through it."""

from tests.cli.conftest import pristine, repository

__all__ = ["pristine", "repository"]
