"""The catalogue of rules, each with a spec that breaks it and what is said of that."""

from msgspec.structs import replace

from docs.writers.markdown import fenced, page, source, table
from escscaffold.errors import SpecError
from escscaffold.planning.lock import LOCK_FILE, Lock, grants_for
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.snapshot import IPAM_FILE, read_snapshot
from escscaffold.rules.catalogue import RULES, check_plan, examples, findings_of
from escscaffold.rules.finding import Finding, Rule
from escscaffold.spec.reading import read_spec


def findings_page() -> str:
    """Return the catalogue of rules."""
    rows = [(f"[{rule.code}](#{rule.code.lower()})", rule.severity, rule.title) for rule in RULES.values()]
    return page(
        "Findings",
        "Everything that escscaffold looks for.",
        "An error stops it before it writes; a warning is for you to weigh, and can be [accepted](spec.md#accepting).",
        "`escscaffold explain CODE` says the same in the terminal.",
        table(("code", "severity", "what is wrong"), rows),
        *(_rule(rule) for rule in RULES.values()),
    )


def _rule(rule: Rule) -> str:
    example = examples()[rule.code]
    found = next(f for f in _found_in(example.breaks, example.broken_lock, example.broken_ipam) if f.code == rule.code)
    said = [f"> {found.severity} {found.code}: {found.message}"] + ([f"> Do: {found.fix}"] if found.fix else [])
    return "\n\n".join(
        [
            f"## {rule.code}",
            f"**{rule.title}** ({rule.severity}).\n{rule.reason}\nSource: {source(rule.source)}.",
            *_example("This spec has it", example.breaks, example.broken_lock, example.broken_ipam),
            ">\n".join(f"{line}\n" for line in said).rstrip("\n"),
            *_example("This one has not", example.mends, example.mended_lock, example.mended_ipam),
        ]
    )


def _example(title: str, spec: str, lock: str, ipam: str) -> list[str]:
    beside = [f"with this `{LOCK_FILE}` beside it:", fenced("text", lock.strip())] if lock else []
    beside += [f"with this `{IPAM_FILE}` beside it:", fenced("json", ipam.strip())] if ipam else []
    return [f"{title}{',' if beside else ':'}", fenced("toml", spec.strip()), *beside]


def _found_in(spec_text: str, lock_text: str, ipam_text: str) -> tuple[Finding, ...]:
    try:
        lock = read_lock(lock_text) if lock_text else Lock()
        spec = read_spec(spec_text)
        snapshot = read_snapshot(ipam_text) if ipam_text else None
        return check_plan(replace(plan_addresses(spec, grants_for(lock, spec), snapshot), notes=lock.notes))
    except SpecError as error:
        return findings_of(error.problems)
