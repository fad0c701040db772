"""Everything up to the button of a release: the script, the workflow, the image, the formula and the forms hold."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.architecture.building import Built, built
from tests.git import commit, git
from tests.ipam.server import dump
from tests.json_schemas import violations
from tests.terraform.root import require
from tests.terraform.schema import schema_files, schema_folder

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / ".ci/release"
WORKFLOW = REPOSITORY / ".github/workflows/release.yml"
OPENTOFU = REPOSITORY / ".github/workflows/opentofu.yml"
FULL = REPOSITORY / ".github/workflows/full.yml"
CHANGELOG = "# Change log\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is ready to be released."""
    (tmp_path / "escscaffold").mkdir()
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "escscaffold/__init__.py").write_text('"""It."""\n\n__version__ = "0.1.0.dev0"\n')
    (tmp_path / "pyproject.toml").write_text('Repository = "https://github.com/acme/escscaffold"\n')
    git(tmp_path, "init", "--quiet", "-b", "main")
    commit(tmp_path, "Begin")
    return tmp_path


def prepared(folder: Path, version: str = "0.1.0", *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, SCRIPT, "prepare", version, "--folder", folder, "--day", "2026-12-01", *more]
    who = {f"GIT_{role}_{what}": "t@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | who)


def test_a_release_is_dated_versioned_and_tagged(checkout: Path) -> None:
    done = prepared(checkout)

    assert done.returncode == 0, done.stderr
    assert "git push --follow-tags" in done.stdout
    assert "## [Unreleased]\n\n## [0.1.0] - 2026-12-01\n\n### Added" in (checkout / "CHANGELOG.md").read_text()
    assert '__version__ = "0.1.0"' in (checkout / "escscaffold/__init__.py").read_text()
    assert git(checkout, "status", "--porcelain") == ""
    told = git(checkout, "tag", "--list", "v0.1.0", "--format=%(contents)%(objecttype)")
    assert "### Added\n\n- A thing.\n" in told
    assert "tag" in told.splitlines()[-1]


def test_a_dry_run_writes_nothing(checkout: Path) -> None:
    assert prepared(checkout, "0.1.0", "--dry-run").returncode == 0
    assert (checkout / "CHANGELOG.md").read_text() == CHANGELOG
    assert git(checkout, "tag") == ""


@pytest.mark.parametrize(
    ("file", "text", "version", "told"),
    [
        ("CHANGELOG.md", "# Change log\n\n## [Unreleased]\n", "0.1.0", "CHANGELOG.md says nothing of 0.1.0"),
        ("CHANGELOG.md", "# Change log\n", "0.1.0", "no section `## [Unreleased]`"),
        ("pyproject.toml", 'Repository = "https://github.com/OWNER/escscaffold"\n', "0.1.0", "replace OWNER"),
        ("notes.txt", "", "one", "'one' is no version"),
    ],
)
def test_what_is_not_ready_is_told_and_left_alone(
    file: str, text: str, version: str, told: str, checkout: Path
) -> None:
    (checkout / file).write_text(text)
    commit(checkout, "Change")

    done = prepared(checkout, version)

    assert done.returncode == 1
    assert told in done.stderr
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "tag") == ""


def test_uncommitted_changes_are_not_released(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text(CHANGELOG + "- Another.\n")

    assert "uncommitted changes" in prepared(checkout).stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", ".github/workflows/release.yml"),
        ("custom.github-workflows-require-timeout", ".github/workflows/release.yml"),
        ("vendor.github-workflows", ".github/workflows/opentofu.yml"),
        ("custom.github-workflows-require-timeout", ".github/workflows/opentofu.yml"),
        ("vendor.github-workflows", ".github/workflows/full.yml"),
        ("custom.github-workflows-require-timeout", ".github/workflows/full.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        *[("vendor.github-issue-forms", f".github/ISSUE_TEMPLATE/{name}.yml") for name in ("bug", "fact", "feature")],
    ],
)
def test_the_schemas_of_github_hold(schema: str, file: str) -> None:
    assert violations("--builtin-schema", schema, REPOSITORY / file) == ""


def test_the_workflow_gives_each_job_its_rights_alone() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))

    assert workflow["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert rights["pypi"] == {"id-token": "write"}
    assert rights["github"] == {"contents": "write"}
    assert workflow["jobs"]["pypi"]["environment"] == "pypi"
    used = [step["uses"] for job in workflow["jobs"].values() for step in job.get("steps", []) if "uses" in step]
    assert [use for use in used if not re.search(r"@[0-9a-f]{40}$", use)] == []
    assert "secrets." not in WORKFLOW.read_text("utf-8")


@pytest.mark.parametrize(
    ("program", "file"),
    [("actionlint", WORKFLOW), ("actionlint", OPENTOFU), ("actionlint", FULL), ("hadolint", REPOSITORY / "Dockerfile")],
)
def test_linters_find_nothing(program: str, file: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on the PATH")
    done = subprocess.run([program, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_nothing_is_released_that_was_not_tested_in_full() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))

    assert workflow["jobs"]["tests"]["uses"] == "./.github/workflows/full.yml"
    assert workflow["jobs"]["build"]["needs"] == "tests"
    assert "run: .ci/full\n" in FULL.read_text("utf-8")
    assert "--full" in (REPOSITORY / ".ci/full").read_text("utf-8")


def test_a_full_run_has_each_promised_version_of_python() -> None:
    promised = set(re.findall(r"Python :: (3\.\d+)", (REPOSITORY / "pyproject.toml").read_text("utf-8")))
    steps = yaml.safe_load(FULL.read_text("utf-8"))["jobs"]["test"]["steps"]
    (given,) = [step["with"]["python-version"].split() for step in steps if "setup-python" in step.get("uses", "")]

    assert set(given) == promised
    # The last one is the default, and .ci/run needs it.
    assert given[-1] == min(promised, key=lambda version: int(version.partition(".")[2]))


def test_a_checkout_alone_has_what_the_tests_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner has the checkout, and no folder beside it."""
    for name in ("ESCSCAFFOLD_PROVIDER_SCHEMAS", "ESCSCAFFOLD_NETBOX_DUMP"):
        monkeypatch.delenv(name, raising=False)
    listed = git(REPOSITORY, "ls-files", "tests").split("\n") if (REPOSITORY / ".git").exists() else []
    for file in (*schema_files(schema_folder()), dump()):
        assert file.is_file()
        assert not listed or file.relative_to(REPOSITORY).as_posix() in listed


def test_the_image_runs_as_nobody_in_particular() -> None:
    """Where a daemon of Docker runs, the image is built and tried."""
    lines = (REPOSITORY / "Dockerfile").read_text("utf-8").splitlines()
    user = [line.split()[1] for line in lines if line.startswith("USER ")][-1]
    assert int(user) > 0
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip("no daemon of Docker: the image was not built")
    subprocess.run(["docker", "build", "--quiet", "--tag", "escscaffold:test", REPOSITORY], check=True, timeout=600)
    command = ["docker", "run", "--rm", "escscaffold:test", "plan", "--mode", "eks"]
    assert "The peering routes to" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_build_context_has_what_the_wheel_needs(tmp_path: Path) -> None:
    """The image builds from what .dockerignore leaves: the same must build here."""
    kept = [line[1:] for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for name in kept:
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)

    assert built(tmp_path, tmp_path / "dist").wheel.is_file()


def test_the_index_shows_links_that_work_there(release: Built) -> None:
    with tarfile.open(release.sdist) as archive:
        (member,) = [name for name in archive.getnames() if name.endswith("/PKG-INFO")]
        told = archive.extractfile(member)
        assert told is not None
        information = told.read().decode()

    repository = re.search(r"^Project-URL: Repository, (\S+)$", information, re.MULTILINE)
    assert repository is not None
    readme = information.partition("\n\n")[2]
    assert "![The networks of a GKE environment" in readme
    assert f"({repository[1]}/raw/HEAD/docs/images/gke-standard.svg)" in readme
    assert f"[Tutorial]({repository[1]}/blob/HEAD/docs/tutorial.md)" in readme
    assert re.findall(r"\]\((?!https?:)[^)]*\)", readme) == []


def test_the_formula_names_the_sdist(tmp_path: Path) -> None:
    sdist = tmp_path / "escscaffold-0.1.0.tar.gz"
    sdist.write_bytes(b"an sdist")
    command = [
        sys.executable,
        SCRIPT,
        "formula",
        "0.1.0",
        "--sdist",
        sdist,
        "--repository",
        "https://github.com/acme/x",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert text.startswith("class Escscaffold < Formula\n")
    assert f'sha256 "{hashlib.sha256(b"an sdist").hexdigest()}"' in text
    assert "escscaffold-0.1.0.tar.gz" in text
    assert "@" not in text.replace("python@3.13", "")
    if ruby := shutil.which("ruby"):
        (tmp_path / "escscaffold.rb").write_text(text)
        subprocess.run([ruby, "-c", tmp_path / "escscaffold.rb"], check=True)


def test_the_container_of_a_developer_installs_what_the_tests_need() -> None:
    require((REPOSITORY / ".devcontainer/devcontainer.json").is_file(), "no devcontainer")
    text = (REPOSITORY / ".devcontainer/devcontainer.json").read_text("utf-8")
    container = yaml.safe_load(text)
    assert "pip install --quiet -e '.[test]'" in container["postCreateCommand"]
