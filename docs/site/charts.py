"""Puts Mermaid and what calls it into the site, so that a page loads no script from another host.

The npm package `mermaid` is installed beside mkdocs: `npm install --prefix .venv/docs mermaid@11`.
"""

import logging
import os
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).with_name("assets")
PROGRAM = "node_modules/mermaid/dist/mermaid.min.js"
VARIABLE = "ESCSCAFFOLD_MERMAID"
"""Names a `mermaid.min.js` of another place."""

# What a hook logs counts for `--strict` below this name.
_log = logging.getLogger("mkdocs.hooks.charts")


def mermaid_file() -> Path | None:
    """Return Mermaid's own file, where it is installed."""
    named = os.environ.get(VARIABLE)
    file = Path(named) if named else Path(__file__).parents[2] / ".venv/docs" / PROGRAM
    return file if file.is_file() else None


def on_config(config: Any) -> Any:
    """Load the script of the charts in every page; mkdocs calls this by its name."""
    config.extra_javascript.append("assets/charts.js")
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the scripts and the style; mkdocs calls this by its name."""
    from mkdocs.structure.files import File

    for asset in sorted(ASSETS.iterdir()):
        files.append(File.generated(config, f"assets/{asset.name}", abs_src_path=str(asset)))
    mermaid = mermaid_file()
    if mermaid is None:
        _log.warning("Mermaid is missing: run `npm install --prefix .venv/docs mermaid@11`.")
    else:
        files.append(File.generated(config, "assets/mermaid.min.js", abs_src_path=str(mermaid)))
    return files
