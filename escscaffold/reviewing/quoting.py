"""Sentences of a report with words that others wrote: quoted apart from ours, cut, and without likely secrets. Pure."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

LONGEST = 100


class Quoted(Struct, frozen=True):
    """Text from a user's file: a name, a path, a value."""

    text: str


Sentence = tuple[str | Quoted, ...]


def visible(text: str, longest: int = LONGEST) -> str:
    r"""Return the text on one line, with control characters written out, in at most `longest` characters.

    >>> print(visible("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    # A sign becomes ten at most, so that nothing beyond this can be shown.
    written = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[: longest + 1])
    return written if len(written) <= longest else f"{written[: longest - 3]}..."


def place(path: str, line: int | None) -> Quoted:
    """Return a file with its line, or the file alone where there is none."""
    return Quoted(path if line is None else f"{path}:{line}")


def as_text(sentence: Iterable[str | Quoted], quote: Callable[[str], str] = visible) -> str:
    """Return the sentence with what is quoted in it written as `quote` does."""
    return "".join(quote(part.text) if isinstance(part, Quoted) else part for part in sentence)


def listed(words: Sequence[str]) -> str:
    """Return the words as they are read out.

    >>> listed(["the cluster", "the subnet", "the peering"])
    'the cluster, the subnet and the peering'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
