"""The emitted pipeline for GitLab: its form, and its scripts run for real before a server in place of the API."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from tests.ci.conftest import change_kurrent_range, path_with
from tests.ci.jobs import clean_environment
from tests.conftest import Run
from tests.git import git
from tests.json_schemas import violations

PIPELINE = ".gitlab-ci.yml"
PACKAGE = "git+https://example.org/escscaffold@0123456789abcdef0123456789abcdef01234567"
MARKER = "<!-- escscaffold:review -->"
NOTES = "/api/v4/projects/5/merge_requests/7/notes"


class _Loader(yaml.SafeLoader):
    """Reads `!reference`, too."""


_Loader.add_constructor("!reference", lambda loader, node: tuple(loader.construct_sequence(node)))


def pipeline(repository: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((repository / PIPELINE).read_text(), _Loader)
    return found


def script_of(document: Mapping[str, Any], name: str) -> str:
    """Return what a job runs, with what it has from others."""
    job = document[name]
    job = {**document.get(job.get("extends"), {}), **job}
    lines = [line for part in ("before_script", "script") for line in job.get(part, ())]
    told = [document[line[0]][line[1]] if isinstance(line, tuple) else [line] for line in lines]
    return "\n".join(line for part in told for line in part)


def ran(repository: Path, stand_ins: Path, name: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a job as GitLab's runner does."""
    document = pipeline(repository)
    own = {**document["variables"], **document[name].get("variables", {})}
    base = git(repository, "merge-base", "origin/main", "HEAD")
    environment = clean_environment(path_with(stand_ins), CI_MERGE_REQUEST_DIFF_BASE_SHA=base, ENVIRONMENT="prod")
    own["ESCSCAFFOLD_PACKAGE"] = PACKAGE
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script_of(document, name)],
        cwd=repository,
        env={**environment, **own, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@dataclass
class GitLab:
    """The notes of one merge request, and each request for them."""

    address: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def variables(self) -> dict[str, str]:
        return {
            "CI_API_V4_URL": self.address,
            "CI_MERGE_REQUEST_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
            "ESCSCAFFOLD_TOKEN": "t0ken",
        }


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    """A server that answers for GitLab, with one note a page; the token is user 42's."""
    there = GitLab()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, document: object, next_page: str = "") -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("x-next-page", next_page)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def asked(self) -> Any:
            there.asked.append(f"{self.command} {self.path}")
            if self.headers["PRIVATE-TOKEN"] != "t0ken":
                self.answer(401, {"message": "401 Unauthorized"})
                return None
            length = int(self.headers.get("Content-Length", 0))
            return json.loads(self.rfile.read(length)) if length else {}

        def do_GET(self) -> None:
            if self.asked() is None:
                return
            if self.path == "/api/v4/user":
                self.answer(200, {"id": 42})
                return
            path, _, query = self.path.partition("?per_page=100&page=")
            assert path == NOTES
            page = int(query)
            self.answer(200, there.notes[page - 1 : page], str(page + 1) if page < len(there.notes) else "")

        def do_POST(self) -> None:
            if (asked := self.asked()) is not None:
                assert self.path == NOTES
                there.notes.append({"id": 100 + len(there.notes), "author": {"id": 42}, **asked})
                self.answer(201, there.notes[-1])

        def do_PUT(self) -> None:
            if (asked := self.asked()) is not None:
                note = next(one for one in there.notes if self.path == f"{NOTES}/{one['id']}")
                note.update(asked)
                self.answer(200, note)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there.address = f"http://127.0.0.1:{server.server_address[1]}/api/v4"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield there
        server.shutdown()
        thread.join()


def test_the_schema_holds(repository: Path) -> None:
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")

    assert violations(*schema, repository / PIPELINE) == ""


def test_shellcheck_has_nothing_to_say(repository: Path) -> None:
    shellcheck = shutil.which("shellcheck", path=path_with())
    assert shellcheck
    document = pipeline(repository)
    for name in ("check", "format", "terraform", "review", "comment"):
        # As GitLab's runner has it.
        script = "set -eo pipefail\n" + script_of(document, name)
        done = subprocess.run(
            [shellcheck, "--shell", "bash", "-"], input=script, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_each_job_ends_in_time_and_one_alone_has_the_token(repository: Path) -> None:
    document = pipeline(repository)
    jobs = {
        name: {**document.get(job.get("extends"), {}), **job}
        for name, job in document.items()
        if isinstance(job, dict) and "stage" in job
    }

    assert [name for name, job in jobs.items() if "timeout" not in job] == []
    assert [name for name, job in jobs.items() if "environment" in job] == ["comment"]
    assert [name for name in jobs if "ESCSCAFFOLD_TOKEN" in script_of(document, name)] == ["comment"]
    assert jobs["comment"]["variables"] == {"GIT_STRATEGY": "none"}
    assert jobs["terraform"]["parallel"]["matrix"] == [{"ENVIRONMENT": ["prod"]}]


def test_the_checks_of_a_new_repository_pass(
    repository: Path, stand_ins: Path, terraform_environment: dict[str, str]
) -> None:
    for name in ("check", "format", "terraform"):
        done = ran(repository, stand_ins, name, **{k: v for k, v in terraform_environment.items() if k[:3] == "TF_"})
        assert done.returncode == 0, done.stdout

    assert PACKAGE in (repository.parent / "pip.log").read_text()


@pytest.mark.parametrize(
    ("package", "code", "words"),
    [
        ("", 0, "Skipped: CI has no package"),
        ("escscaffold==0.1.0", 1, "escscaffold==0.1.0 is not pinned by its content"),
        ("git+https://example.org/escscaffold@main", 1, "is not pinned by its content"),
        ("ci/requirements.txt", 0, ""),
    ],
)
def test_only_what_is_pinned_by_its_content_is_installed(
    package: str, code: int, words: str, repository: Path, stand_ins: Path
) -> None:
    done = ran(repository, stand_ins, "check", ESCSCAFFOLD_PACKAGE=package)

    assert done.returncode == code, done.stdout
    assert words in done.stdout
    log = repository.parent / "pip.log"
    asked = log.read_text() if log.exists() else ""
    assert ("--require-hashes --requirement ci/requirements.txt" in asked) == package.endswith(".txt")
    assert log.exists() == package.endswith(".txt")


def test_one_note_is_written_and_then_updated(repository: Path, stand_ins: Path, gitlab: GitLab, run: Run) -> None:
    strangers = {"id": 1, "author": {"id": 7}, "body": f"Mine. {MARKER}"}
    others = {"id": 2, "author": {"id": 42}, "body": "Welcome."}
    gitlab.notes += [dict(strangers), dict(others)]
    change_kurrent_range(repository, run)

    review = ran(repository, stand_ins, "review")
    comment = ran(repository, stand_ins, "comment", **gitlab.variables())

    assert review.returncode == 5, review.stdout
    assert comment.returncode == 0, comment.stdout
    assert gitlab.notes[:2] == [strangers, others]
    (written,) = gitlab.notes[2:]
    assert written["body"].startswith("**Stop and ask:")
    assert written["body"] == (repository / "review.md").read_text()

    change_kurrent_range(repository, run, "10.255.255.0/24")
    assert ran(repository, stand_ins, "review").returncode == 0
    assert ran(repository, stand_ins, "comment", **gitlab.variables()).returncode == 0

    assert gitlab.notes[2:] == [written]
    assert written["body"].startswith("**No impact:")
    assert [asked for asked in gitlab.asked if not asked.startswith("GET")] == [
        f"POST {NOTES}",
        f"PUT {NOTES}/{written['id']}",
    ]


def test_a_pipeline_of_what_the_merge_would_be_reviews_what_the_author_wrote(
    repository: Path, stand_ins: Path, run: Run
) -> None:
    ours, base = git(repository, "rev-parse", "HEAD"), git(repository, "merge-base", "origin/main", "HEAD")
    git(repository, "switch", "--quiet", "main")
    change_kurrent_range(repository, run)

    merged = {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": ours, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    review = ran(repository, stand_ins, "review", **merged)

    assert review.returncode == 0, review.stdout
    assert (repository / "review.md").read_text().startswith("**No impact:")


def test_the_project_says_what_fails_the_review(repository: Path, stand_ins: Path, run: Run) -> None:
    change_kurrent_range(repository, run)

    assert ran(repository, stand_ins, "review", ESCSCAFFOLD_FAIL_ON="none").returncode == 0


def test_without_a_token_the_artifact_is_all(repository: Path, stand_ins: Path, gitlab: GitLab) -> None:
    ran(repository, stand_ins, "review")
    variables = gitlab.variables()
    del variables["ESCSCAFFOLD_TOKEN"]

    done = ran(repository, stand_ins, "comment", **variables)

    assert done.returncode == 0
    assert "No comment: ESCSCAFFOLD_TOKEN is not set" in done.stdout
    assert gitlab.asked == []
    assert pipeline(repository)["review"]["artifacts"]["when"] == "always"


def test_a_token_that_may_not_write_fails_the_job(repository: Path, stand_ins: Path, gitlab: GitLab) -> None:
    ran(repository, stand_ins, "review")

    done = ran(repository, stand_ins, "comment", **{**gitlab.variables(), "ESCSCAFFOLD_TOKEN": "old"})

    assert done.returncode != 0
    assert "401" in done.stdout
    assert "old" not in done.stdout.replace("Unauthorized", "")


def test_a_review_that_cannot_be_made_says_so_in_the_note(repository: Path, stand_ins: Path) -> None:
    (repository / "review.md").write_text("of an earlier run")

    done = ran(repository, stand_ins, "review", CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 40)

    assert done.returncode == 1
    assert (repository / "review.md").read_text().startswith("There is no review.")


def test_the_plans_of_all_environments_are_one_note_of_their_own(
    repository: Path, stand_ins: Path, gitlab: GitLab, run: Run
) -> None:
    """What the job `plan-comment` has besides the script that it shares with `comment`."""
    state = ("backend.type=gcs", "backend.bucket=acme-terraform-state")
    assert run("set", "-C", repository, *state, "pipeline.deploy=true").exit_code == 0
    jobs = yaml.load((repository / ".gitlab/deploy.yml").read_text(), _Loader)
    assert jobs["plan-comment"]["extends"] == "comment"
    variables = {**gitlab.variables(), **jobs["plan-comment"]["variables"]}
    gitlab.notes.append({"id": 1, "author": {"id": 42}, "body": f"Reviewed. {MARKER}"})

    without = ran(repository, stand_ins, "comment", **variables)
    assert without.returncode == 0
    assert "No comment: there is no report." in without.stdout
    for name, text in (("prod", "### prod: 1 to add"), ("dev", "### dev: no changes")):
        (repository / "plans" / name).mkdir(parents=True)
        (repository / "plans" / name / "plan.md").write_text(f"{text}\n")
    assert ran(repository, stand_ins, "comment", **variables).returncode == 0
    (repository / "plans/dev/plan.md").write_text("### dev: 2 to destroy\n")
    assert ran(repository, stand_ins, "comment", **variables).returncode == 0

    assert [note["body"] for note in gitlab.notes] == [
        f"Reviewed. {MARKER}",
        "## Terraform plan\n\n### dev: 2 to destroy\n\n### prod: 1 to add\n\n\n<!-- escscaffold:plan -->",
    ]
