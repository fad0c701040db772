"""A report as single notices, each at its place: for annotations of lines, and for code scanning. Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from escscaffold.reviewing.effects import Impact
from escscaffold.reviewing.report import Contents
from escscaffold.reviewing.sentences import Quoted, Sentence, listed
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
    "unread": "Not readable",
}
"""What a notice is about, besides findings, which have their codes."""


_EFFECTS = {"unreachable": "cut off from"}


class Notice(Struct, frozen=True, kw_only=True):
    """One thing at one place."""

    rule: str
    """A key of TITLES, or a finding's code."""
    severity: Severity
    text: Sentence
    path: str
    line: int | None = None


def notices_of(contents: Contents) -> Iterator[Notice]:
    """Yield every notice, what is worst first."""
    places = key_places(contents.spec_text)
    for finding in contents.findings:
        if not finding.accepted:
            text: Sentence = (
                (Quoted(finding.message), " ", Quoted(finding.fix)) if finding.fix else (Quoted(finding.message),)
            )
            yield Notice(
                rule=finding.code, severity=finding.severity, text=text, path=SPEC_FILE, line=_line(places, finding)
            )
    for impact in contents.impacts:
        if impact.effect == "in place" or impact.accepted:
            continue
        things = listed(impact.things) or "this"
        argument: Sentence = (" ", Quoted(impact.argument)) if impact.argument else ()
        values: Sentence = (": ", Quoted(impact.old or "none"), " -> ", Quoted(impact.new)) if impact.new else ()
        change: Sentence = (*argument, *values)
        yield Notice(
            rule=impact.effect.replace(" ", "-"),
            severity="error" if impact.is_lasting else "warning",
            text=(
                f"{_EFFECTS.get(impact.effect, impact.effect).capitalize()} {things}, for ",
                Quoted(impact.subject),
                *change,
                ". ",
                *impact.reason,
            ),
            path=impact.path or SPEC_FILE,
            # What is gone has no line any more.
            line=None if impact.effect == "destroy" else impact.line if impact.path else _line(places, impact),
        )
    for name in contents.not_generated:
        yield Notice(
            rule="not-generated", severity="warning", text=(Quoted(name), " is not generated yet."), path=SPEC_FILE
        )
    for secret in contents.secrets:
        text = (Quoted(secret.name or "A value"), " looks like a secret.")
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


def _line(places: Mapping[KeyPath, Place], about: Finding | Impact) -> int | None:
    """Return the line of the spec that asks for a range, or else of its environment."""
    environment = ("environments", about.environment)
    if environment not in places:
        return None
    return place_of(places, (*environment, "ranges", about.subject.removeprefix(f"{about.environment}.")))[0]
