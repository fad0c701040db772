"""The emitted workflow: its form, and its scripts run for real, with programs that stand in for pip and gh."""

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.conftest import change_kurrent_range, path_with
from tests.ci.jobs import Done, Runner, clean_environment, scripts_of
from tests.conftest import Run
from tests.git import commit, git
from tests.json_schemas import violations

WORKFLOW = ".github/workflows/terraform.yml"
ACTION = Path(__file__).parents[2] / "action.yml"
PACKAGE = "git+https://example.org/escscaffold@0123456789abcdef0123456789abcdef01234567"
WHEEL = f"https://example.org/escscaffold.whl#sha256={'a' * 64}"
MARKER = "<!-- escscaffold:review -->"


def runner_for(repository: Path, stand_ins: Path, *, head: str = "us/network", **variables: str) -> Runner:
    """Return the runner of pull request 7, whose branch is in the repository `head`."""
    event = {"pull_request": {"number": 7, "head": {"sha": "head", "repo": {"full_name": head}}}}
    github = {"event_name": "pull_request", "repository": "us/network", "token": "t0ken", "event": event}
    environment = clean_environment(path_with(stand_ins), GITHUB_REPOSITORY="us/network", GITHUB_BASE_REF="main")
    context = {
        "github": github,
        "vars": {"ESCSCAFFOLD_PACKAGE": PACKAGE, **variables},
        "matrix": {"environment": "prod"},
    }
    temporary = repository.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return Runner(repository, temporary, context, environment)


def reviewed(runner: Runner) -> tuple[Done, Done | None]:
    """Run the review and what comes after it."""
    workflow = runner.workspace / WORKFLOW
    review = runner.job(workflow, "review")
    assert review is not None
    return review, runner.job(workflow, "comment", needs={"review": {"outputs": review.outputs}})


def comments(repository: Path) -> list[dict[str, Any]]:
    file = repository.parent / "comments.json"
    found: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    return found


def test_the_schemas_hold(repository: Path) -> None:
    for schema, file in (
        ("vendor.github-workflows", repository / WORKFLOW),
        ("custom.github-workflows-require-timeout", repository / WORKFLOW),
        ("vendor.github-actions", ACTION),
    ):
        assert violations("--builtin-schema", schema, file) == ""


def test_actionlint_has_nothing_to_say(repository: Path) -> None:
    path = path_with()
    actionlint = shutil.which("actionlint", path=path)
    if actionlint is None:
        pytest.skip("no actionlint on the PATH; the schemas are checked without it")

    done = subprocess.run(
        [actionlint, "-no-color", repository / WORKFLOW],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("file", [WORKFLOW, ACTION], ids=["workflow", "action"])
def test_no_script_holds_what_a_stranger_wrote_and_shellcheck_is_content(file: str | Path, repository: Path) -> None:
    document = yaml.safe_load((repository / file).read_text())
    shellcheck = shutil.which("shellcheck", path=path_with())
    assert shellcheck
    for script in scripts_of(document):
        assert "${{" not in script
        done = subprocess.run(
            [shellcheck, "--shell", "bash", "-"], input=script, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_the_action_reports_and_comments_as_the_workflow_does(repository: Path) -> None:
    """What a repository has stays as it was written, and the action is one file: neither can have it of the other."""
    written, action = (scripts_of(yaml.safe_load((repository / file).read_text())) for file in (WORKFLOW, ACTION))
    for first, last in (
        ("if [[ ! -s $report ]]", '>>"$GITHUB_OUTPUT"\n'),
        ("base64 --decode", '--method POST "$comments" --field body=@"$RUNNER_TEMP/escscaffold-report.md"\nfi\n'),
    ):
        between = re.compile(re.escape(first) + ".*?" + re.escape(last), re.DOTALL)
        (ours,), (theirs,) = (between.findall("\0".join(scripts)) for scripts in (written, action))
        assert ours == theirs


def test_actions_are_pinned_and_only_the_job_that_runs_nothing_of_the_change_may_write(repository: Path) -> None:
    text = (repository / WORKFLOW).read_text()
    document = yaml.safe_load(text)

    for used in re.findall(r"uses: (.+)", text + ACTION.read_text()):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used)
    assert "pull_request_target" not in text
    assert document["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in document["jobs"].items() if "permissions" in job} == {
        "comment": {"pull-requests": "write"}
    }
    assert [step for step in document["jobs"]["comment"]["steps"] if "uses" in step] == []
    checkouts = [
        step for job in document["jobs"].values() for step in job["steps"] if "checkout" in step.get("uses", "")
    ]
    assert len(checkouts) == 4
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}
    assert text.count("secrets.") == 0


def test_the_checks_of_a_new_repository_pass(
    repository: Path, stand_ins: Path, terraform_environment: dict[str, str]
) -> None:
    runner = runner_for(repository, stand_ins)
    runner.environment = clean_environment(path_with(stand_ins)) | {
        key: value for key, value in terraform_environment.items() if key.startswith(("TF_", "CHECKPOINT_"))
    }

    for name in ("check", "format", "terraform"):
        done = runner.job(repository / WORKFLOW, name)
        assert done is not None
        assert done.code == 0, done.said

    assert (repository.parent / "pip.log").read_text() == f"install {PACKAGE}\n"


def test_the_variable_of_the_repository_says_what_pip_installs(repository: Path, stand_ins: Path) -> None:
    runner = runner_for(repository, stand_ins, ESCSCAFFOLD_PACKAGE=PACKAGE)

    runner.job(repository / WORKFLOW, "check")

    assert (repository.parent / "pip.log").read_text() == f"install {PACKAGE}\n"


@pytest.mark.parametrize(
    ("package", "installed"),
    [
        (PACKAGE, f"install {PACKAGE}"),
        (WHEEL, f"install {WHEEL}"),
        ("ci/requirements.txt", "install --require-hashes --requirement ci/requirements.txt"),
    ],
)
def test_the_spec_says_what_pip_installs(
    package: str, installed: str, repository: Path, stand_ins: Path, run: Run
) -> None:
    assert run("set", "-C", repository, f"pipeline.package={package}").exit_code == 0

    done = runner_for(repository, stand_ins, ESCSCAFFOLD_PACKAGE="").job(repository / WORKFLOW, "check")

    assert done is not None
    assert done.code == 0, done.said
    assert (repository.parent / "pip.log").read_text() == f"{installed}\n"


@pytest.mark.parametrize("package", ["escscaffold", "escscaffold==0.1.0", "git+https://example.org/e@main"])
def test_what_is_not_pinned_by_its_content_is_not_installed(package: str, repository: Path, stand_ins: Path) -> None:
    runner = runner_for(repository, stand_ins, ESCSCAFFOLD_PACKAGE=package)

    done = runner.job(repository / WORKFLOW, "check")

    assert done is not None
    assert done.code == 1
    assert f"::error::{package} is not pinned by its content" in done.said
    assert not (repository.parent / "pip.log").exists()


def test_without_a_package_the_check_passes_and_says_that_it_was_skipped(repository: Path, stand_ins: Path) -> None:
    runner = runner_for(repository, stand_ins)
    runner.context["vars"] = {}
    (repository / "environments/prod/outputs.tf").unlink()

    done = runner.job(repository / WORKFLOW, "check")
    review, comment = reviewed(runner)

    assert done is not None
    assert done.code == 0
    assert "::warning::Skipped: CI has no package" in done.said
    assert review.code == 0
    assert comment is None


def test_the_check_annotates_what_is_stale(repository: Path, stand_ins: Path) -> None:
    (repository / "environments/prod/outputs.tf").unlink()

    done = runner_for(repository, stand_ins).job(repository / WORKFLOW, "check")

    assert done is not None
    assert done.code == 3
    assert "::error file=environments/prod/outputs.tf" in done.said


def test_the_check_annotates_the_line_of_the_spec_that_is_wrong(repository: Path, stand_ins: Path) -> None:
    spec = repository / "escscaffold.toml"
    spec.write_text(spec.read_text().replace('"gcp"', '"gpc"'))

    done = runner_for(repository, stand_ins).job(repository / WORKFLOW, "check")

    assert done is not None
    assert done.code == 1
    line = spec.read_text().splitlines().index('cloud = "gpc"') + 1
    assert f"::error file=escscaffold.toml,line={line}::ESC004: 'gpc' is not a supported cloud" in done.said


def test_one_comment_is_written_and_then_updated(repository: Path, stand_ins: Path, run: Run) -> None:
    stranger = {"id": 1, "user": {"login": "stranger"}, "body": f"Mine. {MARKER}"}
    other_bot = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": f"Somebody said {MARKER} here."}
    (repository.parent / "comments.json").write_text(json.dumps([stranger, other_bot]))
    change_kurrent_range(repository, run)
    runner = runner_for(repository, stand_ins)

    first, comment = reviewed(runner)

    assert first.code == 5, first.said
    assert comment is not None
    assert comment.code == 0, comment.said
    assert comments(repository)[:2] == [stranger, other_bot]
    (written,) = comments(repository)[2:]
    assert written["body"].startswith("**Stop and ask:")
    assert written["body"].rstrip().endswith(MARKER)
    assert first.summary == written["body"]

    change_kurrent_range(repository, run, "10.255.255.0/24")
    second, comment = reviewed(runner)

    assert second.code == 0, second.said
    assert comment is not None
    assert comment.code == 0, comment.said
    (updated,) = comments(repository)[2:]
    assert updated["id"] == written["id"]
    assert updated["body"].startswith("**No impact:")
    assert (repository.parent / "gh.log").read_text().splitlines() == [
        "GET repos/us/network/issues/7/comments?per_page=100",
        "POST repos/us/network/issues/7/comments",
        "GET repos/us/network/issues/7/comments?per_page=100",
        "PATCH repos/us/network/issues/comments/3",
    ]


def test_the_repository_says_what_fails_the_review(repository: Path, stand_ins: Path, run: Run) -> None:
    change_kurrent_range(repository, run)

    review, _ = reviewed(runner_for(repository, stand_ins, ESCSCAFFOLD_FAIL_ON="none"))

    assert review.code == 0


def test_a_fork_gets_the_report_in_the_summary_and_no_comment(repository: Path, stand_ins: Path, run: Run) -> None:
    change_kurrent_range(repository, run)

    review, comment = reviewed(runner_for(repository, stand_ins, head="them/network"))

    assert comment is None
    assert "::notice::A fork may not comment here" in review.said
    assert review.summary.startswith("**Stop and ask:")
    assert review.code == 5
    assert not (repository.parent / "gh.log").exists()


def test_what_others_merged_meanwhile_is_not_in_the_report(repository: Path, stand_ins: Path, run: Run) -> None:
    git(repository, "switch", "--quiet", "main")
    change_kurrent_range(repository, run)
    git(repository, "update-ref", "refs/remotes/origin/main", "main")
    git(repository, "switch", "--quiet", "change")

    review, _ = reviewed(runner_for(repository, stand_ins))

    assert review.code == 0, review.said
    assert review.summary.startswith("**No impact:")


def test_a_review_that_cannot_be_made_replaces_the_last_one(repository: Path, stand_ins: Path) -> None:
    runner = runner_for(repository, stand_ins)
    reviewed(runner)
    git(repository, "update-ref", "-d", "refs/remotes/origin/main")

    review, comment = reviewed(runner)

    assert review.code == 1
    assert comment is not None
    (written,) = comments(repository)
    assert written["body"].startswith("There is no review")


def test_names_that_strangers_choose_are_no_commands(repository: Path, stand_ins: Path) -> None:
    branch = "$(touch${IFS}pwned);`touch${IFS}pwned`"
    git(repository, "update-ref", f"refs/remotes/origin/{branch}", "main")
    hostile = f'output "`touch pwned`{MARKER}" {{\n  value = <<-EOT\n    a\n    /merge\n    @everyone\n  EOT\n}}\n'
    (repository / "environments/prod/$(touch pwned).tf").write_text(hostile)
    commit(repository, "$(touch pwned)")
    runner = runner_for(repository, stand_ins)
    runner.environment = {**runner.environment, "GITHUB_BASE_REF": branch}

    review, comment = reviewed(runner)

    assert "touch" in review.summary
    # At GitLab a line that begins so is a command.
    assert [line for line in review.summary.splitlines() if line.lstrip().startswith("/")] == []
    assert comment is not None
    assert comment.code == 0
    assert [*repository.parent.rglob("pwned")] == []
    assert base64.b64decode(review.outputs["report"]).decode().count(MARKER) == 1


def test_the_workflow_visits_every_environment(repository: Path, run: Run) -> None:
    run("add", "on", "-C", repository, "--mode", "gke-autopilot", "--yes")

    job = yaml.safe_load((repository / WORKFLOW).read_text())["jobs"]["terraform"]
    # "on" is a name, and no switch of YAML's.
    assert job["strategy"]["matrix"]["environment"] == ["on", "prod"]


def test_the_action_checks_reviews_and_comments(repository: Path, stand_ins: Path, run: Run) -> None:
    (stand_ins / "pip").unlink()
    runner = runner_for(repository, stand_ins)
    runner.context["github"]["action_path"] = str(ACTION.parent)
    change_kurrent_range(repository, run)

    check = runner.action(ACTION)
    assert check.code == 0, check.said
    # What it installed is used from here on, too, in place of installing it twice more.
    (stand_ins / "python").symlink_to("/bin/true")

    review = runner.action(ACTION, command="review", directory=".")
    assert review.code == 5, review.said
    comment = runner.action(ACTION, command="comment", report=review.outputs["report"])
    assert comment.code == 0, comment.said
    (written,) = comments(repository)
    assert written["body"] == review.summary

    runner.context["github"]["event"]["pull_request"]["head"]["repo"]["full_name"] = "them/network"
    forked = runner.action(ACTION, command="comment", report=review.outputs["report"])
    assert forked.code == 0
    assert "::notice::A fork may not comment here" in forked.said
    assert runner.action(ACTION, command="apply").code == 2
