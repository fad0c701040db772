"""All rules, and what they find in a plan."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from msgspec import Struct

from escscaffold.errors import Problem
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rules import (
    capacity_rules,
    ipam_rules,
    kurrent_rules,
    lifecycle_rules,
    limit_rules,
    overlap_rules,
    remote_rules,
    spec_rules,
)
from escscaffold.rules.finding import Finding, Rule, Violation
from escscaffold.rules.fixing import Complaint, Fixer, complaint

_FAMILIES = (
    spec_rules,
    kurrent_rules,
    remote_rules,
    overlap_rules,
    limit_rules,
    capacity_rules,
    lifecycle_rules,
    ipam_rules,
)

_ORDER = ("error", "warning", "notice")
_FILE = re.compile(r"^# ([a-z0-9_/-]+\.tf)\n", re.MULTILINE)

RULES: dict[str, Rule] = dict(sorted((rule.code, rule) for family in _FAMILIES for rule in family.RULES))


def check_plan(plan: AddressPlan, as_of: date | None = None, *, in_repository: bool = False) -> tuple[Finding, ...]:
    """Return everything that is wrong with the plan, by environment, errors before warnings before notices.

    Warnings that the spec accepts are among them, each with the reason. Support that ends is judged
    as of a day; without one it is left out, so that what is written is the same every day. `in_repository` adds
    what is about the clusters, and not about addresses.
    """
    violations = list(_violations_of(plan))
    known: dict[str, set[Complaint]] = defaultdict(set)
    for rule, violation in violations:
        if rule.severity == "error":
            known[violation.environment].add(complaint(rule, violation))
    fixer = Fixer(plan, known, _violations_of)
    found = [*findings_of(plan.notes)]
    found += (rule.finding(violation, fixer.text(rule, violation)) for rule, violation in violations)
    if in_repository:
        found += spec_rules.open_apis(plan)
    if as_of:
        ending = lifecycle_rules.ending_support(plan, as_of)
        found += (RULES[code].finding(violation, violation.fix) for code, violation in ending)
    judged = {
        code: rule
        for code, rule in RULES.items()
        if (as_of or not rule.dated) and (in_repository or not rule.in_repositories)
    }
    order = {environment.name: position for position, environment in enumerate(plan.environments)}
    judged_findings = spec_rules.accept(found, plan, RULES, judged)
    return tuple(
        sorted(judged_findings, key=lambda f: (order.get(f.environment, -1), _ORDER.index(f.severity), f.code))
    )


def _violations_of(plan: AddressPlan) -> Iterator[tuple[Rule, Violation]]:
    return ((rule, violation) for rule in RULES.values() if rule.check for violation in rule.check(plan))


def findings_of(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """Return the findings that the problems of a spec are."""
    return tuple(RULES[problem.code].finding_of_problem(problem) for problem in problems)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return True if one of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)


class ExampleFiles(Struct, frozen=True, kw_only=True):
    """What stands beside a spec of an example, each nothing where the rule is about the spec alone."""

    lock: str = ""
    """The `escscaffold.lock`, for rules on what it remembers."""
    files: str = ""
    """Terraform, each file below a line `# path`, for rules on what it uses."""
    ipam: str = ""
    """The `escscaffold.ipam.json`, for rules on what the IPAM has."""
    as_of: date | None = None
    """The day, for rules on support that ends."""


class Example(Struct, frozen=True, kw_only=True):
    """A spec that has a rule's finding, and the same spec put right, both as `escscaffold.toml`."""

    breaks: str
    mends: str
    broken_lock: str = ""
    """The `escscaffold.lock` beside the first, for rules on what it remembers."""
    mended_lock: str = ""
    """The one beside the second."""
    broken_files: str = ""
    """Terraform beside the first, each file below a line `# path`, for rules on what it uses."""
    mended_files: str = ""
    """The Terraform beside the second."""
    broken_ipam: str = ""
    """The `escscaffold.ipam.json` beside the first, for rules on what the IPAM has."""
    mended_ipam: str = ""
    """The one beside the second."""
    as_of: date | None = None
    """The day as of which both are checked, for rules on support that ends."""

    @property
    def broken(self) -> ExampleFiles:
        """What stands beside the first."""
        return ExampleFiles(lock=self.broken_lock, files=self.broken_files, ipam=self.broken_ipam, as_of=self.as_of)

    @property
    def mended(self) -> ExampleFiles:
        """What stands beside the second."""
        return ExampleFiles(lock=self.mended_lock, files=self.mended_files, ipam=self.mended_ipam, as_of=self.as_of)


def files_of(text: str) -> dict[str, str]:
    r"""Return the files of an example by path.

    >>> files_of("# a/b.tf\nlocals {}\n")
    {'a/b.tf': 'locals {}\n'}
    """
    parts = _FILE.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def examples() -> dict[str, Example]:
    """Return the example of each rule by its code; tests run them."""
    from pkgutil import get_data

    text = get_data("escscaffold.rules", "examples.toml") or b""
    return {code: Example(**example) for code, example in tomllib.loads(text.decode("utf-8")).items()}
