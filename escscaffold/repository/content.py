"""What a file is known by: git's blob id of its text, whatever a checkout did to its line ends."""

from hashlib import sha1

from escscaffold.rendering.generated import BEGIN, END


def content_id(text: str) -> str:
    r"""Return git's blob id of the text with LF line ends, as 40 hexadecimal digits.

    >>> content_id("hello\n")
    'ce013625030ba8dba906f756967f9e9ca394464a'
    """
    body = text.replace("\r\n", "\n").encode("utf-8", errors="surrogateescape")
    return sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def split_block(text: str) -> tuple[str, str, str] | None:
    """Return what stands before, between (markers included) and after the markers, or None without both."""
    before, begin, rest = text.partition(BEGIN)
    between, end, after = rest.partition(END)
    if not begin or not end:
        return None
    return before, begin + between + end, after
