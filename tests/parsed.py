"""Parses each text of Terraform once: tests write the same modules into hundreds of repositories.

What is parsed consists of frozen objects, so nothing that one test does with them reaches another.
"""

from functools import lru_cache

from escscaffold.terraform.expressions import Body
from escscaffold.terraform.parsing import Parser

TEXTS = 2_000

_file = Parser.file


@lru_cache(TEXTS)
def _parsed(text: str) -> Body:
    return _file(Parser(text))


def parse_each_text_once() -> None:
    """Remember what was parsed in this process."""
    Parser.file = lambda parser: _parsed(parser.text)  # type: ignore[method-assign]
