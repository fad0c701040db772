"""The doors by which escscaffold reads what others wrote: what is scanned, what is reviewed, plans, patches, git."""

import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.fuzzing import corpus
from tests.fuzzing.mutating import encoded, hostile, mutate_bytes, mutate_document, mutate_text, mutated, quoted
from tests.fuzzing.passing import ask, taken
from tests.fuzzing.sandbox import Broken, Ran, Sandbox
from tests.fuzzing.sinks import annotations, comment, json_document, sarif
from tests.fuzzing.words import MARK, NASTY, STEERING

Files = dict[str, bytes | str]
_FORMATS = ("text", "markdown", "json", "github", "sarif")


def _name(rng: Random, ending: str) -> str:
    """Return a file's name, with what a stranger may put into one."""
    if rng.random() < 0.7:
        return rng.choice(["main", "a/b", "network", "modules/x/y"]) + ending
    text = hostile(rng).replace("/", "_").replace("\0", "_")[:60]
    body = encoded(text or "x")
    name = os.fsdecode(body) + ending
    return name if name.strip(".") else "x"


def scan(box: Sandbox, rng: Random) -> bool:
    """Scan files of every kind that it reads, some of them linked to what stands outside."""
    files: Files = {}
    for _ in range(rng.choice([1, 1, 2, 3])):
        way = rng.randrange(6)
        if way < 2:
            files[_name(rng, rng.choice([".tf", ".tf", ".tfvars", ".auto.tfvars"]))] = mutated(
                rng, rng.choice(corpus.terraform()), corpus.terraform()
            )
        elif way < 4:
            document = mutate_document(rng, rng.choice(corpus.JSON), corpus.JSON)
            files[_name(rng, rng.choice([".tf.json", ".tfstate", ".json", ".json"]))] = _as_json(rng, document)
        else:
            files[_name(rng, rng.choice([".csv", ".txt", "", ".xlsx", ".tfplan"]))] = mutated(
                rng, rng.choice(corpus.LISTS), corpus.LISTS
            )
    reserving = rng.random() < 0.3
    box.put(_placed(files))
    # What is reserved stands in the spec, and other commands tell it: what a link leads to, too, as it was asked for.
    if rng.random() < 0.1 and not reserving:
        _link(box, rng)
    if reserving:
        box.put({"escscaffold.toml": corpus.SIMPLE})
    named = [name for name in files if "\0" not in name]
    paths = rng.choice([["."], ["."], [rng.choice(named)] if named else ["."], ["-"]])
    more = rng.choice([[], ["--json"], ["--quiet"], ["--kind", "network"]]) + (["--reserve"] if reserving else [])
    ran = ask(box, "-C", str(box.work), "scan", *more, "--", *paths, stdin=_body(rng.choice([*files.values()])))
    if reserving and ran.code == 0:
        again = ask(box, "-C", str(box.work), "plan", "--json")
        if again.code == 2 or "ESC00" in again.out:
            raise Broken(f"what was reserved cannot be read: {again.out[:300]}")
    return taken(ran)


def _as_json(rng: Random, document: Any) -> bytes:
    import json

    text = json.dumps(document, ensure_ascii=rng.random() < 0.5)
    return encoded(text) if rng.random() < 0.8 else mutated(rng, text)


def _body(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else encoded(body)


def _placed(files: Files) -> Files:
    """Return the files without those that stand where another one needs a folder."""
    return {name: body for name, body in files.items() if not any(other.startswith(f"{name}/") for other in files)}


def _link(box: Sandbox, rng: Random) -> None:
    link = box.work / rng.choice(["link.tf", "link", "link.csv", "modules"])
    if not os.path.lexists(link):
        link.symlink_to(rng.choice([box.root / "elsewhere/secret.tf", box.root / "elsewhere", link, box.work]))


def trees(box: Sandbox, rng: Random) -> bool:
    """Review a stranger's tree beside another, in every format, with a plan or without one."""
    base = _tree(rng)
    head = {**base, **_tree(rng)} if rng.random() < 0.7 else _tree(rng)
    for name in rng.sample([*head], min(len(head), rng.randrange(3))):
        head[name] = mutated(rng, _text(head[name]), corpus.terraform()) if rng.random() < 0.8 else b""
    for side, files in (("before", base), ("after", head)):
        (box.work / side).mkdir()
        box.put({f"{side}/{name}": body for name, body in _placed(files).items()})
    if rng.random() < 0.1:
        (box.work / "after/link.tf").symlink_to(box.root / "elsewhere/secret.tf")
        (box.work / "after/linked").symlink_to(box.root / "elsewhere")
    more = []
    if rng.random() < 0.4:
        plan = mutate_document(rng, corpus.JSON[1], corpus.JSON)
        box.put({"plan.json": _as_json(rng, plan)})
        more = ["--plan", str(box.work / "plan.json")]
    form = rng.choice(_FORMATS)
    ran = ask(box, "-C", str(box.work), "review", "before", "after", *more, "--format", *_reviewed(form))
    _hold_review(ran, form)
    return taken(ran)


def _reviewed(form: str) -> list[str]:
    # Its Markdown is held as a comment, which is more than a page of ours promises.
    return [form] if form != "markdown" else ["markdown", "--fail-on", "none"]


def _hold_review(ran: Ran, form: str) -> None:
    holds: dict[str, Callable[[str], None]] = {
        "markdown": comment,
        "github": annotations,
        "json": json_document,
        "sarif": sarif,
    }
    if ran.out.strip() and form in holds:
        try:
            holds[form](ran.out)
        except (Broken, ValueError) as error:
            raise Broken(f"{form}: {error}") from None


def _text(body: bytes | str) -> str:
    return body if isinstance(body, str) else body.decode("utf-8", errors="replace")


def _tree(rng: Random) -> Files:
    """Return the files of one side: ours, Terraform of others, or what somebody means to say by it."""
    files: Files = {}
    if rng.random() < 0.3:
        ours = corpus.repository(corpus.SIMPLE)
        files |= {
            name: ours[name]
            for name in ("escscaffold.toml", "escscaffold.lock", "README.md", "environments/prod/terraform.tfvars")
        }
        files |= {name: text for name, text in ours.items() if rng.random() < 0.2}
    for _ in range(rng.choice([0, 1, 1, 2])):
        files[_name(rng, rng.choice([".tf", ".tf", ".tfvars", ".tf.json", ".md", ".auto.tfvars"]))] = rng.choice(
            corpus.terraform()
        )
    for _ in range(rng.choice([0, 1, 1, 2])):
        word = quoted(rng.choice(NASTY if rng.random() < 0.5 else STEERING)).replace("${", "$${").replace("%{", "%%{")
        files[_name(rng, ".tf")] = _resources(word)
    return files or {"main.tf": "a = 1\n"}


def _resources(word: str) -> bytes:
    """Return Terraform that is right, and has this string wherever one can be."""
    return encoded(
        f"resource {word} {word} {{\n  name = {word}\n  tags = {{ {word} = {word} }}\n}}\n"
        f'resource "aws_vpc" {word} {{\n  cidr_block = {word}\n}}\nmodule {word} {{\n  source = {word}\n}}\n'
        f'provider "x" {{\n  alias = {word}\n  token = {word}\n}}\nmoved {{\n  from = x[{word}]\n  to = {word}\n}}\n'
    )


@cache
def _git_folder() -> dict[str, bytes]:
    """Return the files of `.git` of a repository with two commits and a branch."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        ours = corpus.repository(corpus.SIMPLE)
        _git(folder, "init", "--quiet", "--initial-branch", "main")
        ranges = '[environments.prod.ranges]\npods = "/16"\n'
        for more, other in (("", "computed.tf"), (ranges, "called.tf")):
            (folder / "escscaffold.toml").write_text(corpus.SIMPLE + more)
            (folder / "main.tf").write_text(corpus.OTHERS[other])
            (folder / "README.md").write_text(ours["README.md"])
            (folder / "vpc").mkdir(exist_ok=True)
            (folder / "vpc/main.tf").write_text('variable "cidr" {}\n')
            _git(folder, "add", "--all")
            _git(folder, "commit", "--quiet", "-m", other)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def _git(folder: Path, *arguments: str) -> None:
    user = ["-c", "user.name=Me", "-c", "user.email=me@example.org", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(
        ["git", *user, *arguments], cwd=folder, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    )


def patches(box: Sandbox, rng: Random) -> bool:
    """Review a patch from standard input."""
    box.put(dict(_git_folder()))
    patch = (
        "diff --git a/main.tf b/main.tf\n--- a/main.tf\n+++ b/main.tf\n@@ -1,5 +1,5 @@\n"
        ' module "vpc" {\n   source = "./vpc"\n-  count  = 2\n+  count  = 3\n'
        '   cidr   = cidrsubnets("10.64.0.0/12", 4, 4, 8)[count.index]\n }\n'
        "diff --git a/new.tf b/new.tf\nnew file mode 100644\n--- /dev/null\n+++ b/new.tf\n@@ -0,0 +1 @@\n+a = 1\n"
    )
    names = [
        "../pwned",
        f"{box.root}/pwned",
        ".git/hooks/post-index-change",
        ".git/config",
        f"{MARK}<b>",
        "a b",
        '"a\\nb"',
    ]
    if rng.random() < 0.4:
        patch = patch.replace("new.tf", rng.choice(names)).replace(
            "100644", rng.choice(["100644", "120000", "160000", "100755"])
        )
    if rng.random() < 0.6:
        patch = mutate_text(rng, patch)
    form = rng.choice(_FORMATS)
    ran = ask(box, "-C", str(box.work), "review", "-", "--format", *_reviewed(form), stdin=encoded(patch))
    _hold_review(ran, form)
    return taken(ran)


_RUNS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.gitProxy", "core.askPass"),
    *("core.alternateRefsCommand", "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean"),
    *("filter.x.smudge", "filter.x.process", "merge.x.driver", "gpg.program", "credential.helper"),
    *("uploadpack.packObjectsHook", "alias.ls-files", "alias.cat-file"),
)
"""Settings by which git runs a command."""
_SUBMODULE = '[submodule "a"]\n\tpath = ../x\n\turl = ext::sh -c id\n'


def git(box: Sandbox, rng: Random) -> bool:
    """Review in a git repository whose own files were made by a stranger: settings, references, objects, attributes."""
    files: Files = dict(_git_folder())
    command = f"touch {box.root}/pwned"
    for _ in range(rng.choice([1, 1, 2, 3])):
        way = rng.randrange(6)
        name = rng.choice([*files])
        if way < 2:
            key, _, last = rng.choice(_RUNS).rpartition(".")
            section, _, sub = key.partition(".")
            head = f'[{section} "{sub}"]' if sub else f"[{section}]"
            files[".git/config"] = _body(files[".git/config"]) + f"\n{head}\n\t{last} = {command}\n".encode()
            files[".gitattributes"] = "* filter=x diff=x merge=x\n"
        elif way == 2:
            for hook in (
                "post-index-change",
                "pre-commit",
                "post-checkout",
                "reference-transaction",
                "fsmonitor-watchman",
            ):
                files[f".git/hooks/{hook}"] = f"#!/bin/sh\n{command}\n"
        elif way == 3:
            name = rng.choice([".git/HEAD", ".git/config", ".git/index", ".git/refs/heads/main", name])
            files[name] = mutate_bytes(rng, _body(files[name]))
        elif way == 4:
            main = _body(files[".git/refs/heads/main"])
            more: Files = {
                f".git/refs/heads/{_name(rng, '')}": main,
                ".git/shallow": main,
                ".git/packed-refs": hostile(rng),
            }
            more |= {".git/commondir": "..\n", ".git/refs/heads/HEAD": "x", ".git/info/grafts": "x\n"}
            more |= {".git/objects/info/alternates": f"{box.root}/elsewhere\n", ".gitmodules": _SUBMODULE}
            chosen = rng.choice([*more])
            files[chosen] = more[chosen]
        else:
            files[name] = mutated(rng, _text(files[name])) if not name.startswith(".git/objects") else b""
    box.put(_placed(files))
    for hook in (box.work / ".git/hooks").glob("*"):
        hook.chmod(0o755)
    form = rng.choice(_FORMATS)
    which = rng.choice(
        [["HEAD~1", "HEAD"], ["HEAD~1"], [], ["main"], [hostile(rng).replace("\0", "") or "x"], ["--", "-x"]]
    )
    commands = [["review", "--format", *_reviewed(form), *which], ["generate", "--dry-run"], ["check"]]
    ran = ask(box, "-C", str(box.work), *map(_sendable, rng.choice([commands[0], rng.choice(commands)])))
    if "review" in ran.arguments:
        _hold_review(ran, form)
    return taken(ran)


def _sendable(text: str) -> str:
    return os.fsdecode(encoded(text))
