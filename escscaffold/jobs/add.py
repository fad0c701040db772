"""The job `add`: one more environment, planned around the others."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ArgumentsError, UnknownNameError
from escscaffold.jobs.generate import Generated, Terms, write_files
from escscaffold.jobs.reporter import SILENT, Reporter, holding_folder
from escscaffold.jobs.repository_plan import PlannedText, plan_basis, refuse_unreadable
from escscaffold.repository.disk import Basis, read_basis
from escscaffold.repository.transaction import refuse_changed
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, parse_toml

_SHARED_TABLES = {"reserved": "reserved", "pools": "a pool"}
"""The tables of the repository that a new environment may add to, and what an entry is called."""

_OF_THE_REPOSITORY = ("provider", "ci", "pipeline", "backend", "ipam")


def add(
    folder: Path | str,
    document: Mapping[str, Any],
    *,
    dry_run: bool = False,
    agreed: Basis | None = None,
    reporter: Reporter = SILENT,
) -> Generated:
    """Add what is asked to the repository in `folder`: environments, and blocks in [reserved] and [pools].

    `document` has the shape of the spec. What was allocated before does not move. Nothing is claimed in an IPAM, and
    with `dry_run` nothing is written. `agreed` is the repository that the addition was confirmed for: where it has
    changed, nothing is written. Raises SpecError, ArgumentsError, and UnknownNameError for a name that is taken.
    """
    folder = Path(folder)
    with nullcontext() if dry_run else holding_folder(folder, reporter):
        on_disk, basis = read_basis(folder, load_facts())
        if agreed is not None:
            refuse_changed(folder, agreed.ids)
        refuse_unreadable(document, parse_toml(on_disk.text, SPEC_FILE), basis.facts)
        added = planned_addition(on_disk.text, basis, document)
        terms = Terms(dry_run=dry_run)
        return write_files(folder, added.plan, basis.lock, basis, terms, spec_text=added.text, reporter=reporter)


def planned_addition(text: str, basis: Basis, document: Mapping[str, Any]) -> PlannedText:
    """Return a spec's text with what is asked, and its plan; raises what `add` raises."""
    from escscaffold.spec.editing import with_additions  # slow to import, and needed once something is added

    refuse_present(document, basis.read_spec(text))
    blocks = {key: document[key] for key in ("pools", "reserved") if key in document}
    new_text = with_additions(text, blocks, document["environments"])
    return PlannedText(text=new_text, plan=plan_basis(new_text, basis))


def refuse_present(document: Mapping[str, Any], present: Spec) -> None:
    """Raise for what the repository has already, or what is not an environment's."""
    for name in document["environments"]:
        if name in present.environments:
            raise UnknownNameError(f"{name} already exists.", flag="ENVIRONMENT")
    for table, word in _SHARED_TABLES.items():
        blocks: Mapping[str, Any] = getattr(present, table)
        for name, block in document.get(table, {}).items():
            if name in blocks and str(blocks[name]) != block:
                raise ArgumentsError(f"{name} is already {word}, as {blocks[name]}: change it in {SPEC_FILE}.")
    for key in _OF_THE_REPOSITORY:
        if key in document:
            raise ArgumentsError(f"{key} applies to the whole repository: change it in {SPEC_FILE}.")
