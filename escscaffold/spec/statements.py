"""A TOML text as tokens on lines, comments and blank lines among them: what a TOML library keeps to itself."""

import re
from collections.abc import Iterator

from msgspec import Struct, field

_TOKEN = re.compile(
    r'''(?P<string>"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:\\.|[^"\\])*"|'[^']*')'''
    r"|(?P<comment>#[^\r\n]*)|(?P<line>\r?\n)|(?P<space>[ \t]+)|(?P<mark>[\[\]{},=])|(?P<bare>[^\s\[\]{},=#\"']+)",
    re.DOTALL,
)


class Token(Struct, frozen=True):
    """A word of TOML: a string, a comment, the end of a line, a mark, or what stands bare."""

    kind: str
    text: str


class Statement(Struct):
    """What stands on one line, or on several where a value goes on: a pair, a header, a comment, or nothing."""

    kind: str
    tokens: list[Token] = field(default_factory=list)


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        assert match.lastgroup, "each alternative has a name"
        if match.lastgroup != "space":
            yield Token(match.lastgroup, match[0])


def statements_of(text: str) -> Iterator[Statement]:
    """Yield what stands on each line of a text that is TOML."""
    statement, depth = Statement("blank"), 0
    for token in _tokens(text):
        if token.kind == "line" and not depth:
            yield statement
            statement = Statement("blank")
            continue
        if statement.kind == "blank":
            first = {"comment": "comment", "mark": "header"}
            statement.kind = first.get(token.kind, "pair")
        depth += (token.text in ("[", "{")) - (token.text in ("]", "}")) if token.kind == "mark" else 0
        statement.tokens.append(token)
    if statement.tokens:
        yield statement
