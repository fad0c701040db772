"""What is released: a wheel and an sdist that are the same whoever builds them, and work on a clean machine."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import escscaffold
from escscaffold.clouds.fact_files import mode_names
from escscaffold.rules.catalogue import RULES
from tests.architecture.building import Built, built, run
from tests.properties import in_full

REPOSITORY = Path(__file__).parents[2]


@in_full
def test_another_folder_day_and_umask_make_the_same_bytes(release: Built, tmp_path: Path) -> None:
    elsewhere = tmp_path / "somewhere/else"
    elsewhere.mkdir(parents=True)
    for path in run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=REPOSITORY).split("\0"):
        if path and (REPOSITORY / path).is_file():
            (elsewhere / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / path, elsewhere / path)
            os.utime(elsewhere / path, (1, 1))
            (elsewhere / path).chmod((elsewhere / path).stat().st_mode & 0o700)

    before = os.umask(0o077)
    try:
        again = built(elsewhere, tmp_path / "dist")
    finally:
        os.umask(before)

    assert again.sums() == release.sums()


@in_full
def test_the_sdist_makes_the_same_wheel(release: Built, tmp_path: Path) -> None:
    with tarfile.open(release.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()

    again = built(source, tmp_path / "dist")

    assert again.wheel.read_bytes() == release.wheel.read_bytes()


def test_the_sdist_holds_what_a_packager_needs(release: Built) -> None:
    with tarfile.open(release.sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}

    wanted = {"LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "pyproject.toml"}
    assert wanted <= inside
    assert {"tests/conftest.py", "docs/README.md", ".ci/release-notes"} <= inside


def test_the_wheel_holds_every_template_once(release: Built) -> None:
    names = zipfile.ZipFile(release.wheel).namelist()

    inside = {name for name in names if name.startswith("escscaffold/templates/")}

    there = (file.relative_to(REPOSITORY) for file in (REPOSITORY / "templates").rglob("*") if file.is_file())
    assert inside == {f"escscaffold/{file.as_posix()}" for file in there}
    assert {"escscaffold/py.typed", "escscaffold/rules/examples.toml"} <= set(names)
    assert not [name for name in names if "__pycache__" in name]


def test_a_source_is_a_url_or_a_page_of_the_wheel(release: Built) -> None:
    pages = {name for name in zipfile.ZipFile(release.wheel).namelist() if name.startswith("escscaffold/docs/")}
    named = {rule.source.partition("#")[0] for rule in RULES.values()}
    # What a mode's replacements refer to.
    named |= {f"docs/modes/{mode}.md" for mode in mode_names()}

    assert {"docs/modes/eks.md", "docs/how-to/netbox.md"} <= named
    missing = {one for one in named if not one.startswith("https://") and f"escscaffold/{one}" not in pages}
    assert missing == set()
    assert {Path(name).suffix for name in pages} == {".md", ".json"}


def test_one_place_says_the_version(release: Built) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    version = escscaffold.__version__

    assert "version" in project["project"]["dynamic"]
    assert release.wheel.name == f"escscaffold-{version}-py3-none-any.whl"
    assert release.sdist.name == f"escscaffold-{version}.tar.gz"
    saying = [
        file.relative_to(REPOSITORY).as_posix()
        for file in (REPOSITORY / "escscaffold").rglob("*.py")
        if f'"{version}"' in file.read_text(encoding="utf-8")
    ]
    assert saying == ["escscaffold/__init__.py"]


CONSUMER = """\
from ipaddress import IPv4Network

import escscaffold

plan = escscaffold.plan(escscaffold.read_spec("version = 1"))
pods = plan.environment("prod").range("pods")
block: IPv4Network | None = pods.cidr if pods else None
texts: dict[str, str] = {path: file.text for path, file in escscaffold.render(plan).items()}
codes: list[str] = [finding.code for finding in escscaffold.check_plan(plan)]
reveal_type(plan)
try:
    escscaffold.read_spec(1)
except escscaffold.SpecError as error:
    print(error.problems[0].message)
"""


@pytest.fixture(scope="module")
def installed(release: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment of a clean machine that has it installed."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    # The pip that is here already installs into it as well as one of its own, which takes longer than all the rest.
    venv.create(folder, with_pip=False)
    run(sys.executable, "-m", "pip", "--python", folder / "bin/python", "install", "--quiet", release.wheel)
    return folder


def test_a_clean_machine_installs_it_and_writes_a_repository(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "bin/escscaffold", "--version").strip() == f"escscaffold {escscaffold.__version__}"
    assert (installed / "share/man/man1/escscaffold.1").is_file()
    run(installed / "bin/python", "-m", "escscaffold", "init", "net", "--mode", "gke-standard", "--yes", cwd=tmp_path)
    assert "No problems found." in run(installed / "bin/escscaffold", "check", "-C", "net", cwd=tmp_path)


@in_full
def test_who_uses_it_from_python_has_its_types(installed: Path, tmp_path: Path) -> None:
    """A right use passes, a wrong one is an error, nothing is Any."""
    python = installed / "bin/python"
    (tmp_path / "consumer.py").write_text(CONSUMER)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "--no-incremental", "consumer.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in checked.stdout.splitlines() if line.startswith("consumer.py")]
    assert told == [
        'consumer.py:10: note: Revealed type is "escscaffold.planning.address_plan.AddressPlan"',
        'consumer.py:12: error: Argument 1 to "read_spec" has incompatible type "int"; expected "str"  [arg-type]',
    ]
