"""The Jinja environment: the one module that knows Jinja."""

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from escscaffold.clouds.fact_files import template_root
from escscaffold.rendering.hcl import hcl

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import BytecodeCache, Environment, Template


@cache
def template(name: str) -> "Template":
    """Return the template at this path below the templates' folder, compiled once."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # slow to import, and help and completion need none

    environment = Environment(
        loader=FunctionLoader(_read),
        undefined=StrictUndefined,  # a missing value is a bug, never an empty string
        autoescape=_is_html,  # HTML's rules would corrupt HCL, YAML and Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_bytecode_cache(),
    )
    environment.filters["hcl"] = hcl
    return environment


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html.j2")


@cache  # Jinja keeps what it has found, and looks again for each optional part that is not there
def _read(name: str) -> str | None:
    file: Traversable = template_root().joinpath(*name.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _bytecode_cache() -> "BytecodeCache | None":
    """Keep compiled templates where Python keeps compiled modules, if it may: compiling is half of an `init`."""
    folder = Path(__file__).parent / "__pycache__"
    if sys.dont_write_bytecode or sys.pycache_prefix or not os.access(folder, os.W_OK):
        return None
    from jinja2 import FileSystemBytecodeCache

    return FileSystemBytecodeCache(str(folder))
