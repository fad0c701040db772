"""Arguments of which real providers said that another value replaces the resource: a review says so of each.

`told_arguments.txt` has 150 of the answers of a trial on 2026-11-28 that shares no code with `tools.provider_facts`,
drawn by chance: a resource type and an argument a line, nested ones with dots.
"""

from pathlib import Path

from tests.reviewing.sides import actions

ANSWERS = Path(__file__).with_name("told_arguments.txt")


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
    told = [tuple(line.split()) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]

    found = {
        (kind, path): actions(SOURCES + resource(kind, path, 0), SOURCES + resource(kind, path, 1))[f"{kind}.x"]
        for kind, path in told
    }

    assert len(found) == 150
    assert {one: action for one, action in found.items() if action != "replace"} == {}
