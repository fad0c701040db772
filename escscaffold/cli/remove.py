"""`escscaffold remove`: take an environment out of the repository."""

from pathlib import Path

import click

from escscaffold.cli.changing import Changed, again, change, environment_of
from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_environments
from escscaffold.cli.options import terms_options
from escscaffold.cli.output import Output
from escscaffold.cli.writing import Terms
from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock import Lock
from escscaffold.repository.disk import SPEC_FILE
from escscaffold.spec.reading import read_spec


@click.command(
    "remove", cls=ScaffoldCommand, example="escscaffold remove staging", document={"files": [], "replaces": []}
)
@click.argument("name", metavar="ENVIRONMENT", shell_complete=offer_environments)
@terms_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    dry_run: bool,
    diff: bool,
    accepted: tuple[str, ...],
    folder: Path,
    as_json: bool,
    quiet: bool,
    color: str,
) -> None:
    """Take ENVIRONMENT out of escscaffold.toml, and its files out of the repository.

    What Terraform made of it stays: run `terraform destroy` in its folder first. Its addresses are
    kept free until `generate --forget`.
    """
    output = Output(as_json=as_json, quiet=quiet)
    terms = again(Terms(dry_run=dry_run, diff=diff, accepted=accepted), "remove", name)

    def edit(text: str, lock: Lock) -> Changed:
        from escscaffold.spec.changing import without_environment

        environment_of(text, name, "ENVIRONMENT")
        if len(read_spec(text, SPEC_FILE).environments) == 1:
            raise ScaffoldError(f"{name} is the last environment, and a repository has one at least.")
        new_text = without_environment(text, name)
        return Changed(text=new_text, spec=read_spec(new_text, SPEC_FILE), lock=lock, terms=terms)

    ctx.exit(change(folder, output, terms, edit))
