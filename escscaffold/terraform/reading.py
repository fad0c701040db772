"""From the text of a file, a template or an expression to what it holds."""

from collections.abc import Callable
from typing import TypeVar

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.parsing import Parser
from escscaffold.terraform.tokens import NotHclError as NotHclError

_Read = TypeVar("_Read")


def read_hcl(text: str) -> hcl.Body:
    """Read the text of a `.tf` or `.tfvars` file; raises NotHclError where Terraform would refuse its syntax."""
    return _within_bounds(Parser(text).file)


def read_expression(text: str) -> hcl.Expression:
    """Read a text that is one expression, as Terraform's JSON has them for types and references; raises NotHclError."""
    return _within_bounds(Parser(text).only)


def read_template(text: str) -> hcl.Expression:
    """Read a text that is a template, as a file for `templatefile` or a string of Terraform's JSON; raises NotHclError.

    A text that is one interpolation and nothing else is what stands in it.
    """
    if "${" not in text and "%{" not in text and text.isascii():
        return hcl.Literal(text)
    return _within_bounds(Parser(text).template)


def _within_bounds(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except RecursionError:
        # Operators of every power in each of a hundred brackets.
        raise NotHclError("it is nested too deeply") from None
