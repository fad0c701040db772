"""Lists facts that were last compared with their sources more than a year ago, and files of facts without a day.

`python -m tools.fact_ages [--as-of 2027-12-01] [--days 365]`

A day is a key `read` in a TOML file, `asked` in the answers of a Terraform provider, or a comment above a fact that
says `read 2026-11-29`, `asked 2026-11-29` or `printed (2023-08)`. Exit code 1: a fact is older, or a file names sources
and has no day, so that how old its facts are is not known.
"""

import argparse
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
_COMMENT = re.compile(r"^\s*#.*\b(?:read|printed|asked)\b(?: on)? \(?(\d{4}-\d{2}(?:-\d{2})?)\b", re.IGNORECASE)
_KEY = re.compile(r"^\s*(\[{1,2}[^\]]+\]{1,2}|[\w.-]+)")


class ReadFact(NamedTuple):
    """A fact, or a table of facts, and the day on which it was last compared with its source."""

    read: date
    path: str
    name: str


def facts_in(folder: Path) -> tuple[list[ReadFact], list[str]]:
    """Return the facts that have a day, oldest first, and the files that name a source and no day."""
    known: list[ReadFact] = []
    undated: list[str] = []
    for path in sorted((*folder.rglob("*.toml"), *folder.rglob("providers/*/*.json"))):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(folder.parent).as_posix()
        tables = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        found = [ReadFact(read, name, key) for key, read in (*_days(tables, ()), *_comments(text))]
        known += found
        if not found and "https://" in text:
            undated.append(name)
    return sorted(known), undated


def _days(table: Any, path: tuple[str, ...]) -> Iterator[tuple[str, date]]:
    if not isinstance(table, dict):
        return
    for key, value in table.items():
        if key in ("read", "asked") and (day := _day(value)):
            yield ".".join(path) or key, day
        else:
            yield from _days(value, (*path, key))


def _comments(text: str) -> Iterator[tuple[str, date]]:
    """Yield the days in comments, each with the key or table that follows it."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if (match := _COMMENT.match(line)) and (day := _day(match[1])):
            below = (found[1] for later in lines[number + 1 :] if (found := _KEY.match(later)))
            yield next(below, "the file"), day


def _day(value: Any) -> date | None:
    """Return a day; of a month, its first, so that it never seems newer than it is."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(f"{value}-01" if len(str(value)) == len("2023-08") else str(value))
    except ValueError:
        return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.fact_ages", description="List facts that are old.")
    today = datetime.now(UTC).date()
    parser.add_argument("--as-of", type=date.fromisoformat, default=today, metavar="DATE", help="instead of today")
    parser.add_argument("--days", type=int, default=365, help="older than this many days; default: 365")
    parser.add_argument("--templates", type=Path, default=TEMPLATES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    known, undated = facts_in(options.templates)
    limit = options.as_of - timedelta(days=options.days)
    older = [fact for fact in known if fact.read < limit]
    for fact in older:
        print(f"{fact.read}  {fact.path}: {fact.name}")
    for name in undated:
        print(f"no day      {name}")
    print(f"{len(older)} of {len(known)} days are before {limit}; {len(undated)} files name sources without a day.")
    return 1 if older or undated else 0


if __name__ == "__main__":
    raise SystemExit(main())
