"""The catalogue of rules, each with a spec that breaks it and what is said of that."""

from msgspec.structs import replace

from docs.writers.markdown import fenced, page, source, table
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.jobs.review import compare
from escscaffold.planning.lock import LOCK_FILE, Lock, grants_for, kept_in
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.snapshot import IPAM_FILE, read_snapshot
from escscaffold.reviewing.trees import TextTree
from escscaffold.rules.catalogue import RULES, ExampleFiles, check_plan, examples, files_of, findings_of
from escscaffold.rules.finding import Finding, Rule
from escscaffold.spec.reading import SPEC_FILE, read_spec

FAMILIES = {
    "ESC0": "The spec",
    "ESC1": "The Kurrent network",
    "ESC2": "The remote range",
    "ESC3": "Overlaps and room",
    "ESC4": "Limits of the clouds",
    "ESC5": "Regions, modes and plans of the database",
    "ESC6": "The lock",
    "ESC7": "The IPAM",
}
"""The titles of the families, by how their codes begin."""


def findings_page() -> str:
    """Return the catalogue of rules."""
    return page(
        "Findings",
        "Look up a finding by its code, or print it in the terminal: `escscaffold explain CODE`.",
        "An error stops `generate` before it writes; a warning does not, and can be [accepted](spec.md#accepting).",
        "A notice does not fail.",
        *(_family(prefix, title) for prefix, title in FAMILIES.items()),
        *(part for prefix, title in FAMILIES.items() for part in [f"## {title}: {prefix}xx", *_rules(prefix)]),
    )


def _family(prefix: str, title: str) -> str:
    rows = [(f"[{rule.code}](#{rule.code.lower()})", rule.severity, rule.title) for rule in _members(prefix)]
    return f"**{title}**\n\n{table(('code', 'severity', 'finding'), rows)}"


def _rules(prefix: str) -> list[str]:
    return [_rule(rule) for rule in _members(prefix)]


def _members(prefix: str) -> list[Rule]:
    return [rule for rule in RULES.values() if rule.code.startswith(prefix)]


def _rule(rule: Rule) -> str:
    example = examples()[rule.code]
    finding = next(f for f in _found_in(example.breaks, example.broken) if f.code == rule.code)
    quoted = [f"> {finding.severity} {finding.code}: {finding.message}"] + (
        [f"> Fix: {finding.fix}"] if finding.fix else []
    )
    return "\n\n".join(
        [
            # Links name the code alone, as the terminal prints it.
            f'<a id="{rule.code.lower()}"></a>',
            f"### {rule.code}: {rule.title}",
            f"Severity: {rule.severity}.\n{rule.reason}\nSource: {source(rule.source)}.",
            *_example("A spec with this finding", example.breaks, example.broken),
            ">\n".join(f"{line}\n" for line in quoted).rstrip("\n"),
            *_example("The same spec without it", example.mends, example.mended),
        ]
    )


def _example(title: str, spec: str, example: ExampleFiles) -> list[str]:
    shown = [f"with this `{LOCK_FILE}`:", fenced("text", example.lock.strip())] if example.lock else []
    shown += [f"with this `{IPAM_FILE}`:", fenced("json", example.ipam.strip())] if example.ipam else []
    shown += [f"as of {example.as_of} (`--as-of`)."] if example.as_of else []
    shown += ["with this Terraform:", fenced("terraform", example.files.strip())] if example.files else []
    return [f"{title}{',' if shown else ':'}", fenced("toml", spec.strip()), *shown]


def _found_in(spec_text: str, example: ExampleFiles) -> tuple[Finding, ...]:
    if example.files:
        return compare(TextTree({}), TextTree({SPEC_FILE: spec_text, **files_of(example.files)})).contents.new
    try:
        lock = read_lock(example.lock, load_facts()) if example.lock else Lock()
        spec = read_spec(spec_text, load_facts(), defaults=kept_in(lock))
        snapshot = read_snapshot(example.ipam) if example.ipam else None
        plan = replace(plan_addresses(spec, grants_for(lock, spec), snapshot), notes=lock.notes)
        return check_plan(plan, example.as_of, in_repository=True)
    except SpecError as error:
        return findings_of(error.problems)
