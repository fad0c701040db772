"""From text to blocks and expressions, by python-hcl2's grammar: the one module that knows that library.

It is slow to import, so that happens when the first text is read. It is slow to parse, too, and the files of many
environments say much the same: who reads many keeps what was read of their statements.
"""

from typing import TYPE_CHECKING, Any

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.statements import statements
from escscaffold.terraform.tree import TreeReader

if TYPE_CHECKING:
    from lark import Tree

_MARK = "END_OF_THE_TEMPLATE_FILE"

Statements = dict[tuple[int, str], hcl.Body]
"""What was read, by the number of lines above it and its text."""


class NotHclError(ValueError):
    """The text is not HCL; `line` is where it stops being it, where that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def syntax_error(text: str) -> str:
    """Return what the parser says against the text, or nothing."""
    try:
        _parse(text)
    except NotHclError as error:
        return error.message
    return ""


def read_hcl(text: str, known: Statements | None = None) -> hcl.Body:
    """Read the text of a `.tf` file; raises NotHclError.

    With `known`, a statement that stands there is not parsed again, and what is new is added.
    """
    if known is None:
        return _body(text)
    try:
        parts = [_statement(part, above, known) for above, part in statements(text)]
    except NotHclError:
        # What looked like statements may stand in brackets; if not, the message is about the whole text.
        return _body(text)
    attributes = tuple(attribute for part in parts for attribute in part.attributes)
    return hcl.Body(attributes, tuple(block for part in parts for block in part.blocks))


def read_template(text: str) -> hcl.Expression:
    """Read a string of Terraform's JSON, which is a template; raises NotHclError."""
    if "${" not in text and "%{" not in text:
        return hcl.Literal(text.replace("$${", "${").replace("%%{", "%{"))
    # Quotes inside an interpolation need no escape in HCL either; those outside make this no HCL.
    body = read_hcl(f'it = "{text}"\n')
    return body.attributes[0].value


def _statement(text: str, above: int, known: Statements) -> hcl.Body:
    if (above, text) not in known:
        known[above, text] = _body(text, above)
    return known[above, text]


def _body(text: str, above: int = 0) -> hcl.Body:
    """Return what a text says that has so many lines above it."""
    tree = _parse(text)
    try:
        return TreeReader(text, above, _unescaped).body(tree.children[0])
    except RecursionError:
        raise NotHclError("it is nested too deeply") from None


def _parse(text: str) -> "Tree[Any]":
    import hcl2

    try:
        return hcl2.parses_to_tree(text)
    # The parser has no error of its own to catch: lark's differ by what was expected.
    except Exception as error:
        line = getattr(error, "line", None)
        reason = next(iter(str(error).splitlines()), "it breaks off")
        raise NotHclError(reason, line if isinstance(line, int) and line > 0 else None) from None


def _unescaped(text: str) -> str:
    from hcl2.utils import process_escape_sequences

    return process_escape_sequences(text.replace("$${", "${").replace("%%{", "%{"))


def read_template_file(text: str) -> hcl.Expression:
    """Return the template that a file holds, as `templatefile` reads it; raises NotHclError."""
    # A heredoc has no escapes either. Its last line break is its own.
    body = read_hcl(f"it = <<{_MARK}\n{text}\n{_MARK}\n")
    value = body.attributes[0].value
    match value:
        case hcl.Literal(str(read)):
            return hcl.Literal(read.removesuffix("\n"))
        case hcl.Template((*parts, hcl.Literal(str(last)))):
            return hcl.Template((*parts, hcl.Literal(last.removesuffix("\n"))))
    return value
