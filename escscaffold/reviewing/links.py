"""Where the links of one side lead: what is inside of it is followed, anything else is not. Pure."""

import posixpath
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from escscaffold.reviewing.trees import MOST_FILES, Entry

_MOST_HOPS = 10
"""Links of one path that lead to further links."""


def followed_links(links: Mapping[str, str], entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return the file that each path leads to by a link; `links` has the text of each link by its path.

    >>> followed_links({"prod/main.tf": "../shared/main.tf"}, {"shared/main.tf": Entry("1", 9)})
    {'prod/main.tf': 'shared/main.tf'}
    """
    targets: dict[str, str] = {}
    files = sorted(path for path, entry in entries.items() if entry.kind == "file") if links else []
    for path in links:
        place = _end_of(path, links)
        if place is None:
            continue
        for inner, file in _files_at(place, entries, files):
            if len(targets) >= MOST_FILES:
                return targets
            targets[posixpath.normpath(posixpath.join(path, inner))] = file
    return targets


def _end_of(path: str, links: Mapping[str, str]) -> str | None:
    """Return where a link leads in the end; None where that is outside, or goes round in a circle."""
    place = path
    for _ in range(_MOST_HOPS):
        if place not in links:
            return place
        if links[place].startswith("/"):
            return None
        place = posixpath.normpath(posixpath.join(posixpath.dirname(place), links[place]))
        if place == "." or place.startswith("..") or f"{path}/".startswith(f"{place}/"):
            return None
    return None


def _files_at(place: str, entries: Mapping[str, Entry], files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a file, or each file of a folder, with its path inside of the folder; `files` are sorted."""
    if place in entries:
        if entries[place].kind == "file":
            yield ".", place
        return
    folder = f"{place}/"
    for index in range(bisect_left(files, folder), len(files)):
        if not files[index].startswith(folder):
            return
        yield files[index].removeprefix(folder), files[index]
