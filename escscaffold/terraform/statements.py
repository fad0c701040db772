"""Cuts a text of HCL where a statement begins, so that what was parsed once need not be parsed again. Pure."""

import re
from collections.abc import Iterator

_BEGINNING = re.compile(r"^(?=[A-Za-z_])", re.MULTILINE)
_SAYS_NOTHING = re.compile(r"(?:[ \t\r]*(?:(?:#|//).*)?(?:\n|$))*")


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield parts of the text, each with the number of lines above it.

    A part begins with a line that begins with a word, and has all lines up to the next. Where each of the parts is HCL
    on its own, the text is HCL, and says what they say one after the other: no string, comment or bracket is open at
    the end of a part, and no expression goes on with a word. Where one is not, the text has to be read as a whole.
    """
    begins = [match.start() for match in _BEGINNING.finditer(text)]
    above = 0
    for start, end in zip([0, *begins], [*begins, len(text)], strict=True):
        part = text[start:end]
        if not _SAYS_NOTHING.fullmatch(part):
            # The parser adds a line break of its own.
            yield above, part.removesuffix("\n")
        above += part.count("\n")
