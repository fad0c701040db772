"""Writes the pages of docs/, and what else the code already knows: run `python docs/generate.py`.

What they say is said in the code; how it is shown is decided in docs/writers.
"""

import sys
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from docs.writers import (  # noqa: E402
    commands,
    findings,
    impact_comparison,
    json_output,
    lifecycles,
    man,
    modes,
    providers,
    schema,
    screens,
    spec,
)
from docs.writers.running import GUIDE, run  # noqa: E402

WRITERS: dict[str, Callable[[], str]] = {
    "images/gke-standard.svg": lambda: run("plan", *GUIDE, "--format", "svg"),
    **screens.SCREENS,
    "man/escscaffold.1": man.man_page,
    "reference/commands.md": commands.commands_page,
    "reference/findings.md": findings.findings_page,
    "reference/impact-beside-terraform.md": impact_comparison.impact_page,
    "reference/json.md": json_output.json_page,
    "reference/lifecycles.md": lifecycles.lifecycles_page,
    "reference/modes.md": modes.modes_page,
    "reference/providers.md": providers.providers_page,
    "reference/spec.md": spec.spec_page,
    "../templates/repository/dot-escscaffold/schema.json": schema.schema_text,
}
"""What writes each file, by its path below docs/."""


def pages() -> dict[str, str]:
    """Return every generated file's text by its path below docs/."""
    return {path: write() for path, write in WRITERS.items()}


def main() -> None:
    """Write every page."""
    for path, text in pages().items():
        file = (DOCS / path).resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
