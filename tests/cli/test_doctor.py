"""`doctor`: what is here, told without a secret, in bounded time whatever stands on the PATH."""

import json
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest

import escscaffold
from tests.cli.conftest import said
from tests.conftest import Run

SECRET = "s3cr3t-that-nobody-may-see"
HELD = (
    *("ESC_TOKEN", "ESC_ORG_ID", "ESC_CLIENT_ID", "ESC_CLIENT_SECRET", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"),
    *("AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy"),
    *("all_proxy", "no_proxy", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "TF_REATTACH_PROVIDERS"),
)
Look = Any


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH besides the system's shell, with a terraform that is new enough."""
    for name in HELD:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "bin"
    program(folder, "terraform", "echo Terraform v1.11.4")
    program(folder, "git", "echo git version 2.39.5")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return folder


@pytest.fixture
def look(run: Run, bin_folder: Path) -> Look:
    """Run `doctor --json`; returns the facts by topic and name, and the exit code."""

    def facts(folder: Path) -> tuple[dict[tuple[str, str], dict[str, str]], int]:
        result = run("doctor", "--json", "-C", folder)
        assert SECRET not in result.output
        return {(f["topic"], f["name"]): f for f in json.loads(result.stdout)["facts"]}, result.exit_code

    return facts


def test_a_repository_and_what_it_needs_are_told(repository: Path, look: Look, run: Run) -> None:
    facts, code = look(repository)

    assert code == 0
    assert facts["versions", "escscaffold"]["says"].startswith(escscaffold.__version__)
    assert facts["programs", "terraform"]["says"].startswith("1.11.4")
    assert facts["programs", "tofu"]["state"] == "note"
    assert facts["repository", "escscaffold.toml"]["says"] == "environments: prod"
    assert facts["repository", "escscaffold.lock"]["state"] == "good"
    assert "not locked yet" in facts["repository", "provider aws"]["says"]
    assert run("doctor", "-C", repository).output.startswith("Versions:\n  ok      escscaffold: ")


def test_the_providers_that_terraform_has_locked_are_told(repository: Path, look: Look) -> None:
    (repository / "environments/prod/.terraform.lock.hcl").write_text(
        'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "6.1.0"\n  constraints = ">= 5.100.0"\n}\n'
    )

    assert "locked: 6.1.0" in look(repository)[0]["repository", "provider aws"]["says"]


def test_a_lock_of_terraforms_that_a_stranger_wrote_takes_no_time(repository: Path, look: Look) -> None:
    (repository / "environments/prod/.terraform.lock.hcl").write_text('provider "x" {\n' * 50_000)
    (repository / "environments/other").mkdir()
    (repository / "environments/other/.terraform.lock.hcl").symlink_to("/dev/null")
    started = time.process_time()

    assert "not locked yet" in look(repository)[0]["repository", "provider aws"]["says"]
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("echo Terraform v1.9.0", "good"),
        ("echo Terraform v1.8.5", "missing"),
        ("echo Terraform v2.0.0", "missing"),
        ("echo nothing", "missing"),
        ("exit 1", "missing"),
    ],
)
def test_a_terraform_that_cannot_read_what_is_written_is_missing(
    script: str, state: str, tmp_path: Path, bin_folder: Path, look: Look
) -> None:
    program(bin_folder, "terraform", script)

    facts, code = look(tmp_path)

    assert (facts["programs", "terraform"]["state"], code) == (state, int(state == "missing"))


def test_a_backend_can_want_a_newer_terraform(repository: Path, bin_folder: Path, look: Look) -> None:
    program(bin_folder, "terraform", "echo Terraform v1.9.8")
    assert look(repository)[1] == 0
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text() + '\n[backend]\ntype = "s3"\nbucket = "acme-state"\nregion = "eu-central-1"\n')

    facts, code = look(repository)

    assert code == 1
    assert "wanted: >= 1.10" in facts["programs", "terraform"]["says"]


def test_opentofu_will_do_as_well(tmp_path: Path, bin_folder: Path, look: Look) -> None:
    (bin_folder / "terraform").unlink()
    assert look(tmp_path)[1] == 1
    program(bin_folder, "tofu", "echo OpenTofu v1.10.2")

    facts, code = look(tmp_path)

    assert code == 0
    assert facts["programs", "tofu"]["state"] == "good"


@pytest.mark.parametrize(
    "script",
    ["sleep 600", "trap '' TERM INT\nwhile :; do sleep 1; done", "while :; do echo y; done", "sleep 600 & sleep 600"],
)
def test_a_program_that_does_not_end_is_not_waited_for(
    script: str, tmp_path: Path, bin_folder: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setattr("escscaffold.repository.doctor.SECONDS", 1)
    program(bin_folder, "terraform", script)
    started = time.monotonic()

    facts, code = look(tmp_path)

    assert time.monotonic() - started < 20
    assert code == 1
    assert "did not print its version" in facts["programs", "terraform"]["says"]


def test_a_program_that_is_no_program_is_told(tmp_path: Path, bin_folder: Path, look: Look) -> None:
    (bin_folder / "terraform").write_bytes(b"\x7fELF\x00")

    assert look(tmp_path)[1] == 1


def test_credentials_are_told_by_name_only(
    repository: Path, tmp_path: Path, look: Look, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, code = look(repository)
    assert code == 0
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in facts["credentials", "AWS"]["says"]
    assert "not set: ESC_ORG_ID" in facts["credentials", "Kurrent Cloud"]["says"]
    for name in ("ESC_TOKEN", "ESC_ORG_ID", "AWS_PROFILE", "TF_VAR_password", "ESCSCAFFOLD_SET"):
        monkeypatch.setenv(name, SECRET)

    facts, _ = look(repository)

    assert facts["credentials", "AWS"] == facts["credentials", "AWS"] | {"state": "good", "says": "set: AWS_PROFILE"}
    kurrent = facts["credentials", "Kurrent Cloud"]
    assert kurrent["says"].startswith("set: ESC_ORG_ID, ESC_TOKEN; ESC_TOKEN is deprecated")
    assert kurrent["says"].endswith("set ESC_CLIENT_ID and ESC_CLIENT_SECRET of a service account")
    assert kurrent["state"] == "note"
    assert facts["environment", "TF_VAR_password"]["says"] == "set"
    assert SECRET not in run("doctor", "-C", repository).output


def test_a_service_account_is_enough_and_wins_over_a_token(
    repository: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ESC_ORG_ID", "ESC_CLIENT_ID", "ESC_CLIENT_SECRET", "ESC_TOKEN"):
        monkeypatch.setenv(name, SECRET)

    kurrent = look(repository)[0]["credentials", "Kurrent Cloud"]

    assert (kurrent["state"], kurrent["says"]) == ("good", "set: ESC_ORG_ID, ESC_CLIENT_ID, ESC_CLIENT_SECRET")


def test_the_older_provider_has_no_other_login_than_a_token(
    repository: Path, look: Look, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    assert run("set", "-C", repository, "provider=eventstorecloud").exit_code == 0
    for name in ("ESC_ORG_ID", "ESC_TOKEN"):
        monkeypatch.setenv(name, SECRET)

    kurrent = look(repository)[0]["credentials", "Kurrent Cloud"]

    assert kurrent["state"] == "note"
    assert 'only provider = "kurrentcloud" supports ESC_CLIENT_ID and ESC_CLIENT_SECRET' in kurrent["says"]


def test_a_profile_in_the_home_folder_counts(
    repository: Path, tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home/.aws").mkdir(parents=True)
    (tmp_path / "home/.aws/credentials").write_text(SECRET)

    assert look(repository)[0]["credentials", "AWS"]["state"] == "good"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"http://me:{SECRET}@proxy.example:3128/x?{SECRET}", "proxy.example:3128"),
        (f"me:{SECRET}@proxy.example", "proxy.example"),
        (f"http://[{SECRET}", "set, but not an IPv4 address"),
        (f"http://proxy.example:{SECRET}", "set, but not an IPv4 address"),
        (f"http://{SECRET}/a@proxy.example:3128", "set, but not an IPv4 address"),
        (f"http://me:{SECRET}#1@proxy.example", "set, but not an IPv4 address"),
        ("http://1234?x@proxy.example", "set, but not an IPv4 address"),
    ],
)
def test_a_proxy_is_told_by_its_host(
    address: str, shown: str, tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)

    assert look(tmp_path)[0]["environment", "HTTPS_PROXY"]["says"] == shown


def test_what_leads_terraform_elsewhere_is_told(tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_REATTACH_PROVIDERS", "{}")
    monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", str(tmp_path / "nowhere"))

    facts, _ = look(tmp_path)

    assert (
        "set: Terraform uses running provider processes, not a registry"
        in facts["environment", "TF_REATTACH_PROVIDERS"]["says"]
    )
    assert "which does not exist" in facts["environment", "TF_PLUGIN_CACHE_DIR"]["says"]


def test_a_spec_or_a_lock_that_cannot_be_read_is_missing(repository: Path, look: Look) -> None:
    (repository / "escscaffold.lock").write_text("[")
    assert look(repository)[0]["repository", "escscaffold.lock"]["state"] == "missing"
    (repository / "escscaffold.toml").write_text("[")

    facts, code = look(repository)

    assert code == 1
    assert facts["repository", "escscaffold.toml"]["state"] == "missing"


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write anywhere")
def test_a_folder_that_cannot_be_written_to_is_missing(tmp_path: Path, look: Look) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)

    assert look(tmp_path)[1] == 1


def test_quiet_tells_what_is_missing(repository: Path, bin_folder: Path, run: Run) -> None:
    assert run("doctor", "-q", "-C", repository).output == ""
    (bin_folder / "terraform").unlink()

    assert "MISSING terraform" in said(run("doctor", "-q", "-C", repository))
