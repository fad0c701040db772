"""Where the templates and facts are, installed or not: the one module that knows."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


@cache
def template_root() -> Traversable:
    """Return the folder that holds one sub-folder per cloud.

    A wheel carries it inside the package; a checkout, and so an editable install, keeps it
    beside the package.
    """
    packaged = files("escscaffold").joinpath("templates")
    if packaged.is_dir():
        return packaged
    return Path(__file__).parents[2] / "templates"
