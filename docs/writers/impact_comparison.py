"""The page that sets what escscaffold says of a change beside Terraform's own plan, as a test has measured it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.writers.markdown import codes, page, table
from docs.writers.modes import every_mode

RECORDS = Path(__file__).resolve().parents[2] / "tests/emitted/measured_impact"
_HEADER = ("change", "escscaffold reports as replaced", "`terraform plan` replaces", "and also")


def impact_page() -> str:
    """Return the page."""
    measured = [mode.name for mode in every_mode() if (RECORDS / f"{mode.name}.json").is_file()]
    return page(
        "Impact compared with Terraform",
        "Compare replacements that `escscaffold review` and `generate` report with those that Terraform plans.",
        "## Method",
        "Each environment has the numbers of the vendor's guide, and was applied, changed and planned with terraform "
        "1.11; the tests repeat that, and fail if the two differ.",
        "For AWS the real provider (5.100) plans against an emulated AWS.",
        "For Google Cloud, Azure and Kurrent, stand-in providers have the schemas of the real ones, and replace the "
        "same resources according to their sources.",
        "Dependent resources, such as a route, a role or a node pool, are replaced with their parent and not listed.",
        *(part for name in measured for part in _mode(name)),
    )


def _mode(name: str) -> tuple[str, ...]:
    rows = json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))
    refused = tuple(dict.fromkeys(sentence for row in rows for sentence in row["refused"]))
    differences = "\n".join(f"- {_named_as_code(sentence)}" for sentence in refused)
    intro = "escscaffold reports the cluster as replaced, although Terraform would not replace it:"
    return (f"## {name}", table(_HEADER, map(_row, rows)), *([f"{intro}\n\n{differences}"] if refused else []))


def _named_as_code(sentence: str) -> str:
    subject, _, reason = sentence.partition(": ")
    return f"`{subject}`: {reason}"


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    actions: Mapping[str, str] = row["terraform"]
    replaced = [address for address, action in actions.items() if action == "replace"]
    others = [f"{action} `{address}`" for address, action in actions.items() if action != "replace"]
    return (
        codes([row["change"]] if set("[{") & set(row["change"]) else row["change"].split(", ")),
        ", ".join(row["said"]) or "nothing",
        codes(replaced) or "nothing",
        ", ".join(others) or "-",
    )
