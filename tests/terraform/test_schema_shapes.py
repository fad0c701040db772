"""Forms that today's schemas hardly use: nested attributes, maps, write-only arguments, any type."""

import json
from pathlib import Path

import pytest

from tests.terraform.mirror import build_mirror, mirrored
from tests.terraform.root import Root, require_terraform

TEXT = {"type": "string", "optional": True}
MADE = {"type": "string", "computed": True}
RULES = {"attributes": {"name": {"type": "string", "required": True}, "id": MADE}}
SHAPES = {
    "attributes": {
        "id": MADE,
        "anything": {"type": "dynamic", "optional": True},
        "found": {"type": "dynamic", "computed": True},
        "secret": {**TEXT, "write_only": True},
        "one": {"nested_type": {**RULES, "nesting_mode": "single"}, "optional": True},
        "many": {"nested_type": {**RULES, "nesting_mode": "list"}, "optional": True},
        "named": {"nested_type": {**RULES, "nesting_mode": "map"}, "optional": True},
        "filled": {"nested_type": {**RULES, "nesting_mode": "set"}, "computed": True},
        "parts": {"type": ["list", ["object", {"on": "bool", "size": "number"}]], "computed": True},
        "pair": {"type": ["tuple", ["string", ["map", "string"]]], "computed": True},
    },
    "block_types": {
        "group": {"nesting_mode": "group", "block": {"attributes": {"note": TEXT, "id": MADE}}},
        "by_name": {"nesting_mode": "map", "block": RULES},
        "unordered": {"nesting_mode": "set", "block": RULES},
    },
}
SCHEMA = {
    "format_version": "1.0",
    "provider_schemas": {
        "registry.terraform.io/example/shapes": {
            "provider": {"version": 0, "block": {}},
            "resource_schemas": {"shapes_all": {"version": 1, "block": SHAPES}},
        }
    },
}
ROOT = """
terraform {
  required_providers {
    shapes = {
      source = "example/shapes"
    }
  }
}

resource "shapes_all" "this" {
  anything = { a = [1] }
  secret   = "hidden"
  one      = { name = "one" }
  many     = [{ name = "first" }, { name = "second" }]
  named    = { key = { name = "value" } }
  by_name "left" {
    name = "left"
  }
  unordered {
    name = "first"
  }
  unordered {
    name = "second"
  }
}

output "all" {
  value = shapes_all.this
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Root:
    require_terraform()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "example__shapes__0.1.0.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    configuration = build_mirror(tmp_path / "mirror", schemas=tmp_path / "schemas")
    (tmp_path / "root").mkdir()
    root = Root(tmp_path / "root", mirrored(configuration))
    root.write("main.tf", ROOT)
    return root


def test_every_form_can_be_applied(root: Root) -> None:
    assert root.validate() == []
    root.succeed("apply", "-auto-approve")

    applied = json.loads(root.succeed("output", "-json", "all"))

    assert applied["anything"] == {"a": [1]}
    assert applied["secret"] is None
    made = [
        applied["id"],
        applied["one"]["id"],
        *(item["id"] for item in applied["many"]),
        applied["named"]["key"]["id"],
        applied["group"]["id"],
        applied["by_name"]["left"]["id"],
        *(item["id"] for item in applied["unordered"]),
        applied["filled"][0]["name"],
    ]
    assert all(made)
    assert len(set(made)) == len(made)
    assert [sorted(part) for part in applied["parts"]] == [["on", "size"]]
    assert "No changes." in root.succeed("plan")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('one      = { name = "one" }', "one      = {}", 'attribute "name" is required'),
        ('named    = { key = { name = "value" } }', "named    = [1]", 'attribute "named"'),
        ('secret   = "hidden"', "secrets  = 1", 'argument named "secrets" is not expected'),
    ],
)
def test_mistake_in_nested_attributes_is_named(root: Root, right: str, wrong: str, message: str) -> None:
    root.replace(right, wrong)

    (found,) = root.validate()

    assert message in found.detail
