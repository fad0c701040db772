"""checkov has nothing to say of what is written; in a full run: in every mode and with every value of every option.

What it would say is mended, or skipped where it stands, with the reason. It is no dependency of the tests, because the
HCL parser that it brings has the name of ours: it lives in an environment of its own.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from escscaffold import plan, read_spec, render
from escscaffold.clouds.choices import Option, option_word
from escscaffold.clouds.fact_files import load_cloud, mode_names
from tests.properties import tries_more
from tests.terraform.root import require
from tests.terraform.schema import REPOSITORY

VARIABLE = "ESCSCAFFOLD_CHECKOV"
FRAMEWORKS = ["terraform", "github_actions", "secrets"]


def checkov() -> str | None:
    """Return the program: the one that the environment names, the one beside the tests, or the one on the PATH."""
    beside = REPOSITORY / ".venv/checkov/bin/checkov"
    return os.environ.get(VARIABLE) or (str(beside) if beside.is_file() else shutil.which("checkov"))


ON_THE_DATABASE = """
[environments.{name}.acl]
office = "203.0.113.0/24"

[environments.{name}.backup]

[environments.{name}.database]
read_only_replicas = 1
"""
NO_DATABASE = """
[environments.{name}.parts]
database = "absent"
"""


# With a database and what hangs on it in each cloud, and a cluster; the others are looked at in a full run.
BY_DEFAULT = ("aws-existing-0", "eks-custom-both", "gcp-existing-0", "gke-standard-0", "aks-cni-0")


def specs() -> Iterator[str]:
    """Yield what checkov is to look at."""
    named = dict(named_specs())
    yield from named.values() if tries_more() else (named[name] for name in BY_DEFAULT)


def named_specs() -> Iterator[tuple[str, str]]:
    """Yield an environment for each mode, and more until each value of each option was in each mode that has it.

    What hangs on the database is the same in all of a cloud, and the database in all of a mode: there it is once.
    """
    seen: set[str] = set()
    for mode, cloud in mode_names().items():
        others = {name: other_values(option) for name, option in load_cloud(cloud).modes[mode].options.items()}
        name = f"{mode[:18]}-0"
        yield name, spec(name, cloud, mode, {}, "" if cloud in seen else ON_THE_DATABASE)
        seen.add(cloud)
        for number in range(max(map(len, others.values()), default=0)):
            chosen = {name: values[number] for name, values in others.items() if number < len(values)}
            name = f"{mode[:18]}-{number + 1}"
            yield name, spec(name, cloud, mode, chosen, NO_DATABASE)
    # The two together have a module that neither has.
    both = spec("eks-custom-both", "aws", "eks-custom", {"nat": "single", "snat": False}, NO_DATABASE)
    yield "eks-custom-both", both


def other_values(option: Option) -> list[str | bool]:
    """Return the values of an option that are not its default."""
    return [one for one in option.choices or (True, False) if option_word(one) != option_word(option.default)]


def spec(name: str, cloud: str, mode: str, options: Mapping[str, str | bool], more: str) -> str:
    facts = load_cloud(cloud).modes[mode]
    ranges = 'nodes = "10.96.0.0/16"' if facts.others else ""
    existing = "\n".join(f'{key} = "{one.example}"' for key, one in facts.existing.items()) if facts.others else ""
    wanted = sorted({facts.options[key].goes_with_account for key in options} - {""})
    account = "\n".join(f'{key} = "{load_cloud(cloud).account[key].example}"' for key in wanted)
    return f"""
version = 1

[environments.{name}]
cloud = "{cloud}"
region = "{load_cloud(cloud).default_region}"
mode = "{mode}"
routes = "exact"
options = {{ {", ".join(f"{key} = {json.dumps(value)}" for key, value in options.items())} }}

[environments.{name}.ranges]
{ranges}

[environments.{name}.account]
{account}

[environments.{name}.existing]
{existing}
{more.format(name=name)}"""


def test_checkov_has_nothing_to_say(tmp_path: Path) -> None:
    program = checkov()
    require(program is not None, f"no checkov in .venv/checkov, on the PATH or where {VARIABLE} names it")
    assert program is not None
    for text in specs():
        for path, file in render(plan(read_spec(text))).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(file.text, encoding="utf-8")

    reports = run(program, tmp_path)

    assert {report["check_type"] for report in reports} == {"terraform", "github_actions"}
    assert [path for report in reports for path in report["results"]["parsing_errors"]] == []
    assert sorted({told(one) for report in reports for one in report["results"]["failed_checks"]}) == []


def run(program: str, folder: Path) -> list[dict[str, Any]]:
    """Return checkov's reports on a folder; those without a single check are left out."""
    frameworks = [word for name in FRAMEWORKS for word in ("--framework", name)]
    arguments = ["--directory", str(folder), *frameworks, "--skip-download", "--output", "json", "--compact"]
    # Each instance of a resource with `for_each` has the arguments that are looked at once.
    environment = os.environ | {"CHECKOV_ENABLE_FOREACH_HANDLING": "false"}
    done = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.stdout, done.stderr
    document = json.loads(done.stdout)
    reports = document if isinstance(document, list) else [document]
    return [report for report in reports if "check_type" in report]


def told(check: dict[str, Any]) -> str:
    return (
        f"{check['check_id']} {check['file_path']} {check['resource'].rpartition('module.')[2]}: {check['check_name']}"
    )
