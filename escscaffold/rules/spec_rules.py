"""ESC0xx and ESC6xx: what is wrong with the spec, with the lock and its defaults, and with what either of them names.

Most are found while a file is read, before there is a plan; ESC014 and ESC015 by a review, which compares two sides.
"""

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec.structs import replace

from escscaffold.clouds.defaults import OlderDefault, default_text
from escscaffold.clouds.facts import Severity
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.lock import ENVIRONMENTS
from escscaffold.planning.sizing import cluster_settings, open_endpoints
from escscaffold.rules.finding import Finding, Rule, Violation
from escscaffold.spec.values import nearest, shown
from escscaffold.terraform.references import Missing

_SPEC = "docs/reference/spec.md"
_LOCK = "docs/explanation/planner.md"
_MISSING = Rule(
    code="ESC014",
    severity="error",
    title="Missing file or declaration",
    reason="Terraform fails on a missing module or declaration. It plans to destroy the resources of deleted files.",
    source="https://developer.hashicorp.com/terraform/language/modules/sources#local-paths",
)
_RESTORE = "Restore it (generated files: `escscaffold generate --restore FILE`), or remove the references to it."
_OPENED = Rule(
    code="ESC015",
    severity="warning",
    title="Resource opened to the internet",
    reason="0.0.0.0/0 admits every internet address. Scanners and stolen credentials can then reach the endpoint or "
    "port.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)
_IMPOSSIBLE_ACCEPTANCE = Rule(
    code="ESC011",
    severity="error",
    title="Invalid acceptance",
    reason="Only warnings and notices can be accepted. An error fails at apply or loses data, accepted or not.",
    source="docs/reference/spec.md",
)
_UNUSED_ACCEPTANCE = Rule(
    code="ESC012",
    severity="warning",
    title="Unused acceptance",
    reason="An unused acceptance would hide the next finding with this code before anyone reviews it.",
    source="docs/reference/spec.md",
)


def _rule(code: str, title: str, reason: str, source: str = _SPEC, *, severity: Severity = "error") -> Rule:
    return Rule(code=code, severity=severity, title=title, reason=reason, source=source)


def missing_finding(missing: Missing) -> Finding:
    """Return the finding that something missing is, about the environment whose file uses it."""
    where = missing.path.split("/")
    environment = where[1] if where[0] == ENVIRONMENTS and len(where) > 2 else ""
    place = f"{missing.path}:{missing.line}" if missing.line else missing.path
    return _MISSING.finding_about(environment, missing.path, f"{place}: {missing.message}", _RESTORE)


def exposure_finding(environment: str, address: str, argument: str, opens: str, source: str) -> Finding:
    """Return the finding for an argument of a resource that opens something to every address."""
    violation = Violation(
        environment=environment,
        subject=address,
        message=f"{address} opens {opens} to every address: {argument}.",
        fix=f"List the ranges that need access in {argument}, such as 10.8.0.0/16.",
        source=source,
    )
    return _OPENED.finding(violation, violation.fix)


def open_apis(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment that makes a cluster whose API answers to every address."""
    for environment in plan.environments:
        for setting in open_endpoints(environment.spec):
            yield Violation(
                environment=environment.name,
                subject=setting.name,
                message=f"The Kubernetes API answers to every address: {setting.name} lists no smaller range.",
                fix=f'List the ranges that need access, {setting.name} = ["198.51.100.0/24"], or accept ESC016.',
                source=setting.source,
            )


def created_twice(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment with an option that creates what another one of the same accounts creates."""
    first: dict[tuple[object, ...], str] = {}
    for environment in plan.environments:
        spec = environment.spec
        for name, option in spec.mode.options.items():
            account = option.goes_with_account
            if not account or spec.options.get(name, option.default) == option.default:
                continue
            accounts = (spec.account.get(account), spec.account.get(spec.cloud.account[account].instead_of))
            owner = first.setdefault((spec.cloud.name, name, *accounts), environment.name)
            if owner != environment.name:
                yield Violation(
                    environment=environment.name,
                    subject=name,
                    message=f"{owner} has {name} = {shown(spec.options[name])} for the same accounts.",
                    fix=f'Set {name} = "{option.default}" in all but one of them.',
                    source=option.source,
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
                message = f"{code} is an error ({rules[code].title.lower()}) and cannot be accepted."
                yield _impossible(
                    where, code, message, f"Remove {code} from {_accept_table(where)}, and fix the error."
                )
            elif code in judged and (where, code) not in needed:
                message = f"{code} is accepted, but no finding has this code."
                yield _UNUSED_ACCEPTANCE.finding_about(
                    where, code, message, f"Remove {code} from {_accept_table(where)}."
                )


def _accept_table(environment: str) -> str:
    return f"[environments.{environment}.accept]" if environment else "[accept]"


def _impossible(environment: str, code: str, message: str, fix: str) -> Finding:
    return _IMPOSSIBLE_ACCEPTANCE.finding_about(environment, code, message, fix)


def newer_defaults(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each environment that keeps a default for which there is a newer one."""
    for environment in plan.environments:
        older = _deciding(environment)
        if older:
            yield Violation(
                environment=environment.name,
                subject=older[0].key if len(older) == 1 else "defaults",
                message=f"Newer defaults: {', '.join(default.text for default in older)}.",
                fix=_fix(environment.name, older),
            )


def how_to_change(environment: str, older: OlderDefault) -> str:
    """Return how to take today's default of a setting that changes only together with another one.

    >>> tag = "server_version_tag"
    >>> older = OlderDefault(key="database.server_version", earlier="24.10", current="26.0", changes_with=tag)
    >>> how_to_change("prod", older)
    'set both: escscaffold set prod.database.server_version=26.0 prod.database.server_version_tag=...'
    """
    section = older.key.partition(".")[0]
    value, other = default_text(older.current), older.changes_with
    return f"set both: escscaffold set {environment}.{older.key}={value} {environment}.{section}.{other}=..."


def _deciding(environment: EnvironmentPlan) -> list[OlderDefault]:
    """Return the older defaults, without those of a number that a range's need sets."""
    given_keys = {f"kubernetes.{name}" for name in cluster_settings(environment.spec)}
    return [default for default in environment.spec.older_defaults if default.key not in given_keys]


def _fix(name: str, older: list[OlderDefault]) -> str:
    alone = [default for default in older if default.changes_with]
    parts = []
    if len(alone) < len(older):
        parts.append(
            f"Defaults of an environment never change on their own. To take the new ones: escscaffold "
            f"generate --defaults={name} --dry-run"
        )
    parts += [f"For {default.key}, {how_to_change(name, default)}" for default in alone]
    return " ".join(part if part.endswith("...") else f"{part}." for part in parts)


RULES = (
    _rule(
        "ESC001",
        "Invalid TOML",
        "A file that does not parse is ignored.",
        "https://toml.io/en/v1.0.0",
    ),
    _rule(
        "ESC002",
        "Unknown key",
        "Unknown keys are usually misspelled. An ignored key would lose its value without a message.",
    ),
    _rule(
        "ESC003",
        "Invalid CIDR block or size",
        "Terraform providers and clouds accept only CIDR notation without host bits.",
        "https://www.rfc-editor.org/rfc/rfc4632#section-3.1",
    ),
    _rule(
        "ESC004",
        "Invalid value",
        "The key accepts only the listed values: escscaffold has facts and templates for these.",
    ),
    _rule(
        "ESC005",
        "Invalid name",
        "Names appear in paths, resource names and Markdown, which limit the characters.",
    ),
    _rule(
        "ESC006",
        "Unsupported spec version",
        "The version defines the file format. This escscaffold reads version 1 only.",
    ),
    _rule(
        "ESC007",
        "Duplicate key or value",
        "Two values for one key are ambiguous.",
    ),
    _rule(
        "ESC008",
        "Missing value",
        "A plan needs cloud, region and mode, and the name and range of every existing part.",
    ),
    _rule(
        "ESC009",
        "Invalid size of a range",
        "The size of a range follows from the cloud's own arithmetic and limits.",
    ),
    _rule(
        "ESC010",
        "Conflicting parts or settings",
        "An existing part cannot depend on a part created later. A setting applies only to a part created here.",
    ),
    _rule(
        "ESC013",
        "Credential in the spec",
        "The spec is committed and copied into Terraform. Everyone who reads the repository could use the credential.",
        "https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data",
    ),
    _rule(
        "ESC601",
        "Unreadable lock",
        "The lock records allocated ranges. A plan without it can move placed ranges, and Terraform would replace "
        "them.",
        _LOCK,
    ),
    _rule(
        "ESC602",
        "Edited lock",
        "escscaffold compares the plan with the lock to predict replacements. An edited lock makes the prediction "
        "wrong.",
        _LOCK,
    ),
    _rule(
        "ESC603",
        "Lock with both sides of a merge",
        "Both branches allocated ranges independently. Overlaps are reported as separate findings.",
        _LOCK,
        severity="warning",
    ),
    _MISSING,
    _OPENED,
    Rule(
        code="ESC016",
        severity="notice",
        title="Kubernetes API open to every address",
        reason="Every internet address can try credentials at the API. A default cannot know your ranges.",
        source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
        check=open_apis,
        in_repositories=True,
    ),
    Rule(
        code="ESC017",
        severity="error",
        title="Two environments create the same objects",
        reason="Both manage one object. Terraform removes it with either environment, and the other one loses it.",
        source="https://cloud.google.com/vpc/docs/provisioning-shared-vpc",
        check=created_twice,
    ),
    _IMPOSSIBLE_ACCEPTANCE,
    _UNUSED_ACCEPTANCE,
    Rule(
        code="ESC604",
        severity="notice",
        title="Newer default available",
        reason="The lock keeps each environment's defaults, so an upgrade of escscaffold changes no existing resource.",
        source="docs/explanation/planner.md",
        check=newer_defaults,
    ),
)
