"""`escscaffold explain`: one rule, or the list."""

from collections.abc import Iterable
from textwrap import indent
from typing import Any

import click
from msgspec.structs import asdict

from escscaffold.cli.command import ScaffoldCommand, common_options
from escscaffold.cli.completing import offer_rules
from escscaffold.cli.output import Output, hanging, linked, named_source, paragraphs
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.rendering.document import VERSION
from escscaffold.rules.catalogue import RULES, ExampleFiles, examples
from escscaffold.rules.finding import Rule
from escscaffold.spec.values import nearest


@click.command("explain", cls=ScaffoldCommand, example="escscaffold explain ESC201", document={"rules": []})
@click.argument("code", required=False, shell_complete=offer_rules)
@common_options
def command(code: str | None, folder: object, as_json: bool, quiet: bool, color: str) -> None:
    """Explain rule CODE, or list all rules.

    The output includes a spec that breaks the rule and a spec that passes.
    """
    output = Output(as_json=as_json, quiet=quiet)
    if code is None:
        lines = [hanging(rule.title, f"{rule.code}  {rule.severity:<7}  ") for rule in RULES.values()]
        output.result("\n".join(lines), _rules(RULES.values()))
        return
    rule = RULES.get(code.upper())
    if rule is None:
        message = f"{code!a} is not a rule. {nearest(code.upper(), RULES)} To list all: `escscaffold explain`."
        raise click.BadParameter(message, param_hint="CODE")
    output.result(rule_text(rule), _rules([rule]))


def _rules(rules: Iterable[Rule]) -> dict[str, Any]:
    return {"version": VERSION, "rules": [_document(rule) for rule in rules], "findings": []}


def rule_text(rule: Rule) -> str:
    """Return what a person can read of a rule."""
    example = examples()[rule.code]
    return "\n".join(
        [
            paragraphs(f"{rule.code} ({rule.severity}): {rule.title}"),
            "",
            paragraphs(rule.reason),
            f"Source: {linked(named_source(rule.source), rule.source)}",
            "",
            *_example("With this finding:", example.breaks, example.broken),
            "",
            *_example("Without this finding:", example.mends, example.mended),
        ]
    )


def _example(title: str, spec: str, texts: ExampleFiles) -> list[str]:
    files = ["", "  with this lock:", indent(texts.lock.strip(), "    ")] if texts.lock else []
    files += ["", f"  with this {IPAM_FILE}:", indent(texts.ipam.strip(), "    ")] if texts.ipam else []
    files += ["", f"  with --as-of {texts.as_of}"] if texts.as_of else []
    files += ["", "  with this Terraform:", indent(texts.files.strip(), "    ")] if texts.files else []
    return [title, indent(spec.strip(), "    "), *files]


def _document(rule: Rule) -> dict[str, str]:
    fields = {key: value for key, value in asdict(rule).items() if isinstance(value, str)}
    return fields | {key: str(value or "") for key, value in asdict(examples()[rule.code]).items()}
