"""A report as titled tables, which the text and the Markdown show each in its own way. Pure."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from escscaffold.reviewing.differences import Difference
from escscaffold.reviewing.folders import folder_of
from escscaffold.reviewing.impact import Impact, blocks
from escscaffold.reviewing.items import Written
from escscaffold.reviewing.report import Contents
from escscaffold.reviewing.terraform_plan import Comparison
from escscaffold.reviewing.words import Quoted, Sentence, counted, listed
from escscaffold.rules.finding import Finding

IMPACTS = "What becomes of what exists"

_LONG = 60
_CONTEXT = 20
"""Signs of what two long values have in common that are shown before they differ."""
_WORTH_COUNTING = ("resource", "data", "module")
_ATTRIBUTES = 6
"""How many attributes of one thing are shown."""
_EFFECTS = {"perhaps replace": "may replace"}
_STATES = {
    "conflict": "a merge left its marks in it",
    "edited": "generated, and edited by hand",
    "edited before": "generated, and edited by hand before this change",
    "deleted": "generated, and deleted by hand",
    "no longer generated": "no longer generated, and still there",
}
_ACTIONS = {
    "create": "created",
    "import": "imported",
    "destroy": "destroyed",
    "forget": "forgotten, not destroyed",
    "replace": "replaced",
    "replace?": "may be replaced: the value is computed",
    "update": "changed in place",
    "change": "changed; in place or not is not known here",
    "move": "moved, not made anew",
    "read": "read anew",
}


@dataclass(frozen=True, kw_only=True)
class Section:
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
    yield _findings("New findings", contents.new, folded=False)
    yield Section(
        title="What looks like a secret",
        columns=("Where", "What"),
        rows=tuple(
            ((_place(s.path, s.line),), (Quoted(s.name),) if s.name else ("by its form",)) for s in contents.secrets
        ),
    )
    yield Section(
        title="Not read",
        columns=("File", "Why"),
        rows=tuple(((_place(u.path, u.line),), (Quoted(u.reason),)) for u in contents.unread),
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
        title="Free inside the remote ranges",
        columns=("Environment", "Free now", "Taken now"),
        rows=tuple(((s.environment,), (blocks(s.freed),), (blocks(s.taken),)) for s in contents.addresses.spaces),
    )
    yield from map(_plan, contents.plans)
    yield Section(
        title="Terraform",
        columns=("Address", "Where", "Change", "Attributes"),
        rows=(*_whole(contents), *map(_difference, contents.single)),
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
    if impact.path:
        subject = (*subject, " in ", _place(impact.path, impact.line))
    if impact.callers:
        subject = (*subject, ", called by ", *_quoted(impact.callers))
    return (
        (_EFFECTS.get(impact.effect, impact.effect),),
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
        sizes = f"{old:,}" if old == new else f"{old:,} → {new:,}"
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
    if plan.only_terraform:
        lead += ["Terraform also makes anew or destroys ", *_quoted(plan.only_terraform), ", which is not told above. "]
    if plan.only_here:
        lead += ["Terraform leaves alone what is told above: ", *_quoted(plan.only_here), ". "]
    if not plan.only_terraform and not plan.only_here:
        lead += ["It says the same as what is told above. "]
    return Section(
        title="The plan that was given",
        columns=("Action", "Address"),
        rows=tuple(((action.action,), (Quoted(action.address),)) for action in plan.actions),
        lead=tuple(lead),
    )


def _quoted(things: Sequence[str]) -> Iterator[str | Quoted]:
    for number, thing in enumerate(things[:10]):
        yield from (", " if number else "", Quoted(thing))
    yield f" and {len(things) - 10} more" if len(things) > 10 else ""


def _difference(difference: Difference) -> tuple[Sentence, ...]:
    item = difference.item
    address: Sentence = (Quoted(item.address),)
    if difference.was:
        address = (Quoted(difference.was), " → ", *address)
    what = _ACTIONS[difference.action] if difference.action else difference.change
    return address, (_place(item.path, item.line),), (what,), tuple(_attributes(difference))


def _whole(contents: Contents) -> Iterator[tuple[Sentence, ...]]:
    """Yield a row for each folder that comes or goes as a whole."""
    for folder, fate in sorted(contents.whole.items()):
        kinds = Counter(one.item.kind for one in contents.differences if folder_of(one.item.path) == folder)
        told = listed([counted(number, kind) for kind, number in sorted(kinds.items()) if kind in _WORTH_COUNTING])
        yield (Quoted(folder),), ("-",), (f"the whole folder is {fate}",), (told or "-",)


def _attributes(difference: Difference) -> Iterator[str | Quoted]:
    if difference.change == "added":
        yield counted(len(difference.attributes), "attribute") if difference.attributes else "-"
        return
    for number, change in enumerate(difference.attributes[:_ATTRIBUTES]):
        old, new = _beside(change.old, change.new)
        yield from ("; " if number else "", Quoted(change.name or "value"), " ", old, " → ", new)
    rest = len(difference.attributes) - _ATTRIBUTES
    yield f"; {rest} more" if rest > 0 else ("" if difference.attributes else "-")


def _beside(old: Written | None, new: Written | None) -> tuple[str | Quoted, str | Quoted]:
    """Return both values; of long ones, that with which they begin alike is left out."""
    before, after = (side.text if side else "" for side in (old, new))
    alike = len(posixpath.commonprefix([before, after]))
    cut = alike - _CONTEXT if min(len(before), len(after)) > _LONG and alike > _CONTEXT else 0
    first, second = (
        Quoted(f"...{text[cut:]}" if cut else text) if text else ("there" if side else "none")
        for side, text in ((old, before), (new, after))
    )
    return first, second


def _place(path: str, line: int | None) -> Quoted:
    return Quoted(path if line is None else f"{path}:{line}")
