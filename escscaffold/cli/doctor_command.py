"""`escscaffold doctor`: what is here, and what is missing."""

import os
import sys
from pathlib import Path

import click
from msgspec import to_builtins

from escscaffold.cli.command import CLEAN, FAILED, ScaffoldCommand, common_options
from escscaffold.cli.output import Output, hanging, terminal_width
from escscaffold.rendering.document import VERSION
from escscaffold.repository.doctor import Fact, State, look_around

_MARKS: dict[State, str] = {"good": "ok", "note": "-", "missing": "MISSING"}


@click.command("doctor", cls=ScaffoldCommand, example="escscaffold doctor", document={"facts": []})
@common_options
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool, quiet: bool, color: str) -> None:
    """Check tools, versions, credentials and proxies.

    The output names the variables and files that hold credentials, never their values. Exit 1: a required tool is
    missing. Missing credentials do not fail; only `terraform apply` needs them.
    """
    output = Output(as_json=as_json, quiet=quiet)
    facts = [*look_around(folder, os.environ, Path.home()), *_terminal(ctx)]
    shown_facts = [fact for fact in facts if not quiet or fact.state == "missing"]
    text = _text(shown_facts)
    if as_json or text:
        output.result(text, {"version": VERSION, "facts": [to_builtins(fact) for fact in facts], "findings": []})
    ctx.exit(FAILED if any(fact.state == "missing" for fact in facts) else CLEAN)


def _terminal(ctx: click.Context) -> list[Fact]:
    kind = "terminal" if sys.stdout.isatty() else "no terminal"
    colours = "colors" if ctx.color or (ctx.color is None and sys.stdout.isatty()) else "no colors"
    says = f"{kind}, {terminal_width()} columns, {colours}"
    return [Fact(topic="terminal", name="output", state="good", says=says)]


def _text(facts: list[Fact]) -> str:
    lines: list[str] = []
    topic = ""
    for fact in facts:
        if fact.topic != topic:
            lines += ["", f"{fact.topic.capitalize()}:"] if lines else [f"{fact.topic.capitalize()}:"]
            topic = fact.topic
        lines.append(hanging(f"{fact.name}: {fact.says}", f"  {_MARKS[fact.state]:<7} "))
    return "\n".join(lines)
