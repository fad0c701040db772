"""Arguments of which real providers said that another value replaces the resource: a review says so of each.

They are drawn from the answers of an earlier trial that shares no code with `tools.provider_facts`.
"""

import json
import random
from pathlib import Path

from tests.reviewing.sides import actions
from tests.terraform.root import require

ANSWERS = Path(__file__).resolve().parents[3] / "shared/provider-replaces"
DRAWN = 150


def drawn() -> list[tuple[str, str]]:
    """Return resource types with an argument each, nested ones with dots."""
    found: list[tuple[str, str]] = []
    for file in sorted(ANSWERS.glob("*.json")):
        for kind, facts in json.loads(file.read_text(encoding="utf-8"))["resources"].items():
            paths = facts["replaces"]
            # A block is asked about by what is inside.
            leaves = [path for path in paths if not any(other.startswith(f"{path}.") for other in paths)]
            found += [(kind, path) for path in leaves if "c" in paths[path]]
    return random.Random(15).sample(sorted(found), DRAWN)


def resource(kind: str, path: str, which: int) -> str:
    *blocks, name = path.split(".")
    value = f"10.{which}.0.0/16" if "cidr" in name else f"v{which}"
    body = f'{name} = "{value}"'
    for block in reversed(blocks):
        body = f"{block} {{\n{body}\n}}"
    return f'resource "{kind}" "x" {{\n{body}\n}}\n'


SOURCES = """
terraform {
  required_providers {
    eventstorecloud = {
      source = "EventStore/eventstorecloud"
    }
  }
}
"""


def test_each_of_them_is_told() -> None:
    require(ANSWERS.is_dir(), f"no answers of providers at {ANSWERS}")

    found = {
        (kind, path): actions(SOURCES + resource(kind, path, 0), SOURCES + resource(kind, path, 1))[f"{kind}.x"]
        for kind, path in drawn()
    }

    assert {one: action for one, action in found.items() if action != "replace"} == {}
