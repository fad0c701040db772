"""Tokens of HCL, and the text of templates: escapes, strip markers, the indentation of heredocs."""

import re
import unicodedata
from functools import cache
from typing import NoReturn

NAME, TEXT, NUMBER, HEREDOC, NEWLINE, END = "name", "text", "number", "heredoc", "newline", "end"
"""Kinds of tokens; the kind of a sign is the sign. A text is a string without escapes and interpolations."""

BEYOND_ASCII = r"[^\x00-\x7f\ud800-\udfff]"
"""Matches characters beyond ASCII, without those that stand for a byte that is not UTF-8."""

# The sets of ASCII stand apart: Python takes milliseconds to compile one that has most characters.
_NAME = rf"(?:[A-Za-z_]|{BEYOND_ASCII})(?:[A-Za-z0-9_-]++|{BEYOND_ASCII}++)*+"
_COMMENT = r"/\*(?s:.*?)\*/"
_LINE_COMMENT = r"(?:#|//)[^\n]*+"
_BREAKS = rf"\r?\n(?:[ \t\n]++|\r\n|{_COMMENT}|{_LINE_COMMENT}\n)*+"
_TOKENS = rf"""(?x:
    ({_NAME})
  | "([^"\\$%\r\n\ud800-\udfff]*+)"
  | ([0-9]++(?:\.*+(?:[eE][+-]?+)?+[0-9]++)*+)
  | (\.\.\.|[=!<>]=|&&|\|\||=>|::|~\}}|<(?!<)|[-+*/%>!?:=.,(){{}}\["]|\])
  | <<(-?{_NAME}\r?\n)
  | (\Z)
)"""
_KINDS = (None, NAME, TEXT, NUMBER, None, HEREDOC, END, NEWLINE)
SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go takes for white space, which is not all that Python does."""
_ESCAPE = re.compile(r"\$\$\{|%%\{|\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|)")
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LINE = re.compile(r"[^\n]*+\n|[^\n]++")


@cache
def token_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what matches a token where line breaks count, and where they do not.

    They take milliseconds to compile, which a run that reads no HCL must not pay for.
    """
    return (
        # Without a comment at its end, a line that goes on is the most common one.
        re.compile(rf"(?:[ \t]++|{_COMMENT})*+(?:{_LINE_COMMENT})?+(?:{_TOKENS}|({_BREAKS}))"),
        re.compile(rf"(?:[ \t\n]++|\r\n|{_COMMENT}|{_LINE_COMMENT})*+(?:{_TOKENS})"),
    )


class NotHclError(ValueError):
    """The text is not HCL; `line` and `column`, from 1, are where it stops being it, where that is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class Scanner:
    """Goes through a text token by token; `kind`, `word`, `start` and `end` are of the one that it is at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.kind = ""
        self.word = ""
        self.start = 0
        self.end = 1 if text.startswith("\ufeff") else 0
        self.last = 0
        """Where the token before ends."""
        self.newlines_count = True
        """Whether a line break is a token."""
        self._in_lines, self._in_brackets = (pattern.match for pattern in token_patterns())
        self._match = self._in_lines
        self._counted = (0, 1)

    def next(self) -> None:
        """Go to the next token; raises NotHclError where there is none."""
        self.last = self.end
        match = self._match(self.text, self.end)
        if match is None:
            self._refuse_character()
        index = match.lastindex or 0
        self.word = word = match[index]
        self.start, self.end = match.span(index)
        kind = _KINDS[index]
        self.kind = kind or word
        if kind is TEXT:
            self.start -= 1
            self.end += 1
        elif kind is HEREDOC:
            self.start -= 2
        elif kind is NAME and not word.isascii():
            self._check_name(word)

    def in_lines(self, newlines_count: bool) -> bool:
        """Say whether the next line break is a token; returns whether it was."""
        outer, self.newlines_count = self.newlines_count, newlines_count
        self._match = self._in_lines if newlines_count else self._in_brackets
        return outer

    def line(self, position: int) -> int:
        """Return the line of a position, which is behind the one that was asked for before."""
        before, line = self._counted
        line += self.text.count("\n", before, position)
        self._counted = (position, line)
        return line

    def refuse(self, message: str, position: int | None = None) -> NoReturn:
        """Raise NotHclError for a position, or for where the current token begins."""
        at = self.start if position is None else position
        line = self.text.count("\n", 0, at) + 1
        raise NotHclError(message, line, at - self.text.rfind("\n", 0, at))

    def expected(self, what: str) -> NoReturn:
        """Raise NotHclError for what stands where something else has to."""
        self.refuse(f"expected {what}, found {self._found()}")

    def _found(self) -> str:
        match self.kind:
            case "newline":
                return "the end of the line"
            case "end":
                return "the end of the file"
            case "text" | '"':
                return "a string"
            case "heredoc":
                return "a heredoc"
        return cut(self.word)

    def _check_name(self, word: str) -> None:
        if not word.replace("-", "_").isidentifier():
            fits = next(n for n in range(len(word)) if not word[: n + 1].replace("-", "_").isidentifier())
            self._refuse_character(self.start + fits)

    def _refuse_character(self, position: int | None = None) -> NoReturn:
        if position is None:
            match = re.compile(rf"(?:[ \t\n]|\r\n|{_COMMENT}|{_LINE_COMMENT})*+").match(self.text, self.end)
            position = match.end() if match else self.end
        sign = self.text[position]
        if "\ud800" <= sign <= "\udfff":
            self.refuse("this is not UTF-8 text", position)
        if self.text.startswith("<<", position):
            self.refuse("a heredoc begins with << and a name, without other text on that line", position)
        if sign == "'":
            self.refuse('strings need double quotes ("), not single ones', position)
        if sign == "$":
            self.refuse("${ } is valid only in strings", position)
        self.refuse(f"the character {sign!a} is not valid in HCL", position)


def cut(word: str) -> str:
    """Return the beginning of a word that is too long for a message."""
    return word if len(word) <= 40 else f"{word[:40]}..."


def normalized(text: str) -> str:
    """Return a text as Terraform keeps it: letters and their accents are one character where there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """Return what is in a heredoc, where a backslash is only that."""
    return normalized(_without_doubled(text))


def _without_doubled(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")


def unescaped(scanner: Scanner, begin: int, end: int) -> str:
    """Return what a part of a quoted string stands for; raises NotHclError for an escape that there is not."""
    text = scanner.text[begin:end]
    if "\\" not in text:
        return _without_doubled(text)

    def replaced(match: re.Match[str]) -> str:
        sign, short, long = match.groups()
        if sign:
            return _SIGNS[sign]
        if match[0] in ("$${", "%%{"):
            return match[0][1:]
        code = int(short or long or "110000", 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            shown = text[match.start() : match.start() + 2]
            scanner.refuse(f"{shown} is not an escape sequence: write \\\\ for a backslash", begin + match.start())
        return chr(code)

    return _ESCAPE.sub(replaced, text)


def closing(marker: str) -> re.Pattern[str]:
    """Return what finds the line that ends a heredoc."""
    return re.compile(rf"^[^\S\n]*+{re.escape(marker)}[^\S\n]*?(?=\r?\n)", re.MULTILINE)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, each with its line break."""
    return _LINE.findall(text)


def without_indentation(parts: list[object]) -> list[object]:
    """Return the parts of a `<<-` heredoc without the spaces that all its lines begin with.

    A part is a line, or a piece of one around an interpolation. Lines of spaces alone count for nothing and stay as
    they are. A line whose break a strip marker took away does not end here either.
    """
    least: int | None = None
    begins: list[int] = []
    at_begin = True
    for position, part in enumerate(parts):
        if at_begin:
            at_begin = False
            spaces: int | None = 0
            if isinstance(part, str):
                trimmed = part.lstrip(SPACES)
                if not trimmed and part.endswith("\n"):
                    spaces = None
                else:
                    spaces = len(part) - len(trimmed)
                    begins.append(position)
            if spaces is not None:
                least = spaces if least is None else min(least, spaces)
        if isinstance(part, str) and part.endswith("\n"):
            at_begin = True
    trimmed_parts = list(parts)
    for position in begins:
        trimmed_parts[position] = str(parts[position])[least or 0 :]
    return trimmed_parts
