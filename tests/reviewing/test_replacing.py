"""The facts about what is replaced name resources and arguments that there are."""

import json

import pytest

from escscaffold.reviewing.replacing import resource_facts
from tests.terraform.schema import Json, schema_folder

FILES = sorted(schema_folder().glob("*.json"))


@pytest.mark.skipif(not FILES, reason="there are no provider schemas here")
def test_every_resource_and_argument_is_in_its_provider() -> None:
    known = {}
    for file in FILES:
        for schema in json.loads(file.read_text(encoding="utf-8"))["provider_schemas"].values():
            known |= schema["resource_schemas"]

    # The schemas that come along are cut down to what is emitted.
    there = {kind: facts for kind, facts in resource_facts().items() if kind in known}
    wrong = [
        f"{kind}.{name}" for kind, facts in there.items() for name in facts.arguments if not _is_in(known[kind], name)
    ]

    assert len(there) > 15
    assert wrong == []


def _is_in(schema: Json, argument: str) -> bool:
    block = schema["block"]
    for part in argument.split("."):
        if part not in {*block.get("attributes", {}), *block.get("block_types", {})}:
            return False
        block = block.get("block_types", {}).get(part, {}).get("block", {})
    return True


def test_every_resource_has_a_page_that_says_so() -> None:
    assert all(facts.source.startswith("https://") for facts in resource_facts().values())
