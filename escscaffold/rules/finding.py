"""What a finding is, and what a rule is."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from escscaffold.clouds.facts import Severity
from escscaffold.errors import Problem
from escscaffold.planning.address_plan import AddressPlan


class Finding(Struct, frozen=True, kw_only=True):
    """One result of a rule: what is wrong, where, why, and what would be right."""

    code: str
    severity: Severity
    environment: str
    """The environment's name, or "" where it concerns the whole repository."""
    subject: str
    """The range or key that it is about."""
    message: str
    reason: str
    fix: str
    source: str
    accepted: str = ""
    """Why a person lives with it, where the spec says so."""


class MoveFix(Struct, frozen=True, kw_only=True):
    """A range that would be right elsewhere: the catalogue looks for a place that breaks no rule."""

    range_name: str
    prefix_lengths: tuple[int, ...] = ()
    """The sizes to try, in order; the range's own where none is given."""


class Violation(Struct, frozen=True, kw_only=True):
    """What a rule's check yields: the part of a finding that differs each time.

    `reason` and `source` stand only where they differ from the rule's.
    """

    environment: str
    subject: str
    message: str
    move: MoveFix | None = None
    fix: str = ""
    """What else would be right, or what would be where there is nothing to move."""
    reason: str = ""
    source: str = ""


Check = Callable[[AddressPlan], Iterable[Violation]]


class Rule(Struct, frozen=True, kw_only=True):
    """One entry of the catalogue."""

    code: str
    severity: Severity
    title: str
    reason: str
    source: str
    check: Check | None = None
    """None for what is found while the spec is read, before there is a plan."""
    dated: bool = False
    """Whether what it finds depends on the day; such a rule has no `check`."""
    in_repositories: bool = False
    """Whether only the command `check` reports it: it is about the cluster, and not about the addresses of a plan."""

    def finding(self, violation: Violation, fix: str) -> Finding:
        """Return the finding that a violation of this rule is."""
        return Finding(
            code=self.code,
            severity=self.severity,
            environment=violation.environment,
            subject=violation.subject,
            message=violation.message,
            reason=violation.reason or self.reason,
            fix=fix,
            source=violation.source or self.source,
        )

    def finding_about(self, environment: str, subject: str, message: str, fix: str) -> Finding:
        """Return a finding of this rule that no check of a plan yields."""
        return self.finding(Violation(environment=environment, subject=subject, message=message), fix)

    def finding_of_problem(self, problem: Problem) -> Finding:
        """Return the finding that a problem of the spec is."""
        is_environment = problem.path[:1] == ("environments",) and len(problem.path) > 1
        return Finding(
            code=self.code,
            severity=self.severity,
            environment=problem.path[1] if is_environment else "",
            subject=problem.path[-1] if problem.path else "",
            message=f"{problem.place}: {problem.message}",
            reason=problem.reason or self.reason,
            fix=problem.fix,
            source=problem.source or self.source,
        )
