"""The job `review`: what a branch changes, and what Terraform makes of it."""

from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from escscaffold.jobs.reporter import SILENT, Reporter
from escscaffold.jobs.review_sides import sides
from escscaffold.repository.disk import content_id, split_block
from escscaffold.reviewing.comparison import review as compare
from escscaffold.reviewing.real_plan import RealPlan
from escscaffold.reviewing.report import Report


def review(
    folder: Path | str,
    base: str | None = None,
    head: str | None = None,
    *,
    plans: Sequence[RealPlan] = (),
    accepted: Collection[str] = (),
    reporter: Reporter = SILENT,
) -> Report:
    """Compare two sides of the folder: revisions, folders, or the working tree; nothing is written.

    `base` is a revision, a folder, or `-` for a patch on standard input; without one it is the default branch. Without
    `head`, the working tree are compared. `plans` are plans of Terraform to compare with, `accepted` names what
    may be replaced. Raises ScaffoldError where a side does not exist.
    """
    with reporter.working("Reading both sides"), TemporaryDirectory() as scratch:
        return compare(*sides(Path(folder), base, head, Path(scratch)), ids_of, plans, accepted)


def ids_of(text: str) -> tuple[str, ...]:
    """Return the ids by which the lock can know a text: of all of it, and of the block that is generated."""
    block = split_block(text)
    return (content_id(text), *([content_id(block[1])] if block else []))
