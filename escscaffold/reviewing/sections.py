"""A report as titled tables, which the text and the Markdown show each in its own way. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from escscaffold.reviewing.beside import Comparison, sentences
from escscaffold.reviewing.difference_rows import difference_rows
from escscaffold.reviewing.effects import Impact
from escscaffold.reviewing.impact import blocks
from escscaffold.reviewing.report import Contents
from escscaffold.reviewing.resource_rows import resource_rows
from escscaffold.reviewing.terraform_plan import RealAction
from escscaffold.reviewing.words import Quoted, Sentence, listed, place
from escscaffold.rules.finding import Finding

IMPACTS = "What becomes of what exists"

_FOLDED = 10
"""More changes of the IPAM than this are shown on demand."""
_EFFECTS = {"unreachable": "cut off from"}
_STATES = {
    "conflict": "a merge left its marks in it",
    "edited": "generated, and edited by hand",
    "edited before": "generated, and edited by hand before this change",
    "deleted": "generated, and deleted by hand",
    "no longer generated": "no longer generated, and still there",
}


class Section(Struct, frozen=True, kw_only=True):
    """One table under its title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    lead: Sentence = ()
    folded: bool = False
    """Whether it is a detail, which is shown on demand where that can be done."""


def sections_of(contents: Contents) -> Iterator[Section]:
    """Yield what there is to show, in the order in which it matters."""
    for section in _all(contents):
        if section.rows or section.lead:
            yield section


def _all(contents: Contents) -> Iterator[Section]:
    yield Section(
        title=IMPACTS,
        columns=("Effect", "On", "For", "Before", "After", "Why"),
        rows=tuple(map(_impact, contents.impacts)),
    )
    yield Section(
        title="Renamed environments",
        columns=("Before", "After"),
        rows=tuple(((Quoted(old),), (Quoted(new),)) for old, new in contents.renames.items()),
    )
    yield _findings("New findings", contents.new, folded=False)
    yield Section(
        title="What looks like a secret",
        columns=("Where", "What"),
        rows=tuple(
            ((place(s.path, s.line),), (Quoted(s.name),) if s.name else ("by its form",)) for s in contents.secrets
        ),
    )
    yield Section(
        title="Not read",
        columns=("File", "Why"),
        rows=tuple(((place(u.path, u.line),), (Quoted(u.reason),)) for u in contents.unread),
    )
    yield Section(
        title="Not generated yet",
        columns=("Name",),
        rows=tuple(((Quoted(name),),) for name in contents.not_generated),
        lead=("The spec asks for it. Run `escscaffold generate` and commit what it writes.",)
        if contents.not_generated
        else (),
    )
    yield Section(
        title="Generated files",
        columns=("File", "State"),
        rows=tuple(((Quoted(note.path),), (_STATES[note.state],)) for note in contents.notes),
    )
    yield _addresses(contents)
    yield Section(
        title="Prefixes of the IPAM",
        columns=("Prefix", "Change", "Before", "After"),
        rows=tuple(((Quoted(c.prefix),), (c.change,), _value(c.before), _value(c.after)) for c in contents.ipam),
        folded=len(contents.ipam) > _FOLDED,
    )
    yield Section(
        title="Free inside the remote ranges",
        columns=("Environment", "Free now", "Taken now"),
        rows=tuple(((s.environment,), (blocks(s.freed),), (blocks(s.taken),)) for s in contents.addresses.spaces),
    )
    yield from map(_plan, contents.plans)
    yield Section(
        title="Resources",
        columns=("Address", "Where", "Change", "Arguments"),
        rows=resource_rows(contents),
        folded=True,
    )
    yield Section(
        title="Terraform files",
        columns=("Address", "Where", "Change", "Attributes"),
        rows=difference_rows(contents),
        folded=True,
    )
    yield _findings("Findings that were there before", contents.known, folded=True)
    yield _findings("Mended findings", contents.mended, folded=True)
    yield Section(
        title="Other files", columns=("File",), rows=tuple(((Quoted(path),),) for path in contents.others), folded=True
    )


def _impact(impact: Impact) -> tuple[Sentence, ...]:
    things = listed(impact.things) or "-"
    why: Sentence = (*impact.reason, *((f" See {impact.source}",) if impact.source else ()))
    subject: Sentence = (Quoted(impact.subject),)
    if len(impact.addresses) > 1 and impact.subject in impact.addresses:
        subject = (*subject, f" and {len(impact.addresses) - 1:,} more")
    if impact.argument:
        subject = (*subject, " ", Quoted(impact.argument))
    if impact.path:
        subject = (*subject, " in ", place(impact.path, impact.line))
    if impact.callers:
        subject = (*subject, ", root module ", *_quoted(impact.callers))
    return (
        (_EFFECTS.get(impact.effect, impact.effect) + (", accepted" if impact.accepted else ""),),
        (things,),
        subject,
        _value(impact.old),
        _value(impact.new),
        why,
    )


def _value(text: str) -> Sentence:
    return (Quoted(text),) if text else ("-",)


def _findings(title: str, findings: Iterable[Finding], *, folded: bool) -> Section:
    rows = tuple(
        (
            (f"{'accepted ' if f.accepted else ''}{f.severity} {f.code}",),
            _value(" ".join(part for part in (f.environment, f.subject) if part)),
            _value(f.message),
            _value(f.fix),
        )
        for f in findings
    )
    return Section(title=title, columns=("Finding", "Where", "What", "Do"), rows=rows, folded=folded)


def _addresses(contents: Contents) -> Section:
    addresses = contents.addresses
    rows = []
    for change in addresses.ranges:
        old, new = change.sizes
        sizes = f"{old:,}" if old == new else f"{old:,} -> {new:,}"
        environment: Sentence = (Quoted(change.environment),)
        if change.environment in addresses.added:
            environment = (*environment, " (new)")
        elif change.environment in addresses.removed:
            environment = (*environment, " (gone)")
        rows.append(
            (
                environment,
                (Quoted(change.name),),
                (change.change,),
                (blocks(change.old),),
                (blocks(change.new),),
                (sizes,),
            )
        )
    columns = ("Environment", "Range", "Change", "Before", "After", "Addresses")
    return Section(title="Addresses", columns=columns, rows=tuple(rows))


def _plan(plan: Comparison) -> Section:
    lead: list[str | Quoted] = ["Of the environment ", Quoted(plan.environment), ". "] if plan.environment else []
    for sentence, about in sentences(plan):
        lead += [sentence, *([": ", *_quoted(about)] if about else []), ". "]
    for refused in plan.refused:
        lead += [refused, " "]
    return Section(
        title="The plan that was given",
        columns=("Action", "Address", "Because"),
        rows=tuple(map(_action, plan.actions)),
        lead=tuple(lead),
    )


def _action(action: RealAction) -> tuple[Sentence, ...]:
    address: Sentence = (
        (Quoted(action.was), " -> ", Quoted(action.address)) if action.was else (Quoted(action.address),)
    )
    because: Sentence = tuple(_quoted(action.because)) if action.because else ("-",)
    return (action.action,), address, (*because, " depends on what is replaced") if action.follows else because


def _quoted(things: Sequence[str]) -> Iterator[str | Quoted]:
    for number, thing in enumerate(things[:10]):
        yield from (", " if number else "", Quoted(thing))
    yield f" and {len(things) - 10} more" if len(things) > 10 else ""
