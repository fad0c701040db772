"""What is generated is formatted, whatever a user typed: `check` runs `terraform fmt` on other files only."""

import random
import string
from pathlib import Path

import pytest

from escscaffold import plan, read_spec, render
from escscaffold.clouds.fact_files import cloud_names, load_cloud
from tests.conftest import Terraform

MODES = [
    (cloud, mode) for cloud in cloud_names() for mode, facts in load_cloud(cloud).modes.items() if facts.kubernetes
]
LETTERS = string.ascii_lowercase + string.digits + "-_"


def name(chance: random.Random, most: int) -> str:
    return chance.choice(string.ascii_lowercase) + "".join(chance.choices(LETTERS, k=chance.randint(0, most - 1)))


def environment(cloud: str, mode: str, number: int, chance: random.Random) -> str:
    facts = load_cloud(cloud)
    called = f"{chance.choice(string.ascii_lowercase)}{number}{'x' * chance.randint(0, 8)}"
    tags = "".join(f'{name(chance, 40)} = "{name(chance, 40)}"\n' for _ in range(chance.randint(0, 4)))
    return (
        f"[environments.{called}]\ncloud = '{cloud}'\nregion = '{facts.default_region}'\nmode = '{mode}'\n"
        f"[environments.{called}.tags]\n{tags}"
    )


@pytest.mark.parametrize(("cloud", "mode"), MODES, ids=[mode for _, mode in MODES])
def test_what_is_generated_is_formatted(cloud: str, mode: str, tmp_path: Path, terraform: Terraform) -> None:
    chance = random.Random(f"formatted {mode}")
    for number in range(4):
        document = f"version = 1\n{environment(cloud, mode, number, chance)}"
        for path, file in render(plan(read_spec(document))).items():
            if number and path.startswith("modules/"):  # the same in all
                continue
            to = tmp_path / str(number) / path
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(file.text, encoding="utf-8")

    terraform(tmp_path, "fmt", "-check", "-recursive", "-diff")
