"""A report as single notices, each at its place: as GitHub's workflow commands, and as SARIF 2.1.0. Pure.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import quote

from msgspec import Struct

from escscaffold import __version__
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.quoting import Quoted, Sentence, as_text, listed, visible
from escscaffold.reviewing.real_plan import Comparison, sentences
from escscaffold.reviewing.verdict import Contents, Report
from escscaffold.rules.catalogue import RULES
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.toml_text import KeyPath, Place, key_places, place_of

Severity = Literal["error", "warning", "notice"]

TITLES = {
    "replace": "Terraform would replace a resource",
    "destroy": "Terraform would destroy a resource",
    "unreachable": "A range loses its route to the database",
    "not-known": "Terraform may replace a resource",
    "leave-behind": "Created resources are left behind",
    "conflict": "Merge conflict markers",
    "edit": "Generated file edited by hand",
    "not-generated": "escscaffold generate not run",
    "secret": "Possible secret",
    "unread": "Not evaluated",
    "plan": "The Terraform plan",
    "renamed": "Renamed environment",
}
"""What a notice is about, other than findings, which have their codes."""


_EFFECTS = {"unreachable": "cut off from"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_MOST_NAMED = 10
"""Resources of one notice."""
_MOST = 5_000
"""Results of one run that GitHub shows."""


class Notice(Struct, frozen=True, kw_only=True):
    """One thing at one place."""

    rule: str
    """A key of TITLES, or a finding's code."""
    severity: Severity
    text: Sentence
    path: str
    line: int | None = None


def review_annotations(report: Report) -> str:
    """Return a line for each notice, after one for the verdict."""
    verdict = f"::notice title=escscaffold review::{_message(as_text(report.verdict))}"
    return "\n".join([verdict, *map(_annotation, _notices_of(report.contents))])


def _notices_of(contents: Contents) -> Iterator[Notice]:
    """Yield every notice, what is worst first."""
    places = key_places(contents.spec_text)
    for finding in contents.findings:
        if not finding.accepted:
            yield _of_finding(finding, places)
    for impact in contents.impacts:
        if impact.effect != "in place" and not impact.accepted:
            yield _of_impact(impact, places)
    for name in contents.not_generated:
        yield Notice(
            rule="not-generated", severity="warning", text=(Quoted(name), " is not generated yet."), path=SPEC_FILE
        )
    for secret in contents.secrets:
        text: Sentence = (Quoted(secret.name or "A value"), " looks like a secret.")
        yield Notice(rule="secret", severity="warning", text=text, path=secret.path, line=secret.line)
    for unread in contents.unread:
        yield Notice(
            rule="unread", severity="warning", text=(Quoted(unread.reason),), path=unread.path, line=unread.line
        )
    for note in contents.notes:
        if note.state == "conflict":
            yield Notice(
                rule="conflict", severity="error", text=("This file contains merge conflict markers.",), path=note.path
            )
        elif note.state in ("edited", "deleted"):
            text = (f"This generated file was {note.state} by hand.",)
            yield Notice(rule="edit", severity="notice", text=text, path=note.path)
    for old, new in contents.renames.items():
        yield Notice(rule="renamed", severity="notice", text=(Quoted(old), " -> ", Quoted(new)), path=SPEC_FILE)
    # Code scanning of GitHub shows nothing without a place.
    place = next((impact.path for impact in contents.impacts if impact.path), SPEC_FILE)
    for plan in contents.plans:
        yield from _notices_of_plan(plan, place)


def _of_finding(finding: Finding, places: Mapping[KeyPath, Place]) -> Notice:
    fix: Sentence = (" ", Quoted(finding.fix)) if finding.fix else ()
    return Notice(
        rule=finding.code,
        severity=finding.severity,
        text=(Quoted(finding.message), *fix),
        path=SPEC_FILE,
        line=_line(places, finding),
    )


def _of_impact(impact: Impact, places: Mapping[KeyPath, Place]) -> Notice:
    affected = listed(impact.things) or "this"
    argument: Sentence = (" ", Quoted(impact.argument)) if impact.argument else ()
    values: Sentence = (": ", Quoted(impact.old or "none"), " -> ", Quoted(impact.new)) if impact.new else ()
    return Notice(
        rule=impact.effect.replace(" ", "-"),
        severity="error" if impact.is_destructive else "warning",
        text=(
            f"{_EFFECTS.get(impact.effect, impact.effect).capitalize()} {affected}, for ",
            Quoted(str(impact.subject)),
            *((" in ", Quoted(impact.callers[0])) if impact.callers else ()),
            *argument,
            *values,
            ". ",
            *impact.reason,
        ),
        path=impact.path or SPEC_FILE,
        # What is removed has no line any more.
        line=None if impact.effect == "destroy" else impact.line if impact.path else _line(places, impact),
    )


def _notices_of_plan(plan: Comparison, path: str) -> Iterator[Notice]:
    for sentence, about in sentences(plan):
        severity: Severity = "warning" if plan.is_of_something_else else "notice"
        if plan.only_terraform and about == plan.only_terraform:
            severity = "error"
        names: list[str | Quoted] = [part for name in about[:_MOST_NAMED] for part in (", ", Quoted(name))][1:]
        text: Sentence = (sentence, *([": ", *names] if names else []), ".")
        yield Notice(rule="plan", severity=severity, text=text, path=path)
    for refused in plan.refused:
        yield Notice(rule="plan", severity="error", text=(refused,), path=path)


def _line(places: Mapping[KeyPath, Place], about: Finding | Impact) -> int | None:
    """Return the line of the spec that asks for a range, or else of its environment."""
    environment = ("environments", about.environment)
    if environment not in places:
        return None
    name = about.subject.name if isinstance(about, Impact) else about.subject
    return place_of(places, (*environment, "ranges", name))[0]


def _annotation(notice: Notice) -> str:
    title = TITLES.get(notice.rule, notice.rule)
    place = f"file={_property(notice.path)}" + (f",line={notice.line}" if notice.line else "")
    return f"::{notice.severity} {place},title={_property(title)}::{_message(as_text(notice.text, _whole))}"


def _whole(text: str) -> str:
    return visible(text, 500)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(visible(text, 500)).replace(":", "%3A").replace(",", "%2C")


def review_sarif(report: Report) -> dict[str, Any]:
    """Return the log."""
    notices = list(_notices_of(report.contents))[:_MOST]
    rules = sorted({notice.rule for notice in notices})
    driver = {
        "name": "escscaffold",
        "semanticVersion": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": _title(rule)}} for rule in rules],
    }
    results = [_result(notice, rules.index(notice.rule)) for notice in notices]
    verdict = {
        "verdict": as_text(report.verdict, _whole),
        "level": report.level,
        "answer": report.contents.answer,
        "counts": dict(report.contents.counts),
    }
    run = {"tool": {"driver": driver}, "results": results, "properties": verdict}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _title(rule: str) -> str:
    return RULES[rule].title if rule in RULES else TITLES[rule]


def _result(notice: Notice, rule_index: int) -> dict[str, Any]:
    text = as_text(notice.text, lambda part: visible(part, 1000))
    uri = quote(notice.path.encode("utf-8", errors="surrogateescape"))
    location: dict[str, Any] = {"artifactLocation": {"uri": uri}, "region": {"startLine": notice.line or 1}}
    return {
        "ruleId": notice.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[notice.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
        # The same notice in the next run, wherever its line has gone to.
        "partialFingerprints": {"notice/v1": sha256(f"{notice.rule} {uri} {text}".encode()).hexdigest()[:32]},
    }
