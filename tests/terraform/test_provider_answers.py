"""What the files of provider facts say of one change: every rule of how an answer is looked up, and the real files."""

import pytest

from escscaffold.clouds.known_facts import load_facts
from escscaffold.terraform.provider_facts import Answer, Change, ProviderResource, read_provider

RESOURCES = load_facts().resources
THING = ProviderResource(
    arguments={
        "": "block broken cidr deep flag key kind name size tags",
        "block": "inner other",
        "deep": "map never",
        "key": "of",
    },
    whole=frozenset({"deep"}),
    replaces={
        "name": "c",
        "kind": "ca",
        "cidr": "car",
        "flag": "f",
        "block": "ac",
        "block.inner": "r",
        "deep.map": "c",
        "key": "r",
    },
    in_place={"kind": "r", "cidr": "w", "flag": "tar", "block": "r", "key": "a", "size": "u"},
    unknown={"broken": "*", "size": "cd", "deep": "c", "key.of": "c"},
)
ANSWERS: list[tuple[str, Change, Answer]] = [
    ("name", "other", "replaces"),
    # Of a required argument nobody is asked what unsetting it does.
    ("name", "unset", "replaces"),
    ("kind", "set", "replaces"),
    ("kind", "unset", "in place"),
    ("cidr", "widened", "in place"),
    ("cidr", "narrowed", "replaces"),
    ("flag", "to false", "replaces"),
    ("flag", "to true", "in place"),
    ("flag", "set", "in place"),
    # Which way is not known, and the two differ.
    ("flag", "other", "unknown"),
    ("size", "raised", "in place"),
    ("size", "lowered", "unknown"),
    ("size", "other", "unknown"),
    ("tags", "other", "in place"),
    ("tags.Name", "set", "in place"),
    ("kind.key", "set", "replaces"),
    ("broken", "other", "unknown"),
    ("broken", "set", "unknown"),
    ("block", "set", "replaces"),
    ("block.inner", "unset", "replaces"),
    # Another value of it was asked about, and is in no map; the answer of its block is about one more of them.
    ("block.inner", "other", "in place"),
    ("block.other", "other", "in place"),
    ("deep.map", "other", "replaces"),
    ("deep.never", "other", "unknown"),
    ("deep.map.key", "set", "replaces"),
    ("deep.nothing", "other", "unknown"),
    ("block.nothing", "other", "unknown"),
    ("nothing", "other", "unknown"),
    # It takes one value, and is set and unset with its block.
    ("key.of", "other", "unknown"),
    ("key.of", "set", "in place"),
    ("key.of", "unset", "replaces"),
]


@pytest.mark.parametrize(("path", "change", "answer"), ANSWERS)
def test_an_answer_is_that_to_the_change_or_to_the_nearest_one(path: str, change: Change, answer: Answer) -> None:
    assert THING.answer(path, change) == answer


@pytest.mark.parametrize(
    ("path", "answer"),
    [("name", "replaces"), ("refused.inner", "unknown"), ("whole.inner", "replaces"), ("x", "in place")],
)
def test_without_a_list_of_arguments_every_path_may_exist(path: str, answer: Answer) -> None:
    thing = ProviderResource(replaces={"name": "c", "whole": "c"}, unknown={"refused": "ca"})

    assert thing.answer(path, "other") == answer


def test_a_type_is_decoded_when_it_is_asked_for() -> None:
    content = (
        b'{"source":"a/b","version":"1.0.0","asked":"2026-01-01","types":2,"resources":{"good":{},"bad":{"sets":1}}}'
    )

    provider = read_provider(content)

    assert "bad" in provider.resources
    assert len(provider.resources) == 2
    assert provider.resources["good"].answer("name", "other") == "in place"
    with pytest.raises(ValueError, match="sets"):
        provider.resources["bad"]


@pytest.mark.parametrize("source", RESOURCES.provider_sources)
def test_every_type_of_every_file_can_be_read(source: str) -> None:
    provider = RESOURCES.provider(source)

    assert provider is not None
    assert provider.source == source
    assert provider.resources
    for resource in provider.resources.values():
        for path in [*resource.replaces, *resource.in_place, *resource.unknown]:
            assert resource.answer(path, "other") in ("replaces", "in place", "unknown")
        if resource.arguments is not None:
            known = {
                f"{block}.{name}".lstrip(".") for block, names in resource.arguments.items() for name in names.split()
            }
            assert {*resource.replaces, *resource.in_place, *resource.unknown, *resource.sets} <= known


def test_a_source_is_found_as_terraform_writes_it_and_nothing_else() -> None:
    assert RESOURCES.provider("EventStore/eventstorecloud") is RESOURCES.provider(
        "registry.terraform.io/eventstore/eventstorecloud"
    )
    assert RESOURCES.provider("example/none") is None
    assert RESOURCES.provider("hashicorp/../hashicorp/aws") is RESOURCES.provider("hashicorp/aws")
    for odd in ("", "aws", "../aws", "hashicorp/..", "/", "hashicorp/\0"):
        assert RESOURCES.provider(odd) is None


def test_the_newer_kurrent_provider_differs_from_the_older_in_what_its_notes_say() -> None:
    older, newer = RESOURCES.provider("eventstore/eventstorecloud"), RESOURCES.provider("kurrent-io/kurrentcloud")
    assert older is not None and newer is not None
    differing = set()
    for name, resource in older.resources.items():
        for same in (name, name.replace("eventstorecloud_", "kurrentcloud_")):
            for path in (resource.arguments or {"": ""})[""].split():
                changes: list[Change] = ["other", "set", "unset", "to true", "to false"]
                if [newer.resources[same].answer(path, c) for c in changes] != [
                    resource.answer(path, c) for c in changes
                ]:
                    differing.add(path)

    assert differing == {
        "projection_level",
        "initial_admin_password",
        "initial_ops_password",
        "credentials_generated_at",
    }
    assert all(any(path in note for note in newer.notes) for path in differing)
    assert all("https://" in note for note in newer.notes)
