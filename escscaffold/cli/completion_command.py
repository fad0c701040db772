"""`escscaffold completion`: what a shell needs to complete its lines."""

import click

from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.output import Output
from escscaffold.rendering.document import VERSION

_NAMES = ("bash", "fish", "powershell", "zsh")
"""The shells that there is a completion for; what each needs is in `cli/shells.py`, which only a completion imports."""


@click.command(
    "completion", cls=ScaffoldCommand, example="escscaffold completion bash", document={"shell": "", "script": ""}
)
@click.argument("shell", type=click.Choice(_NAMES))
@common_options
def command(shell: str, folder: object, as_json: bool, quiet: bool, color: str) -> None:
    """Print a shell completion script.

    bash: add eval "$(escscaffold completion bash)" to ~/.bashrc. zsh: add eval "$(escscaffold completion zsh)" to
    ~/.zshrc, after compinit. fish: write the script to ~/.config/fish/completions/escscaffold.fish. PowerShell: add
    escscaffold completion powershell | Out-String | Invoke-Expression to $PROFILE.
    """
    from escscaffold.cli import cli
    from escscaffold.cli.shells import VARIABLE, completion_of

    script = completion_of(shell)(cli, {}, "escscaffold", VARIABLE).source()
    document = {"version": VERSION, "shell": shell, "script": script, "findings": []}
    Output(as_json=as_json, quiet=quiet).result(script.removesuffix("\n"), document)
