"""`escscaffold remove`: take an environment out of the repository."""

import sys

import click

from escscaffold.cli.changing import ChangeOptions, again, change_options, print_changed
from escscaffold.cli.command import CLEAN, FAILED, WOULD_CHANGE, ScaffoldCommand
from escscaffold.cli.completing import offer_environments
from escscaffold.cli.output import paragraphs
from escscaffold.errors import ScaffoldError
from escscaffold.jobs.change import remove_environment
from escscaffold.planning.lock import Lock, folder_of, kept_in
from escscaffold.planning.sizing import database_settings
from escscaffold.repository.disk import load_lock, read_spec_text
from escscaffold.repository.local_state import StateLeft, remote_state, states_left
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.values import known_environment


class StateLeftError(ScaffoldError):
    """Terraform still knows of something that the environment has made."""


@click.command(
    "remove",
    short_help="Remove ENVIRONMENT and its files.",
    cls=ScaffoldCommand,
    example="escscaffold remove staging",
    document={"files": [], "replaces": []},
)
@click.argument("name", metavar="ENVIRONMENT", shell_complete=offer_environments)
@click.option("--force", is_flag=True, help="Remove it although a Terraform state in its folder has resources.")
@change_options
def command(asked: ChangeOptions, name: str, force: bool) -> int:
    """Remove ENVIRONMENT from escscaffold.toml and delete its files.

    Cloud resources are not destroyed: run `terraform destroy` in its folder first. If a Terraform state there has
    resources, the command asks, or exits 1 without a terminal. Addresses stay reserved until `generate --forget`,
    and IPAM claims until `ipam release`.
    """
    terms = again(asked.terms, "remove", name, *(["--force"] if force else []))
    only_look = terms.dry_run or terms.diff
    root = folder_of(name)
    text, known = read_spec_text(asked.folder), load_lock(asked.folder)
    known_environment(name, read_spec(text, SPEC_FILE, kept_in(known)).environments, "ENVIRONMENT")
    protection = _protection(text, name, known)
    left = states_left(asked.folder, root)
    if left and not (force or only_look) and not _confirmed(name, root, left, protection):
        click.echo("Nothing was written.")
        return FAILED

    remote = remote_state(asked.folder, root)
    where = f"Its state is in the {remote} backend and was not checked." if remote else ""
    changed = remove_environment(asked.folder, name, terms, asked.reporter)
    after = "\n".join(paragraphs(line) for line in (protection, where, _claims(changed.lock, name)) if line)
    code = print_changed(asked, changed, terms, after)
    if left and only_look and not force and code in (CLEAN, WOULD_CHANGE):
        asked.output.note(
            f"Removal would be refused: {_what_is_left(left)}. First run: {_how_to_destroy(root, left)[0]}"
        )
    return code


def _claims(lock: Lock, name: str) -> str:
    return f"To release its claims: escscaffold ipam release {name}" if lock.grants.claims.of(name) else ""


def _confirmed(name: str, root: str, left: tuple[StateLeft, ...], protection: str) -> bool:
    """Return whether a person says yes; raises StateLeftError where nobody can be asked."""
    problem = f"{name} is not destroyed yet: {_what_is_left(left)}."
    steps = _how_to_destroy(root, left)
    if not sys.stdin.isatty():
        hint = [*([protection] if protection else []), "Destroy its resources first, while its files exist:"]
        raise StateLeftError(problem, hint="\n".join([*hint, *steps, f"Or: escscaffold remove {name} --force"]))
    click.echo(paragraphs(problem))
    if protection:
        click.echo(paragraphs(protection))
    click.echo("\n".join(["To destroy its resources first, while its files exist:", *(f"  {step}" for step in steps)]))
    return click.confirm(f"Remove the files of {name} anyway?", default=False)


def _what_is_left(left: tuple[StateLeft, ...]) -> str:
    return "; ".join(resource.text for resource in left)


def _how_to_destroy(root: str, left: tuple[StateLeft, ...]) -> list[str]:
    terraform = f"terraform -chdir={root}"
    workspaces = list(dict.fromkeys(resource.workspace for resource in left))
    if workspaces == [""]:
        return [f"{terraform} destroy"]
    names = [workspace or "default" for workspace in workspaces]
    return [f"{terraform} workspace select {name} && {terraform} destroy" for name in names]


def _protection(text: str, name: str, lock: Lock) -> str:
    """Return whether Kurrent Cloud would refuse to delete the database; nothing where none is made."""
    environment = read_spec(text, SPEC_FILE, kept_in(lock)).environments[name]
    setting = environment.database_settings.get("protected")
    if setting is None or environment.parts.get("database", "create") != "create":
        return ""
    if database_settings(environment).get("protected", setting.default):
        return (
            "Its database is protected: Kurrent Cloud refuses to delete it until `protected = false` is applied "
            f"(escscaffold set {name}.database.protected=false)."
        )
    return "Its database is not protected (protected = false): `terraform destroy` deletes it with its data."
