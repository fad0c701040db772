"""All rules, what they find in a plan, and the block that is suggested as a fix, which breaks no rule."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from ipaddress import IPv4Network

from msgspec import Struct
from msgspec.structs import asdict

from escscaffold.clouds.facts import REMOTE
from escscaffold.errors import Problem
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.alternatives import Alternatives, same_size
from escscaffold.planning.ranges import overlaps_any
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
from escscaffold.rules.finding import Finding, MoveFix, Rule, Violation, also_wrong, exists, no_block
from escscaffold.spec.model import Need, RangeRequest

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
Violations = Iterable[tuple[Rule, Violation]]
Complaint = tuple[str, str]
"""A rule's code and the range that it is about."""
# Seen from one environment alone, the ranges of the others are reserved blocks.
_SAME = {"ESC302": "ESC303"}
_NO_ROOM = "ESC305"
_NOTHING = asdict(Need())
# What one environment alone cannot show.
_MEETS: Complaint = ("ESC208", REMOTE)
_SHARED = "Set the range of the shared Kurrent network, or change it in every environment that shares it."


def check_plan(plan: AddressPlan, as_of: date | None = None, *, in_repository: bool = False) -> tuple[Finding, ...]:
    """Return everything that is wrong with the plan, by environment, errors before warnings before notices.

    Warnings that the spec accepts are among them, each with the reason. Support that ends is judged
    as of a day; without one it is not judged, so that the result is the same every day. `in_repository` adds
    what is about the clusters, and not about addresses.
    """
    violations = list(_violations_of(plan, in_repository=in_repository))
    complaints: dict[str, set[Complaint]] = defaultdict(set)
    for rule, violation in violations:
        if rule.severity == "error":
            complaints[violation.environment].add(_complaint(rule, violation))
    fixer = Fixer(plan, complaints, _violations_of)
    findings = [*findings_of(plan.notes)]
    findings += (rule.finding(violation, fixer.text(rule, violation)) for rule, violation in violations)
    if as_of:
        ending = lifecycle_rules.ending_support(plan, as_of)
        findings += (RULES[code].finding(violation, violation.fix) for code, violation in ending)
    judged = {
        code: rule
        for code, rule in RULES.items()
        if (as_of or not rule.dated) and (in_repository or not rule.in_repositories)
    }
    return sorted_findings(plan, spec_rules.accept(findings, plan, RULES, judged))


def sorted_findings(plan: AddressPlan, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by environment, errors before warnings before notices."""
    order = {environment.name: position for position, environment in enumerate(plan.environments)}
    return tuple(sorted(findings, key=lambda f: (order.get(f.environment, -1), _ORDER.index(f.severity), f.code)))


def _violations_of(plan: AddressPlan, *, in_repository: bool = False) -> Iterator[tuple[Rule, Violation]]:
    for rule in RULES.values():
        if rule.check and (in_repository or not rule.in_repositories):
            yield from ((rule, violation) for violation in rule.check(plan))


def findings_of(problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """Return the findings that the problems of a spec are."""
    return tuple(RULES[problem.code].finding_of_problem(problem) for problem in problems)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return True if one of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)


class ExampleFiles(Struct, frozen=True, kw_only=True):
    """The files of an example in addition to its spec; each is empty where the rule is about the spec alone."""

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
    """The `escscaffold.lock` of the first, for rules on what it records."""
    mended_lock: str = ""
    """The one of the second."""
    broken_files: str = ""
    """Terraform of the first, each file below a line `# path`, for rules on what it uses."""
    mended_files: str = ""
    """The Terraform of the second."""
    broken_ipam: str = ""
    """The `escscaffold.ipam.json` of the first, for rules on what the IPAM has."""
    mended_ipam: str = ""
    """The one of the second."""
    as_of: date | None = None
    """The day as of which both are checked, for rules on support that ends."""

    @property
    def broken(self) -> ExampleFiles:
        """The files of the first."""
        return ExampleFiles(lock=self.broken_lock, files=self.broken_files, ipam=self.broken_ipam, as_of=self.as_of)

    @property
    def mended(self) -> ExampleFiles:
        """The files of the second."""
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


class _Trial(Struct, frozen=True, kw_only=True):
    """The environment with a range at another place, or why that is no fix."""

    after: EnvironmentPlan | None = None
    failure: str = ""


class Fixer:
    """Finds what would be right for one finding after the other, each clear of what it proposed before.

    `complaints` are the errors that each environment has already.
    """

    def __init__(
        self,
        plan: AddressPlan,
        complaints: Mapping[str, Collection[Complaint]],
        violations_of: Callable[[AddressPlan], Violations],
    ) -> None:
        self._plan = plan
        self._complaints = complaints
        self._violations_of = violations_of
        self._proposed: dict[str, dict[str, IPv4Network]] = defaultdict(dict)

    @cached_property
    def _alternatives(self) -> Alternatives:
        """Made for the first range that is to be moved: most plans have none."""
        return Alternatives(self._plan)

    def text(self, rule: Rule, violation: Violation) -> str:
        """Return the suggested fix: a block that fixes this and breaks nothing, and the rule's own text."""
        move = violation.move
        if move is None:
            return _by_itself(violation.fix)
        before = self._plan.environment(violation.environment)
        if move.range_name == "kurrent" and self._plan.kurrent_stays(before):
            return _by_itself(violation.fix) or _SHARED
        if (planned := before.range(move.range_name)) and before.is_existing(planned):
            return _by_itself(violation.fix) or exists(move.range_name)
        instead = ""
        for prefix_length in move.prefix_lengths or same_size(before, move.range_name):
            trial = self._trial(rule, violation, move, prefix_length)
            if trial.after is not None:
                routed = self._routed(before, trial.after)
                return f"{_use(before, trial.after, move)}{routed}{_moved_with(before, move)} {violation.fix}".rstrip()
            instead = instead or trial.failure
        return _by_itself(violation.fix) or instead

    def _routed(self, before: EnvironmentPlan, after: EnvironmentPlan) -> str:
        """Return what the peering routes to once this is written, where that differs and is known."""
        replanned = self._alternatives.replanned(after)
        if replanned is None or replanned.remote == before.remote or not replanned.remote:
            return "."
        return f"; the peering then routes to {replanned.routed}."

    def _trial(self, rule: Rule, violation: Violation, move: MoveFix, prefix_length: int) -> "_Trial":
        """Try the range at another place of this size: it has to fix this, and to break nothing."""
        name, proposed = violation.environment, self._proposed[violation.environment]
        trial = self._alternatives.without_place(name, move.range_name, prefix_length, proposed)
        planned = trial.environments[0].range(move.range_name)
        if planned is None:
            return _Trial(failure=no_block(self._plan.environment(name), move.range_name, prefix_length))
        written = self._alternatives.with_place(name, move.range_name, planned.cidr, proposed)
        for tried in (trial, written):
            if broken := self._broken(rule, violation, tried):
                return _Trial(failure=also_wrong(move.range_name, planned.cidr, broken))
        proposed[move.range_name] = planned.cidr
        return _Trial(after=written.environments[0])

    def _broken(self, rule: Rule, violation: Violation, trial: AddressPlan) -> set[Complaint]:
        """Return what is wrong in the trial: this still, or an error that was none."""
        errors, complaints = _complaints(self._violations_of(trial))
        if self._meets_another_route(trial.environments[0]):
            errors.add(_MEETS)
            complaints.add(_MEETS)
        existing_errors = set(self._complaints[violation.environment])
        if any(code == _NO_ROOM for code, _ in existing_errors):
            existing_errors |= _too_large_for_room(trial.environments[0])
        return (errors - existing_errors) | ({_complaint(rule, violation)} & complaints)

    def _meets_another_route(self, environment: EnvironmentPlan) -> bool:
        """Return True if a peering of another environment on the same Kurrent network routes to the same addresses."""
        others = self._plan.by_kurrent_network.get(environment.spec.kurrent_network, ())
        routed = (block for other in others if other.name != environment.name for block in other.remote)
        return any(overlaps_any(block, environment.remote) for block in routed)


def _too_large_for_room(environment: EnvironmentPlan) -> set[Complaint]:
    """Return the complaints that replace one about missing room: a range without a size is widened too far."""
    requested = environment.spec.ranges
    return {("ESC401", r.name) for r in environment.ranges if r.name not in requested and environment.held_by(r.name)}


def _by_itself(fix: str) -> str:
    """Return the alternative as the only suggested fix.

    >>> _by_itself("Or ask for less.")
    'Ask for less.'
    """
    text = re.sub(r"^Or,? ", "", fix)
    return text[:1].upper() + text[1:]


def _complaint(rule: Rule, violation: Violation) -> Complaint:
    """Return what is complained of, in the form that is the same for one environment and for many."""
    return _SAME.get(rule.code, rule.code), violation.subject


def _complaints(violations: Violations) -> tuple[set[Complaint], set[Complaint]]:
    """Return the errors alone, and errors and warnings together."""
    complaints = [(_complaint(rule, v), rule.severity) for rule, v in violations]
    return {error for error, severity in complaints if severity == "error"}, {any_ for any_, _ in complaints}


def _use(before: EnvironmentPlan, after: EnvironmentPlan, move: MoveFix) -> str:
    planned = after.range(move.range_name)
    assert planned is not None, "a range without a place is a separate error"
    written = _written(before.spec.ranges.get(move.range_name), planned.cidr)
    return f"Use {move.range_name} = {written} (no overlaps)"


def _moved_with(before: EnvironmentPlan, move: MoveFix) -> str:
    """Return which pinned ranges have to move with the range that holds them."""
    pinned = [r.name for r in before.held_by(move.range_name) if r.origin == "pinned"]
    return f" Move {' and '.join(pinned)} into it." if pinned else ""


def _written(requested: RangeRequest | None, block: IPv4Network) -> str:
    """Return the block as it is to be written, with the range's need and growth, if they are given."""
    need = asdict(requested.need) if requested and requested.need else {}
    counts = {key: value for key, value in need.items() if value != _NOTHING[key]}
    if requested and requested.growth > 1:
        counts["growth"] = requested.growth
    more = "".join(f", {key} = {value}" for key, value in counts.items())
    return f'{{ cidr = "{block}"{more} }}' if more else f'"{block}"'
