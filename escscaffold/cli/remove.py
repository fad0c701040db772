"""`escscaffold remove`: take an environment out of the repository."""

import click

from escscaffold.cli.changing import Asked, Changed, again, change, change_options, environment_of
from escscaffold.cli.command import ScaffoldCommand
from escscaffold.cli.completing import offer_environments
from escscaffold.errors import ScaffoldError
from escscaffold.planning.lock import Lock
from escscaffold.repository.disk import SPEC_FILE
from escscaffold.spec.reading import read_spec


@click.command(
    "remove",
    short_help="Take ENVIRONMENT and its files out of the repository.",
    cls=ScaffoldCommand,
    example="escscaffold remove staging",
    document={"files": [], "replaces": []},
)
@click.argument("name", metavar="ENVIRONMENT", shell_complete=offer_environments)
@change_options
def command(asked: Asked, name: str) -> int:
    """Take ENVIRONMENT out of escscaffold.toml, and its files out of the repository.

    What Terraform made of it stays: run `terraform destroy` in its folder first. Its addresses are
    kept free until `generate --forget`, and its claims stay in the IPAM until `ipam release`.
    """
    terms = again(asked.terms, "remove", name)

    def edit(text: str, lock: Lock) -> Changed:
        from escscaffold.spec.changing import without_environment

        environment_of(text, name, "ENVIRONMENT")
        if len(read_spec(text, SPEC_FILE).environments) == 1:
            raise ScaffoldError(f"{name} is the last environment, and a repository has one at least.")
        new_text = without_environment(text, name)
        after = f"Its claims stay until: escscaffold ipam release {name}" if lock.grants.claims.of(name) else ""
        return Changed(text=new_text, spec=read_spec(new_text, SPEC_FILE), lock=lock, terms=terms, after=after)

    return change(asked.folder, asked.output, terms, edit)
