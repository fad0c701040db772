"""The emitted CI that applies: its form, and its scripts run for real before stand-ins for terraform and gh."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.conftest import path_with, program
from tests.ci.jobs import Done, Runner, clean_environment, scripts_of
from tests.ci.test_github import comments
from tests.ci.test_gitlab import _Loader
from tests.cli.conftest import said
from tests.conftest import Run, Terraform
from tests.fuzzing import sinks
from tests.git import commit, git
from tests.json_schemas import violations

WORKFLOW = ".github/workflows/deploy.yml"
GITLAB = ".gitlab/deploy.yml"
STATE = ("--set", "backend.type=gcs", "--set", "backend.bucket=acme-terraform-state")
VARIABLES = {
    "GOOGLE_PROJECT": "acme",
    "GOOGLE_SERVICE_ACCOUNT": "ci@acme.iam.gserviceaccount.com",
    "GOOGLE_WORKLOAD_IDENTITY_PROVIDER": "projects/1/locations/global/workloadIdentityPools/ci/providers/github",
    "ESC_ORG_ID": "org",
    "ESC_CLIENT_ID": "client",
}
CHANGES = """Terraform will perform the following actions:

  + name = "~~~~~~~~~~"

Plan: 1 to add, 0 to change, 0 to destroy."""
NOTHING = "No changes. Your infrastructure matches the configuration."


@pytest.fixture
def deploying(tmp_path: Path, run: Run) -> Path:
    """A repository in git whose CI applies."""
    folder = tmp_path / "network"
    given = ("--mode", "gcp-existing", "--set", "existing.network=vpc-shared", "--range", "nodes=10.20.0.0/16")
    given = (*given, "--ci", "github,gitlab", *STATE, "--set", "pipeline.deploy=true")
    made = run("init", folder, *given, "--yes", "--quiet")
    assert made.exit_code == 0, made.output
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Begin")
    return folder


@pytest.fixture
def programs(tmp_path: Path, stand_ins: Path) -> Path:
    """The stand-ins, with a terraform among them."""
    script = Path(__file__).with_name("stand_in_terraform.py")
    program(stand_ins / "terraform", f'exec {sys.executable} {script} {tmp_path} "$@"')
    program(stand_ins / "apk", "true")
    planned(tmp_path / "network", CHANGES)
    return stand_ins


def planned(repository: Path, text: str | None) -> None:
    """Say what terraform plans; None for an error."""
    (repository.parent / "plans.json").write_text(json.dumps({"prod": text}))


def asked_of_terraform(repository: Path) -> list[str]:
    log = repository.parent / "terraform.log"
    return log.read_text().splitlines() if log.exists() else []


def runner_for(repository: Path, programs: Path, event: str = "pull_request", **variables: str) -> Runner:
    """Return a runner for this event on `main`, with these variables."""
    pull_request = {"number": 7, "head": {"repo": {"full_name": "us/network"}}}
    github = {"event_name": event, "repository": "us/network", "token": "t0ken", "ref": "refs/heads/main"}
    github["event"] = {"pull_request": pull_request} if event == "pull_request" else {}
    secrets = {"ESC_CLIENT_SECRET": "s3cret"} if variables else {}
    matrix = yaml.safe_load((repository / WORKFLOW).read_text())["jobs"]["plan"]["strategy"]["matrix"]["include"][0]
    context = {"github": github, "vars": variables, "secrets": secrets, "matrix": matrix}
    temporary = repository.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    environment = clean_environment(
        path_with(programs), GITHUB_REPOSITORY="us/network", GITHUB_ACTIONS="true", HOME=str(repository.parent)
    )
    environment |= {"GITHUB_ENV": str(temporary / "env")}
    return Runner(repository, temporary, context, environment)


def plan(runner: Runner) -> Done:
    """Run the job that plans, and hand its artifact to those that come after it."""
    shutil.rmtree(runner.temporary / "plans", ignore_errors=True)
    done = runner.job(runner.workspace / WORKFLOW, "plan")
    assert done is not None
    if (runner.temporary / "plan").exists():
        shutil.copytree(runner.temporary / "plan", runner.temporary / "plans/plan-prod")
    return done


def then(runner: Runner, name: str, **outputs: str) -> Done | None:
    needs = {"plan": {"result": "success"}, "changes": {"result": "success", "outputs": outputs}}
    return runner.job(runner.workspace / WORKFLOW, name, needs=needs)


def test_the_schemas_hold_and_actionlint_has_nothing_to_say(deploying: Path) -> None:
    for schema, file, *more in (
        ("vendor.github-workflows", WORKFLOW),
        ("custom.github-workflows-require-timeout", WORKFLOW),
        ("vendor.gitlab-ci", GITLAB, "--data-transform", "gitlab-ci"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml", "--data-transform", "gitlab-ci"),
    ):
        assert violations("--builtin-schema", schema, *more, deploying / file) == ""
    if actionlint := shutil.which("actionlint", path=path_with()):
        done = subprocess.run(
            [actionlint, "-no-color", deploying / WORKFLOW],
            env=os.environ | {"PATH": path_with()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_shellcheck_has_nothing_to_say(deploying: Path) -> None:
    shellcheck = shutil.which("shellcheck", path=path_with())
    assert shellcheck
    scripts = scripts_of(yaml.safe_load((deploying / WORKFLOW).read_text()))
    assert [script for script in scripts if "${{" in script] == []
    gitlab = yaml.load((deploying / GITLAB).read_text(), _Loader)
    before = gitlab[".signed-in"]["before_script"]
    scripts += ["\n".join(["set -eo pipefail", *before, *gitlab[job]["script"]]) for job in ("plan", "apply")]
    for script in scripts:
        done = subprocess.run(
            [shellcheck, "--shell", "bash", "-"], input=script, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    done = subprocess.run([shellcheck, deploying / "scripts/deploy.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_each_job_has_the_rights_that_it_needs_and_no_other(deploying: Path) -> None:
    text = (deploying / WORKFLOW).read_text()
    workflow = yaml.safe_load(text)
    jobs = workflow["jobs"]

    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "plan": {"contents": "read", "id-token": "write"},
        "comment": {"pull-requests": "write"},
        "changes": {},
        "apply": {"actions": "read", "contents": "read", "id-token": "write"},
    }
    assert {name: job["environment"] for name, job in jobs.items() if "environment" in job} == {
        "plan": "${{ matrix.environment }}_plan",
        "apply": "${{ matrix.environment }}",
    }
    for used in re.findall(r"uses: (.+)", text):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used)
    assert "pull_request_target" not in text
    assert set(re.findall(r"secrets\.(\w+)", text)) == {"ESC_CLIENT_SECRET"}
    assert [step for step in jobs["comment"]["steps"] if "checkout" in step.get("uses", "")] == []
    triggers = workflow[True]  # YAML 1.1 takes `on` for a switch
    assert set(triggers) == {"pull_request", "merge_group", "push", "schedule", "workflow_dispatch"}


def test_opentofu_runs_in_place_of_terraform(deploying: Path, programs: Path, run: Run) -> None:
    assert run("set", "-C", deploying, "pipeline.program=tofu").exit_code == 0
    (programs / "terraform").rename(programs / "tofu")

    done = plan(runner_for(deploying, programs, **VARIABLES))

    assert done.code == 0, done.said
    assert "-lock=false" in asked_of_terraform(deploying)[-2]
    workflow, gitlab = deploying / ".github/workflows/terraform.yml", deploying / ".gitlab-ci.yml"
    commands = [line for line in scripts_of(yaml.safe_load(workflow.read_text())) if re.match("terraform|tofu", line)]
    assert {line.split()[0] for line in commands} == {"tofu"}
    document = yaml.load(gitlab.read_text(), _Loader)
    assert [line.split()[0] for line in document["terraform"]["script"][1:]] == ["tofu"] * 3
    assert document[".terraform"]["image"]["name"].startswith("ghcr.io/opentofu/opentofu:")
    assert yaml.load((deploying / GITLAB).read_text(), _Loader)[".signed-in"]["variables"]["TERRAFORM"] == "tofu"
    readme = (deploying / "README.md").read_text()
    assert "tofu -chdir=environments/prod init" in readme
    assert "terraform -chdir" not in readme
    assert "\nTERRAFORM=tofu scripts/check-connectivity.sh prod\n" in readme


def test_what_opentofu_cannot_mock_is_skipped_and_said(deploying: Path, programs: Path, run: Run) -> None:
    vpc = ("--set", "parts.network=existing", "--set", "existing.network=vpc-0a1b2c3d4e5f60718")
    flags = ("--mode", "eks", "--range", "nodes-1=10.40.0.0/20", "--range", "nodes-2=10.40.16.0/20", "--range")
    added = run("add", "shop", "-C", deploying, *flags, "network=10.40.0.0/16", *vpc, "--yes")
    assert added.exit_code == 0, added.output
    assert run("set", "-C", deploying, "pipeline.program=tofu").exit_code == 0
    gitlab = yaml.load((deploying / ".gitlab-ci.yml").read_text(), _Loader)
    program(programs / "tofu", "true")

    for name, runs in (("prod", True), ("shop", False)):
        runner = runner_for(deploying, programs)
        runner.context["matrix"] = {"environment": name}
        done = runner.job(deploying / ".github/workflows/terraform.yml", "terraform")
        assert done is not None
        assert done.code == 0, done.said
        assert ("::notice::Skipped tofu test" in done.said) != runs
        script = gitlab["terraform"]["script"][-1]
        environment = {"PATH": path_with(programs), "ENVIRONMENT": name}
        said = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=True).stdout
        assert ("Skipped tofu test" in said) != runs


# npm's semver takes no commas, and reads "~> 1.9" as 1.9 alone: https://www.npmjs.com/package/semver#ranges
# A state in S3 needs 1.10, so that such a job fails in `init`.
@pytest.mark.parametrize("program", ["terraform", "tofu"])
def test_jobs_have_a_version_that_the_files_take(program: str, tmp_path: Path, run: Run) -> None:
    state = ("backend.type=s3", "backend.bucket=acme-terraform-state", "backend.region=eu-central-1")
    keys = (*state, "pipeline.deploy=true", f"pipeline.program={program}")
    flags = [word for key in keys for word in ("--set", key)]
    assert run("init", tmp_path / "network", "--mode", "eks", "--yes", *flags).exit_code == 0

    texts = [(tmp_path / "network/.github/workflows" / name).read_text() for name in ("terraform.yml", "deploy.yml")]

    versions = [found for text in texts for found in re.findall(rf'{program}_version: "(.*)"', text)]
    assert versions == [">= 1.10 < 2.0"] * 4
    required = (tmp_path / "network/environments/prod/versions.tf").read_text()
    assert 'required_version = ">= 1.10, < 2.0"' in required


def test_the_first_day_passes_and_says_what_is_missing(deploying: Path, programs: Path) -> None:
    runner = runner_for(deploying, programs)

    done = plan(runner)

    assert done.code == 0, done.said
    assert "::warning::Skipped prod: CI has no GOOGLE_PROJECT GOOGLE_SERVICE_ACCOUNT" in done.said
    assert asked_of_terraform(deploying) == []
    comment = then(runner, "comment")
    assert comment is not None
    assert "No environment has a plan." in comment.said
    changes = then(runner_for(deploying, programs, "push"), "changes")
    assert changes is not None
    assert changes.outputs == {"environments": "[]"}
    assert then(runner_for(deploying, programs, "push"), "apply", environments="[]") is None


def test_a_pull_request_has_one_comment_with_the_plan(deploying: Path, programs: Path) -> None:
    runner = runner_for(deploying, programs, **VARIABLES)

    done = plan(runner)
    comment = then(runner, "comment")

    assert done.code == 0, done.said
    assert comment is not None
    assert comment.code == 0, comment.said
    (written,) = comments(deploying)
    assert written["body"].startswith("## Terraform plan\n\n### prod: 1 to add, 0 to change, 0 to destroy.")
    # What is planned cannot end the block that it stands in.
    assert written["body"].count("~~~~~~~~") == 2
    assert "s3cret" not in written["body"] + done.said
    assert "-lock=false" in asked_of_terraform(deploying)[-2]

    planned(deploying, NOTHING)
    plan(runner)
    then(runner, "comment")

    (updated,) = comments(deploying)
    assert updated["body"] == "## Terraform plan\n\n### prod: no changes\n\n\n<!-- escscaffold:plan -->\n"


def test_a_plan_that_fails_is_in_the_comment_and_never_applied(deploying: Path, programs: Path) -> None:
    planned(deploying, None)
    runner = runner_for(deploying, programs, **VARIABLES)

    done = plan(runner)
    then(runner, "comment")

    assert done.code == 1
    assert "::error::terraform plan failed in environments/prod" in done.said
    assert "### prod: no plan" in comments(deploying)[0]["body"]
    changes = then(runner_for(deploying, programs, "push", **VARIABLES), "changes")
    assert changes is not None
    assert changes.outputs == {"environments": "[]"}


def test_a_fork_gets_no_credentials(deploying: Path, programs: Path) -> None:
    runner = runner_for(deploying, programs, **VARIABLES)
    runner.context["github"]["event"]["pull_request"]["head"]["repo"]["full_name"] = "them/network"

    assert runner.job(deploying / WORKFLOW, "plan") is None


def reviewers(repository: Path, *kinds: str) -> None:
    (repository.parent / "environment-prod.json").write_text(
        json.dumps({"protection_rules": [{"type": kind} for kind in kinds]})
    )


def merged(repository: Path, programs: Path, **variables: str) -> tuple[Runner, Done]:
    """Plan what was merged, and return what `changes` says."""
    runner = runner_for(repository, programs, "push", **VARIABLES, **variables)
    assert plan(runner).code == 0
    changes = then(runner, "changes")
    assert changes is not None
    return runner, changes


def test_what_is_merged_is_applied_if_it_is_what_was_approved(deploying: Path, programs: Path) -> None:
    reviewers(deploying, "wait_timer", "required_reviewers")
    runner, changes = merged(deploying, programs)
    assert [one["environment"] for one in json.loads(changes.outputs["environments"])] == ["prod"]
    assert json.loads(changes.outputs["environments"]) == [runner.context["matrix"]]

    applied = then(runner, "apply", **changes.outputs)

    assert applied is not None
    assert applied.code == 0, applied.said
    assert asked_of_terraform(deploying)[-1].startswith("apply -input=false -lock-timeout=10m /")
    assert comments(deploying) == []


def test_another_plan_than_the_approved_one_is_not_applied(deploying: Path, programs: Path) -> None:
    reviewers(deploying, "required_reviewers")
    runner, changes = merged(deploying, programs)
    planned(deploying, CHANGES.replace("1 to add, 0 to change, 0 to destroy", "1 to add, 0 to change, 9 to destroy"))

    applied = then(runner, "apply", **changes.outputs)

    assert applied is not None
    assert applied.code == 1
    assert "+Plan: 1 to add, 0 to change, 9 to destroy." in applied.said
    assert "The plan of prod is not the approved one any more: nothing was applied." in applied.said
    assert [asked for asked in asked_of_terraform(deploying) if asked.startswith("apply")] == []


def test_nothing_is_applied_without_somebody_to_approve_it(deploying: Path, programs: Path) -> None:
    runner, changes = merged(deploying, programs)

    refused = then(runner, "apply", **changes.outputs)
    assert refused is not None
    assert refused.code == 1
    assert "the GitHub environment prod has no required reviewers" in refused.said

    runner.context["vars"]["ESCSCAFFOLD_APPROVAL"] = "none"
    applied = then(runner, "apply", **changes.outputs)
    assert applied is not None
    assert applied.code == 0, applied.said


def test_an_environment_without_changes_asks_nobody(deploying: Path, programs: Path) -> None:
    planned(deploying, NOTHING)

    _, changes = merged(deploying, programs)

    assert changes.outputs == {"environments": "[]"}


def test_drift_fails_the_scheduled_run(deploying: Path, programs: Path) -> None:
    runner = runner_for(deploying, programs, "schedule", **VARIABLES)

    drifted = plan(runner)

    assert drifted.code == 2
    assert "::error::prod has drifted" in drifted.said
    assert "Plan: 1 to add" in drifted.summary
    assert then(runner, "changes") is None
    planned(deploying, NOTHING)
    assert plan(runner).code == 0


def test_a_lock_file_that_is_committed_decides_and_a_missing_one_is_made_for_all_platforms(
    deploying: Path, programs: Path
) -> None:
    runner = runner_for(deploying, programs, **VARIABLES)

    done = plan(runner)

    assert "::warning::environments/prod/.terraform.lock.hcl is not committed" in done.said
    made = "providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_amd64 -platform=darwin_arm64"
    assert asked_of_terraform(deploying)[:3] == [
        "get",
        f"{made} -platform=windows_amd64",
        "init -input=false -lockfile=readonly",
    ]
    (deploying.parent / "terraform.log").unlink()

    assert "::warning::" not in plan(runner).said
    assert asked_of_terraform(deploying)[0] == "init -input=false -lockfile=readonly"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["pipeline.deploy=true"], "CI cannot apply: the state stays on the machine that ran Terraform."),
        (["pipeline.deploy=true", "ci=none", *STATE[1::2]], 'ci = "none" writes no files for it'),
        (["pipeline.drift=0 4 * * *"], "drift needs deploy = true"),
        (["pipeline.package=escscaffold==0.1.0"], "Invalid package 'escscaffold==0.1.0'"),
        (["pipeline.branch=${{ secrets.A }}"], "Invalid branch"),
        (["pipeline.aply=true"], "Did you mean"),
    ],
)
def test_what_cannot_work_is_refused(settings: list[str], words: str, tmp_path: Path, run: Run) -> None:
    given = [part for one in settings for part in ("--set", one)]

    result = run("init", tmp_path / "net", "--mode", "gke-autopilot", "--yes", *given)

    assert result.exit_code == 2
    assert words in said(result)
    assert not (tmp_path / "net").exists()


def test_the_branch_and_the_schedule_are_those_of_the_spec(deploying: Path, run: Run) -> None:
    assert run("set", "-C", deploying, "pipeline.branch=release/1", "pipeline.drift=none").exit_code == 0

    for workflow in (WORKFLOW, ".github/workflows/terraform.yml"):
        triggers = yaml.safe_load((deploying / workflow).read_text())[True]
        assert triggers["push"] == {"branches": ["release/1"]}
        assert "merge_group" in triggers
        assert "schedule" not in triggers
    jobs = yaml.safe_load((deploying / WORKFLOW).read_text())["jobs"]
    assert "github.ref == 'refs/heads/release/1'" in jobs["changes"]["if"]
    rules = yaml.load((deploying / GITLAB).read_text(), _Loader)["apply"]["rules"]
    assert '$CI_COMMIT_BRANCH == "release/1"' in rules[0]["if"]


def test_each_environment_signs_in_at_its_own_cloud_and_at_that_of_the_state(deploying: Path, run: Run) -> None:
    added = run("add", "stage", "-C", deploying, "--mode", "aks-overlay", "--region", "westeurope", "--yes")
    assert added.exit_code == 0, added.output

    include = yaml.safe_load((deploying / WORKFLOW).read_text())["jobs"]["plan"]["strategy"]["matrix"]["include"]

    assert [(one["environment"], one["clouds"]) for one in include] == [("prod", ["gcp"]), ("stage", ["azure", "gcp"])]
    assert include[1]["needs"].startswith("ARM_CLIENT_ID ARM_SUBSCRIPTION_ID ARM_TENANT_ID GOOGLE_PROJECT ")


def gitlab_job(repository: Path, programs: Path, name: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a job of `.gitlab/deploy.yml` as GitLab's runner does."""
    document = yaml.load((repository / GITLAB).read_text(), _Loader)
    shared = document[".signed-in"]
    variables: dict[str, Any] = {
        **shared["parallel"]["matrix"][0],
        "TF_PLUGIN_CACHE_DIR": str(repository.parent / "cache"),
        "GOOGLE_ID_TOKEN": "t0ken",
    }
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join([*shared["before_script"], *document[name]["script"]])],
        cwd=repository,
        env={**clean_environment(path_with(programs)), **variables, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_gitlab_plans_and_applies_the_same(deploying: Path, programs: Path) -> None:
    skipped = gitlab_job(deploying, programs, "plan")
    assert skipped.returncode == 0
    assert "warning: Skipped prod: CI has no GOOGLE_PROJECT" in skipped.stdout
    known = {**VARIABLES, "ESC_CLIENT_SECRET": "s3cret"}

    done = gitlab_job(deploying, programs, "plan", **known)
    applied = gitlab_job(deploying, programs, "apply", **known)

    assert done.returncode == 0, done.stdout
    assert applied.returncode == 0, applied.stdout
    assert (deploying / "plans/prod/plan.md").read_text().startswith("### prod: 1 to add")
    assert asked_of_terraform(deploying)[-1].startswith("apply ")
    drifted = gitlab_job(deploying, programs, "plan", **known, CI_PIPELINE_SOURCE="schedule")
    assert drifted.returncode == 2


def test_gitlab_signs_in_at_google_by_a_token(deploying: Path, programs: Path) -> None:
    seen = deploying.parent / "seen.json"
    script = (programs / "terraform").read_text().splitlines()[-1]
    program(programs / "terraform", f'cat "$GOOGLE_APPLICATION_CREDENTIALS" >{seen}\n{script}')

    done = gitlab_job(deploying, programs, "plan", **VARIABLES, ESC_CLIENT_SECRET="s3cret")

    assert done.returncode == 0, done.stdout
    credentials = json.loads(seen.read_text())
    assert credentials["type"] == "external_account"
    provider = VARIABLES["GOOGLE_WORKLOAD_IDENTITY_PROVIDER"]
    assert credentials["audience"] == f"//iam.googleapis.com/{provider}"
    assert Path(credentials["credential_source"]["file"]).read_text() == "t0ken"


def test_the_real_terraform_applies_the_approved_plan_and_no_other(
    deploying: Path, terraform: Terraform, tmp_path: Path
) -> None:
    root = deploying / "environments/prod"
    shutil.rmtree(root)
    root.mkdir()
    (root / "main.tf").write_text('resource "terraform_data" "this" {\n  input = "first"\n}\n')

    def deploy(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [deploying / "scripts/deploy.sh", command, "prod", tmp_path / "plan"],
            env=clean_environment(os.environ["PATH"], CHECKPOINT_DISABLE="1", TF_IN_AUTOMATION="1"),
            capture_output=True,
            text=True,
            check=False,
        )

    first = deploy("plan")
    assert first.returncode == 0, first.stderr
    assert (tmp_path / "plan/changes").read_text() == "yes\n"
    assert 'input  = "first"' in (tmp_path / "plan/plan.md").read_text()
    (root / "main.tf").write_text('resource "terraform_data" "this" {\n  input = "second"\n}\n')
    assert deploy("apply").returncode == 1
    assert deploy("drift").returncode == 2
    assert deploy("apply").returncode == 0
    assert '"second"' in terraform(root, "show", "-no-color").stdout
    assert deploy("plan").returncode == 0
    assert (tmp_path / "plan/changes").read_text() == "no\n"


def test_a_name_is_a_word_of_data_and_in_no_command(deploying: Path, run: Run) -> None:
    assert run("add", "on", "-C", deploying, "--mode", "gke-autopilot", "--yes").exit_code == 0

    sinks.deploying_workflow((deploying / WORKFLOW).read_text())
    sinks.deploying_pipeline((deploying / GITLAB).read_text())
    include = yaml.safe_load((deploying / WORKFLOW).read_text())["jobs"]["plan"]["strategy"]["matrix"]["include"]
    # "on" is a name, and no switch of YAML's.
    assert [one["environment"] for one in include] == ["on", "prod"]
