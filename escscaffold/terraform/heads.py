"""What a file that is known to be well formed declares, without parsing what its values are made of.

Parsing is slow, and of a generated file that stands as it was generated only the names are asked: its references are
known to lead somewhere.
"""

import re
from collections.abc import Iterator

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.statements import statements

_BLOCK = re.compile(r'( *)([a-z_]+)((?: "[^"]*")*) \{(?:\}| .*)?')
_ATTRIBUTE = re.compile(r"  ([A-Za-z_][A-Za-z0-9_-]*) += (.*)")
_LABEL = re.compile(r'"([^"]*)"')
_PLAIN = re.compile(r'"([^"\\$%]*)"')
_HEREDOC = re.compile(r"<<-?([A-Za-z][A-Za-z0-9._-]*)\n(?:.*\n)*?[ \t]*\1(?=\n)")


def read_heads(text: str) -> hcl.Body:
    """Return the blocks of a text that `terraform fmt` has laid out, with the names of what is right inside them.

    A value that is a string and nothing more is read; the others are opaque, and blocks within blocks are empty.
    """
    # Lines of text look like any others.
    plain = _HEREDOC.sub(lambda heredoc: "\n" * heredoc[0].count("\n"), text)
    return hcl.Body((), tuple(_blocks(plain)))


def _blocks(text: str) -> Iterator[hcl.Block]:
    for above, part in statements(text):
        first, *lines = part.split("\n")
        if head := _BLOCK.fullmatch(first):
            numbered = list(enumerate(lines, start=above + 2))
            attributes = tuple(attribute for number, line in numbered for attribute in _attribute(line, number))
            inner = (_BLOCK.fullmatch(line) for line in lines if line.startswith("  ") and line[2:3].isalpha())
            blocks = tuple(hcl.Block(one[2], _labels(one), hcl.Body(), None) for one in inner if one)
            yield hcl.Block(head[2], _labels(head), hcl.Body(attributes, blocks), above + 1)


def _attribute(line: str, number: int) -> Iterator[hcl.Attribute]:
    if found := _ATTRIBUTE.fullmatch(line):
        name, value = found.groups()
        plain = _PLAIN.fullmatch(value)
        yield hcl.Attribute(name, hcl.Literal(plain[1]) if plain else hcl.Opaque("not read"), value, number)


def _labels(head: re.Match[str]) -> tuple[str, ...]:
    return tuple(_LABEL.findall(head[3]))
