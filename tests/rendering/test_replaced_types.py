"""Resources that modes name as replaced: types that the mode's modules declare, with words in one table."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from escscaffold.clouds.choices import Option, Setting
from escscaffold.clouds.fact_files import template_root
from escscaffold.clouds.facts import Mode
from escscaffold.clouds.known_facts import load_facts

FACTS = load_facts()
RESOURCES = FACTS.resources
# A type of Terraform; anything else is a role, which templates/kurrent/roles.toml lists.
TYPE = re.compile(r"[a-z]+_\w+")


def names_of(thing: Any) -> Iterator[str]:
    """Yield the resources that an option, a setting or a range replaces, whatever changes of it."""
    yield from (*thing.replaces, *getattr(thing, "count_replaces", ()))
    for choices in (getattr(thing, "replaces_to", {}), getattr(thing, "replaces_from", {})):
        yield from (name for names in choices.values() for name in names)
    if also := getattr(thing, "also_replaces", None):
        yield from also.replaces


def names_of_mode(mode: Mode) -> set[str]:
    things: list[Option | Setting] = [*mode.options.values(), *mode.kubernetes.values()]
    things += mode.pool_settings().values() if mode.pools else ()
    ranges = [*mode.ranges.values(), *filter(None, (mode.own_range, mode.others))]
    return {name for thing in (*things, *ranges) for name in names_of(thing)}


def names_at_kurrent() -> set[str]:
    kurrent = FACTS.kurrent
    names = [*kurrent.network.replaces, *kurrent.remote.replaces, *kurrent.acl_replaces]
    names += [name for choices in kurrent.parts_replace.values() for names in choices.values() for name in names]
    names += [name for setting in (*kurrent.database.values(), *kurrent.backup.values()) for name in setting.replaces]
    changes = [change for provider in kurrent.providers.values() for change in provider.settings.values()]
    names += [name for change in changes for name in change.get("replaces", ())]
    return {*names}


@cache
def declared_in(folder: str) -> frozenset[str]:
    """Return the types of the resources that a module's templates declare, shared pieces of the cloud among them."""
    home = template_root().joinpath(*folder.split("/"))
    files = [file for file in home.iterdir() if file.is_file()]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    for name in re.findall(r'{% include "([^"]+)" %}', text):
        text += template_root().joinpath(*name.split("/")).read_text(encoding="utf-8")
    return frozenset(re.findall(r'^resource "(\w+)"', text, re.MULTILINE))


@pytest.mark.parametrize(("mode", "cloud"), FACTS.modes.items(), ids=str)
def test_each_type_that_a_mode_replaces_is_declared_in_its_modules(mode: str, cloud: str) -> None:
    facts = FACTS.clouds[cloud].modes[mode]
    declared = {kind for module in facts.modules for kind in declared_in(f"{cloud}/modules/{module}")}

    for name in names_of_mode(facts):
        # A cloud's own resources are named by their types, those of the Kurrent side by their roles.
        kind = TYPE.match(name)
        assert kind[0] in declared if kind else name in RESOURCES.roles, name


@pytest.mark.parametrize(("mode", "cloud"), FACTS.modes.items(), ids=str)
def test_what_a_mode_replaces_has_words(mode: str, cloud: str) -> None:
    names = sorted(names_of_mode(FACTS.clouds[cloud].modes[mode]))

    assert all(re.match("(the|its) [A-Za-z ]+$", words) for words in RESOURCES.in_words(names))


def test_what_a_module_made_has_words() -> None:
    for cloud in FACTS.clouds:
        for made in FACTS.replacing.module_resources(cloud).values():
            assert RESOURCES.named(made.replaces)


def test_what_another_account_replaces_has_words() -> None:
    for cloud in FACTS.clouds.values():
        replaced = [setting.replaces for setting in cloud.account.values() if setting.replaces]

        assert replaced, cloud.name
        assert all(RESOURCES.named(names) for names in replaced)


def test_what_kurrent_replaces_is_named_by_its_role_and_has_words() -> None:
    assert names_at_kurrent() <= RESOURCES.roles.keys()


def test_what_has_to_be_done_is_for_known_resources() -> None:
    for work in FACTS.replacing.work:
        assert RESOURCES.named(work.what)


def test_a_role_has_a_type_at_each_provider_that_has_it() -> None:
    (peering, cluster) = RESOURCES.named(["peering", "cluster"])

    assert peering.types == {"kurrentcloud_peering", "eventstorecloud_peering"}
    assert cluster.types == {"aws_eks_cluster", "google_container_cluster", "azurerm_kubernetes_cluster"}
    assert {words.role for words in RESOURCES.words.values()} - {""} <= RESOURCES.roles.keys()


def test_some_resources_of_a_type_have_words_of_their_own() -> None:
    assert RESOURCES.in_words(["aws_subnet", "aws_subnet.pods", "aws_subnet[*]"]) == (
        "the subnet",
        "the pod subnet",
        "its subnets",
    )
    with pytest.raises(KeyError):
        RESOURCES.named(["aws_subnet.none"])
    with pytest.raises(KeyError):
        RESOURCES.named(["the subnet"])


def test_the_worst_to_lose_comes_first() -> None:
    names = ["environment", "database", "kurrent-network", "aws_eks_cluster", "aws_subnet.pods", "aws_route"]

    ranks = [resource.rank for resource in RESOURCES.named(names)]
    assert ranks == sorted(ranks)
    # A resource whose type has no words is as bad to lose as anything of no rank.
    assert RESOURCES.at("module.a.aws_example.b", "aws_example").rank == ranks[-1]
    assert RESOURCES.at("module.network.aws_subnet.nodes", "aws_subnet").words == "the subnet"
