"""A patch as people hand it over: which of its forms git applies, and in a person's words why it applies none.

Nothing of the repository changes: the index and the objects that a patch makes are written to a folder of their own.
"""

import codecs
import posixpath
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from pathlib import Path

from msgspec import Struct

from escscaffold.reviewing.revisions import Git, RevisionError

_HEADER = re.compile(rb"^(?:diff --git |@@ -)[^\n]*$", re.MULTILINE)
_NAMES = re.compile(r"diff --git (.+)")
_MAIL = re.compile(rb"^From [0-9a-f]{40} ", re.MULTILINE)
_ENCODED = re.compile(rb"^Content-Transfer-Encoding: *(?:quoted-printable|base64)\s*$", re.MULTILINE | re.IGNORECASE)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MOST_WORDS = 200
"""The most words of two names among which the end of the first is searched."""
_FROM_GIT = "Create it with: git diff HEAD"

_REASONS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    # From the beginning of a line only: the rest of it is read once, wherever it repeats these words.
    (re.compile(rf"^error: {pattern}", re.MULTILINE), problem, hint)
    for pattern, problem, hint in (
        (
            r"patch failed: (?P<file>.+):(?P<line>\d+)",
            "The hunk at {file}:{line} does not match that file in HEAD.",
            "Check out the commit that the patch is based on. Staged changes need: git diff HEAD",
        ),
        (
            r"cannot apply binary patch to '(?P<file>.+)' without full index line",
            "The patch lists {file} as binary without its content.",
            "Create it with: git diff --binary HEAD",
        ),
        (
            r"(?P<file>.+): (?:does not exist in index|No such file or directory)",
            "The patch changes {file}, which HEAD does not have.",
            "Check out the commit that the patch is based on.",
        ),
        (
            r"(?P<file>.+): already exists in (?:index|working directory)",
            "The patch adds {file}, which exists in HEAD.",
            "Check out the commit that the patch is based on.",
        ),
        (
            r"corrupt (?:binary )?patch at (?:line |<stdin>:)(?P<line>\d+)",
            "The patch is truncated or edited: line {line} does not match its hunk header.",
            _FROM_GIT,
        ),
        (
            r"patch fragment without header at (?:line |<stdin>:)(?P<line>\d+)",
            "The patch has a hunk without a file at line {line}.",
            _FROM_GIT,
        ),
        (
            r"invalid path '(?P<file>.+)'",
            "The patch has the invalid path {file}.",
            "Remove that file from the patch.",
        ),
        (
            r"the patch applies to '(?P<file>.+)' \([0-9a-f]+\),",
            "The binary change of {file} does not match HEAD.",
            "Check out the commit that the patch is based on.",
        ),
    )
)


class _Form(Struct, frozen=True, kw_only=True):
    """One way to read a patch: its bytes, how many folders stand before its paths, and below which folder they are."""

    patch: bytes
    strip: int
    below: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        return (f"-p{self.strip}", *([f"--directory={self.below.rstrip('/')}"] if self.below else ()))


def patched(git: Git, commit: str, patch: bytes, scratch: Path) -> tuple[Git, str]:
    """Return the git that has the tree which a patch makes of a commit, and that tree; raises RevisionError.

    Its index and objects are written to the folder `scratch`.
    """
    text = _plain(patch)
    if not text.strip():
        raise RevisionError(
            "Standard input is empty: no patch.",
            hint="`git diff` prints only unstaged changes; `git diff HEAD` includes staged ones.",
        )
    names = list(_names(text))
    if not names and not _HEADER.search(text):
        raise RevisionError("Standard input contains no patch.", hint=_FROM_GIT)
    aside = git.with_objects_in(scratch)
    failures: list[str] = []
    for form in _forms(text, names, git.prefix()):
        aside.start_from(commit)
        failure = aside.apply(form.patch, *form.arguments)
        if not failure:
            return aside.at(git.folder), aside.written_tree()
        failures.append(failure)
    # The first form is the most likely one, so git's message about it helps most.
    raise _refusal(failures[0], aside, commit, next(_forms(text, names, git.prefix())))


def _plain(patch: bytes) -> bytes:
    """Return the patch without what editors, shells and mail programs wrap around its bytes."""
    if patch.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # PowerShell's `>` writes UTF-16.
        return patch.decode("utf-16", errors="replace").encode("utf-8")
    patch = patch.removeprefix(codecs.BOM_UTF8)
    if not _ENCODED.search(patch):
        return patch
    starts = [mail.start() for mail in _MAIL.finditer(patch)] or [0]
    mails = (patch[start:end] for start, end in zip(starts, [*starts[1:], len(patch)], strict=True))
    return b"\n".join(_body(mail) for mail in mails)


def _body(mail: bytes) -> bytes:
    try:
        message = message_from_bytes(mail.partition(b"\n")[2] if _MAIL.match(mail) else mail)
        bodies = [part.get_payload(decode=True) for part in message.walk() if part.get_content_maintype() == "text"]
    except RecursionError:
        raise RevisionError("The mail on standard input is nested too deeply.", hint=_FROM_GIT) from None
    return b"\n".join(body for body in bodies if isinstance(body, bytes))


def _forms(text: bytes, names: list[tuple[str, str]], prefix: str) -> Iterator[_Form]:
    """Yield the ways to read the patch, the most likely one first."""
    strip = _strip(names)
    inside = [below for pair in names for below in pair if "/".join(below.split("/")[strip:]).startswith(prefix)]
    # Where nothing in it is below this folder, it was made there with --relative; git would look at the top.
    places = ("",) if not prefix or inside else (prefix, "")
    for below in places:
        for patch in _line_ends(text):
            yield _Form(patch=patch, strip=strip, below=below)


def _line_ends(text: bytes) -> Iterator[bytes]:
    """Yield the patch with the line ends that git wrote: of one whose headers end with CRLF they were changed since."""
    headers = _HEADER.findall(text)
    if not any(header.endswith(b"\r") for header in headers):
        yield text
        return
    yield text.replace(b"\r\n", b"\n")
    # Files that have CRLF in git: it is part of their lines, and not of the headers.
    yield re.sub(
        rb"^((?:diff |index |--- |\+\+\+ |@@ |new |deleted |old |rename |copy |similarity )[^\n]*)\r$",
        rb"\1",
        text,
        flags=re.MULTILINE,
    )


def _strip(names: Iterable[tuple[str, str]]) -> int:
    """Return how many folders stand before the paths of a patch; raises RevisionError where its files differ in that.

    >>> _strip([("a/main.tf", "b/main.tf")]), _strip([("net/main.tf", "net/main.tf")])
    (1, 0)
    """
    strips = {strip for pair in names if (strip := _strip_of(*pair)) is not None}
    if len(strips) > 1:
        raise RevisionError(
            "The patch combines patches with different path prefixes.",
            hint="Create it with one command: git diff HEAD",
        )
    return strips.pop() if strips else 1


def _strip_of(old: str, new: str) -> int | None:
    """Return after how many folders two names are the same, None where they never are."""
    first, second = old.split("/"), new.split("/")
    if len(first) != len(second):
        return None
    return next((number for number in range(len(first)) if first[number:] == second[number:]), None)


def _names(text: bytes) -> Iterator[tuple[str, str]]:
    """Yield both names of each file of a patch, with what stands before them."""
    lines = text.decode("utf-8", errors="surrogateescape").split("\n")
    headers = [header[1] for line in lines if (header := _NAMES.match(line.rstrip("\r")))]
    if headers:
        yield from (pair for header in headers if (pair := _split(header)))
        return
    for first, second, third in zip(lines, lines[1:], lines[2:], strict=False):
        # Only together are they a header: a line that is taken out may begin with two hyphens itself.
        if first.startswith("--- ") and second.startswith("+++ ") and third.startswith("@@ "):
            old, new = _bare(first[4:]), _bare(second[4:])
            yield old if old != "/dev/null" else new, new if new != "/dev/null" else old


def _split(names: str) -> tuple[str, str] | None:
    """Return the two names of a `diff --git` line: only their common part shows where the first ends."""
    if quoted := _QUOTED.findall(names):
        return (quoted[0], quoted[-1]) if len(quoted) == 2 else None
    words = names.strip().split(" ")
    if len(words) > _MOST_WORDS:
        return None
    pairs = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    same = [pair for pair in pairs if _strip_of(*pair) is not None and _has_one_name(pair)]
    return same[0] if same else pairs[0] if len(pairs) == 1 else None


def _has_one_name(pair: tuple[str, str]) -> bool:
    return posixpath.basename(pair[0]) == posixpath.basename(pair[1])


def _bare(name: str) -> str:
    """Return a name of a `---` line without the time behind it."""
    return name.partition("\t")[0].rstrip("\r").strip('"')


def _refusal(failure: str, aside: Git, commit: str, form: _Form) -> RevisionError:
    """Return why git does not apply a patch."""
    aside.start_from(commit)
    if not aside.apply(form.patch, "--check", "--reverse", *form.arguments):
        return RevisionError(
            "HEAD already contains the changes of the patch.",
            hint="Review the commits themselves: escscaffold review BASE",
        )
    for pattern, problem, hint in _REASONS:
        if match := pattern.search(failure):
            return RevisionError(f"The patch does not apply. {problem.format(**match.groupdict())}", hint=hint)
    lines = [line.removeprefix("error: ").removeprefix("fatal: ") for line in failure.strip().splitlines()]
    return RevisionError(f"The patch does not apply: git says {lines[0] if lines else 'nothing'!r}.", hint=_FROM_GIT)
