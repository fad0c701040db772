"""What a file is known by: git's blob id of its text, whatever a checkout did to its line ends."""

from hashlib import sha1

from escscaffold.rendering.generated import BEGIN, END

BESIDE = ".escscaffold-new"
"""How a file's name ends that has the generated text beside a person's."""


def content_id(text: str) -> str:
    r"""Return git's blob id of the text with LF line ends, as 40 hexadecimal digits.

    >>> content_id("hello\n")
    'ce013625030ba8dba906f756967f9e9ca394464a'
    """
    return exact_id(with_unix_ends(text))


def exact_id(text: str | bytes) -> str:
    r"""Return git's blob id of the text as it stands: another line end is another text.

    >>> exact_id("hello\n") == exact_id("hello\r\n")
    False
    """
    body = text.encode("utf-8", errors="surrogateescape") if isinstance(text, str) else text
    return sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def split_block(text: str) -> tuple[str, str, str] | None:
    """Return what stands before, between (markers included) and after the markers, or None without both."""
    before, begin, rest = text.partition(BEGIN)
    between, end, after = rest.partition(END)
    if not begin or not end:
        return None
    return before, begin + between + end, after


def with_unix_ends(text: str) -> str:
    """Return the text with LF line ends."""
    return text.replace("\r\n", "\n")


def with_ends_of(model: str, text: str) -> str:
    r"""Return the text with the line ends of a model that has CRLF throughout, or with LF.

    >>> with_ends_of("a\r\nb\r\n", "c\nd\n")
    'c\r\nd\r\n'
    """
    windows = 0 < model.count("\n") == model.count("\r\n")
    return with_unix_ends(text).replace("\n", "\r\n") if windows else text
