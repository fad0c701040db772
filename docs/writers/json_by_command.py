"""What `--json` prints of each command: the page's part for those that have no example of their own."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from docs.writers.markdown import table
from docs.writers.running import GUIDE, run
from escscaffold.cli import ALL_COMMANDS, cli
from escscaffold.rendering.document import VERSION
from escscaffold.repository.doctor import Observation
from escscaffold.spec.reading import SPEC_FILE

ELSEWHERE = {
    "plan": "[plan](#plan)",
    "check": "[check](#check)",
    **dict.fromkeys(("generate", "init", "add", "set", "remove", "rename"), "[generate](#generate)"),
    "review": "[review](#review)",
    "scan": "[scan](#scan)",
    "adopt": "[adopt](#adopt)",
    **{
        f"ipam {name}": "[Read the results in a program](../how-to/netbox.md#read-the-results-in-a-program)"
        for name in ("pull", "claim", "status", "release")
    },
}
"""Where a command's document is described, where it is not here."""
MEANINGS = {
    "explain": {
        "rules": "All rules, or the named one.",
        "rules[].code": "Code.",
        "rules[].severity": "`error`, `warning` or `notice`.",
        "rules[].title": "Title.",
        "rules[].reason": "Reason of the rule.",
        "rules[].source": "Source: a URL, or a page of this documentation.",
        "rules[].breaks": "Spec with the finding.",
        "rules[].mends": "The same spec, fixed.",
        "rules[].broken_lock": "Lock that the finding needs, or empty.",
        "rules[].mended_lock": "Lock for the fixed spec, or empty.",
        "rules[].broken_files": "Additional files that the finding needs, by path.",
        "rules[].mended_files": "Additional files for the fixed spec, by path.",
        "rules[].broken_ipam": "Prefixes in the IPAM that the finding needs, or empty.",
        "rules[].mended_ipam": "Prefixes in the IPAM for the fixed spec, or empty.",
        "rules[].as_of": "Date on which the example has the finding, or empty.",
    },
    "doctor": {
        "facts": "Results of the checks, in order.",
        "facts[].topic": "`versions`, `repository`, `programs`, `credentials`, `disk`, `environment` or `terminal`.",
        "facts[].name": "Program, file, provider or variable.",
        "facts[].state": "`good`, `note` or `missing`; `missing` exits 1.",
        "facts[].says": "Result in words.",
    },
    "completion": {"shell": "Shell.", "script": "Completion script."},
    "fmt": {"formatted": "Files that were formatted, or would be with `--check`."},
    "release": {"released": "Released files; with `--dry-run`, files that would be released."},
}
SCHEMA = "The JSON Schema of the spec itself, with or without `--json`."


def every_command(folder: str) -> list[str]:
    """Return the paragraphs, with fields as real runs print them; a field without a meaning raises KeyError."""
    paragraphs = ["Every document has `version` and `findings`; the table lists further fields of each command."]
    rows = [(f"`{name}`", ELSEWHERE.get(name) or _own_keys(name)) for name in commands()]
    paragraphs.append(table(("command", "document"), rows))
    for name, document in _documents(folder).items():
        paths = [path for path in _paths(document) if path not in ("version", "findings")]
        paragraphs += [f"### {name}", table(("field", "meaning"), [(f"`{p}`", MEANINGS[name][p]) for p in paths])]
    return paragraphs


def commands() -> list[str]:
    """Return every command that prints JSON, those inside a command by both names."""
    context = click.Context(cli)
    names: list[str] = []
    for name in ALL_COMMANDS:
        command = cli.get_command(context, name)
        names += [f"{name} {inner}" for inner in command.commands] if isinstance(command, click.Group) else [name]
    return names


def _own_keys(name: str) -> str:
    if name == "schema":
        return SCHEMA
    keys = ", ".join(f"`{key}`" for key in MEANINGS[name] if "[" not in key)
    return f"{keys}: [{name}](#{name})"


def _documents(folder: str) -> dict[str, object]:
    """Return a document of each command that has its fields here."""
    run("init", "named", "-C", folder, *GUIDE, "--yes", "--quiet")
    spec = Path(folder, "named", SPEC_FILE)
    spec.write_text(spec.read_text(encoding="utf-8").replace("version = 1", "version   = 1"), encoding="utf-8")
    at = ("-C", str(spec.parent), "--json")
    printed = {
        "explain": run("explain", "ESC201", "--json"),
        "completion": run("completion", "bash", "--json"),
        "fmt": run("fmt", *at),
        "release": run("release", "environments/prod/main.tf", *at),
    }
    # What doctor finds, and whether it exits with 1, is the machine's.
    facts = {"version": VERSION, "facts": [dict.fromkeys(Observation.__struct_fields__)], "findings": []}
    return {"doctor": facts, **{name: json.loads(text) for name, text in printed.items()}}


def _paths(value: object, above: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            path = f"{above}.{key}" if above else str(key)
            yield path
            yield from _paths(inner, path)
    elif isinstance(value, list):
        yield from dict.fromkeys(path for inner in value for path in _paths(inner, f"{above}[]"))
