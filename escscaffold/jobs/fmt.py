"""The job `fmt`: specs in the one layout."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from escscaffold.jobs.reporter import SILENT, Reporter, holding_folder
from escscaffold.repository.disk import read_spec_file, refuse_ways_out
from escscaffold.repository.journal import Change, hard_links
from escscaffold.repository.transaction import write_changes
from escscaffold.repository.updating import spec_change
from escscaffold.spec.formatting import formatted
from escscaffold.spec.reading import SPEC_FILE


class Formatted(Struct, frozen=True, kw_only=True):
    """A file whose layout was changed, or would be."""

    path: Path
    """Relative to the folder, as it was named."""
    old: str
    new: str


class FormatResult(Struct, frozen=True, kw_only=True):
    """What `fmt` changed, or would."""

    files: tuple[Formatted, ...]
    hard_linked: tuple[str, ...]
    """Files with a second name (a hard link), which keeps the old text."""


def fmt(
    folder: Path | str,
    files: Iterable[Path | str] = (SPEC_FILE,),
    *,
    dry_run: bool = False,
    reporter: Reporter = SILENT,
) -> FormatResult:
    """Format specs, named relative to `folder`: all or none; with `dry_run`, nothing is written.

    Raises SpecError for a file that is not TOML, ScaffoldError for one that cannot be read.
    """
    folder, paths = Path(folder), tuple(dict.fromkeys(map(Path, files)))
    changed: list[Formatted] = []
    changes: dict[Path, list[Change]] = {}
    with ExitStack() as held:
        # All are read before the first is written: a refusal leaves every file as it was.
        homes = {(folder / path).parent.resolve(): (folder / path).parent for path in paths}
        for _, home in sorted(homes.items()) if not dry_run else ():
            held.enter_context(holding_folder(home, reporter, [path.name for path in paths]))
        for path in paths:
            home = (folder / path).parent
            refuse_ways_out(home, path.name)
            old = read_spec_file(home, path.name)
            new = formatted(old.text, str(path))
            if new != old.text:
                changed.append(Formatted(path=path, old=old.text, new=new))
                changes.setdefault(home, []).append(spec_change(old, new, path.name))
        linked = [path for home, inside in changes.items() for path in hard_links(home, [c.path for c in inside])]
        for home, inside in changes.items() if not dry_run else ():
            write_changes(home, inside)
    return FormatResult(files=tuple(changed), hard_linked=tuple(linked))
