"""A file that was rendered for one environment is used for another only where nothing in it differs."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from escscaffold import plan, read_spec
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.rendering.context import environment_context, environment_facts
from escscaffold.rendering.generated import GeneratedFile, KnownFiles, ObservedContext, Parts
from escscaffold.rendering.repository_files import repository_files
from tests.emitted.guide import GUIDE
from tests.emitted.test_matrix import OTHER
from tests.emitted.test_random_settings import accepted, documents
from tests.rendering.test_files import environment

TABLES = {
    "the same": "",
    "the same again": "",
    "tags": '[environments.{}.tags]\nteam = "payments"\n',
    "other tags": '[environments.{}.tags]\nteam = "billing"\n',
    "access": '[environments.{}.acl]\noffice = "198.51.100.0/24"\n',
    "backup": '[environments.{}.backup]\nschedule = "0 2 * * *"\n',
    "integration": '[environments.{}.integrations.alerts]\nsink = "slack"\nchannel = "#alerts"\n',
}


def spec_of(mode: str) -> str:
    """Return environments of one mode that differ in what a spec can say, with two that do not differ."""
    text = "version = 1\n"
    for number, table in enumerate(TABLES.values()):
        text += environment(f"e{number}", mode) + table.format(f"e{number}")
    text += environment("bare", mode, database="absent")
    chosen = [choice.split("=") for choice in OTHER.get(mode, []) if "." in choice.partition("=")[0]]
    text += environment("other", mode) if chosen else ""
    for table in sorted({name.partition(".")[0] for name, _ in chosen}):
        text += f"[environments.other.{table}]\n"
        values = {name.partition(".")[2]: value for name, value in chosen if name.startswith(f"{table}.")}
        text += "".join(f"{name} = {v if v in ('true', 'false') else repr(v)}\n" for name, v in values.items())
    facts = load_cloud(mode_names()[mode])
    if facts.modes[mode].kubernetes:
        chance = random.Random(mode)
        drawn = filter(accepted, documents(facts, facts.modes[mode], chance))
        for number in range(3):
            text += next(drawn).removeprefix("version = 1\n").replace("environments.prod", f"environments.d{number}")
    return text


@pytest.mark.parametrize("mode", sorted(GUIDE))
def test_an_environment_has_the_same_files_alone_and_with_others(mode: str) -> None:
    together = plan(read_spec(spec_of(mode)))
    files = repository_files(together)  # of a plan with errors, too: its environments overlap
    for one in together.environments:
        root = f"environments/{one.name}/"
        alone = repository_files(replace(together, environments=(one,)))
        assert f"{root}main.tf" in files
        assert {path: file for path, file in files.items() if path.startswith(root)} == {
            path: file for path, file in alone.items() if path.startswith(root)
        }


@pytest.mark.parametrize("mode", sorted(GUIDE))
def test_all_values_of_templates_can_be_compared(mode: str) -> None:
    together = plan(read_spec(spec_of(mode)))
    for one in together.environments:
        context = environment_context(together, one, environment_facts(one))
        for part, values in context.items():
            for name in values:
                assert ObservedContext(context).ids_of(((part, name),)) is not None, f"{part}.{name}"


class Counted:
    """A template of one value, and how often it was rendered."""

    def __init__(self) -> None:
        self.rendered = 0

    def render(self, _: str, parts: Parts) -> GeneratedFile:
        self.rendered += 1
        return GeneratedFile(text=repr(parts["environment"].look_up("value", "missing")))


def texts(values: list[Mapping[str, Any]]) -> tuple[list[str], int]:
    template = Counted()
    known = KnownFiles(template.render)
    found = [known.file("a.tf.j2", ObservedContext({"environment": each})).text for each in values]
    return found, template.rendered


def test_values_that_no_template_reads_make_no_difference() -> None:
    assert texts([{"value": 1, "name": "a"}, {"value": 1, "name": "b"}]) == (["1", "1"], 1)


def test_values_that_are_only_equal_are_told_apart() -> None:
    values = [1, True, 1.0, "1", [1], (1,), None, {"a": 1, "b": 1}, {"b": 1, "a": 1}]

    found, rendered = texts([*({"value": value} for value in values), {}])

    assert found == [*map(repr, values), "'missing'"]
    assert rendered == len(values) + 1


def test_what_cannot_be_compared_is_rendered_each_time() -> None:
    value = GeneratedFile(text="")

    assert texts([{"value": value}, {"value": value}])[1] == 2


def test_a_choice_between_values_counts_both() -> None:
    def render_choice(_: str, parts: Parts) -> GeneratedFile:
        part = parts["environment"]
        return GeneratedFile(text=str(part.look_up("a" if part.look_up("chooses_a", None) else "b", None)))

    known = KnownFiles(render_choice)
    contexts = [{"chooses_a": c, "a": a, "b": b} for c in (True, False) for a in (1, 2) for b in (3, 4)] * 2

    found = [known.file("a.tf.j2", ObservedContext({"environment": each})).text for each in contexts]

    assert found == [str(each["a"] if each["chooses_a"] else each["b"]) for each in contexts]
