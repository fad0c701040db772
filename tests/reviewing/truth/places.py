"""Finds in Terraform's text, formatted as `terraform fmt` does, the lines that say something, and what they stand in.

It looks at lines and brackets only, so that it shares no mistake with the parser that it is used to test.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

Files = Mapping[str, str]
"""The text of each file, by its path."""
Changed = dict[str, str] | None
"""The files after a change; None where there is nothing to change so."""
RESOURCE = re.compile(r'^resource "(\w+)" "([\w-]+)"')

_ATTRIBUTE = re.compile(r'^(\s*)("?[\w./-]+"?)(\s*=\s+)(\S.*?)(,?)$')
_STRING = re.compile(r'"(?:\\.|\$\{[^}]*\}|[^"\\])*"')
_HEREDOC = re.compile(r"<<-?(\w+)$")
_COMMENT = re.compile(r"(?:#|//).*$")


class Place(NamedTuple):
    """One line of a file, and the first lines of what it stands in, the outermost first."""

    path: str
    line: int
    text: str
    within: tuple[str, ...]
    ends: int
    """The line on which what begins here ends."""

    @property
    def top(self) -> str:
        """The first line of the outermost block: `resource "aws_vpc" "this" {`; its own where it begins one."""
        return self.within[0] if self.within else self.text

    @property
    def kind(self) -> str:
        """What kind of block that is: `resource`."""
        return self.top.partition(" ")[0]


class Argument(NamedTuple):
    """`name = value` on one line."""

    place: Place
    name: str
    value: str

    def having(self, value: str) -> str:
        """Return the line with another value."""
        match = _ATTRIBUTE.match(self.place.text)
        assert match
        return f"{match[1]}{match[2]}{match[3]}{value}{match[5]}"


def places(files: Files) -> Iterator[Place]:
    """Yield the lines of all files of Terraform, heredocs and comments left out."""
    for path in sorted(files):
        if path.endswith((".tf", ".tfvars")) and not path.endswith("_override.tf"):
            yield from _places(path, files[path].splitlines())


def arguments(files: Files) -> Iterator[Argument]:
    """Yield what is set on one line."""
    for place in places(files):
        match = _ATTRIBUTE.match(place.text)
        if match and _depth(place.text) == 0 and not match[4].startswith("<<"):
            yield Argument(place, match[2], match[4])


def blocks(files: Files, top: str = "") -> Iterator[Place]:
    """Yield the first lines of blocks and of objects; with `top`, of those at the top of a file of this kind."""
    for place in places(files):
        begins = place.ends > place.line and place.text.endswith("{")
        if begins and (not top or (not place.within and place.text.startswith(f"{top} "))):
            yield place


def with_lines(files: Files, path: str, first: int, last: int, lines: list[str]) -> dict[str, str]:
    """Return the files with other lines instead of those from `first` to `last`."""
    old = files[path].splitlines()
    return {**files, path: "\n".join([*old[:first], *lines, *old[last + 1 :]]) + "\n"}


def with_value(files: Files, argument: Argument, value: str) -> dict[str, str]:
    """Return the files with another value of an argument."""
    place = argument.place
    return with_lines(files, place.path, place.line, place.line, [argument.having(value)])


def with_longer_name(files: Files, place: Place, end: str) -> tuple[str, dict[str, str]]:
    """Return the address of a resource or a module's call, and the files where its name has this end."""
    labels = re.findall(r'"([\w-]+)"', place.text)
    address = ".".join(labels) if place.kind == "resource" else f"module.{labels[0]}"
    head = place.text.replace(f'"{labels[-1]}"', f'"{labels[-1]}{end}"')
    changed = dict(files)
    for path in _module_of(place, files):
        text = re.sub(rf"(?<![\w.]){re.escape(address)}(?![\w-])", f"{address}{end}", files[path])
        changed[path] = text.replace(place.text, head) if path == place.path else text
    return address, changed


def is_referred_to(place: Place, files: Files) -> bool:
    """Whether something in the same module names a resource."""
    match = RESOURCE.match(place.text)
    texts = (files[path] for path in _module_of(place, files))
    return match is None or any(re.search(rf"\b{match[1]}\.{match[2]}\b", text) for text in texts)


def _module_of(place: Place, files: Files) -> list[str]:
    """Return the files of Terraform in the same folder."""
    folder = place.path.rpartition("/")[0]
    return [path for path in files if path.endswith(".tf") and path.rpartition("/")[0] == folder]


def _places(path: str, lines: list[str]) -> Iterator[Place]:
    found: list[Place] = []
    opened: list[int | None] = []
    ends: dict[int, int] = {}
    marker = ""
    for number, line in enumerate(lines):
        if marker:
            marker = "" if line.strip() == marker else marker
            continue
        if heredoc := _HEREDOC.search(line):
            marker = heredoc[1]
        depth = _depth(line)
        leading = len(line.lstrip()) - len(line.lstrip().lstrip("}])"))
        for _ in range(max(-depth, 0)):
            if opened and (begun := opened.pop()) is not None:
                ends[begun] = number
        text = _COMMENT.sub("", line) if line.lstrip().startswith(("#", "//")) else line
        if text.strip() and not (leading and depth <= 0):
            within = tuple(lines[one] for one in opened if one is not None)
            found.append(Place(path, number, line, within, number))
        for which in range(max(depth, 0)):
            opened.append(number if which == 0 else None)
        # `jsonencode({` opens two, and `})` closes both: only the first says something.
    yield from (place._replace(ends=ends.get(place.line, place.line)) for place in found)


def _depth(line: str) -> int:
    bare = _STRING.sub("", line)
    bare = _COMMENT.sub("", bare)
    return sum(bare.count(sign) for sign in "([{") - sum(bare.count(sign) for sign in ")]}")
