"""Where the templates and facts are, installed or not: the one module that knows."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@cache
def template_root() -> "Traversable":
    """Return the folder that holds one sub-folder per cloud.

    A wheel carries it inside the package; a checkout, and so an editable install, keeps it
    beside the package.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    # A wheel that is run from its archive. The import is slow, and hardly anybody needs it.
    from importlib.resources import files

    return files("escscaffold").joinpath("templates")
