"""Asks the real Terraform what it makes of texts: many in one run, so that a table of them takes a moment."""

import json
import re
import subprocess
from pathlib import Path

_PLACE = re.compile(r"Error: .*\n.*\n.*on (\d+)\.tf line (\d+)")


def refused_by_terraform(texts: list[bytes], folder: Path) -> dict[int, int]:
    """Return which of these files `terraform fmt` refuses, each with the line of its first error."""
    for number, text in enumerate(texts):
        (folder / f"{number}.tf").write_bytes(text)
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-list=false", "-no-color", "."], cwd=folder, capture_output=True, check=False
    )
    places = [(int(n), int(line)) for n, line in _PLACE.findall(done.stderr.decode(errors="replace"))]
    return dict(reversed(places))


def values_in_terraform(expressions: list[str], folder: Path) -> list[object]:
    """Return what `terraform console` computes for expressions."""
    names = [f"v{number}" for number in range(len(expressions))]
    lines = [f"{name} = {text}\n" for name, text in zip(names, expressions, strict=True)]
    (folder / "main.tf").write_text(f"locals {{\n{''.join(lines)}}}\n", encoding="utf-8", newline="")
    asked = f"jsonencode([{', '.join(f'local.{name}' for name in names)}])\n"
    done = subprocess.run(
        ["terraform", "console", "-no-color"], input=asked, cwd=folder, capture_output=True, text=True, check=True
    )
    values: list[object] = json.loads(json.loads(done.stdout))
    return values
