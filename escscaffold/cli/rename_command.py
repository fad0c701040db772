"""`escscaffold rename`: another name for an environment, and nothing that Terraform would replace for it."""

import click

from escscaffold.cli.changing import ChangeOptions, again, change_options, print_changed
from escscaffold.cli.command import ScaffoldCommand
from escscaffold.cli.completing import offer_environments
from escscaffold.jobs.change import rename_environment
from escscaffold.planning.lock import Lock, folder_of


@click.command(
    "rename", cls=ScaffoldCommand, example="escscaffold rename staging live", document={"files": [], "replaces": []}
)
@click.argument("old", metavar="OLD", shell_complete=offer_environments)
@click.argument("new", metavar="NEW")
@click.option("--new-names", is_flag=True, help="Also rename its resources; Terraform replaces most of them.")
@change_options
def command(asked: ChangeOptions, old: str, new: str, new_names: bool) -> int:
    """Rename environment OLD to NEW.

    The folder moves with all its files, including Terraform state and your own files. Resources keep their names
    (`name` in escscaffold.toml), so Terraform replaces nothing.
    """
    flags = ["--new-names"] if new_names else []
    terms = again(asked.terms, "rename", old, new, *flags)
    changed = rename_environment(asked.folder, old, new, terms, asked.reporter, new_names=new_names)
    return print_changed(asked, changed, terms, "\n".join(["Next:", *_next(changed.lock, new)]))


def _next(lock: Lock, new: str) -> list[str]:
    described = [f"  escscaffold ipam claim {new}"] if lock.grants.claims.of(new) else []
    return [f"  terraform -chdir={folder_of(new)} plan", *described]
