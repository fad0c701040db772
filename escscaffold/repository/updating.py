"""Brings a folder in line with a plan: what that would change, the bases of merges, and the change itself."""

import base64
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from escscaffold import __version__
from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import ScaffoldError
from escscaffold.git import GitError, ask_git, read_objects
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import LOCK_FILE, Lock, Manifest, format_lock, kept_in, lock_of
from escscaffold.planning.planner import plan_allocated
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.rendering.generated import GeneratedFile
from escscaffold.rendering.repository_files import render_repository, repository_files
from escscaffold.repository.disk import (
    GENERATED_SUFFIX,
    Basis,
    SpecOnDisk,
    content_id,
    read_text,
    refuse_another_spelling,
    refuse_sparse,
    refuse_ways_out,
    split_block,
    with_ends_of,
)
from escscaffold.repository.file_states import (
    CHANGING,
    IN_CONFLICT,
    FileState,
    RecordedIds,
    compare,
    in_need_of_base,
    merge_files,
    owned,
)
from escscaffold.repository.journal import Change, before_moves
from escscaffold.repository.transaction import write_changes
from escscaffold.spec.reading import SPEC_FILE, VERSION, build_spec

_NOT_OURS = ("yours", "released", "deleted", "obsolete")
_LAST_STAYS = ("unsolved", "obsolete-edited")
_EDITED = ("edited", "merged", "conflict", "beside", "unsolved")
_COMMITS = 50
"""How far back a file's versions are looked at."""
_MOST_UNPACKED = 32 * 2**20
"""Bytes that all texts of a lock come to; a thousandth of them can pack as many."""


class Update(Struct, frozen=True, kw_only=True):
    """What bringing a repository in line with a plan would do."""

    files: tuple[FileState, ...]
    lock_text: str
    lock_is_stale: bool
    known_to_be_deleted: frozenset[str]
    """Files deleted by hand that were reported before."""

    def with_state(self, *states: str) -> tuple[FileState, ...]:
        """Return the files that are in one of these states."""
        return tuple(file for file in self.files if file.state in states)

    @property
    def changing(self) -> tuple[FileState, ...]:
        """The files that are written or removed."""
        return self.with_state(*CHANGING)

    @property
    def in_conflict(self) -> tuple[FileState, ...]:
        """The files that a person has to look at."""
        return self.with_state(*IN_CONFLICT)

    @property
    def deleted(self) -> tuple[FileState, ...]:
        """The files that were deleted by hand and not reported yet."""
        return tuple(f for f in self.with_state("deleted") if f.path not in self.known_to_be_deleted)

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not self.lock_is_stale and not self.changing


def compare_with_disk(
    folder: Path,
    plan: AddressPlan,
    lock: Lock,
    basis: Basis,
    restored: frozenset[str] = frozenset(),
    moves: Mapping[str, str] | None = None,
) -> Update:
    """Return what has to change so that the folder matches the plan, which has no errors.

    `basis` is what the plan was made from.
    `restored` are files to bring back though they were deleted or released. `moves` are
    folders that are renamed before, from old to new; the lock has the new names.
    """
    generated = repository_files(plan)
    manifest = lock.manifest
    # For each file of a fleet, a path object would take longer than the system's answer.
    start = str(folder / "_").removesuffix("_")
    places = {path: start + before_moves(path, moves or {}) for path in {*generated, *manifest.written}}
    on_disk = {path: text for path, place in places.items() if (text := read_text(place)) is not None}
    # What a link hides is not deleted.
    refuse_ways_out(folder, *(generated.keys() - on_disk.keys()))
    refuse_sparse(folder, (manifest.written.keys() & generated.keys()) - on_disk.keys())
    refuse_another_spelling(folder, on_disk.keys() - {*manifest.written, *manifest.deleted, *manifest.released})
    recorded = RecordedIds(
        written=manifest.written,
        deleted=manifest.deleted,
        released=manifest.released,
        restored=restored,
        waiting=frozenset(path for path in places if os.path.isfile(f"{places[path]}{GENERATED_SUFFIX}")),  # noqa: PTH113
    )
    files = compare(generated, on_disk, recorded)
    if needed := in_need_of_base(files, recorded):
        files = merge_files(files, generated, _find_bases(folder, lock, needed, generated, basis.facts))
    # Before a difference is shown, too: the target of a link must not be shown.
    refuse_ways_out(folder, *(before_moves(file.target, moves or {}) for file in files if file.state in CHANGING))
    remembered = _remembered(files, generated, recorded, manifest)
    lock_text = format_lock(lock_of(plan, lock, remembered))
    # The texts of edited files are kept when there is something else to write: an edit alone makes no lock stale.
    same_bases = lock_text
    if remembered.bases != manifest.bases:
        same_bases = format_lock(lock_of(plan, lock, replace(remembered, bases=manifest.bases)))
    before = basis.lock_text
    return Update(
        files=files,
        lock_text=with_ends_of(before or "", lock_text),
        lock_is_stale=before is None or content_id(before) != content_id(same_bases),
        known_to_be_deleted=frozenset(manifest.deleted),
    )


def _remembered(
    files: Iterable[FileState], generated: Mapping[str, GeneratedFile], recorded: RecordedIds, before: Manifest
) -> Manifest:
    """Return what to remember of the files once they are written."""
    texts = {path: owned(file.text, file) for path, file in generated.items()}
    by_text = {text: content_id(text) for text in set(texts.values())}
    ids = {path: by_text[text] for path, text in texts.items()}
    by_state = {file.path: file.state for file in files}
    last = {path: recorded.last_id(path) for path, state in by_state.items() if state not in ("yours", "obsolete")}
    written = {
        path: last[path] if state in _LAST_STAYS else ids[path]
        for path, state in by_state.items()
        if state not in _NOT_OURS
    }
    return Manifest(
        writer=__version__,
        written={path: known_id for path, known_id in written.items() if known_id is not None},
        deleted={path: last[path] or "" for path, state in by_state.items() if state == "deleted"},
        released={path: last[path] or "" for path, state in by_state.items() if state == "released"},
        bases={
            path: line
            for path, state in by_state.items()
            if state in _EDITED and (line := _base(path, texts[path], written[path] == ids[path], before))
        },
    )


def _base(path: str, text: str, is_last: bool, before: Manifest) -> str:
    """Return how the text that an edited file was generated with last is in the lock; nothing if it is lost."""
    packed = before.bases.get(path, "")
    if not is_last:
        return packed
    same = before.written.get(path) == content_id(text)
    return packed if packed and same else _packed(text)


def spec_change(old: SpecOnDisk | None, text: str, path: str = SPEC_FILE) -> Change:
    """Return the change to another text of a spec; the byte order mark of the one that was read stays."""
    if old is None:
        return Change(path=path, old=None, text=text)
    return Change(path=path, old=old.whole, text=old.mark + text)


def apply_update(
    folder: Path,
    update: Update,
    basis: Basis,
    spec_text: str | None = None,
    moves: Mapping[str, str] | None = None,
    ipam_text: str | None = None,
    appended: Mapping[str, str] | None = None,
) -> None:
    """Write the update, the spec first if it is given, and the lock last.

    `basis` is what the update was decided by, `moves` are folders to rename before that, `ipam_text` is what the IPAM
    has, if that is written too, and `appended` is text to add to the end of files, which it may begin. Raises
    MeanwhileError where a file was changed meanwhile and WriteError where the disk refuses, both with nothing
    changed.
    """
    changes = []
    if spec_text is not None:
        changes.append(spec_change(basis.spec, spec_text))
    more = dict(appended or {})
    for file in update.changing:
        text = file.new + more.pop(file.target) if file.new is not None and file.target in more else file.new
        changes.append(Change(path=file.target, old=file.standing, text=text, executable=file.executable))
    for path, text in more.items():
        existing = read_text(folder / path)
        changes.append(Change(path=path, old=existing, text=(existing or "") + text))
    if ipam_text is not None:
        changes.append(Change(path=IPAM_FILE, old=basis.ipam_text, text=ipam_text))
    if update.lock_is_stale:
        changes.append(Change(path=LOCK_FILE, old=basis.lock_text, text=update.lock_text))
    if changes:
        write_changes(folder, changes, moves, basis.ids)


def release(folder: Path, lock: Lock, basis: Basis, paths: Iterable[str]) -> None:
    """Remember that the files are a person's; the lock is that of the basis.

    Raises MeanwhileError or WriteError, with nothing changed.
    """
    manifest = lock.manifest
    released = {path: {**manifest.written, **manifest.deleted, **manifest.released}[path] for path in paths}
    handed_over = replace(
        manifest,
        written={path: id_ for path, id_ in manifest.written.items() if path not in released},
        deleted={path: id_ for path, id_ in manifest.deleted.items() if path not in released},
        released={**manifest.released, **released},
    )
    text = format_lock(replace(lock, manifest=handed_over))
    write_changes(folder, [Change(path=LOCK_FILE, old=basis.lock_text, text=text)])


def _find_bases(
    folder: Path, lock: Lock, needed: Mapping[str, str], generated: Mapping[str, GeneratedFile], facts: Facts
) -> Mapping[str, str]:
    """Return the texts with the ids that are wanted, by path, as far as they can be found.

    They are looked for in the lock, then in git, then rendered again from the recorded answers.
    """
    bases: dict[str, str] = {}
    for texts in (_kept(lock, needed), _in_git(folder, needed, generated), _rendered_again(lock, needed, facts)):
        if len(bases) < len(needed):
            bases |= {p: t for p, t in texts if p not in bases and content_id(t) == needed[p]}
    return bases


def _packed(text: str) -> str:
    """Return a text as it is kept in the lock, on one line."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", errors="surrogateescape"), 9)).decode("ascii")


def _kept(lock: Lock, needed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    remaining = _MOST_UNPACKED
    for path in needed:
        content = _unpacked(lock.manifest.bases.get(path, ""), remaining) if remaining else None
        if content is not None:
            remaining -= len(content)
            yield path, content.decode("utf-8", errors="surrogateescape")


def _unpacked(line: str, most: int) -> bytes | None:
    """Return what was packed; None for what was not, and for more than `most` bytes of it."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(base64.b64decode(line, validate=True), most)
    except (ValueError, zlib.error):
        return None
    return content if unpacking.eof else None


def _in_git(
    folder: Path, needed: Mapping[str, str], generated: Mapping[str, GeneratedFile]
) -> Iterator[tuple[str, str]]:
    texts = _texts_by_name(folder, needed.values())
    for path, last_id in needed.items():
        if last_id in texts:
            yield path, texts[last_id]
        elif path in generated and generated[path].is_block:
            # Git knows the whole file by its id, and the lock the block in it.
            blocks = (block[1] for text in _versions_of(folder, path) if (block := split_block(text)))
            yield from ((path, block) for block in blocks if content_id(block) == last_id)


def _texts_by_name(folder: Path, names: Iterable[str]) -> Mapping[str, str]:
    """Return the texts of the blobs that the folder's git repository has: by their ids, or `commit:./path`."""
    try:
        contents = read_objects(folder, names) or {}
    except GitError:
        return {}
    return {name: content.decode("utf-8", errors="surrogateescape") for name, content in contents.items()}


def _versions_of(folder: Path, path: str) -> Iterator[str]:
    """Yield the texts that a file had in the last commits, the newest first."""
    try:
        commits = ask_git(folder, "rev-list", f"--max-count={_COMMITS}", "HEAD", "--", path) or b""
    except GitError:
        return
    yield from _texts_by_name(folder, (f"{commit}:./{path}" for commit in commits.decode("ascii").split())).values()


def _rendered_again(lock: Lock, needed: Mapping[str, str], facts: Facts) -> Iterator[tuple[str, str]]:
    files = _files_of(lock, facts)
    for path in needed:
        if path in files:
            yield path, owned(files[path].text, files[path])


def _files_of(lock: Lock, facts: Facts) -> Mapping[str, GeneratedFile]:
    """Return the files that this version makes of the recorded answers; nothing where it cannot read them."""
    answers = {name: json.loads(table) for name, table in lock.manifest.answers.items()}
    if not answers:
        return {}
    try:
        spec = build_spec(
            {"version": VERSION, "provider": lock.provider, "environments": answers},
            facts,
            lambda _: "the lock",
            kept_in(lock),
        )
        return render_repository(plan_allocated(lock, spec))
    except ScaffoldError:
        return {}
