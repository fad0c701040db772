"""The report of a review: all that each format shows, by importance, and the verdict. Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from escscaffold.clouds.replacing import CLUSTER
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import ENVIRONMENTS
from escscaffold.planning.snapshot import SnapshotChange
from escscaffold.reviewing.differences import Difference, Fate
from escscaffold.reviewing.generated_files import FileNote
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.quoting import Quoted, Sentence, listed, place
from escscaffold.reviewing.range_changes import Addresses
from escscaffold.reviewing.real_plan import Comparison, planned_actions
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.secrets import Secret
from escscaffold.reviewing.side_files import Unread
from escscaffold.rules.finding import Finding
from escscaffold.spec.values import counted
from escscaffold.terraform.references import parent_folder
from escscaffold.terraform.resource_changes import Action

Level = Literal["error", "conflict", "replace", "unknown", "stale", "warning", "edit", "change", "same"]
"""How much there is to decide, the most first."""

LEVELS: tuple[Level, ...] = ("error", "conflict", "replace", "unknown", "stale", "warning", "edit", "change", "same")

Answer = Literal["destroys", "replaces", "not known", "in place", "nothing"]
"""Impact on existing resources, the worst first."""
ACTION_WORDS: Mapping[Action, str] = {
    "create": "created",
    "import": "imported",
    "destroy": "destroyed",
    "forget": "forgotten, not destroyed",
    "replace": "replaced",
    "unknown": "not known",
    "update": "changed in place",
    "move": "moved",
    "read": "read again",
}
"""What becomes of a resource, in the rows of a table."""
_COUNTED: dict[str, str] = {
    "destroy": "to destroy",
    "replace": "to replace",
    "unknown": "not known",
    "update": "in place",
    "create": "to add",
    "import": "to import",
    "forget": "to forget",
    "move": "moved",
}
_BESIDES: dict[Level, str] = {
    "replace": "replacements",
    "unknown": "changes that are not known",
    "warning": "warnings",
    "edit": "hand edits",
}
"""What to read in addition to what decides."""
_MOST = 3
"""How many causes stand in the line."""


class Contents(Struct, frozen=True, kw_only=True):
    """What was found, without the verdict."""

    before: str
    """What a person calls the one side."""
    after: str
    addresses: Addresses
    renames: Mapping[str, str]
    """Environments that only got another name: the new name by the old one."""
    impacts: tuple[Impact, ...]
    roots: tuple[Root, ...]
    """What the root modules come to of which something differs."""
    differences: tuple[Difference, ...]
    """What is declared differently, whether its value differs or not."""
    whole: Mapping[str, Fate]
    """Folders that have Terraform on one side only, and which side that is."""
    notes: tuple[FileNote, ...]
    not_generated: tuple[str, ...]
    """What the spec asks for and `generate` has not written yet, by name."""
    new: tuple[Finding, ...]
    existing: tuple[Finding, ...]
    """Existing findings, too."""
    fixed: tuple[Finding, ...]
    secrets: tuple[Secret, ...]
    unread: tuple[Unread, ...]
    others: tuple[str, ...]
    """Files that differ and are neither Terraform nor escscaffold's."""
    untracked: tuple[str, ...]
    """Such files that git does not track: no part of the change until they are added."""
    plans: tuple[Comparison, ...]
    plan: AddressPlan | None
    """The plan of the new side, for a map of it."""
    ipam: tuple[SnapshotChange, ...] = ()
    """What changed of what the IPAM had when it was pulled."""
    spec_text: str = ""
    """The spec of the new side, for the lines in it."""

    @property
    def single(self) -> tuple[Difference, ...]:
        """The differences in folders that are on both sides."""
        return tuple(
            difference for difference in self.differences if parent_folder(difference.item.path) not in self.whole
        )

    @property
    def counts(self) -> Mapping[str, int]:
        """How many resources there are of each answer, and how many come or move."""
        counts = dict(self.counts_of_resources)
        counts["not known"] += self.settings_not_known
        return counts

    @property
    def counts_of_resources(self) -> Mapping[str, int]:
        """As `counts`, of resources alone."""
        counts = dict.fromkeys(_COUNTED.values(), 0)
        plans = (planned_actions(plan) for plan in self.plans if not plan.is_of_something_else)
        settled = {address: action for actions in plans for address, action in actions.items()}
        for root in self.roots:
            for resource in root.changes.resources:
                action: str = resource.action
                if action == "unknown":
                    action = settled.get(resource.instance.was, action)
                if action in _COUNTED:
                    counts[_COUNTED[action]] += 1
        return counts

    @property
    def settings_not_known(self) -> int:
        """How many modules, providers and backends may change anything: one each."""
        return sum(not impact.addresses for impact in self.impacts if impact.effect == "not known")

    @property
    def answer(self) -> Answer:
        """The worst that becomes of anything that exists."""
        effects = {impact.effect for impact in self.impacts}
        if "destroy" in effects:
            return "destroys"
        if effects & {"replace", "unreachable", "leave behind"}:
            return "replaces"
        if "not known" in effects or self.unread:
            return "not known"
        return "in place" if "in place" in effects or any(self.counts.values()) else "nothing"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the new side."""
        return (*self.new, *self.existing)


class Report(Struct, frozen=True, kw_only=True):
    """The contents, and what to do."""

    contents: Contents
    level: Level
    levels: frozenset[Level]
    """All levels of which there is something, of which `level` is the first."""
    verdict: Sentence
    """What to do, in one line."""


def judge(contents: Contents) -> Report:
    """Return the report with what to do."""
    by_level: dict[Level, Sentence] = {}
    for level, sentence in _sentences(contents):
        by_level.setdefault(level, sentence)
    level = next(level for level in LEVELS if level in by_level)
    later = LEVELS[LEVELS.index(level) + 1 :]
    named = level == "replace" and bool(_edits_that_replace(contents))
    besides = [
        _BESIDES[other]
        for other in later
        if other in by_level and other in _BESIDES and not (named and other == "edit")
    ]
    verdict = (*by_level[level], f" Also read the {listed(besides)}.") if besides else by_level[level]
    return Report(contents=contents, level=level, levels=frozenset(by_level) - {"same"}, verdict=verdict)


def _sentences(contents: Contents) -> Iterator[tuple[Level, Sentence]]:
    errors = [finding for finding in contents.findings if finding.severity == "error"]
    if errors:
        first = errors[0]
        more = f" (and {counted(len(errors) - 1, 'more error')})" if len(errors) > 1 else ""
        yield "error", ("Do not merge: ", Quoted(first.message), f" ({first.code}){more}")
    if conflicts := [note.path for note in contents.notes if note.state == "conflict"]:
        yield "conflict", ("Do not merge: merge conflict markers in ", *_paths(conflicts), ".")
    destructive = [impact for impact in contents.impacts if impact.is_destructive]
    unexplained = [Quoted(resource) for plan in contents.plans for resource in plan.only_terraform]
    if destructive:
        besides: Sentence = (" The Terraform plan does more than that.",) if unexplained else ()
        yield "replace", (*_destructive(destructive, contents), *besides)
    elif unexplained:
        makes = "Stop and ask: the Terraform plan replaces or destroys "
        yield "replace", (makes, *_some(unexplained), ", which this change does not explain.")
    yield from _unknown(contents)
    if contents.not_generated:
        names = [Quoted(name) for name in contents.not_generated]
        yield "stale", ("Request changes: `escscaffold generate` was not run for ", *_some(names), ".")
    if contents.secrets:
        where = place(contents.secrets[0].path, contents.secrets[0].line)
        yield "warning", ("Check before merging: possible secret in ", where, ".")
    if any(plan.is_of_something_else for plan in contents.plans):
        yield "warning", ("Request another plan: this one is incomplete or not for this change.",)
    if warnings := [finding for finding in contents.new if finding.severity == "warning" and not finding.accepted]:
        more = f" (and {counted(len(warnings) - 1, 'more warning')})" if len(warnings) > 1 else ""
        yield "warning", ("Read a new warning: ", Quoted(warnings[0].message), f" ({warnings[0].code}){more}")
    if edited := [note.path for note in contents.notes if note.state in ("edited", "deleted")]:
        name = next((impact.item.address for impact in contents.single if impact.item.path in edited), None)
        example: Sentence = (", such as ", Quoted(name)) if name else ()
        yield "edit", ("Read the hand edits of generated files: ", *_paths(edited), *example, ".")
    yield from _harmless(contents)


def _unknown(contents: Contents) -> Iterator[tuple[Level, Sentence]]:
    unknown = [impact for impact in contents.impacts if impact.effect == "not known" and not impact.accepted]
    settles = "Run `terraform plan`, or pass its JSON: `escscaffold review --plan FILE`."
    counts = _counts(contents)
    if unknown:
        question = "Request a plan: the impact on "
        yield "unknown", (question, *_subjects(unknown), f" is unknown.{counts} {settles}")
    elif contents.unread:
        paths = list(dict.fromkeys(unread.path for unread in contents.unread))
        yield "unknown", ("Request a plan: the impact of ", *_paths(paths), f" is unknown.{counts} {settles}")


def _counts(contents: Contents) -> str:
    """Return how many resources there are of each answer, as a sentence with a space before it."""
    resources = ", ".join(f"{number:,} {word}" for word, number in contents.counts_of_resources.items() if number)
    settings = contents.settings_not_known
    return (f" Resources: {resources}." if resources else "") + (
        f" Modules and settings: {settings:,} not known." if settings else ""
    )


def _subjects(impacts: list[Impact]) -> Iterator[str | Quoted]:
    for number, impact in enumerate(impacts[:_MOST]):
        yield from (", " if number else "", Quoted(str(impact.subject)))
        if impact.argument and impact.new:
            values = (Quoted(impact.old or "none"), " -> ", Quoted(impact.new))
            yield from (" (", Quoted(impact.argument), " ", *values, ")")
        elif impact.argument:
            yield from (" (", Quoted(impact.argument), ")")
    if len(impacts) > _MOST:
        yield f" and {len(impacts) - _MOST} more"


def _harmless(contents: Contents) -> Iterator[tuple[Level, Sentence]]:
    counts = [
        text
        for number, text in (
            _counted(len(contents.renames), "renamed environment"),
            _counted(len(contents.addresses.added), "new environment"),
            _counted(len([i for i in contents.impacts if i.effect == "in place"]), "range", " changed in place"),
            *((number, f"{number:,} {word}") for word, number in contents.counts.items()),
            _counted(len(contents.single) if not any(contents.counts.values()) else 0, "difference", " in Terraform"),
            _counted(len(contents.whole), "whole folder", " of Terraform"),
            _counted(len(contents.ipam), "change", " in the IPAM"),
            _counted(len(contents.others), "other file"),
        )
        if number
    ]
    accepted = [str(impact.subject) for impact in contents.impacts if impact.accepted]
    if accepted:
        yield (
            "change",
            ("Ready to merge after reading: ", *_some([Quoted(name) for name in accepted]), " was accepted."),
        )
    if counts:
        yield "change", (f"Ready to merge after reading: no resource is replaced; {listed(counts)}.",)
    yield "same", ("No impact: addresses and Terraform do not change.",)


def _counted(number: int, noun: str, more: str = "") -> tuple[int, str]:
    return number, counted(number, noun) + more


def _destructive(destructive: list[Impact], contents: Contents) -> Sentence:
    refused = [
        impact
        for impact in destructive
        if impact.refused and {resource.role for resource in impact.affected} == {CLUSTER}
    ]
    parts: list[Sentence] = []
    if refused:
        parts.append(("the cloud refuses this unless the cluster is replaced", *_causes(refused)))
    if destroyed := [impact for impact in destructive if impact.effect == "destroy"]:
        parts.append(("Terraform would destroy ", *_affected(destroyed), *_causes(destroyed)))
    if replaced := [impact for impact in destructive if impact.effect == "replace" and impact not in refused]:
        leading = [impact for impact in replaced if not impact.follows] or replaced
        parts.append(("Terraform would replace ", *_affected(leading), *_causes(leading)))
    if cut := [impact for impact in destructive if impact.effect == "unreachable"]:
        names = [Quoted(str(impact.subject)) for impact in cut]
        routes: Sentence = (" (routes: ", Quoted(cut[0].old), " -> ", Quoted(cut[0].new), ")")
        parts.append((*_some(names), " can no longer reach the database", *routes))
    if left_behind := [impact for impact in destructive if impact.effect == "leave behind"]:
        names = [Quoted(str(impact.subject)) for impact in left_behind]
        parts.append(("the files of ", *_some(names), " are deleted; existing cloud resources are not destroyed"))
    sentence: list[str | Quoted] = ["Stop and ask: "]
    for number, part in enumerate(parts):
        sentence += [", and " if number else "", *part]
    if edited := _edits_that_replace(contents):
        sentence += [", for a hand edit of ", *_paths(edited)]
    counts = _counts(contents)
    stale = " `escscaffold generate` was not run since." if contents.not_generated else ""
    return (*sentence, f".{counts} Merge only if intended.{stale}")


def _edits_that_replace(contents: Contents) -> list[str]:
    touched = {impact.path for impact in contents.impacts if impact.is_destructive}
    return [note.path for note in contents.notes if note.state in ("edited", "deleted") and note.path in touched]


def _affected(of: list[Impact]) -> list[str | Quoted]:
    resources = {resource.words: resource for impact in of for resource in impact.affected}
    worst: list[str | Quoted] = [*sorted(resources, key=lambda words: resources[words].rank)]
    unnamed = sum(len(impact.addresses) or 1 for impact in of if not impact.affected)
    named = counted(unnamed, "other resource" if worst else "resource")
    return _some([*worst, *([named] if unnamed else [])], most=5)


def _causes(of: list[Impact]) -> Iterator[str | Quoted]:
    yield " ("
    for number, impact in enumerate(of[:_MOST]):
        yield from ("; " if number else "", Quoted(str(impact.subject)))
        if impact.cause and impact.cause != str(impact.subject):
            yield from (" for ", Quoted(impact.cause))
        if impact.callers:
            yield from (" in ", *_paths([caller.removeprefix(f"{ENVIRONMENTS}/") for caller in impact.callers]))
        if impact.new:
            yield ": "
            if impact.argument:
                yield from (Quoted(impact.argument), " ")
            yield from (Quoted(impact.old or "none"), " -> ", Quoted(impact.new))
    yield f"; {len(of) - _MOST} more)" if len(of) > _MOST else ")"


def _paths(paths: list[str]) -> list[str | Quoted]:
    return _some([Quoted(path) for path in paths])


def _some(parts: list[str | Quoted] | list[Quoted], most: int = _MOST) -> list[str | Quoted]:
    shown_parts: list[str | Quoted] = []
    shown = parts[:most]
    for number, part in enumerate(shown):
        last = number == len(shown) - 1 and len(parts) <= most
        shown_parts += [*([" and " if last else ", "] if number else []), part]
    return shown_parts + ([f" and {len(parts) - most} more"] if len(parts) > most else [])
