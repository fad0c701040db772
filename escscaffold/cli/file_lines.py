"""What happens to files, in words."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from escscaffold.cli.hints import command_line, file_argument
from escscaffold.cli.output import hanging
from escscaffold.errors import printable
from escscaffold.planning.lock import LOCK_FILE
from escscaffold.planning.snapshot import IPAM_FILE
from escscaffold.repository.disk import GENERATED_SUFFIX, read_text
from escscaffold.repository.file_states import FileState
from escscaffold.repository.updating import Update
from escscaffold.spec.reading import SPEC_FILE
from escscaffold.spec.toml_text import lines_of
from escscaffold.spec.values import counted

if TYPE_CHECKING:
    from escscaffold.jobs.generate import Generated

_VERBS = {
    "new": "wrote",
    "regenerated": "rewrote",
    "merged": "merged your edits into",
    "conflict": "marked conflicts in",
    "beside": "wrote next to your file",
    "obsolete": "removed",
}
_WOULD = {
    "new": "would write",
    "regenerated": "would rewrite",
    "merged": "would merge your edits into",
    "conflict": "would mark a conflict in",
    "beside": "would write next to your file",
    "obsolete": "would remove",
}
_BETWEEN = "between <<<<<<< and >>>>>>>"
_SHOWN = 5
"""How many files of a kind are named that need no action."""
_MOST_MATCHED = 5_000
"""Lines of what differs that are matched one by one: more of them than a fleet's spec changes at once."""


def file_list(files: Iterable[FileState]) -> list[dict[str, str]]:
    """Return files as JSON-ready data."""
    return [{"path": file.path, "state": file.state} for file in files]


def done_text(generated: "Generated", update: Update) -> str:
    """Return what was done to the files, the spec and what was pulled from the IPAM."""
    others = [SPEC_FILE] if generated.spec_text is not None else []
    others += [IPAM_FILE] if generated.ipam_text is not None and not others else []
    if update.changes_nothing and not others:
        clean = not (update.in_conflict or update.with_state("edited"))
        lines = ["No changes: all files are up to date." if clean else "No changes."]
        return "\n".join([*lines, *kept_lines(update)])
    counts = ((verb, len(update.with_state(state))) for state, verb in _VERBS.items())
    words = [f"{verb} {counted(count, 'file')}" for verb, count in counts if count]
    summary = ", ".join(words) or f"rewrote {', '.join(others or [LOCK_FILE])}"
    return "\n".join([f"{summary[0].upper()}{summary[1:]}.", *_merged_lines(update), *kept_lines(update)])


def _merged_lines(update: Update) -> list[str]:
    """Return a line for each file in which a hand edit and a new text met without a conflict."""
    return [f"  your edits are kept in {file.path}" for file in update.with_state("merged")]


def kept_lines(update: Update) -> list[str]:
    """Return the hand edits that are kept, and the files that were deleted by hand."""
    deleted = [f"  {file.path}" for file in update.deleted]
    if deleted:
        deleted = [
            "Deleted by hand, not restored:",
            *deleted,
            f"To restore a file: {command_line('generate', '--restore', 'FILE')}",
        ]
    return [*_edited_lines(update), *deleted]


def _edited_lines(update: Update) -> list[str]:
    """Return the files that were edited and need nothing; many are counted."""
    edited = [file.path for file in update.with_state("edited")]
    more = [f"  and {len(edited) - _SHOWN} more"] if len(edited) > _SHOWN else []
    return ["Edited by hand, kept:", *(f"  {path}" for path in edited[:_SHOWN]), *more] if edited else []


def conflict_text(update: Update) -> str:
    """Return the conflicts, each with how to resolve it."""
    lines = [f"  {file.path}\n{_conflict(file)}" for file in update.in_conflict]
    return "\n".join(
        ["Conflicts with your edits:", *lines, f"Your edits are kept. After resolving: {command_line('generate')}"]
    )


def _conflict(file: FileState) -> str:
    if file.state == "obsolete-edited":
        release = command_line("release", file_argument(file.path))
        # Left whole, however narrow the terminal: the command is there to be copied.
        return f"    no longer generated: delete it, or keep it: {release}"
    is_separate = file.state == "beside" or (file.state == "unsolved" and not _has_marks_only(file))
    if is_separate:
        return _separate_file(file.path)
    if file.state == "conflict" or _is_of_generate(file):
        parts = "your text, the last generated text and the new text are"
        return hanging(f"{parts} {_BETWEEN}: keep the right lines and delete the markers", "    ")
    side = f"    or take one side of an unedited file: git checkout --ours {file.path}"
    return "\n".join([hanging(f"conflicting lines are {_BETWEEN}: edit them,", "    "), side])


def _separate_file(path: str) -> str:
    return hanging(f"copy what you need from {path}{GENERATED_SUFFIX}, then delete that file", "    ")


def _has_marks_only(file: FileState) -> bool:
    from escscaffold.repository.file_states import has_marks

    return has_marks(file.old or "")


def _is_of_generate(file: FileState) -> bool:
    from escscaffold.repository.file_states import has_merge_markers

    return has_merge_markers(file.old or "")


def would_text(generated: "Generated", update: Update, folder: Path, *, diff: bool) -> str:
    """Return what would be done, or the difference line by line."""
    spec_text = generated.spec_text
    if update.changes_nothing and spec_text is None:
        return "\n".join(["No changes.", *_would_conflict(update)])
    if diff:
        spec = (
            line_difference(SPEC_FILE, read_text(folder / SPEC_FILE) or "", spec_text) if spec_text is not None else ""
        )
        shown = spec + "".join(line_difference(file.target, file.replaced, file.new or "") for file in update.changing)
        shown = shown.rstrip("\n") or f"Only {LOCK_FILE} would change."
        return "\n".join([shown, *kept_lines(update), *_would_conflict(update)])
    lines = [_would_write(folder, SPEC_FILE)] if spec_text is not None else []
    lines += [f"{_WOULD[file.state]} {file.path}" for file in update.changing]
    changing = {file.target for file in update.changing}
    for path in generated.appended:
        if path not in changing:
            lines.append(f"would add to {path}" if (folder / path).exists() else f"would write {path}")
    lines += [_would_write(folder, LOCK_FILE)] if update.lock_is_stale else []
    return "\n".join([*lines, *kept_lines(update), *_would_conflict(update)])


def _would_write(folder: Path, path: str) -> str:
    return f"would {'rewrite' if (folder / path).exists() else 'write'} {path}"


def _would_conflict(update: Update) -> list[str]:
    return [conflict_text(update)] if update.in_conflict else []


def linked_lines(paths: Iterable[str]) -> list[str]:
    """Return a line for each of the files, which have another name."""
    return [hanging(f"{path} is a hard link; its other name keeps the old text.", "warning ") for path in paths]


def line_difference(path: str, old: str, new: str) -> str:
    """Return the difference of two texts of a file as a patch."""
    from difflib import unified_diff  # slow to import, and needed for --diff only

    before, after = lines_of(old), lines_of(new)
    names = (f"a/{path}", f"b/{path}")
    lines = _as_a_whole(before, after, *names)
    if lines is None:
        lines = list(unified_diff(before, after, *names))
    return "".join(printable(line.rstrip("\r\n").expandtabs()) + "\n" * line.endswith("\n") for line in lines)


def _as_a_whole(before: list[str], after: list[str], *names: str) -> list[str] | None:
    """Return the patch with all that differs as one change, or None where it is small enough to be matched by line.

    To match lines takes the square of what differs.
    """
    shortest = min(len(before), len(after))
    head = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    tail = next((n for n in range(shortest - head) if before[-n - 1] != after[-n - 1]), shortest - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(old), len(new)) <= _MOST_MATCHED:
        return None
    return [
        f"--- {names[0]}\n",
        f"+++ {names[1]}\n",
        f"@@ -{head + 1},{len(old)} +{head + 1},{len(new)} @@\n",
        *(f"-{line}" for line in old),
        *(f"+{line}" for line in new),
    ]
