"""What the facts of modes say is replaced: words of one table, for types that the mode's modules declare."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from escscaffold.clouds.choices import Option, Setting
from escscaffold.clouds.fact_files import load_cloud, load_kurrent, mode_names, template_root
from escscaffold.clouds.facts import Mode
from escscaffold.clouds.resource_facts import badness, resource_words, types_by_words, types_of

# Nodes are no resource of their own in a pool that rolls them, and the network has another type at each cloud.
WITHOUT_TYPE = {"the nodes", "the network"}


def words_of(mode: Mode) -> Iterator[str]:
    for facts in mode.ranges.values():
        yield from (*facts.replaces, *facts.count_replaces)
        yield from facts.also_replaces.words if facts.also_replaces else ()
    things: list[Option | Setting] = [*mode.options.values(), *mode.kubernetes.values()]
    for thing in things:
        yield from thing.replaces
        yield from (word for words in getattr(thing, "replaces_to", {}).values() for word in words)


def words_at_kurrent() -> Iterator[str]:
    kurrent = load_kurrent()
    yield from (*kurrent.network.replaces, *kurrent.remote.replaces, *kurrent.acl_replaces)
    for choices in kurrent.parts_replace.values():
        yield from (word for words in choices.values() for word in words)
    for setting in (*kurrent.database.values(), *kurrent.backup.values()):
        yield from setting.replaces


@cache
def declared_in(folder: str) -> frozenset[str]:
    """Return the types of the resources that a module's templates declare, shared pieces of the cloud among them."""
    home = template_root().joinpath(*folder.split("/"))
    files = [file for file in home.iterdir() if file.is_file()]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    for name in re.findall(r'{% include "([^"]+)" %}', text):
        text += template_root().joinpath(*name.split("/")).read_text(encoding="utf-8")
    return frozenset(re.findall(r'^resource "(\w+)"', text, re.MULTILINE))


@pytest.mark.parametrize("mode", mode_names())
def test_what_a_mode_replaces_is_declared_in_its_modules(mode: str) -> None:
    cloud = mode_names()[mode]
    facts = load_cloud(cloud).modes[mode]
    of_kurrent = {kind.partition("_")[2] for kind in types_of(words_at_kurrent())}
    declared = {kind for module in facts.modules for kind in declared_in(f"{cloud}/modules/{module}")}

    for words in {*words_of(facts)} - WITHOUT_TYPE:
        kinds = types_by_words().get(words, frozenset())
        assert kinds, f"{words!r} is in no resources.toml"
        assert kinds & declared or {kind.partition("_")[2] for kind in kinds} & of_kurrent, (words, kinds)


def test_what_kurrent_replaces_has_words() -> None:
    assert {*words_at_kurrent()} - WITHOUT_TYPE <= types_by_words().keys()


def test_the_worst_to_lose_comes_first() -> None:
    order = ["everything in the environment", "the database", "the Kurrent network", "the cluster", "the pod subnet"]

    assert sorted(order, key=lambda thing: badness([thing])) == order
    assert badness(["the peering", "the cluster"]) == badness(["the cluster"])
    assert badness(["module.network.aws_subnet.nodes"]) == badness([]) == max(w.rank for w in resource_words().values())
