"""`escscaffold explain`, `doctor`, `schema` and `completion`: what needs no repository, looked up and printed."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent
from typing import Any

import click
from msgspec import to_builtins
from msgspec.structs import asdict

from escscaffold.cli.command import CLEAN, FAILED, ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_rules
from escscaffold.cli.output import Output, hanging, linked, named_source, paragraphs, terminal_width
from escscaffold.clouds.known_facts import load_facts
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.rendering.document import VERSION
from escscaffold.repository.doctor import Observation, State, observe
from escscaffold.rules.catalogue import RULES, ExampleFiles, examples
from escscaffold.rules.finding import Rule
from escscaffold.spec.values import nearest

_MARKS: dict[State, str] = {"good": "ok", "note": "-", "missing": "MISSING"}
_SHELLS = ("bash", "fish", "powershell", "zsh")
"""The shells that there is a completion for; what each needs is in `cli/shells.py`, which only a completion imports."""


@click.command("explain", cls=ScaffoldCommand, example="escscaffold explain ESC201", document={"rules": []})
@click.argument("code", required=False, shell_complete=offer_rules)
@common_options
def explain_command(code: str | None, folder: object, as_json: bool, quiet: bool, color: str) -> None:
    """Explain rule CODE, or list all rules.

    The output includes a spec that breaks the rule and a spec that passes.
    """
    output = Output(as_json=as_json, quiet=quiet)
    if code is None:
        lines = [hanging(rule.title, f"{rule.code}  {rule.severity:<7}  ") for rule in RULES.values()]
        output.result("\n".join(lines), _rules_document(RULES.values()))
        return
    rule = RULES.get(code.upper())
    if rule is None:
        message = f"{code!a} is not a rule. {nearest(code.upper(), RULES)} To list all: `escscaffold explain`."
        raise click.BadParameter(message, param_hint="CODE")
    output.result(_rule_text(rule), _rules_document([rule]))


def _rules_document(rules: Iterable[Rule]) -> dict[str, Any]:
    return {"version": VERSION, "rules": [_rule_row(rule) for rule in rules], "findings": []}


def _rule_text(rule: Rule) -> str:
    """Return a rule with its reason, source and examples as text."""
    example = examples()[rule.code]
    return "\n".join(
        [
            paragraphs(f"{rule.code} ({rule.severity}): {rule.title}"),
            "",
            paragraphs(rule.reason),
            f"Source: {linked(named_source(rule.source), rule.source)}",
            "",
            *_example_lines("With this finding:", example.breaks, example.broken),
            "",
            *_example_lines("Without this finding:", example.mends, example.mended),
        ]
    )


def _example_lines(title: str, spec: str, texts: ExampleFiles) -> list[str]:
    files = ["", "  with this lock:", indent(texts.lock.strip(), "    ")] if texts.lock else []
    files += ["", f"  with this {IPAM_FILE}:", indent(texts.ipam.strip(), "    ")] if texts.ipam else []
    files += ["", f"  with --as-of {texts.as_of}"] if texts.as_of else []
    files += ["", "  with this Terraform:", indent(texts.files.strip(), "    ")] if texts.files else []
    return [title, indent(spec.strip(), "    "), *files]


def _rule_row(rule: Rule) -> dict[str, str]:
    fields = {key: value for key, value in asdict(rule).items() if isinstance(value, str)}
    return fields | {key: str(value or "") for key, value in asdict(examples()[rule.code]).items()}


@click.command("doctor", cls=ScaffoldCommand, example="escscaffold doctor", document={"facts": []})
@common_options
@click.pass_context
def doctor_command(ctx: click.Context, folder: Path, as_json: bool, quiet: bool, color: str) -> None:
    """Check tools, versions, credentials and proxies.

    The output names the variables and files that hold credentials, never their values. Exit 1: a required tool is
    missing. Missing credentials do not fail; only `terraform apply` needs them.
    """
    output = Output(as_json=as_json, quiet=quiet)
    facts = [*observe(folder, os.environ, Path.home(), load_facts()), *_terminal_facts(ctx)]
    shown_facts = [fact for fact in facts if not quiet or fact.state == "missing"]
    text = _facts_text(shown_facts)
    if as_json or text:
        output.result(text, {"version": VERSION, "facts": [to_builtins(fact) for fact in facts], "findings": []})
    ctx.exit(FAILED if any(fact.state == "missing" for fact in facts) else CLEAN)


def _terminal_facts(ctx: click.Context) -> list[Observation]:
    kind = "terminal" if sys.stdout.isatty() else "no terminal"
    colours = "colors" if ctx.color or (ctx.color is None and sys.stdout.isatty()) else "no colors"
    says = f"{kind}, {terminal_width()} columns, {colours}"
    return [Observation(topic="terminal", name="output", state="good", says=says)]


def _facts_text(facts: list[Observation]) -> str:
    lines: list[str] = []
    topic = ""
    for fact in facts:
        if fact.topic != topic:
            lines += ["", f"{fact.topic.capitalize()}:"] if lines else [f"{fact.topic.capitalize()}:"]
            topic = fact.topic
        lines.append(hanging(f"{fact.name}: {fact.says}", f"  {_MARKS[fact.state]:<7} "))
    return "\n".join(lines)


@click.command("schema", cls=ScaffoldCommand, example="escscaffold schema")
@common_options
def schema_command(folder: object, as_json: bool, quiet: bool, color: str) -> None:
    """Print the JSON schema of escscaffold.toml.

    TOML editors use it for completion and validation. A repository has a copy in .escscaffold/schema.json, named in
    the first line of escscaffold.toml.
    """
    from escscaffold.clouds.fact_files import schema_text  # not needed by the other commands

    click.echo(schema_text(), nl=False)


@click.command(
    "completion", cls=ScaffoldCommand, example="escscaffold completion bash", document={"shell": "", "script": ""}
)
@click.argument("shell", type=click.Choice(_SHELLS))
@common_options
def completion_command(shell: str, folder: object, as_json: bool, quiet: bool, color: str) -> None:
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
