"""Where text of a stranger's ends up, and what it may not become there: one function for each language.

To add one, write a function that raises Broken, and name the files that it is for in SINKS or the
format in FORMATS.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from escscaffold.reviewing.formats.markdown import LARGEST, MARKER
from tests.fuzzing.pictures import mermaid, page, svg
from tests.fuzzing.sandbox import Broken
from tests.fuzzing.words import MARK


def hold_file(path: str, body: bytes) -> None:
    """Hold what a generated file promises, where a stranger's text stands in it."""
    if MARK.encode() not in body or path.startswith(".escscaffold-"):
        return  # what a write that broke off has left is not ours to judge
    text = body.decode("utf-8")
    sinks = [sink for pattern, sink in SINKS.items() if fnmatch(path, pattern)]
    if not sinks:
        raise Broken(f"a stranger's text is in {path}")
    try:
        for sink in sinks:
            sink(text)
    except (Broken, ValueError, SyntaxError, yaml.YAMLError) as error:
        raise Broken(f"{path}: {error}") from None


# --- HCL -------------------------------------------------------------------------------------------------------------

_HCL = re.compile(
    r"(?P<comment>#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<heredoc><<-?\s*(?P<end>\w+)\n.*?\n\s*(?P=end)\b)"
    r'|(?P<quote>")|(?P<word>[A-Za-z_][\w-]*)|(?P<open>\{)|(?P<close>\})|(?P<other>\s+|[^"{}A-Za-z_])',
    re.DOTALL,
)
_IN_STRING = re.compile(r'(?P<literal>(?:\\.|\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^"\\$%\n])+)|(?P<opens>[$%]\{)|(?P<quote>")')


def hcl(text: str) -> None:
    """Hold that what is marked stands in a string without an expression, in a comment, or as the key of a map."""
    for part in hcl_parts(text):
        if MARK not in part.text or part.kind in ("comment", "literal"):
            continue
        if part.kind == "word" and part.depth and part.is_key(text):
            continue
        raise Broken(f"{part.kind} {part.text[:200]!a}")


@dataclass(frozen=True)
class HclPart:
    """A token, or a string with an expression in it."""

    kind: str
    text: str
    at: int
    depth: int
    """In how many braces it is."""

    def is_key(self, whole: str) -> bool:
        """Whether it names a value: alone after a brace, a comma or the begin of its line, with `=` behind it."""
        before, after = whole[: self.at].rstrip(" "), whole[self.at + len(self.text) :].lstrip(" ")
        return before[-1:] in ("{", ",", "\n") and after.startswith("= ")


def hcl_parts(text: str) -> Iterator[HclPart]:
    """Yield what a stranger's text could stand in; a string that holds an expression is a template."""
    at, ends = 0, [""]
    while at < len(text):
        if ends[-1] == '"':
            found = _IN_STRING.match(text, at)
            if found is None:
                raise Broken(f"a string that breaks off: {text[at - 40 : at + 40]!a}")
            if found["quote"]:
                ends.pop()
            elif found["opens"]:
                ends.append("}")
                yield HclPart("template", text[text.rfind('"', 0, at) : text.find("\n", at)], at, len(ends))
            else:
                yield HclPart("literal", found[0], at, len(ends))
        else:
            found = _HCL.match(text, at)
            assert found is not None
            if found["quote"]:
                ends.append('"')
            elif found["open"]:
                ends.append("{")
            elif found["close"]:
                ends.pop()
            kind = next((kind for kind in ("comment", "heredoc", "word") if found[kind]), "")
            if kind:
                yield HclPart(kind, found[0], at, len(ends) - 1)
        at = found.end()
        if not ends:
            raise Broken("a brace closes what nothing opened")


# --- Markdown --------------------------------------------------------------------------------------------------------


_BESIDE = re.compile(rf'[^\w\s"/.=-]{MARK}|{MARK}[^\w\s"/.=-]')
"""What is marked and more than a name."""


def markdown(text: str) -> None:
    """Hold that what is marked is no HTML, no link, no image and no mention, and that tables keep their columns."""
    for token in MarkdownIt("gfm-like").parse(text):
        if MARK not in token.content + token.info:
            continue
        if token.type == "fence" and token.info == "mermaid":
            mermaid(token.content)
            continue
        if token.type == "html_block" or (
            token.type == "fence" and (MARK in token.info or _BESIDE.search(token.content))
        ):
            raise Broken(f"{token.type} {token.content[:200]!a}")
        for inner in token.children or []:
            href = str(inner.attrs.get("href", "") or inner.attrs.get("src", ""))
            if inner.type == "html_inline" or not re.fullmatch(r"[\w./-]*", href):
                raise Broken(f"{inner.type} {inner.content!a} {href!a}")
            if inner.type == "text" and re.search(r"(^|\W)@\w", inner.content):
                raise Broken(f"a mention {inner.content[:200]!a}")
    _tables(text)


def _tables(text: str) -> None:
    columns = 0
    for line in text.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if cells and columns and cells != columns:
            raise Broken(f"a row of another table {line[:200]!a}")
        columns = cells


def markdown_tokens(text: str) -> list[Token]:
    """Return the tokens as GitHub reads Markdown, those inside others too."""
    return _all(MarkdownIt("gfm-like").parse(text))


def _all(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *_all(token.children or []))]


_SOURCE = re.compile(
    r"https://(github\.com|cloud\.google\.com|docs\.aws\.amazon\.com|docs\.kurrent\.io|kubernetes\.io"
    r"|learn\.microsoft\.com|registry\.terraform\.io)/"
)
"""What a reason is told with."""
_OURS = re.compile(r"(</?details>|<summary>[A-Za-z ]+( \([\d,]+\))?</summary>|<!-- escscaffold:review -->|\s)*")


def comment(text: str) -> None:
    """Hold that a review's comment fits, and has no HTML, link, image or mention but ours."""
    text = text.rstrip("\n")
    if len(text.encode()) >= LARGEST or not text.startswith("**") or text.count(MARKER) != 1:
        raise Broken("it is no comment of ours, or too large")
    for token in markdown_tokens(text):
        if token.type in ("html_block", "html_inline") and not _OURS.fullmatch(token.content):
            raise Broken(f"HTML {token.content!a}")
        if token.type == "link_open" and (MARK in str(token.attrs) or not _SOURCE.match(str(token.attrs["href"]))):
            raise Broken(f"a link {token.attrs}")
        if token.type == "image" or (token.type == "text" and "@" in token.content):
            raise Broken(f"an image or a mention {token.content!a}")
        if token.type == "fence" and token.info == "mermaid":
            mermaid(token.content)
    if "\x1b" in text or "\u202e" in text:
        raise Broken("it steers the terminal")
    _tables(text)


# --- the others ------------------------------------------------------------------------------------------------------


def workflow(text: str) -> None:
    """Hold that what is marked is the name of an environment, and in no command and no expression."""
    document = yaml.safe_load(text)
    _hold_names(document, document["jobs"]["terraform"]["strategy"]["matrix"], "environment")


class _Pipeline(yaml.SafeLoader):
    """Reads what GitLab reads: YAML with references."""


_Pipeline.add_constructor("!reference", lambda loader, node: {"!reference": loader.construct_sequence(node)})


def pipeline(text: str) -> None:
    """Hold the same of GitLab's."""
    document = yaml.load(text, Loader=_Pipeline)
    (matrix,) = document["terraform"]["parallel"]["matrix"]
    _hold_names(document, matrix, "ENVIRONMENT")


def deploying_workflow(text: str) -> None:
    """Hold the same of the workflow that applies, whose job `changes` lists the environments once more."""
    document = yaml.safe_load(text)
    matrix = document["jobs"]["plan"]["strategy"].pop("matrix")["include"]
    (step,) = (step for step in document["jobs"]["changes"]["steps"] if "MATRIX" in step.get("env", {}))
    if json.loads(step["env"].pop("MATRIX")) != matrix:
        raise Broken("two lists of environments")
    _hold_names(document, {"environment": [environment["environment"] for environment in matrix]}, "environment")


def deploying_pipeline(text: str) -> None:
    """Hold the same of GitLab's."""
    document = yaml.load(text, Loader=_Pipeline)
    matrix = document[".signed-in"]["parallel"].pop("matrix")
    _hold_names(document, {"ENVIRONMENT": [environment["ENVIRONMENT"] for environment in matrix]}, "ENVIRONMENT")


def _hold_names(document: Any, matrix: dict[str, Any], key: str) -> None:
    names = matrix.pop(key)
    if not all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in names):
        raise Broken(f"names {names!a}")
    if MARK in json.dumps(document):
        raise Broken("it stands in a command or in an expression")


def annotations(text: str) -> None:
    """Hold that each line is one annotation, and nothing in it another command of the workflow's."""
    for line in text.splitlines():
        if line and not re.match(r"::(notice|warning|error) (file=[^,:\n]*(,line=\d+)?,?)?(title=[^:]*)?::", line):
            raise Broken(f"a line {line[:200]!a}")


def json_document(text: str) -> None:
    """Hold that it is one JSON document with a version; a schema has another word for it."""
    if not {"version", "$schema"} & json.loads(text).keys():
        raise Broken("it has no version")


# As OASIS publishes it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
_SARIF = Path(__file__).parents[1] / "reviewing/sarif-2.1.0.schema.json"


@cache
def _sarif_schema() -> Draft7Validator:
    return Draft7Validator(json.loads(_SARIF.read_text(encoding="utf-8")))


def sarif(text: str) -> None:
    """Hold that it is SARIF, that each place in it is a URI, and that no message steers a terminal."""
    log = json.loads(text)
    wrong = next(_sarif_schema().iter_errors(log), None)
    if wrong is not None:
        raise Broken(f"no SARIF: {wrong.message[:200]!a}")
    for result in log["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        if not re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri):
            raise Broken(f"a place {uri[:200]!a}")
        if not result["message"]["text"].isprintable():
            raise Broken(f"a message {result['message']['text'][:200]!a}")


def spec(text: str) -> None:
    """The spec and the lock hold what was asked, as TOML does: it is the reader of TOML that judges."""
    import tomllib

    tomllib.loads(text)


SINKS: Mapping[str, Callable[[str], None]] = {
    "*.tf": hcl,
    "*.tfvars": hcl,
    "*.tftest.hcl": hcl,
    "*.md": markdown,
    "*.svg": svg,
    ".github/workflows/terraform.yml": workflow,
    ".github/workflows/deploy.yml": deploying_workflow,
    ".gitlab-ci.yml": pipeline,
    ".gitlab/deploy.yml": deploying_pipeline,
    "escscaffold.*": spec,
}
"""What holds for each file that is written; a file that none is for holds no stranger's text at all."""

FORMATS: Mapping[str, Callable[[str], None]] = {
    "markdown": markdown,
    "svg": svg,
    "mermaid": mermaid,
    "html": page,
    "github": annotations,
    "json": json_document,
    "sarif": sarif,
}
"""What holds for each format that is printed."""
