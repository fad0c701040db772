"""ESC0xx and ESC6xx: what is wrong with the spec, with the lock, and with what either of them names.

Most are found while a file is read, before there is a plan; ESC014 and ESC015 by a review, which compares two sides.
"""

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec.structs import replace

from escscaffold.clouds.facts import Severity
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rules.finding import Finding, Rule, Violation
from escscaffold.spec.values import nearest, shown
from escscaffold.terraform.references import Missing

_SPEC = "docs/reference/spec.md"
_LOCK = "docs/explanation/planner.md"


def _rule(code: str, title: str, reason: str, source: str = _SPEC, *, severity: Severity = "error") -> Rule:
    return Rule(code=code, severity=severity, title=title, reason=reason, source=source)


_MISSING = Rule(
    code="ESC014",
    severity="error",
    title="Something that is used does not exist",
    reason="Terraform stops where a called folder or a declaration is missing, and plans to destroy what an "
    "environment's deleted files declared.",
    source="https://developer.hashicorp.com/terraform/language/modules/sources#local-paths",
)
_RESTORE = "Restore it, a generated file with `escscaffold generate --restore FILE`, or remove what uses it."


def missing_finding(missing: Missing) -> Finding:
    """Return the finding that something missing is, about the environment whose file uses it."""
    where = missing.path.split("/")
    environment = where[1] if where[0] == "environments" and len(where) > 2 else ""
    place = f"{missing.path}:{missing.line}" if missing.line else missing.path
    return _MISSING.finding_about(environment, missing.path, f"{place}: {missing.message}", _RESTORE)


_OPENED = Rule(
    code="ESC015",
    severity="warning",
    title="Something is opened to the internet",
    reason="0.0.0.0/0 lets every address of the internet in. An endpoint or a port that was closed is then open "
    "to scans and to stolen credentials.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)


def exposure_finding(environment: str, address: str, argument: str, opens: str, source: str) -> Finding:
    """Return the finding for an argument of a resource that opens something to every address."""
    violation = Violation(
        environment=environment,
        subject=address,
        message=f"{address} opens {opens} to every address: {argument}.",
        fix=f"Name the ranges that need it in {argument}, such as 10.8.0.0/16.",
        source=source,
    )
    return _OPENED.finding(violation, violation.fix)


_IMPOSSIBLE_ACCEPTANCE = Rule(
    code="ESC011",
    severity="error",
    title="An acceptance that cannot be",
    reason="Warnings can be lived with; an error is something that fails, or loses data, whatever is said of it.",
    source="docs/reference/spec.md",
)
_UNUSED_ACCEPTANCE = Rule(
    code="ESC012",
    severity="warning",
    title="An acceptance that nothing needs",
    reason="Left standing, it would silence the next finding of its kind, which nobody has looked at.",
    source="docs/reference/spec.md",
)


def accept(
    findings: Iterable[Finding], plan: AddressPlan, rules: Mapping[str, Rule], judged: Container[str]
) -> Iterator[Finding]:
    """Yield the findings, those warnings marked that the spec accepts, and what is wrong with its acceptances.

    Whether an acceptance is needed is known of the rules that were `judged` only.
    """
    tables = {"": plan.spec.accept} | {environment.name: environment.spec.accept for environment in plan.environments}
    needed: set[tuple[str, str]] = set()
    for finding in findings:
        reason = ""
        for where in ("", finding.environment):
            if finding.severity != "error" and finding.code in tables.get(where, {}):
                needed.add((where, finding.code))
                reason = tables[where][finding.code]
        yield replace(finding, accepted=reason)
    for where, table in tables.items():
        for code in table:
            if code not in rules:
                yield _impossible(where, code, f"There is no finding {shown(code)}.", nearest(code, rules))
            elif rules[code].severity == "error":
                message = f"{code} is an error ({rules[code].title.lower()}), and cannot be accepted."
                yield _impossible(
                    where, code, message, f"Take {code} out of {_accept_table(where)}, and fix what it reports."
                )
            elif code in judged and (where, code) not in needed:
                message = f"{code} is accepted, and nothing has it."
                yield _UNUSED_ACCEPTANCE.finding_about(
                    where, code, message, f"Take {code} out of {_accept_table(where)}."
                )


def _accept_table(environment: str) -> str:
    return f"[environments.{environment}.accept]" if environment else "[accept]"


def _impossible(environment: str, code: str, message: str, fix: str) -> Finding:
    return _IMPOSSIBLE_ACCEPTANCE.finding_about(environment, code, message, fix)


RULES = (
    _rule(
        "ESC001",
        "The file is not TOML",
        "Nothing of a file that breaks off can be trusted, so nothing of it is used.",
        "https://toml.io/en/v1.0.0",
    ),
    _rule(
        "ESC002",
        "Unknown key",
        "A key that nothing reads is most often a misspelt one, and its value would be silently lost.",
    ),
    _rule(
        "ESC003",
        "Not a range",
        "Terraform's providers and the clouds take only networks in CIDR notation, with no host bits set.",
        "https://www.rfc-editor.org/rfc/rfc4632#section-3.1",
    ),
    _rule(
        "ESC004",
        "Not one of the known values",
        "Clouds, modes, providers and parts are those that escscaffold has facts and templates for.",
    ),
    _rule(
        "ESC005",
        "A name that cannot be used",
        "Names become folders, resource names and lines of Markdown; what is not plain there is refused.",
    ),
    _rule(
        "ESC006",
        "A version that this escscaffold does not read",
        "The version says how the file is to be understood.",
    ),
    _rule(
        "ESC007",
        "The same thing given twice",
        "Of two values for one thing, nobody can tell which was meant.",
    ),
    _rule(
        "ESC008",
        "Something needed is missing",
        "Without cloud, region and mode there is nothing to plan for, and what exists already has to be named.",
    ),
    _rule(
        "ESC009",
        "A need that cannot be",
        "A range is sized by the cloud's own arithmetic, which counts only what exists, and only up to its limits.",
    ),
    _rule(
        "ESC010",
        "Parts that do not go together",
        "What is made stands on what exists or is made with it; the other way round, nothing could be found.",
    ),
    _rule(
        "ESC013",
        "A credential in the spec",
        "The spec is committed and copied into Terraform: whoever may read the repository could use what stands there.",
        "https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data",
    ),
    _rule(
        "ESC601",
        "The lock cannot be read",
        "It remembers where ranges lie; planned without it, those that were placed for you may move, and be replaced.",
        _LOCK,
    ),
    _rule(
        "ESC602",
        "The lock was edited",
        "What Terraform replaces is told by comparing with the lock: with an edited one, it would be told wrong.",
        _LOCK,
    ),
    _rule(
        "ESC603",
        "The lock holds both sides of a merge",
        "Each branch allocated ranges by itself; together they can collide, which other findings report.",
        _LOCK,
        severity="warning",
    ),
    _MISSING,
    _OPENED,
    _IMPOSSIBLE_ACCEPTANCE,
    _UNUSED_ACCEPTANCE,
)
