"""A report as titled tables, which the text and the Markdown show each in its own way. Pure."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec import Struct

from escscaffold.reviewing.branch_impact import blocks
from escscaffold.reviewing.differences import Difference, Written
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.quoting import Quoted, Sentence, listed, place
from escscaffold.reviewing.real_plan import Comparison, RealAction, sentences
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.secrets import is_secret, old_and_new
from escscaffold.reviewing.verdict import ACTION_WORDS, Contents
from escscaffold.rules.finding import Finding
from escscaffold.spec.values import counted
from escscaffold.terraform.references import parent_folder
from escscaffold.terraform.resource_changes import ResourceChange
from escscaffold.terraform.value_changes import Leaf

_LONG = 60
_CONTEXT = 20
"""Signs of what two long values have in common that are shown before they differ."""
_WORTH_COUNTING = ("resource", "data", "module")
_ATTRIBUTES = 6
"""How many attributes of one thing are shown."""
_ORDER = ("destroy", "replace", "unknown", "update", "forget", "import", "create", "move", "read")
_SHOWN = 6
"""How many arguments of one resource are shown."""
IMPACTS = "Impact on existing resources"
_UNTRACKED = 3
"""How many untracked files are named."""
_FOLDED = 10
"""More changes of the IPAM than this are shown on demand."""
_EFFECTS = {"unreachable": "cut off from"}
_STATES = {
    "conflict": "contains merge conflict markers",
    "edited": "generated, edited by hand",
    "edited before": "generated, edited by hand before this change",
    "deleted": "generated, deleted by hand",
    "no longer generated": "no longer generated, not deleted",
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
    for section in chain(_to_decide(contents), _of_addresses(contents), map(_plan, contents.plans), _details(contents)):
        if section.rows or section.lead:
            yield section


def _to_decide(contents: Contents) -> Iterator[Section]:
    """Yield what a reviewer has to look at."""
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
        title="Possible secrets",
        columns=("Where", "What"),
        rows=tuple(
            ((place(s.path, s.line),), (Quoted(s.name),) if s.name else ("by its format",)) for s in contents.secrets
        ),
    )
    yield Section(
        title="Not evaluated",
        columns=("File", "Why"),
        rows=tuple(((place(u.path, u.line),), (Quoted(u.reason),)) for u in contents.unread),
    )
    yield Section(
        title="Not generated yet",
        columns=("Name",),
        rows=tuple(((Quoted(name),),) for name in contents.not_generated),
        lead=("The spec has this environment. Run `escscaffold generate` and commit the files.",)
        if contents.not_generated
        else (),
    )
    yield Section(
        title="Generated files",
        columns=("File", "State"),
        rows=tuple(((Quoted(note.path),), (_STATES[note.state],)) for note in contents.notes),
    )


def _of_addresses(contents: Contents) -> Iterator[Section]:
    yield _addresses(contents)
    yield Section(
        title="Prefixes of the IPAM",
        columns=("Prefix", "Change", "Before", "After"),
        rows=tuple(((Quoted(c.prefix),), (c.change,), _value(c.before), _value(c.after)) for c in contents.ipam),
        folded=len(contents.ipam) > _FOLDED,
    )
    yield Section(
        title="Free inside the remote ranges",
        columns=("Environment", "Now free", "Now allocated"),
        rows=tuple(((s.environment,), (blocks(s.freed),), (blocks(s.taken),)) for s in contents.addresses.spaces),
    )


def _details(contents: Contents) -> Iterator[Section]:
    """Yield what is shown on demand, and the files that are only named."""
    yield Section(
        title="Resources",
        columns=("Address", "Where", "Change", "Arguments"),
        rows=_resource_rows(contents),
        folded=True,
    )
    yield Section(
        title="Terraform files",
        columns=("Address", "Where", "Change", "Attributes"),
        rows=_difference_rows(contents),
        folded=True,
    )
    yield _findings("Existing findings", contents.existing, folded=True)
    yield _findings("Fixed findings", contents.fixed, folded=True)
    yield Section(
        title="Other files", columns=("File",), rows=tuple(((Quoted(path),),) for path in contents.others), folded=True
    )
    yield Section(title="Untracked files", columns=("File",), rows=(), lead=_untracked(contents.untracked))


def _untracked(paths: tuple[str, ...]) -> Sentence:
    """Return which files git does not track, shortly: a folder of a person may hold many."""
    if not paths:
        return ()
    names = [part for path in paths[:_UNTRACKED] for part in (Quoted(path), ", ")][:-1]
    more = (f" and {len(paths) - _UNTRACKED:,} more",) if len(paths) > _UNTRACKED else ()
    return ("Not part of the change until you run `git add`: ", *names, *more, ".")


def _resource_rows(contents: Contents) -> tuple[tuple[Sentence, ...], ...]:
    """Return address, place, what becomes of it, and the arguments with their values."""
    return tuple(row for root in contents.roots if root.fate == "kept" for row in _rows(root))


def _rows(root: Root) -> Iterator[tuple[Sentence, ...]]:
    groups: dict[tuple[object, ...], list[ResourceChange]] = {}
    for resource in root.changes.resources:
        groups.setdefault(_like(resource), []).append(resource)
    for group in sorted(groups.values(), key=lambda group: _ORDER.index(group[0].action)):
        first = group[0]
        address: Sentence = (Quoted(first.instance.was),)
        if first.was:
            address = (Quoted(first.was), " -> ", *address)
        if len(group) > 1:
            address = (*address, f" and {len(group) - 1:,} more like it")
        if root.folder != ".":
            address = (*address, " in ", Quoted(root.name))
        where = place(first.instance.path, first.instance.line)
        yield address, (where,), (ACTION_WORDS[first.action],), _arguments(first)


def _arguments(change: ResourceChange) -> Sentence:
    leaves = _leaves(change)
    forcing = {cause.leaf.shown for cause in change.causes if cause.answer == "replaces"}
    parts: list[str | Quoted] = []
    for number, leaf in enumerate(leaves[:_SHOWN]):
        old, new = old_and_new(leaf)
        parts += ["; " if number else "", Quoted(leaf.shown), " "]
        if change.action in ("create", "import") and not is_secret(leaf):
            parts.append(Quoted(new))
        elif leaf.is_known or is_secret(leaf):
            parts += _change(old, new)
        else:
            parts.append("computed")
        if leaf.shown in forcing:
            parts.append(" (replaces)")
    rest = len(leaves) - _SHOWN
    return (*parts, f"; {rest} more") if rest > 0 else tuple(parts) or ("-",)


def _change(old: str, new: str) -> list[str | Quoted]:
    if old.startswith("- ") or new.startswith("+ ") or not old or not new:
        parts = [Quoted(side) for side in (old, new) if side]
        return [parts[0], *(part for more in parts[1:] for part in (", ", more))]
    return [Quoted(old), " -> ", Quoted(new)]


def _leaves(change: ResourceChange) -> list[Leaf]:
    """Return the arguments to show, those that decide first."""
    if change.action in ("destroy", "forget", "move", "read"):
        return []
    decisive = [cause.leaf for cause in change.causes]
    shown = {leaf.shown for leaf in decisive}
    return [*decisive, *(leaf for leaf in change.leaves if leaf.shown not in shown)]


def _like(change: ResourceChange) -> tuple[object, ...]:
    arguments = tuple((leaf.path, *old_and_new(leaf)) for leaf in _leaves(change))
    decisive = tuple((cause.leaf.path, cause.answer) for cause in change.causes[:_SHOWN])
    alone = change.was if change.action == "move" else ""
    return (
        change.action,
        change.instance.path,
        change.instance.declared,
        arguments,
        decisive,
        change.why,
        alone,
    )


def _difference_rows(contents: Contents) -> tuple[tuple[Sentence, ...], ...]:
    """Return address, place, what becomes of it, and the attributes."""
    return (*_whole(contents), *map(_difference, contents.single))


def _whole(contents: Contents) -> Iterator[tuple[Sentence, ...]]:
    """Yield a row for each folder that comes or goes as a whole."""
    for folder, fate in sorted(contents.whole.items()):
        kinds = Counter(
            difference.item.kind for difference in contents.differences if parent_folder(difference.item.path) == folder
        )
        counts = listed([counted(number, kind) for kind, number in sorted(kinds.items()) if kind in _WORTH_COUNTING])
        yield (Quoted(folder),), ("-",), (f"the whole folder is {fate}",), (counts or "-",)


def _difference(difference: Difference) -> tuple[Sentence, ...]:
    item = difference.item
    address: Sentence = (Quoted(item.address),)
    if difference.was:
        address = (Quoted(difference.was), " -> ", *address)
    what = ACTION_WORDS[difference.action] if difference.action else difference.change
    return address, (place(item.path, item.line),), (what,), tuple(_attributes(difference))


def _attributes(difference: Difference) -> Iterator[str | Quoted]:
    if difference.change == "added":
        yield counted(len(difference.attributes), "attribute") if difference.attributes else "-"
        return
    for number, change in enumerate(difference.attributes[:_ATTRIBUTES]):
        old, new = _both_values(change.old, change.new)
        yield from ("; " if number else "", Quoted(change.name or "value"), " ", old, " -> ", new)
    rest = len(difference.attributes) - _ATTRIBUTES
    yield f"; {rest} more" if rest > 0 else ("" if difference.attributes else "-")


def _both_values(old: Written | None, new: Written | None) -> tuple[str | Quoted, str | Quoted]:
    """Return both values; long ones without their common beginning."""
    before, after = (side.text if side else "" for side in (old, new))
    common = len(posixpath.commonprefix([before, after]))
    cut = common - _CONTEXT if min(len(before), len(after)) > _LONG and common > _CONTEXT else 0
    first, second = (
        Quoted(f"...{text[cut:]}" if cut else text) if text else ("there" if side else "none")
        for side, text in ((old, before), (new, after))
    )
    return first, second


def _impact(impact: Impact) -> tuple[Sentence, ...]:
    affected = listed(impact.things) or "-"
    why: Sentence = (*impact.reason, *((f" See {impact.source}",) if impact.source else ()))
    subject: Sentence = (Quoted(str(impact.subject)),)
    if len(impact.addresses) > 1 and str(impact.subject) in impact.addresses:
        subject = (*subject, f" and {len(impact.addresses) - 1:,} more")
    if impact.argument:
        subject = (*subject, " ", Quoted(impact.argument))
    if impact.path:
        subject = (*subject, " in ", place(impact.path, impact.line))
    if impact.callers:
        subject = (*subject, ", root module ", *_quoted(impact.callers))
    return (
        (_EFFECTS.get(impact.effect, impact.effect) + (", accepted" if impact.accepted else ""),),
        (affected,),
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
        counts = [side.count if side else 0 for side in (change.old_assignable, change.new_assignable)]
        sizes = " -> ".join(f"{count:,}" for count in dict.fromkeys(counts))
        assigned = change.new_assignable
        environment: Sentence = (Quoted(change.environment),)
        if change.environment in addresses.added:
            environment = (*environment, " (new)")
        elif change.environment in addresses.removed:
            environment = (*environment, " (removed)")
        rows.append(
            (
                environment,
                (Quoted(change.name),),
                (change.change,),
                (blocks(change.old),),
                (blocks(change.new),),
                (f"{assigned.first} - {assigned.last}" if assigned else "none" if any(counts) else "",),
                (sizes if any(counts) else "",),
            )
        )
    columns = ("Environment", "Range", "Change", "Before", "After", "Assignable addresses", "Count")
    return Section(title="Addresses", columns=columns, rows=tuple(rows))


def _plan(plan: Comparison) -> Section:
    lead: list[str | Quoted] = ["Environment ", Quoted(plan.environment), ": "] if plan.environment else []
    for sentence, about in sentences(plan):
        lead += [sentence, *([": ", *_quoted(about)] if about else []), ". "]
    for refused in plan.refused:
        lead += [refused, " "]
    return Section(
        title="The Terraform plan",
        columns=("Action", "Address", "Because"),
        rows=tuple(map(_action, plan.actions)),
        lead=tuple(lead),
    )


def _action(action: RealAction) -> tuple[Sentence, ...]:
    address: Sentence = (
        (Quoted(action.was), " -> ", Quoted(action.address)) if action.was else (Quoted(action.address),)
    )
    because: Sentence = tuple(_quoted(action.because)) if action.because else ("-",)
    return (action.action,), address, (*because, " depends on a replaced resource") if action.follows else because


def _quoted(texts: Sequence[str]) -> Iterator[str | Quoted]:
    for number, text in enumerate(texts[:10]):
        yield from (", " if number else "", Quoted(text))
    yield f" and {len(texts) - 10} more" if len(texts) > 10 else ""
