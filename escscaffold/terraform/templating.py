"""Strings with interpolations and directives: quoted, heredocs, and texts that are templates as a whole.

As in Terraform, `%{ if }` is a conditional and `%{ for }` the texts of a `for` joined: neither needs a kind of
expression that only templates have.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.tokens import (
    BEYOND_ASCII,
    NAME,
    SPACES,
    Scanner,
    closing,
    lines_of,
    normalized,
    plain,
    unescaped,
    without_indentation,
)

_QUOTED = re.compile(
    rf"(?:[\x00-\x09\x0b\x0c\x0e-!#&-\[\]-\x7f]++|{BEYOND_ASCII}++|\\[^\r\n]|\$\$\{{|%%\{{|[$%](?!\{{))*+"
)
_BARE = re.compile(rf"(?:[\x00-\x09\x0b\x0c\x0e-#&-\x7f]++|{BEYOND_ASCII}++|\$\$\{{|%%\{{|[$%](?!\{{))*+(?:\r?\n)?+")
_OPENING = re.compile(r"[$%]\{~?")

_DEEPEST = 30
"""Directives within one another, each of which holds a text, an expression and a list or condition."""


class _Directive(NamedTuple):
    """`%{ word ... }`, and where it is."""

    word: str
    names: tuple[str, ...]
    expression: hcl.Expression | None
    position: int


_Part = str | hcl.Expression | _Directive


class Templates:
    """Reads templates of one scanner's text, with what reads the expressions in them."""

    def __init__(self, scanner: Scanner, expression: Callable[[], hcl.Expression]) -> None:
        self.scanner = scanner
        self.expression = expression

    def quoted(self) -> hcl.Expression:
        """Read a string whose opening quote is the current token, and stop behind its closing one."""
        scanner, opening, position = self.scanner, self.scanner.start, self.scanner.end
        parts: list[_Part] = []
        strip = False
        while True:
            end = _end(_QUOTED.match(scanner.text, position))
            if end > position:
                text = normalized(unescaped(scanner, position, end))
                parts.append(text.lstrip(SPACES) if strip else text)
            sign = scanner.text[end : end + 1]
            if sign == '"':
                scanner.end = end + 1
                return self._assembled(parts)
            if sign not in ("$", "%"):
                self._refuse_end(end, "string", opening)
            position, strip = self._sequence(parts, end)

    def heredoc(self) -> hcl.Expression:
        """Read the heredoc whose opening is the current token, and stop behind its closing marker."""
        scanner = self.scanner
        flush, begin, opening = scanner.word.startswith("-"), scanner.end, scanner.start
        marker = scanner.word.removeprefix("-").rstrip("\r\n")
        ends = closing(marker)
        match = ends.search(scanner.text, begin)
        if match is None:
            scanner.refuse(f"this heredoc has no line with {marker} alone that closes it", opening)
        text = scanner.text[begin : match.start()]
        parts: list[_Part]
        if "${" in text or "%{" in text or not _is_plain(text):
            parts, scanner.end = self._lines(begin, ends, opening, marker)
        else:
            scanner.end = match.end()
            if not flush:
                return hcl.Literal(plain(text))
            parts = [plain(line) for line in lines_of(text)]
        stripped = without_indentation(list(parts)) if flush else parts
        return self._assembled(stripped)  # type: ignore[arg-type]

    def whole(self) -> hcl.Expression:
        """Read the whole text as a template, as `templatefile` and Terraform's JSON do."""
        parts: list[_Part] = []
        position, strip, text = self.scanner.end, False, self.scanner.text
        while position < len(text):
            end = _end(_BARE.match(text, position))
            if end > position:
                piece = plain(text[position:end])
                parts.append(piece.lstrip(SPACES) if strip else piece)
                position, strip = end, False
            elif _OPENING.match(text, position):
                position, strip = self._sequence(parts, position)
            elif text[position] == "\r":
                # Terraform reads what follows a carriage return without a line feed as text, interpolations too.
                parts.append(plain(text[position:]))
                break
            else:
                self._refuse_end(position, "template", position)
        return self._assembled(parts)

    def _lines(self, position: int, ends: re.Pattern[str], opening: int, marker: str) -> tuple[list[_Part], int]:
        text, parts, strip, at_begin = self.scanner.text, list[_Part](), False, True
        while True:
            if at_begin and (closed := ends.match(text, position)):
                return parts, closed.end()
            end = _end(_BARE.match(text, position))
            if end > position:
                piece = plain(text[position:end])
                parts.append(piece.lstrip(SPACES) if strip else piece)
                at_begin = text[end - 1] == "\n"
                position, strip = end, False
            elif _OPENING.match(text, position):
                at_begin = False
                position, strip = self._sequence(parts, position)
            elif position < len(text):
                self._refuse_end(position, "heredoc", opening)
            else:
                self.scanner.refuse(f"this heredoc has no line with {marker} alone that closes it", opening)

    def _refuse_end(self, position: int, what: str, opening: int) -> None:
        text = self.scanner.text
        if position >= len(text) or text[position] in "\n\\" or text.startswith("\r\n", position):
            self.scanner.refuse(f"this {what} is not closed on its line", opening)
        if text[position] == "\r":
            self.scanner.refuse(f"a carriage return without a line feed in this {what}", position)
        self.scanner.refuse("this is not UTF-8 text", position)

    def _sequence(self, parts: list[_Part], position: int) -> tuple[int, bool]:
        """Read `${ }` or `%{ }`; return where it ends, and whether the text behind it loses its leading spaces."""
        scanner = self.scanner
        begin = position + 2
        if scanner.text.startswith("~", begin):
            begin += 1
            if parts and isinstance(parts[-1], str):
                parts[-1] = parts[-1].rstrip(SPACES)
        outer = scanner.in_lines(False)
        scanner.end = begin
        scanner.next()
        part = self._directive(position) if scanner.text[position] == "%" else self.expression()
        if scanner.kind not in ("}", "~}"):
            scanner.expected("} at the end of the interpolation")
        scanner.in_lines(outer)
        parts.append(part)
        return scanner.end, scanner.kind == "~}"

    def _directive(self, position: int) -> _Directive:
        scanner = self.scanner
        word = scanner.word if scanner.kind is NAME else ""
        if word not in ("if", "else", "endif", "for", "endfor"):
            scanner.expected("if, else, endif, for or endfor")
        scanner.next()
        if word == "if":
            return _Directive(word, (), self.expression(), position)
        if word != "for":
            return _Directive(word, (), None, position)
        names = loop_names(scanner)
        return _Directive(word, names, self.expression(), position)

    def _assembled(self, parts: list[_Part]) -> hcl.Expression:
        if len(parts) == 1 and not isinstance(parts[0], str | _Directive):
            return parts[0]
        open_: list[tuple[_Directive, list[_Part], list[_Part] | None]] = []
        current: list[_Part] = []
        for part in parts:
            if not isinstance(part, _Directive):
                current.append(part)
                continue
            match part.word:
                case "if" | "for":
                    open_.append((part, current, None))
                    if len(open_) > _DEEPEST:
                        self.scanner.refuse(f"directives are nested more than {_DEEPEST} deep", part.position)
                    current = []
                case "else" if open_ and open_[-1][0].word == "if" and open_[-1][2] is None:
                    open_[-1] = (open_[-1][0], open_[-1][1], current)
                    current = []
                case "endif" | "endfor" if open_ and open_[-1][0].word == part.word[3:]:
                    directive, outside, yes = open_.pop()
                    outside.append(_closed(directive, current, yes))
                    current = outside
                case _:
                    self.scanner.refuse(f"%{{ {part.word} }} has no matching beginning", part.position)
        if open_:
            directive = open_[-1][0]
            self.scanner.refuse(f"%{{ {directive.word} }} has no %{{ end{directive.word} }}", directive.position)
        return _text(current)


def loop_names(scanner: Scanner) -> tuple[str, ...]:
    """Read `x in` or `k, v in` of a `for`; raises NotHclError."""
    names = [_loop_name(scanner)]
    if scanner.kind == ",":
        scanner.next()
        names.append(_loop_name(scanner))
    if scanner.word != "in" or scanner.kind is not NAME:
        scanner.expected("in")
    scanner.next()
    return tuple(names)


def _loop_name(scanner: Scanner) -> str:
    if scanner.kind is not NAME:
        scanner.expected("a name")
    name = scanner.word
    scanner.next()
    return name


def _closed(directive: _Directive, inner: list[_Part], yes: list[_Part] | None) -> hcl.Expression:
    of = directive.expression or hcl.Literal(None)
    if directive.word == "if":
        return hcl.Conditional(of, _text(inner if yes is None else yes), _text([] if yes is None else inner))
    loop = hcl.For(directive.names, of, None, _text(inner), None, grouped=False)
    return hcl.FunctionCall("join", (hcl.Literal(""), loop), spread=False)


def _text(parts: list[_Part]) -> hcl.Expression:
    """Return a string of these parts, adjacent texts as one."""
    joined: list[hcl.Expression] = []
    texts: list[str] = []
    for part in [*parts, None]:
        if isinstance(part, str):
            texts.append(part)
            continue
        if text := "".join(texts):
            joined.append(hcl.Literal(text))
        texts.clear()
        if part is not None:
            joined.append(part)  # type: ignore[arg-type]
    if not joined:
        return hcl.Literal("")
    is_text = len(joined) == 1 and isinstance(joined[0], hcl.Literal) and isinstance(joined[0].value, str)
    return joined[0] if is_text else hcl.Template(tuple(joined))


def _is_plain(text: str) -> bool:
    """Return whether nothing in a heredoc's text is refused."""
    if "\r" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
