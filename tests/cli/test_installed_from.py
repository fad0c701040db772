"""A new repository's CI installs the escscaffold that wrote it, where pip has noted which that is (PEP 610)."""

import json
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
