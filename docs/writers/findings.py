"""The catalogue of rules, each with a spec that breaks it and what is said of that."""

from msgspec.structs import replace

from docs.writers.markdown import fenced, page, source, table
from escscaffold.errors import SpecError
from escscaffold.planning.lock import LOCK_FILE, Lock, grants_for, kept_in
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.planner import plan_addresses
from escscaffold.planning.snapshot import IPAM_FILE, read_snapshot
from escscaffold.reviewing.review import review
from escscaffold.reviewing.trees import TextTree
from escscaffold.rules.catalogue import RULES, Beside, check_plan, examples, files_of, findings_of
from escscaffold.rules.finding import Finding, Rule
from escscaffold.spec.reading import read_spec


def findings_page() -> str:
    """Return the catalogue of rules."""
    rows = [(f"[{rule.code}](#{rule.code.lower()})", rule.severity, rule.title) for rule in RULES.values()]
    return page(
        "Findings",
        "Everything that escscaffold looks for.",
        "An error stops it before it writes; a warning is for you to weigh, and can be [accepted](spec.md#accepting).",
        "A notice is for you to know.",
        "`escscaffold explain CODE` says the same in the terminal.",
        table(("code", "severity", "what is wrong"), rows),
        *(_rule(rule) for rule in RULES.values()),
    )


def _rule(rule: Rule) -> str:
    example = examples()[rule.code]
    found = next(f for f in _found_in(example.breaks, example.broken) if f.code == rule.code)
    said = [f"> {found.severity} {found.code}: {found.message}"] + ([f"> Do: {found.fix}"] if found.fix else [])
    return "\n\n".join(
        [
            f"## {rule.code}",
            f"**{rule.title}** ({rule.severity}).\n{rule.reason}\nSource: {source(rule.source)}.",
            *_example("This spec has it", example.breaks, example.broken),
            ">\n".join(f"{line}\n" for line in said).rstrip("\n"),
            *_example("This one has not", example.mends, example.mended),
        ]
    )


def _example(title: str, spec: str, beside: Beside) -> list[str]:
    shown = [f"with this `{LOCK_FILE}` beside it:", fenced("text", beside.lock.strip())] if beside.lock else []
    shown += [f"with this `{IPAM_FILE}` beside it:", fenced("json", beside.ipam.strip())] if beside.ipam else []
    shown += [f"as of {beside.as_of} (`--as-of`)."] if beside.as_of else []
    shown += ["with this Terraform beside it:", fenced("terraform", beside.files.strip())] if beside.files else []
    return [f"{title}{',' if shown else ':'}", fenced("toml", spec.strip()), *shown]


def _found_in(spec_text: str, beside: Beside) -> tuple[Finding, ...]:
    if beside.files:
        return review(TextTree({}), TextTree(files_of(beside.files)), lambda text: ()).contents.new
    try:
        lock = read_lock(beside.lock) if beside.lock else Lock()
        spec = read_spec(spec_text, kept=kept_in(lock))
        snapshot = read_snapshot(beside.ipam) if beside.ipam else None
        plan = replace(plan_addresses(spec, grants_for(lock, spec), snapshot), notes=lock.notes)
        return check_plan(plan, beside.as_of)
    except SpecError as error:
        return findings_of(error.problems)
