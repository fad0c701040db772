"""The text of templates: what escapes stand for, what strip markers take away, how far a heredoc is indented.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go
"""

import re
import unicodedata

from escscaffold.terraform.tokens import Scanner

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go takes for white space, which is not all that Python does."""

_ESCAPE = re.compile(r"\$\$\{|%%\{|\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|)")
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def normalized(text: str) -> str:
    """Return a text as Terraform keeps it: letters and their accents are one character where there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """Return what stands in a heredoc, where a backslash is only that."""
    return normalized(text.replace("$${", "${").replace("%%{", "%{"))


def unescaped(scanner: Scanner, begin: int, end: int) -> str:
    """Return what a part of a quoted string stands for; raises NotHclError for an escape that there is not."""
    text = scanner.text[begin:end]
    if "\\" not in text:
        return plain(text)

    def replaced(match: re.Match[str]) -> str:
        sign, short, long = match.groups()
        if sign:
            return _SIGNS[sign]
        if match[0] in ("$${", "%%{"):
            return match[0][1:]
        code = int(short or long or "110000", 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            shown = text[match.start() : match.start() + 2]
            scanner.refuse(f"{shown} is no escape: write \\\\ for a backslash", begin + match.start())
        return chr(code)

    return normalized(_ESCAPE.sub(replaced, text))


def closing(marker: str) -> re.Pattern[str]:
    """Return what finds the line that ends a heredoc."""
    return re.compile(rf"^[^\S\n]*+{re.escape(marker)}[^\S\n]*?(?=\r?\n)", re.MULTILINE)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, each with its line break."""
    return _LINE.findall(text)


_LINE = re.compile(r"[^\n]*+\n|[^\n]++")


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
