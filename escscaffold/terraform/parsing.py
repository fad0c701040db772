"""From tokens to blocks, attributes and expressions, by the rules of Terraform's own parser.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser.go
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.templating import Templates, loop_names
from escscaffold.terraform.tokens import END, HEREDOC, NAME, NEWLINE, NUMBER, TEXT, Scanner, cut, normalized, unescaped

DEEPEST = 100
"""Brackets and blocks within one another: far beyond what a person writes, and well within the stack."""
HIGHEST = 250
"""Expressions within one another, which those who walk through them can go down to as well."""

_POWERS = {"||": 1, "&&": 2, "==": 3, "!=": 3, ">": 4, ">=": 4, "<": 4, "<=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_WORDS = {"true": hcl.Literal(True), "false": hcl.Literal(False), "null": hcl.Literal(None)}
_LABEL = re.compile(r'(?:[^"\\$%\r\n\ud800-\udfff]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*+')
_NUMBER = re.compile(r"[0-9]++(?:\.[0-9]*+)?(?:[eE][+-]?[0-9]++)?")
_EMPTY = hcl.Body()
_ITEM = hcl.Name("*")
"""An item in a splat within a splat: no name that a person can write."""
_EXACT = 150
"""Digits that Terraform computes with, whose numbers have 512 bits."""


class Parser(Scanner):
    """Reads one text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.links = 0
        self._opened = 0
        """Where the block begins whose end is missing, if one is."""
        self.templates = Templates(self, self.expression)

    def file(self) -> hcl.Body:
        """Read the whole text as the body of a file."""
        self.next()
        return self._body(END)

    def only(self) -> hcl.Expression:
        """Read the whole text as one expression."""
        self.in_lines(False)
        self.next()
        expression = self._measured()
        if self.kind is not END:
            self.expected("nothing more")
        return expression

    def template(self) -> hcl.Expression:
        """Read the whole text as a template."""
        self.depth = 1
        return self.templates.whole()

    def _body(self, close: str) -> hcl.Body:
        attributes: list[hcl.Attribute] = []
        blocks: list[hcl.Block] = []
        lines: dict[str, int] = {}
        while True:
            kind = self.kind
            if kind is NAME:
                name, start = self.word, self.start
                self.next()
                if self.kind == "=":
                    attribute = self._attribute(name, start)
                    if name in lines:
                        self.refuse(f"{name} is set twice: line {lines[name]} has it already", start)
                    lines[name] = attribute.line or 0
                    attributes.append(attribute)
                    if self.kind is not NEWLINE and self.kind is not END:
                        self.expected("the end of the line after the value")
                else:
                    blocks.append(self._block(name, start))
            elif kind is NEWLINE:
                self.next()
            elif kind == close:
                return hcl.Body(tuple(attributes), tuple(blocks)) if attributes or blocks else _EMPTY
            elif kind is END:
                self.refuse("this block is not closed: } is missing", self._opened)
            elif kind is TEXT or kind == '"':
                self.refuse("the name of an argument must not be in quotes")
            else:
                self.expected("an argument or a block")

    def _attribute(self, name: str, start: int) -> hcl.Attribute:
        line = self.line(start)
        self.next()
        begin = self.start
        value = self._measured()
        return hcl.Attribute(name, value, self.text[begin : self.last].strip(), line)

    def _measured(self) -> hcl.Expression:
        begin = self.start
        self.links = 0
        value = self.expression()
        if self.links > HIGHEST // 2 and _is_higher(value, HIGHEST):
            self.refuse(f"expressions are nested more than {HIGHEST} deep", begin)
        return value

    def _block(self, kind: str, start: int) -> hcl.Block:
        line = self.line(start)
        labels: list[str] = []
        while self.kind != "{":
            if self.kind is NAME or self.kind is TEXT:
                labels.append(self.word if self.kind is NAME else self._label())
            elif self.kind == '"':
                labels.append(self._label())
            elif labels:
                self.expected("{ on the line of the block's name")
            else:
                self.expected("= and a value, or {")
            self.next()
        brace = self.start
        self._deeper()
        self.next()
        if self.kind is NAME:
            body = self._one_line()
        else:
            opened, self._opened = self._opened, brace
            body = self._body("}")
            self._opened = opened
        self.depth -= 1
        self.next()
        if self.kind is not NEWLINE and self.kind is not END:
            self.expected("the end of the line after the block")
        return hcl.Block(kind, tuple(labels), body, line)

    def _one_line(self) -> hcl.Body:
        name, start = self.word, self.start
        self.next()
        if self.kind != "=":
            self.refuse("a block on one line has one argument and no block in it")
        attribute = self._attribute(name, start)
        if self.kind != "}":
            self.expected("} after the one argument of a block on one line")
        return hcl.Body((attribute,))

    def _label(self) -> str:
        begin = self.start + 1
        match = _LABEL.match(self.text, begin)
        end = match.end() if match else begin
        if self.text[end : end + 1] != '"':
            self.refuse("a label is a string without ${ } that is closed on its line", end)
        self.end = end + 1
        return unescaped(self, begin, end)

    def expression(self) -> hcl.Expression:
        """Read an expression, and stop at the token behind it."""
        test = self._operand()
        if self.kind in _POWERS:
            test = self._operations(test, 1)
        if self.kind != "?":
            return test
        self.links += 1
        self._deeper()
        self.next()
        yes = self.expression()
        if self.kind != ":":
            self.expected(": and the value for when the condition is false")
        self.next()
        no = self.expression()
        self.depth -= 1
        return hcl.Conditional(test, yes, no)

    def _operations(self, left: hcl.Expression, least: int) -> hcl.Expression:
        links = 0
        while (power := _POWERS.get(self.kind, 0)) >= least:
            links = self._longer(links)
            operator = self.kind
            self.next()
            right = self._operand()
            if _POWERS.get(self.kind, 0) > power:
                right = self._operations(right, power + 1)
            left = hcl.Operation(operator, left, right)
        return left

    def _operand(self) -> hcl.Expression:
        kind = self.kind
        if kind is TEXT:
            word = self.word
            value: hcl.Expression = hcl.Literal(word if word.isascii() else normalized(word))
            self.next()
        elif kind is NAME:
            word = self.word
            self.next()
            is_call = self.kind == "(" or self.kind == "::"
            value = self._call(word) if is_call else _WORDS.get(word) or hcl.Name(word)
        elif kind is NUMBER:
            value = self._number()
        elif kind == "[":
            value = self._sequence()
        elif kind == "{":
            value = self._mapping()
        elif kind == "(":
            value = self._parenthesized()
        elif kind == '"':
            self._deeper()
            value = self.templates.quoted()
            self.depth -= 1
            self.next()
        elif kind is HEREDOC:
            self._deeper()
            value = self.templates.heredoc()
            self.depth -= 1
            self.next()
        elif kind == "-" or kind == "!":
            return self._signed()
        else:
            self.expected("a value")
        if self.kind == "." or self.kind == "[":
            return self._keys(value)
        return value

    def _signed(self) -> hcl.Expression:
        signs: list[str] = []
        while self.kind == "-" or self.kind == "!":
            self._longer(len(signs))
            signs.append(self.kind)
            self.next()
        value = self._operand()
        for sign in reversed(signs):
            value = hcl.Operation(sign, None, value)
        return value

    def _call(self, function: str) -> hcl.Expression:
        while self.kind == "::":
            self.next()
            if self.kind is not NAME:
                self.expected("a function's name")
            function += f"::{self.word}"
            self.next()
        if self.kind != "(":
            self.expected("( and the function's arguments")
        outer = self._open()
        arguments: list[hcl.Expression] = []
        spread = False
        while self.kind != ")":
            arguments.append(self.expression())
            if self.kind == "...":
                spread = True
                self.next()
                if self.kind != ")":
                    self.expected(") after ...")
            elif self.kind == ",":
                self.next()
            elif self.kind != ")":
                self.expected("a comma or ) after an argument")
        self._close(outer)
        return hcl.FunctionCall(function, tuple(arguments), spread)

    def _parenthesized(self) -> hcl.Expression:
        outer = self._open()
        value = self.expression()
        if self.kind != ")":
            self.expected(")")
        self._close(outer)
        return value

    def _sequence(self) -> hcl.Expression:
        outer = self._open()
        value: hcl.Expression
        if self.kind is NAME and self.word == "for":
            value = self._for("]")
        else:
            items: list[hcl.Expression] = []
            while self.kind != "]":
                items.append(self.expression())
                if self.kind == ",":
                    self.next()
                elif self.kind != "]":
                    self.expected("a comma or ] after an item")
            value = hcl.TupleExpression(tuple(items))
        self._close(outer)
        return value

    def _mapping(self) -> hcl.Expression:
        outer = self._open(in_lines=True)
        if self.kind is NEWLINE:
            self.next()
        value: hcl.Expression
        if self.kind is NAME and self.word == "for":
            self.in_lines(False)
            value = self._for("}")
        else:
            value = hcl.ObjectExpression(tuple(self._pairs()))
        self._close(outer)
        return value

    def _pairs(self) -> list[tuple[hcl.Expression, hcl.Expression]]:
        pairs: list[tuple[hcl.Expression, hcl.Expression]] = []
        while True:
            while self.kind is NEWLINE:
                self.next()
            if self.kind == "}":
                return pairs
            is_word = self.kind is NAME
            key = self.expression()
            if is_word:
                key = _key(key)
            if self.kind != "=" and self.kind != ":":
                self.expected("= and a value after a key")
            self.next()
            pairs.append((key, self.expression()))
            if self.kind == "," or self.kind is NEWLINE:
                self.next()
            elif self.kind != "}":
                self.expected("a comma, the end of the line or } after a value")

    def _for(self, close: str) -> hcl.Expression:
        self.next()
        names = loop_names(self)
        over = self.expression()
        if self.kind != ":":
            self.expected(": after the collection of `for`")
        self.next()
        value, key, grouped, test = self.expression(), None, False, None
        if close == "}":
            if self.kind != "=>":
                self.expected("=> and a value: an object needs both")
            self.next()
            key, value = value, self.expression()
            if self.kind == "...":
                grouped = True
                self.next()
        if self.kind is NAME and self.word == "if":
            self.next()
            test = self.expression()
        if self.kind != close:
            self.expected(f"{close} at the end of `for`")
        return hcl.For(names, over, key, value, test, grouped)

    def _keys(self, of: hcl.Expression) -> hcl.Expression:
        links = 0
        while True:
            if self.kind == ".":
                links = self._longer(links)
                self.next()
                if self.kind == "*":
                    self.next()
                    of = hcl.Splat(of, tuple(self._names()))
                else:
                    of = hcl.Index(of, self._name())
            elif self.kind == "[":
                links = self._longer(links)
                outer = self._open(in_lines=self.newlines_count)
                if self.kind == "*":
                    self.next()
                    if self.kind != "]":
                        self.expected("]")
                    self.depth -= 1
                    self.in_lines(outer)
                    self.next()
                    return self._splat(of)
                self.in_lines(False)
                if self.kind is NEWLINE:
                    self.next()
                of = hcl.Index(of, self.expression())
                if self.kind != "]":
                    self.expected("]")
                self._close(outer)
            else:
                return of

    def _names(self) -> Iterator[hcl.Expression]:
        """Read the keys of `.*`, which are names and numbers."""
        while self.kind == ".":
            self.links += 1
            self.next()
            yield self._name()

    def _name(self) -> hcl.Expression:
        """Read what stands behind a dot: a name, or a number as in `list.0`."""
        if self.kind is NUMBER and "." not in self.word:
            return self._number()
        if self.kind is not NAME:
            self.expected("a name after the dot")
        key = hcl.Literal(self.word)
        self.next()
        return key

    def _number(self) -> hcl.Expression:
        word = self.word
        if not word.isdigit() and not _NUMBER.fullmatch(word):
            self.refuse(f"{cut(word)} is not a number")
        self.next()
        return _number(word)

    def _splat(self, of: hcl.Expression) -> hcl.Expression:
        """Read what `[*]` takes from each item, which is all that follows it."""
        self._deeper()
        taken = self._keys(_ITEM)
        self.depth -= 1
        keys: list[hcl.Expression] = []
        at = taken
        while isinstance(at, hcl.Index):
            keys.append(at.key)
            at = at.of
        if at is _ITEM:
            return hcl.Splat(of, tuple(reversed(keys)))
        # A splat within a splat: each item has a list of its own.
        return hcl.For((_ITEM.name,), hcl.Splat(of, ()), None, taken, None, grouped=False)

    def _open(self, *, in_lines: bool = False) -> bool:
        """Go behind an opening bracket; returns whether line breaks were tokens outside."""
        self._deeper()
        outer = self.in_lines(in_lines)
        self.next()
        return outer

    def _close(self, outer: bool) -> None:
        self.depth -= 1
        self.in_lines(outer)
        self.next()

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"brackets are nested more than {DEEPEST} deep")

    def _longer(self, links: int) -> int:
        self.links += 1
        if links >= HIGHEST:
            self.refuse(f"expressions are nested more than {HIGHEST} deep")
        return links + 1


def _key(key: hcl.Expression) -> hcl.Expression:
    """Return an object's key: a bare word is the text itself, also where it would be a value elsewhere."""
    match key:
        case hcl.Name(name):
            return hcl.Literal(name)
        case hcl.Literal(True):
            return hcl.Literal("true")
        case hcl.Literal(False):
            return hcl.Literal("false")
        case hcl.Literal(None):
            return hcl.Literal("null")
    return key


def _number(word: str) -> hcl.Expression:
    """Return a number; one that Python would round otherwise than Terraform is compared by its text only."""
    if len(word) < 20 and word.isdigit():
        return hcl.Literal(int(word))
    mantissa, _, power = word.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    digits = (whole + fraction).lstrip("0")
    sign, power = power.startswith("-"), power.lstrip("+-0")
    if not digits:
        return hcl.Literal(0)
    if len(power) <= 3 and len(digits) <= _EXACT:
        exponent = int(power or "0") * (-1 if sign else 1) - len(fraction)
        number = int(digits)
        if exponent < 0 and number % 10**-exponent == 0:
            return hcl.Literal(number // 10**-exponent)
        if 0 <= exponent <= _EXACT - len(digits):
            return hcl.Literal(number * 10**exponent)
        if exponent < 0 and len(digits.rstrip("0")) <= 15 and -exponent < 300:
            return hcl.Literal(float(word))
    return hcl.Opaque(f"the number {word}")


def _is_higher(expression: hcl.Expression, limit: int) -> bool:
    level: list[Struct] = [expression]
    for _ in range(limit):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True


def _inner(expression: Struct) -> Iterator[Struct]:
    waiting: list[object] = [getattr(expression, name) for name in expression.__struct_fields__]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Struct):
            yield value
        elif isinstance(value, tuple):
            waiting.extend(value)
