"""Integrations: their secrets are in no file, and each place that needs them says so."""

import json
import subprocess
from pathlib import Path

from tests.conftest import Run

SLACK = ["environments.prod.integrations.alerts.sink=slack", "environments.prod.integrations.alerts.channel=#db"]
GCS = ["--set", "pipeline.deploy=true", "--set", "backend.type=gcs", "--set", "backend.bucket=esc-state"]
VARIABLE = "TF_VAR_integration_secrets"


def written(run: Run, folder: Path, *flags: str) -> Path:
    done = run("init", folder, "--mode", "gke-standard", "--yes", *flags)
    assert done.exit_code == 0, done.output
    return folder


def test_doctor_names_the_secrets_that_are_missing(tmp_path: Path, run: Run) -> None:
    repository = written(run, tmp_path / "net")
    assert "integrations" not in run("doctor", "-C", repository).output
    done = run("set", "-C", repository, *SLACK, "environments.prod.integrations.on-call.sink=opsgenie")
    assert done.exit_code == 0, done.output

    given = {"alerts": {"token": "xoxb-hidden"}, "on-call": {}}
    without = " ".join(run("doctor", "-C", repository).output.split())
    some = run("doctor", "-C", repository, env={VARIABLE: json.dumps(given)}).output
    every = run("doctor", "-C", repository, env={VARIABLE: json.dumps(given | {"on-call": {"api_key": "k"}})}).output

    assert f"integrations: not set in {VARIABLE}: alerts (token); on-call (api_key)" in without
    assert f"not set in {VARIABLE}: on-call (api_key)" in " ".join(some.split())
    assert f"integrations: set: {VARIABLE}" in every
    assert "xoxb" not in some + every
    # Terraform takes HCL, too, in which nothing was looked for.
    in_hcl = " ".join(run("doctor", "-C", repository, env={VARIABLE: '{ alerts = { token = "t" } }'}).output.split())
    assert f"integrations: not checked: {VARIABLE} is set, but not as JSON" in in_hcl


def test_what_deploys_reads_them_where_an_environment_has_integrations(tmp_path: Path, run: Run) -> None:
    repository = written(run, tmp_path / "net", *GCS)
    workflow = repository / ".github/workflows/deploy.yml"
    before = workflow.read_text()
    assert run("set", "-C", repository, *SLACK).exit_code == 0

    assert VARIABLE not in before
    assert f"          {VARIABLE}: ${{{{ secrets.{VARIABLE} }}}}" in workflow.read_text().splitlines()
    assert f"| both, as a secret | `{VARIABLE}` |" in (repository / "README.md").read_text()


def test_a_review_sees_no_secret_in_what_is_written_and_a_change_in_place(tmp_path: Path, run: Run) -> None:
    repository = written(run, tmp_path / "net")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", repository]
    assert run("set", "-C", repository, *SLACK).exit_code == 0
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)
    assert run("set", "-C", repository, "environments.prod.integrations.alerts.channel=#other").exit_code == 0
    assert run("set", "-C", repository, "environments.prod.integrations.on-call.sink=opsgenie").exit_code == 0

    done = run("review", "HEAD", "-C", repository)

    assert "ossible secret" not in done.output
    assert 'data.channel_id "#db" -> "#other"' in done.output
    assert "no resource is replaced" in done.output


def test_the_last_integration_takes_its_table_along(tmp_path: Path, run: Run) -> None:
    repository = written(run, tmp_path / "net")
    before = (repository / "escscaffold.toml").read_text()
    assert run("set", "-C", repository, *SLACK).exit_code == 0
    assert "[environments.prod.integrations.alerts]" in (repository / "escscaffold.toml").read_text()

    done = run("set", "-C", repository, "environments.prod.integrations.alerts=")

    assert done.exit_code == 0, done.output
    assert (repository / "escscaffold.toml").read_text().rstrip() == before.rstrip()
    assert not (repository / "modules/kurrent-integrations").exists()
