"""The fixtures of the command line's tests: what is written is tried through it."""

from tests.cli.conftest import planned, pristine, repository

__all__ = ["planned", "pristine", "repository"]
