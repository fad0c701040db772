"""What a review comes to: everything that each format shows, in the order in which it matters."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.snapshot import SnapshotChange
from escscaffold.reviewing.addresses import Addresses
from escscaffold.reviewing.declarations import Difference
from escscaffold.reviewing.edits import FileNote
from escscaffold.reviewing.effects import Impact
from escscaffold.reviewing.real_plan import Comparison
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.secrets import Secret
from escscaffold.reviewing.sentences import Sentence
from escscaffold.reviewing.states import Fate, parent_folder
from escscaffold.reviewing.terraform_sources import Unread
from escscaffold.rules.finding import Finding
from escscaffold.terraform.consequences import Action

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


class Contents(Struct, frozen=True, kw_only=True):
    """What was found, before anybody says what to do about it."""

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
    """What is declared differently, whether it comes to something else or not."""
    whole: Mapping[str, Fate]
    """Folders that have Terraform on one side only, and which side that is."""
    notes: tuple[FileNote, ...]
    not_generated: tuple[str, ...]
    """What the spec asks for and `generate` has not written yet, by name."""
    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    """Existing findings, too."""
    mended: tuple[Finding, ...]
    secrets: tuple[Secret, ...]
    unread: tuple[Unread, ...]
    others: tuple[str, ...]
    """Files that differ and are neither Terraform nor escscaffold's."""
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
        found = dict.fromkeys(_COUNTED.values(), 0)
        for root in self.roots:
            for resource in root.consequences.resources:
                if resource.action in _COUNTED:
                    found[_COUNTED[resource.action]] += 1
        # What is not known of a module or a provider as a whole is one each.
        found["not known"] += sum(not impact.addresses for impact in self.impacts if impact.effect == "not known")
        return found

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
        return (*self.new, *self.known)


class Report(Struct, frozen=True, kw_only=True):
    """The contents, and what to do."""

    contents: Contents
    level: Level
    levels: frozenset[Level]
    """All levels of which there is something, of which `level` is the first."""
    verdict: Sentence
    """What to do, in one line."""
