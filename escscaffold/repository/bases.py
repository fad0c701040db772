"""The base of a merge: the text that was written last of a file that was edited since, also from git's history."""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, ask_git, read_objects
from escscaffold.planning.lock import Lock, kept_in
from escscaffold.planning.planner import plan_allocated
from escscaffold.rendering.generated import GeneratedFile
from escscaffold.rendering.repository_files import render_repository
from escscaffold.repository.disk import content_id, split_block
from escscaffold.repository.file_states import owned
from escscaffold.spec.reading import VERSION, build_spec

_COMMITS = 50
"""How far back a file's versions are looked at."""
_MOST_UNPACKED = 32 * 2**20
"""Bytes that all texts of a lock come to; a thousandth of them can pack as many."""


def texts_by_name(folder: Path, names: Iterable[str]) -> Mapping[str, str]:
    """Return the texts of the blobs that the folder's git repository has: by their ids, or `commit:./path`."""
    try:
        found = read_objects(folder, names) or {}
    except GitError:
        return {}
    return {name: content.decode("utf-8", errors="surrogateescape") for name, content in found.items()}


def versions_of(folder: Path, path: str) -> Iterator[str]:
    """Yield the texts that a file had in the last commits, the newest first."""
    try:
        commits = ask_git(folder, "rev-list", f"--max-count={_COMMITS}", "HEAD", "--", path) or b""
    except GitError:
        return
    yield from texts_by_name(folder, (f"{commit}:./{path}" for commit in commits.decode("ascii").split())).values()


def find_bases(
    folder: Path, lock: Lock, wanted: Mapping[str, str], generated: Mapping[str, GeneratedFile]
) -> Mapping[str, str]:
    """Return the texts with the ids that are wanted, by path, as far as they can be found.

    They are looked for in the lock, then in git, then rendered again from the recorded answers.
    """
    found: dict[str, str] = {}
    for texts in (_kept(lock, wanted), _in_git(folder, wanted, generated), _rendered_again(lock, wanted)):
        if len(found) < len(wanted):
            found |= {p: t for p, t in texts if p not in found and content_id(t) == wanted[p]}
    return found


def packed(text: str) -> str:
    """Return a text as it is kept in the lock, on one line."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", errors="surrogateescape"), 9)).decode("ascii")


def _unpacked(line: str, most: int) -> bytes | None:
    """Return what was packed; None for what was not, and for more than `most` bytes of it."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(base64.b64decode(line, validate=True), most)
    except (ValueError, zlib.error):
        return None
    return content if unpacking.eof else None


def _kept(lock: Lock, wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    left = _MOST_UNPACKED
    for path in wanted:
        content = _unpacked(lock.manifest.bases.get(path, ""), left) if left else None
        if content is not None:
            left -= len(content)
            yield path, content.decode("utf-8", errors="surrogateescape")


def _in_git(
    folder: Path, wanted: Mapping[str, str], generated: Mapping[str, GeneratedFile]
) -> Iterator[tuple[str, str]]:
    texts = texts_by_name(folder, wanted.values())
    for path, last_id in wanted.items():
        if last_id in texts:
            yield path, texts[last_id]
        elif path in generated and generated[path].is_block:
            # Git knows the whole file by its id, and the lock the block in it.
            blocks = (block[1] for text in versions_of(folder, path) if (block := split_block(text)))
            yield from ((path, block) for block in blocks if content_id(block) == last_id)


def _rendered_again(lock: Lock, wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    files = _files_of(lock)
    for path in wanted:
        if path in files:
            yield path, owned(files[path].text, files[path])


def _files_of(lock: Lock) -> Mapping[str, GeneratedFile]:
    """Return the files that this version makes of the recorded answers; nothing where it cannot read them."""
    answers = {name: json.loads(table) for name, table in lock.manifest.answers.items()}
    if not answers:
        return {}
    try:
        spec = build_spec(
            {"version": VERSION, "provider": lock.provider, "environments": answers},
            lambda _: "the lock",
            kept_in(lock),
        )
        return render_repository(plan_allocated(lock, spec))
    except ScaffoldError:
        return {}
