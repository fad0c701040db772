"""What git makes of a file on its way from the working tree into the repository, without running anything.

It follows git's convert.c: encodings first, then line ends. Filters are programs that a repository names, so none is
run here: a file that goes through one is known by what git has of it, while its time and size are the same.
https://github.com/git/git/blob/v2.47.0/convert.c
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

Ends = Literal["binary", "text", "auto"]
"""Whether CRLF becomes LF: never, always, or where the content looks like text and git has it with LF."""

ATTRIBUTES = ("text", "crlf", "eol", "working-tree-encoding", "filter")
_CODECS = {"utf-16le-bom": "utf-16", "utf-16be-bom": "utf-16"}
_STAMP = re.compile(r"  ctime: [^\n]*+\n  mtime: (\d++):(\d++)\n(?:  (?!size:)[^\n]*+\n)*+  size: (\d++)\t[^\n]*+\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_UNPRINTABLE = bytes(c for c in range(32) if c not in b"\b\t\x1b\x0c\r\n") + b"\x7f"


class Conversion(Struct, frozen=True, kw_only=True):
    """How one file is converted."""

    ends: Ends = "binary"
    encoding: str = ""
    filter: str = ""
    """The name of the program that git would run over it."""

    def cleaned(self, content: bytes, in_git: bytes | None) -> bytes:
        r"""Return the content as git would keep it; `in_git` is what it has of the file now, None where it has none.

        >>> Conversion(ends="auto").cleaned(b"a\r\nb\r\n", b"a\n")
        b'a\nb\n'
        """
        content = self._decoded(content)
        if self.ends == "binary" or b"\r\n" not in content:
            return content
        if self.ends == "auto" and (_looks_binary(content) or b"\r\n" in (in_git or b"")):
            return content
        return content.replace(b"\r\n", b"\n")

    def _decoded(self, content: bytes) -> bytes:
        if not self.encoding:
            return content
        try:
            name = _CODECS.get(self.encoding.lower(), self.encoding)
            return codecs.lookup(name).decode(content)[0].encode("utf-8")
        except (LookupError, UnicodeError, AttributeError):
            # Git refuses such a file, and what is on disk is all that is known of it.
            return content


def conversions(listing: bytes, autocrlf: str) -> Mapping[str, Conversion]:
    """Return how each file is converted, by the answer of `check-attr -z` for ATTRIBUTES, and core.autocrlf."""
    found: dict[str, dict[str, str]] = {}
    words = listing.decode("utf-8", errors="surrogateescape").split("\0")
    for path, name, value in zip(words[::3], words[1::3], words[2::3], strict=False):
        found.setdefault(path, {})[name] = value
    return {path: _conversion(attributes, autocrlf) for path, attributes in found.items()}


def _conversion(attributes: Mapping[str, str], autocrlf: str) -> Conversion:
    encoding, program = (_set_to(attributes.get(name, "")) for name in ("working-tree-encoding", "filter"))
    encoding = "" if encoding.lower() in ("utf-8", "utf8") else encoding
    return Conversion(ends=_ends(attributes, autocrlf), encoding=encoding, filter=program)


def _set_to(value: str) -> str:
    return "" if value in ("unspecified", "unset", "set") else value


def _ends(attributes: Mapping[str, str], autocrlf: str) -> Ends:
    """Return what happens to line ends, as convert_attrs() in git decides it."""
    known: Mapping[str, Ends] = {"set": "text", "unset": "binary", "input": "text", "auto": "auto"}
    told = known.get(attributes.get("text", "")) or known.get(attributes.get("crlf", ""))
    if told:
        return told
    if attributes.get("eol") in ("lf", "crlf"):
        return "text"
    return "auto" if autocrlf in ("true", "input") else "binary"


def _looks_binary(content: bytes) -> bool:
    if b"\0" in content or _LONE_RETURN.search(content):
        return True
    body = content.removesuffix(b"\x1a")
    odd = len(body) - len(body.translate(None, _UNPRINTABLE))
    printable = len(body) - odd - body.count(b"\r") - body.count(b"\n")
    return printable >> 7 < odd


class Tracked(Struct, frozen=True, kw_only=True):
    """What git's index has of a file."""

    mode: str
    id: str
    fixed: bool
    """Whether git reads the index, and not the disk: left out by a sparse checkout, or assumed unchanged."""


def tracked_files(listing: bytes) -> Mapping[str, Tracked]:
    """Return the index by path, by the answer of `ls-files -v --stage -z`; a file with a merge conflict has no id."""
    found: dict[str, Tracked] = {}
    for line in listing.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        if not tab:
            continue
        tag, mode, blob, stage = head.decode("ascii").split()
        fixed = tag == "S" or tag.islower()
        path = name.decode("utf-8", errors="surrogateescape")
        found[path] = Tracked(mode=mode, id=blob if stage == "0" else "", fixed=fixed and stage == "0")
    return found


def stamps(listing: bytes) -> Mapping[str, tuple[int, int]]:
    """Return the time in ns and the size that the index has of files, by the answer of `ls-files --debug -z`."""
    path, *rest = listing.decode("utf-8", errors="surrogateescape").split("\0")
    found: dict[str, tuple[int, int]] = {}
    for piece in rest:
        # The path of the next file follows without a separator, and may have line breaks itself.
        match = _STAMP.match(piece)
        if match is None:
            break
        found[path] = (int(match[1]) * 10**9 + int(match[2]), int(match[3]))
        path = piece[match.end() :]
    return found


def paths_given(paths: Iterable[str]) -> bytes:
    """Return paths as git reads them with -z."""
    return b"".join(path.encode("utf-8", errors="surrogateescape") + b"\0" for path in paths)
