"""What a stranger writes into a pull request stays a quotation: no link, no mention, no HTML, no crash, no end."""

import json
import re
import string
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from escscaffold.reviewing.annotations import review_annotations
from escscaffold.reviewing.document import review_document
from escscaffold.reviewing.edits import IdsOf
from escscaffold.reviewing.markdown import LARGEST, MARKER, review_markdown
from escscaffold.reviewing.report import Report
from escscaffold.reviewing.review import compare
from escscaffold.reviewing.sarif import review_sarif
from escscaffold.reviewing.states import State, read_states
from escscaffold.reviewing.terraform_plan import read_plan
from escscaffold.reviewing.trees import Entry, FolderTree
from tests.conftest import Run
from tests.docs.console import REPOSITORY
from tests.properties import examples

NASTY = [
    "`code`",
    "a|b",
    "a\\|b",
    "a\\\\||b",
    "@somebody and #1",
    "<script>alert(1)</script>",
    "<!-- escscaffold:review -->",
    "</details>",
    "[click](https://evil.example)",
    "![](https://evil.example/x.png)",
    "https://evil.example www.evil.example",
    "**bold** _it_ ~~no~~ $x$ :tada:",
    "\u202egnp.exe \u200b \x1b[2J \x07",
    "```\nfence",
    "\n\n# heading\n",
    "::error::injected\n::set-output name=x::y",
    "&lt;b&gt; &#64;x",
    "x" * 5000,
]
NO_IDS: IdsOf = lambda text: ()  # noqa: E731

# As OASIS publishes it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
SARIF = Draft7Validator(json.loads(Path(__file__).with_name("sarif-2.1.0.schema.json").read_text(encoding="utf-8")))


def report_of(before: dict[str, str], after: dict[str, str], plan: str = "") -> Report:
    """Compare two sides that are given as texts by path, and a plan's JSON."""
    plans = [read_plan(plan, "plan.json")] if plan else []
    return compare(state(before), state(after), NO_IDS, plans)


def closed(schema: Any) -> Any:
    """Return our schema without room for new fields, so that none comes that it does not name."""
    if isinstance(schema, dict):
        told = {key: closed(value) for key, value in schema.items()}
        return {"additionalProperties": False, **told} if isinstance(schema.get("properties"), dict) else told
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


OURS = Draft202012Validator(closed(json.loads((REPOSITORY / "docs/reference/review.schema.json").read_text())))


def state(texts: dict[str, str]) -> State:
    entries = {path: Entry(id=f"{hash(text)}", size=len(text)) for path, text in texts.items()}
    return State(name="side", entries=entries, texts=texts)


def quoted(text: str) -> str:
    """Return the text as a string of HCL."""
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("${", "$${").replace("%{", "%%{")
    )
    return f'"{escaped}"'


def hold(report: Report) -> None:
    """Assert of every format what holds for any report."""
    comment = review_markdown(report)
    assert len(comment.encode()) < LARGEST
    assert comment.startswith("**")
    assert comment.count(MARKER) == 1
    tokens = MarkdownIt("gfm-like").parse(comment)
    for token in _all(tokens):
        if token.type == "html_block" or token.type == "html_inline":
            assert re.fullmatch(
                r"(</?details>|<summary>[A-Za-z ]+( \([\d,]+\))?</summary>|<!-- escscaffold:review -->|\s)*",
                token.content,
            ), token.content
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith("https://github.com/"), token.attrs
        assert token.type != "image"
        assert token.type != "text" or "@" not in token.content
    assert "\x1b" not in comment and "\u202e" not in comment
    columns = 0
    for line in comment.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("| ") else 0
        assert not cells or not columns or cells == columns, line
        columns = cells
    OURS.validate(json.loads(json.dumps(review_document(report)).encode()))
    log = json.loads(json.dumps(review_sarif(report)).encode())
    SARIF.validate(log)
    for result in log["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri)
        assert result["message"]["text"].isprintable()
    for line in review_annotations(report).splitlines():
        assert re.match(r"::(notice|warning|error) (file=[^,:\n]*(,line=\d+)?,)?title=[^:]*::", line), line


def _all(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *_all(token.children or []))]


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


WORDS = st.text(alphabet=string.printable + "\u202e\u00e9\U0001f4a5\x00", max_size=30) | st.sampled_from(NASTY)


@given(st.dictionaries(WORDS, WORDS, max_size=6), st.dictionaries(WORDS, WORDS, max_size=6), st.text(max_size=200))
@examples(40)
def test_no_two_sides_break_a_format(old: dict[str, str], new: dict[str, str], loose: str) -> None:
    before = {"main.tf": _resources(old), "x.tf": loose, "x.tfvars": "a = 1\n"}
    after = {"main.tf": _resources(new), "x.tf": loose[::-1], "y.tf.json": loose, "x.tfvars": f"a = {quoted(loose)}\n"}

    hold(report_of(before, after))


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
@examples(40)
def test_any_bytes_can_be_spec_lock_and_terraform(spec: bytes, lock: bytes, hcl: bytes) -> None:
    texts = [body.decode("utf-8", errors="surrogateescape") for body in (spec, lock, hcl)]
    names = ("escscaffold.toml", "escscaffold.lock", "main.tf")

    hold(report_of({"main.tf": ""}, dict(zip(names, texts, strict=True))))


def _resources(blocks: dict[str, str]) -> str:
    return "".join(
        f'resource "aws_vpc" {quoted(name)} {{\n  cidr_block = {quoted(value)}\n}}\n' for name, value in blocks.items()
    )


def test_a_conflict_in_the_spec_and_in_a_file_is_said(tmp_path: Path, run: Run) -> None:
    marks = "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n"
    for side, text in (("before", ""), ("after", marks)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "escscaffold.toml").write_text(f"version = 1\n{text}")
        (tmp_path / side / "main.tf").write_text(text)

    result = run("review", "before", "after", "-C", tmp_path)

    assert result.exit_code == 1
    assert result.output.startswith("Do not merge:")
    assert "a merge left its marks in it" in result.output


@pytest.mark.parametrize(
    "text, reason",
    [
        ("a = " + "[" * 50_000 + "]" * 50_000, "nested more than 100 deep"),
        ("a {\n" * 20_000 + "}\n" * 20_000, "nested more than 100 deep"),
        ('a = "' + "${a(" * 25_000, "nested more than 100 deep"),
        ("x" * (10 * 2**20), "larger than 1 MiB"),
        ('b = "c"\n' * 1_500_000, "larger than 1 MiB"),
        ('b = "c"\n' * 20_000, "longer than 128 KiB"),
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
    sides = read_states(FolderTree(tmp_path / "before", "before"), FolderTree(tmp_path / "after", "after"))

    report = compare(*sides, NO_IDS)

    hold(report)
    assert "more are left out here" in review_markdown(report)
