"""`escscaffold rename`: another name for an environment, and nothing that Terraform would replace for it."""

from collections.abc import Container
from pathlib import Path

import click
from msgspec.structs import replace

from escscaffold.cli.changing import Changed, ChangeOptions, again, change, change_options, environment_of
from escscaffold.cli.command import ScaffoldCommand
from escscaffold.cli.completing import offer_environments
from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock import Lock, folder_of, kept_in, with_environment_renamed
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, read_environment_name


@click.command(
    "rename", cls=ScaffoldCommand, example="escscaffold rename staging live", document={"files": [], "replaces": []}
)
@click.argument("old", metavar="OLD", shell_complete=offer_environments)
@click.argument("new", metavar="NEW")
@click.option("--new-names", is_flag=True, help="Call its resources by the new name, too; most are replaced then.")
@change_options
def command(asked: ChangeOptions, old: str, new: str, new_names: bool) -> int:
    """Rename environment OLD to NEW.

    Its folder moves with all that is in it, Terraform's state and your own files, too. Its
    resources keep their names (`name` in escscaffold.toml), so that Terraform replaces nothing.
    """
    flags = ["--new-names"] if new_names else []
    moved = {folder_of(old): folder_of(new)} if (asked.folder / folder_of(old)).is_dir() else {}
    terms = again(replace(asked.terms, moved=moved), "rename", old, new, *flags)

    def edit(text: str, lock: Lock) -> Changed:
        from escscaffold.spec import editing

        environment_of(text, old, "OLD", lock)
        spec = read_spec(text, SPEC_FILE, kept_in(lock))
        present = spec.environments
        _refuse(asked.folder, present, new)
        called = new if new_names else present[old].called
        name: dict[KeyPath, str | None] = {("environments", new, "name"): called if called != new else None}
        new_text = editing.with_environment_renamed(text, old, new, name)
        renamed = with_environment_renamed(lock, old, new, spec.facts.clouds)
        return Changed(
            text=new_text,
            spec=read_spec(new_text, SPEC_FILE, kept_in(renamed)),
            lock=renamed,
            terms=terms,
            after="\n".join(["Next:", *_next(lock, old, new)]),
        )

    return change(asked.folder, asked.output, terms, edit)


def _next(lock: Lock, old: str, new: str) -> list[str]:
    described = [f"  escscaffold ipam claim {new}"] if lock.grants.claims.of(old) else []
    return [f"  terraform -chdir={folder_of(new)} plan", *described]


def _refuse(folder: Path, present: Container[str], new: str) -> None:
    """Raise where the new name cannot be one, or is taken."""
    try:
        read_environment_name(new)
    except BadValue as error:
        raise click.BadParameter(f"{error.message} {error.fix}", param_hint="NEW") from None
    if new in present:
        raise click.BadParameter(f"{new} is there already.", param_hint="NEW")
    if (folder / folder_of(new)).exists():
        raise ScaffoldError(f"{folder / folder_of(new)} is there already.", hint="Move it out of the way.")
