"""`escscaffold set`, `rename` and `remove`: change the spec, and what follows from it."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from escscaffold.cli.command import CLEAN, FAILED, WOULD_CHANGE, ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_environments, offer_keys
from escscaffold.cli.hints import command_line, runnable
from escscaffold.cli.options import terms_options
from escscaffold.cli.output import Output, paragraphs
from escscaffold.cli.replacement_lines import changed_places
from escscaffold.cli.terminal_reporter import TerminalReporter
from escscaffold.cli.writing import print_generated
from escscaffold.clouds.known_facts import load_facts
from escscaffold.jobs.change import ChangeReporter, StateLeftError, remove, rename, set_keys
from escscaffold.jobs.generate import Terms
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock, folder_of
from escscaffold.planning.sizing import database_settings
from escscaffold.repository.disk import read_basis
from escscaffold.repository.dropped_resources import remote_state, states_left
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.values import known_environment


class ChangeOptions(Struct, frozen=True, kw_only=True):
    """What all commands take that change the spec: where, how it is printed, and on what terms."""

    folder: Path
    output: Output
    terms: Terms

    @property
    def reporter(self) -> "TerminalChangeReporter":
        """What prints while the job runs."""
        return TerminalChangeReporter(self.output)


class TerminalChangeReporter(TerminalReporter, ChangeReporter):
    """Prints which addresses a change moves, before anything is compared."""

    def changed(self, lock: Lock, plan: AddressPlan) -> None:
        """Print the addresses that change."""
        if places := changed_places(lock, plan):
            self.output.note(f"{places}\n")


def _change_options(function: Callable[..., int]) -> Callable[..., None]:
    """Add the flags of such a command, hand them over as one, and exit with the code that it returns."""

    @terms_options
    @common_options
    @wraps(function)
    def command(
        dry_run: bool,
        diff: bool,
        accepted: tuple[str, ...],
        folder: Path,
        as_json: bool,
        quiet: bool,
        color: str,
        **flags: Any,
    ) -> None:
        terms = Terms(dry_run=dry_run, diff=diff, accepted=accepted)
        options = ChangeOptions(folder=folder, output=Output(as_json=as_json, quiet=quiet), terms=terms)
        click.get_current_context().exit(function(options, **flags))

    return command


@click.command(
    "set",
    short_help="Change keys of escscaffold.toml and regenerate.",
    cls=ScaffoldCommand,
    example="escscaffold set prod.ranges.pods=/15 --diff",
    document={"files": [], "replaces": []},
)
@click.argument("settings", metavar="KEY=VALUE...", nargs=-1, required=True, shell_complete=offer_keys)
@click.option(
    "--environment",
    metavar="NAME",
    shell_complete=offer_environments,
    help="Environment of the keys; not needed with one environment.",
)
@_change_options
def set_command(options: ChangeOptions, settings: tuple[str, ...], environment: str | None) -> int:
    """Change keys of escscaffold.toml, show the effects and regenerate.

    KEY is any key of the spec, such as provider, reserved.office or prod.ranges.pods (prod.pods for short, or pods
    with one environment). KEY= without a value removes the key. Comments in the file stay.
    """
    named = ["--environment", environment] if environment else []
    changed = set_keys(options.folder, settings, environment, options.terms, reporter=options.reporter)
    return print_generated(options.folder, changed, options.output, options.terms, again=("set", *settings, *named))


@click.command(
    "rename", cls=ScaffoldCommand, example="escscaffold rename staging live", document={"files": [], "replaces": []}
)
@click.argument("old", metavar="OLD", shell_complete=offer_environments)
@click.argument("new", metavar="NEW")
@click.option("--new-names", is_flag=True, help="Also rename its resources; Terraform replaces most of them.")
@_change_options
def rename_command(options: ChangeOptions, old: str, new: str, new_names: bool) -> int:
    """Rename environment OLD to NEW.

    The folder moves with all its files, including Terraform state and your own files. Resources keep their names
    (`name` in escscaffold.toml), so Terraform replaces nothing.
    """
    flags = ["--new-names"] if new_names else []
    changed = rename(options.folder, old, new, options.terms, new_names=new_names, reporter=options.reporter)
    after = "\n".join(["Next:", *_next_commands(changed.lock, new)])
    again = ("rename", old, new, *flags)
    return print_generated(options.folder, changed, options.output, options.terms, after=after, again=again)


def _next_commands(lock: Lock, new: str) -> list[str]:
    described = [f"  {command_line('ipam', 'claim', new)}"] if lock.grants.claims.of(new) else []
    return [runnable(f"  terraform -chdir={folder_of(new)} plan"), *described]


@click.command(
    "remove",
    short_help="Remove ENVIRONMENT and its files.",
    cls=ScaffoldCommand,
    example="escscaffold remove staging",
    document={"files": [], "replaces": []},
)
@click.argument("name", metavar="ENVIRONMENT", shell_complete=offer_environments)
@click.option("--force", is_flag=True, help="Remove it although a Terraform state in its folder has resources.")
@_change_options
def remove_command(options: ChangeOptions, name: str, force: bool) -> int:
    """Remove ENVIRONMENT from escscaffold.toml and delete its files.

    Cloud resources are not destroyed: run `terraform destroy` in its folder first. If a Terraform state there has
    resources, the command asks, or exits 1 without a terminal. Addresses stay reserved until `generate --forget`,
    and IPAM claims until `ipam release`.
    """
    terms, root = options.terms, folder_of(name)
    on_disk, basis = read_basis(options.folder, load_facts())
    environments = basis.read_spec(on_disk.text).environments
    protection = _protection_line(environments[known_environment(name, environments, "ENVIRONMENT")])
    states = states_left(options.folder, root)
    undestroyed = StateLeftError(name, states, more=protection) if states and not force else None
    if undestroyed and not terms.would and not _confirmed(name, undestroyed, protection):
        click.echo("Nothing was written.")
        return FAILED

    remote = remote_state(options.folder, root)
    where = f"Its state is in the {remote} backend and was not checked." if remote else ""
    changed = remove(options.folder, name, terms, force=True, reporter=options.reporter)
    after = "\n".join(paragraphs(line) for line in (protection, where, _claims_line(changed.lock, name)) if line)
    again = ("remove", name, *(["--force"] if force else []))
    code = print_generated(options.folder, changed, options.output, terms, after=after, again=again)
    if undestroyed and terms.would and code in (CLEAN, WOULD_CHANGE):
        options.output.note(
            f"Removal would be refused: {undestroyed.states}. First run: {runnable(undestroyed.steps[0])}"
        )
    return code


def _claims_line(lock: Lock, name: str) -> str:
    return f"To release its claims: {command_line('ipam', 'release', name)}" if lock.grants.claims.of(name) else ""


def _confirmed(name: str, undestroyed: StateLeftError, protection: str) -> bool:
    """Ask whether to remove the files all the same; without a terminal, raise the error."""
    if not sys.stdin.isatty():
        raise undestroyed
    click.echo(paragraphs(undestroyed.problem))
    if protection:
        click.echo(paragraphs(protection))
    steps = (f"  {runnable(step)}" for step in undestroyed.steps)
    click.echo("\n".join(["To destroy its resources first, while its files exist:", *steps]))
    return click.confirm(f"Remove the files of {name} anyway?", default=False)


def _protection_line(environment: EnvironmentSpec) -> str:
    """Return whether a destroy of the database would be refused; nothing where none is created."""
    setting = environment.database_settings.get("protected")
    if setting is None or not environment.creates("database"):
        return ""
    if database_settings(environment).get("protected", setting.default):
        return (
            "Its database is protected: it cannot be destroyed until `protected = false` is applied "
            f"({command_line('set', f'{environment.name}.database.protected=false')})."
        )
    return "Its database is not protected (protected = false): `terraform destroy` deletes it with its data."
