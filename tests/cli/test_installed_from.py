"""A new repository's CI installs the escscaffold that wrote it, where pip has noted which that is (PEP 610)."""

import json
from importlib.metadata import distribution
from pathlib import Path

import pytest

from escscaffold.jobs import init as init_job
from tests.cli.conftest import EKS
from tests.conftest import Run

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = {"url": "https://git.example.org/a/escscaffold", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
WHEEL = {"url": "https://files.example.org/escscaffold-0.1.0-py3-none-any.whl"}


@pytest.mark.parametrize(
    ("noted", "package"),
    [
        (GIT, f"git+https://git.example.org/a/escscaffold@{COMMIT}"),
        (WHEEL | {"archive_info": {"hashes": {"sha256": "a" * 64}}}, f"{WHEEL['url']}#sha256={'a' * 64}"),
        (WHEEL | {"archive_info": {"hash": f"sha256={'b' * 64}"}}, f"{WHEEL['url']}#sha256={'b' * 64}"),
        (WHEEL | {"archive_info": {}}, ""),
        ({"url": "file:///home/me/escscaffold", "dir_info": {"editable": True}}, ""),
        (GIT | {"url": "ssh://git@git.example.org/a/escscaffold"}, ""),
        (GIT | {"url": "https://me:t0ken@git.example.org/a/escscaffold"}, ""),
        (None, ""),
    ],
)
def test_only_what_pins_its_content_is_a_package(noted: dict[str, object] | None, package: str) -> None:
    assert init_job.pinned_origin(json.dumps(noted) if noted else None) == package


def test_a_new_repository_names_it(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init_job, "_noted_by_pip", lambda: json.dumps(GIT))
    package = f'package = "git+https://git.example.org/a/escscaffold@{COMMIT}"'

    assert run("init", tmp_path / "net", *EKS, "--yes").exit_code == 0
    assert run("init", tmp_path / "none", *EKS, "--yes", "--ci", "none").exit_code == 0
    other = ("--set", "pipeline.package=ci/requirements.txt")
    assert run("init", tmp_path / "other", *EKS, "--yes", *other).exit_code == 0

    texts = {name: (tmp_path / name / "escscaffold.toml").read_text() for name in ("net", "none", "other")}
    assert package in texts["net"]
    assert "package" not in texts["none"]
    assert 'package = "ci/requirements.txt"' in texts["other"]
    assert (
        f"git+https://git.example.org/a/escscaffold@{COMMIT}"
        in (tmp_path / "net/.github/workflows/terraform.yml").read_text()
    )


def test_what_pip_has_noted_is_found_where_python_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, other, later = (tmp_path / name for name in ("site", "other", "later"))
    for folder, url in ((site, "https://first.example.org"), (later, "https://later.example.org")):
        info = folder / "escscaffold-0.1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.4\nName: escscaffold\nVersion: 0.1.0\n")
        (info / "direct_url.json").write_text(json.dumps({"url": url}))
    (other / "escscaffold_plugin-1.dist-info").mkdir(parents=True)
    monkeypatch.setattr("sys.path", [str(tmp_path / "missing"), str(other), str(site), str(later)])

    assert init_job._noted_by_pip() == distribution("escscaffold").read_text("direct_url.json")

    (site / "escscaffold-0.1.0.dist-info/direct_url.json").unlink()
    assert init_job._noted_by_pip() is None
