"""`escscaffold schema`: the JSON schema of the spec."""

import click

from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.clouds.fact_files import schema_text


@click.command("schema", cls=ScaffoldCommand, example="escscaffold schema")
@common_options
def command(folder: object, as_json: bool, quiet: bool, color: str) -> None:
    """Print the JSON schema of escscaffold.toml.

    TOML editors use it for completion and validation. A repository has a copy in .escscaffold/schema.json, named in
    the first line of escscaffold.toml.
    """
    click.echo(schema_text(), nl=False)
