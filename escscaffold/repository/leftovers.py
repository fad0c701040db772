"""What earlier runs have left in a repository, and nothing of a run's own work needs any more."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from escscaffold.repository.alone import LOCK_FOLDER
from escscaffold.repository.content import BESIDE
from escscaffold.repository.journal import STAGING_PREFIX, read_journal, staging_folders


def leftovers(folder: Path, known: Iterable[str], told: Iterable[str]) -> Iterator[str]:
    """Yield each as a line: folders of writes that were killed, and generated texts that wait beside a file.

    `known` are the paths of the files that are or were generated; what waits beside those that are `told` is no news.
    """
    ours = set(staging_folders(folder))
    for path in sorted(folder.glob(f"{STAGING_PREFIX}*")):
        if path.name == LOCK_FOLDER or path.name.endswith(BESIDE):
            continue
        if path not in ours:
            yield f"{path.name}: not written by escscaffold as it stands; delete it if nobody needs it"
        elif read_journal(path) is None:
            yield f"{path.name}: of a run that was killed before it wrote anything; the next one removes it"
    beside = {f"{path}{BESIDE}" for path in told}
    for parent in sorted({PurePosixPath(path).parent for path in known}):
        for path in sorted((folder / parent).glob(f"*{BESIDE}")):
            name = path.relative_to(folder).as_posix()
            if name not in beside:
                yield f"{name}: take what you need from it, and delete it"
