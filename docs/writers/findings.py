"""The catalogue of rules, each with a spec that breaks it and what is said of that."""

from docs.writers.markdown import fenced, page, source, table
from escscaffold.errors import SpecError
from escscaffold.planning.planner import plan_addresses
from escscaffold.rules.catalogue import RULES, check_plan, examples, findings_of
from escscaffold.rules.finding import Finding, Rule
from escscaffold.spec.reading import read_spec


def findings_page() -> str:
    """Return the catalogue of rules."""
    rows = [(f"[{rule.code}](#{rule.code.lower()})", rule.severity, rule.title) for rule in RULES.values()]
    return page(
        "Findings",
        "Everything that escscaffold looks for.",
        "An error stops it before it writes; a warning is for you to weigh.",
        "`escscaffold explain CODE` says the same in the terminal.",
        table(("code", "severity", "what is wrong"), rows),
        *(_rule(rule) for rule in RULES.values()),
    )


def _rule(rule: Rule) -> str:
    example = examples()[rule.code]
    found = next(f for f in _found_in(example.breaks) if f.code == rule.code)
    said = [f"> {found.severity} {found.code}: {found.message}"] + ([f"> Do: {found.fix}"] if found.fix else [])
    return "\n\n".join(
        [
            f"## {rule.code}",
            f"**{rule.title}** ({rule.severity}).\n{rule.reason}\nSource: {source(rule.source)}.",
            "This spec has it:",
            fenced("toml", example.breaks.strip()),
            ">\n".join(f"{line}\n" for line in said).rstrip("\n"),
            "This one has not:",
            fenced("toml", example.mends.strip()),
        ]
    )


def _found_in(spec_text: str) -> tuple[Finding, ...]:
    try:
        return check_plan(plan_addresses(read_spec(spec_text)))
    except SpecError as error:
        return findings_of(error.problems)
