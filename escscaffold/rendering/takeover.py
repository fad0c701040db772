"""The files of an environment that takes over what exists: import blocks, and the steps to take once.

They are written once and are the user's from then on, so no later run compares them with anything.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct, to_builtins

from escscaffold.rendering.templates import template

IMPORTS_FILE = "imports.tf"
TESTS_FILE = "tests/adopted.auto.tfvars"


class ImportBlock(Struct, frozen=True, kw_only=True):
    """One object that exists: its address here, its key there, its id, and what it was called."""

    to: str
    key: str
    id: str
    was: str


class TakeoverSteps(Struct, frozen=True, kw_only=True):
    """What the steps tell."""

    environment: str
    peering: str
    before: Sequence[str] | None
    """The old routes; None where they are not known."""
    after: Sequence[str]
    replaced: bool
    removed: Sequence[str]
    """Commands that remove what cannot be imported."""
    forgotten: Sequence[str]
    """Commands that take what is imported out of the old state."""
    imports: int
    renamed: Sequence[str] = ()
    """What is imported and gets another name, which replaces it."""


def takeover_files(imports: Sequence[ImportBlock], steps: TakeoverSteps) -> Mapping[str, str]:
    """Return the text to add to each file, by its path in the repository."""
    root = f"environments/{steps.environment}/"
    files = {"README.md": template("adoption/steps.md.j2").render(to_builtins(steps))}
    if imports:
        text = template("adoption/imports.tf.j2").render({"imports": to_builtins(list(imports))})
        files[root + IMPORTS_FILE] = text
        files[root + TESTS_FILE] = template("adoption/tests.auto.tfvars.j2").render()
    return files
