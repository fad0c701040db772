"""What a stranger writes into a pull request stays a quotation: no link, no mention, no HTML, no crash, no end.

What chance makes of such texts goes through the doors in tests/fuzzing.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from escscaffold.jobs.review import compare
from escscaffold.reviewing.formats.json import review_document
from escscaffold.reviewing.formats.markdown import review_markdown
from escscaffold.reviewing.formats.notices import review_annotations, review_sarif
from escscaffold.reviewing.trees import FolderTree
from escscaffold.reviewing.verdict import Report
from tests.conftest import Run
from tests.docs.console import REPOSITORY
from tests.fuzzing import sinks
from tests.fuzzing.words import NASTY
from tests.reviewing.sides import report_of


def closed(schema: Any) -> Any:
    """Return our schema without room for new fields, so that none comes that it does not name."""
    if isinstance(schema, dict):
        told = {key: closed(value) for key, value in schema.items()}
        return {"additionalProperties": False, **told} if isinstance(schema.get("properties"), dict) else told
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


OURS = Draft202012Validator(closed(json.loads((REPOSITORY / "docs/reference/review.schema.json").read_text())))


def quoted(text: str) -> str:
    """Return the text as a string of HCL."""
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("${", "$${").replace("%{", "%%{")
    )
    return f'"{escaped}"'


def hold(report: Report) -> None:
    """Assert of every format what holds for any report."""
    sinks.comment(review_markdown(report))
    OURS.validate(json.loads(json.dumps(review_document(report))))
    sinks.sarif(json.dumps(review_sarif(report)))
    sinks.annotations(review_annotations(report))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_nasty_text_stays_a_quotation_wherever_it_stands(text: str) -> None:
    word = quoted(text)
    hcl = (
        f"resource {word} {word} {{\n  name = {word}\n  tags = {{ {word} = {word} }}\n}}\n"
        f'resource "aws_vpc" {word} {{\n  cidr_block = {word}\n}}\n'
        f'provider "x" {{\n  alias = {word}\n  token = {word}\n}}\nmodule {word} {{\n  source = {word}\n}}\n'
        f"moved {{\n  from = x[{word}]\n  to = {word}\n}}\n"
    )
    name = text.replace("/", "_")[:80] + ".tf"
    after = {name: hcl, f"broken {name}": "resource {", f"{name}.md": "x", "main.tf": hcl.replace("name =", "id =")}

    change = {"actions": ["delete", "create"], "replace_paths": [[text]]}
    changes = [{"address": text, "type": text, "previous_address": text, "change": change}]
    variables = {"environment": {"value": text}, "ranges": {"value": {text: text}}}
    plan = {"format_version": "1.2", "terraform_version": text, "resource_changes": changes, "variables": variables}

    hold(report_of({"main.tf": hcl}, after, json.dumps(plan)))
    hold(report_of(after, {"main.tf": hcl}))


def test_a_conflict_in_the_spec_and_in_a_file_is_said(tmp_path: Path, run: Run) -> None:
    marks = "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n"
    for side, text in (("before", ""), ("after", marks)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "escscaffold.toml").write_text(f"version = 1\n{text}")
        (tmp_path / side / "main.tf").write_text(text)

    result = run("review", "before", "after", "-C", tmp_path)

    assert result.exit_code == 1
    assert result.output.startswith("Do not merge:")
    assert "contains merge conflict markers" in result.output


@pytest.mark.parametrize(
    "text, reason",
    [
        ("a = " + "[" * 50_000 + "]" * 50_000, "nested more than 100 deep"),
        ("a {\n" * 20_000 + "}\n" * 20_000, "nested more than 100 deep"),
        ('a = "' + '${a("' * 25_000, "nested more than 100 deep"),
        ("x" * (10 * 2**20), "larger than 1 MiB"),
        ('b = "c"\n' * 1_500_000, "larger than 1 MiB"),
        ('b = "c"\n' * 100_000, "b is set twice"),
    ],
    ids=["brackets", "blocks", "interpolations", "a_long_line", "ten_megabytes", "many_lines"],
)
def test_size_and_depth_end_in_time_and_are_said(tmp_path: Path, run: Run, text: str, reason: str) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    (tmp_path / "before/main.tf").write_text("a = 1\n")
    (tmp_path / "after/main.tf").write_text(text)
    begun = time.process_time()

    result = run("review", "before", "after", "-C", tmp_path)

    assert time.process_time() - begun < 5
    assert result.exit_code == 0
    assert reason in result.output


def test_thousands_of_changes_make_a_comment_that_fits(tmp_path: Path) -> None:
    for side, size in (("before", 16), ("after", 17)):
        (tmp_path / side).mkdir()
        for number in range(500):
            (tmp_path / side / f"{number:05} {'n' * 150}.md").write_text(f"{size}")
        text = "".join(f'resource "aws_vpc" "v{n}" {{\n  cidr_block = "10.0.0.0/{size}"\n}}\n' for n in range(120))
        (tmp_path / side / "main.tf").write_text(text)
    report = compare(FolderTree(tmp_path / "before", "before"), FolderTree(tmp_path / "after", "after"))

    hold(report)
    assert "more are not shown" in review_markdown(report)


def test_a_hostile_tree_takes_little_memory(tmp_path: Path) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    nasty = {
        "ten_megabytes.tf": 'b = "c"\n' * 1_300_000,
        "deep.tf": "a = " + "[" * 100_000,
        "deep.tf.json": "[" * 100_000,
        "escscaffold.toml": "a = " + "[" * 100_000,
        "escscaffold.lock": "[" * 100_000,
        "\x1b[2J\u202e`|@you <b>.tf": "locals {\n",
        **{f"{number}.md": "x" for number in range(2_000)},
    }
    for name, text in nasty.items():
        (tmp_path / "after" / name).write_text(text, encoding="utf-8")
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20,) * 2);"
        "from escscaffold.__main__ import main; sys.argv = ['escscaffold', *sys.argv[1:]]; main()"
    )
    command = [sys.executable, "-c", limited, "review", "before", "after", "--format", "markdown", "--fail-on", "none"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "larger than 1 MiB" in done.stdout
    assert "nested more than 100 deep" in done.stdout
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout


@pytest.mark.parametrize(
    ("names", "expected"), [(["a"], "the impact of a.tf is unknown."), (["a", "b"], "b.tf is unknown.")]
)
def test_the_first_sentence_agrees_with_the_number_of_files(
    tmp_path: Path, run: Run, names: list[str], expected: str
) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    for name in names:
        (tmp_path / f"after/{name}.tf").write_bytes(b"\xff")

    assert expected in run("review", tmp_path / "before", tmp_path / "after").output.replace("\n", " ")
