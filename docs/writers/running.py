"""Runs escscaffold in this process, for pages that show what it prints."""

from click.testing import CliRunner

from escscaffold.cli import cli

WIDTH = 80
DAY = "2026-11-29"
"""The day as of which pages show what is supported."""

GUIDE = [
    *("--environment", "prod", "--cloud", "gcp", "--region", "europe-west2", "--mode", "gke-standard"),
    *("--range", "kurrent=172.22.110.0/24", "--range", "nodes=172.30.0.0/16", "--range", "pods=172.31.128.0/17"),
]
"""The working numbers of the vendor's guide; the pods' range comes last."""


def run(*arguments: str, expect: int = 0) -> str:
    """Run a command in this process and return what it prints."""
    day = {"ESCSCAFFOLD_AS_OF": DAY}
    result = CliRunner().invoke(cli, arguments, prog_name="escscaffold", terminal_width=WIDTH, env=day)
    assert result.exit_code == expect, f"{' '.join(arguments)}: exit {result.exit_code}\n{result.output}"
    return result.stdout
