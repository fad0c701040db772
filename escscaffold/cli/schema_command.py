"""`escscaffold schema`: the JSON schema of the spec."""

import click

from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.spec.schema import schema_text


@click.command("schema", cls=ScaffoldCommand, example="escscaffold schema")
@common_options
def command(folder: object, as_json: bool, quiet: bool, color: str) -> None:
    """Print the JSON schema of escscaffold.toml.

    Editors that know TOML complete and check the file by it. A repository has it in
    .escscaffold/schema.json, and the first line of its escscaffold.toml names it.
    """
    click.echo(schema_text(), nl=False)
