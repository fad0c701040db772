"""The fixtures of the command line's tests: what is written is tried through it."""

from tests.cli.conftest import nothing_set, planned, pristine, repository

__all__ = ["nothing_set", "planned", "pristine", "repository"]
