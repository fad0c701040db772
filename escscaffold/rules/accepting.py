"""ESC011 and ESC012: the warnings that a person lives with, and those that cannot be."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from escscaffold.planning.plan import AddressPlan
from escscaffold.rules.finding import Finding, Rule
from escscaffold.spec.values import nearest, shown


def accept(findings: Iterable[Finding], plan: AddressPlan, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield the findings, those warnings marked that the spec accepts, and what is wrong with its acceptances."""
    tables = {"": plan.spec.accept} | {one.name: one.spec.accept for one in plan.environments}
    needed: set[tuple[str, str]] = set()
    for finding in findings:
        reason = ""
        for where in ("", finding.environment):
            if finding.severity == "warning" and finding.code in tables.get(where, {}):
                needed.add((where, finding.code))
                reason = tables[where][finding.code]
        yield replace(finding, accepted=reason)
    for where, table in tables.items():
        for code in table:
            if code not in rules:
                yield _wrong(where, code, f"There is no finding {shown(code)}.", nearest(code, rules))
            elif rules[code].severity == "error":
                message = f"{code} is an error ({rules[code].title.lower()}), and cannot be accepted."
                yield _wrong(where, code, message, f"Take {code} out of {_table(where)}, and mend what it tells.")
            elif (where, code) not in needed:
                message = f"{code} is accepted, and nothing has it."
                yield RULES[1].finding_about(where, code, message, f"Take {code} out of {_table(where)}.")


def _table(environment: str) -> str:
    return f"[environments.{environment}.accept]" if environment else "[accept]"


def _wrong(environment: str, code: str, message: str, fix: str) -> Finding:
    return RULES[0].finding_about(environment, code, message, fix)


RULES = (
    Rule(
        code="ESC011",
        severity="error",
        title="An acceptance that cannot be",
        reason="Warnings can be lived with; an error is something that fails, or loses data, whatever is said of it.",
        source="docs/reference/spec.md",
    ),
    Rule(
        code="ESC012",
        severity="warning",
        title="An acceptance that nothing needs",
        reason="Left standing, it would silence the next finding of its kind, which nobody has looked at.",
        source="docs/reference/spec.md",
    ),
)
