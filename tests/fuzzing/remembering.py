"""The doors by which escscaffold reads what it wrote itself: the lock, a journal, and its files with hand edits."""

import json
import os
from random import Random
from typing import Any

from tests.fuzzing import corpus
from tests.fuzzing.mutating import encoded, hostile, mutate_bytes, mutate_document, mutated, word
from tests.fuzzing.passing import ask, hold_repository, taken
from tests.fuzzing.sandbox import Broken, Sandbox
from tests.fuzzing.words import MARK

TWO = corpus.SIMPLE + '[environments.dev]\ncloud = "aws"\nregion = "eu-west-1"\nmode = "eks"\n'
CHANGED = corpus.SIMPLE + '[environments.prod.ranges]\npods = "/16"\n'
SMALL = (
    "README.md",
    "environments/prod/terraform.tfvars",
    "environments/prod/main.tf",
    "scripts/check-connectivity.sh",
)


def lock(box: Sandbox, rng: Random) -> bool:
    """Change escscaffold.lock, beside a spec that it is of or is not."""
    text = rng.choice(
        [corpus.lock(corpus.SIMPLE), corpus.lock(TWO), corpus.repository(corpus.SIMPLE)["escscaffold.lock"]]
    )
    broken = mutated(rng, text, (corpus.lock(TWO), text))
    box.put({"escscaffold.toml": rng.choice([corpus.SIMPLE, TWO, CHANGED]), "escscaffold.lock": broken})
    commands = [
        *(
            ["plan"],
            ["plan", "--json"],
            ["plan", "--repack"],
            ["check"],
            ["generate", "--dry-run"],
            ["generate", "--diff"],
        ),
        *(["generate", "--forget", rng.choice(["prod", "dev", "dev.nodes-1", "prod.provider"]), "--dry-run"],),
        *(["rename", "prod", "other", "--dry-run"], ["remove", "prod", "--dry-run"], ["release", "README.md"]),
        *(["add", "new", "--mode", "eks", "--yes", "--dry-run"], ["review", "--json"]),
    ]
    return taken(ask(box, "-C", str(box.work), *rng.choice(commands)))


def pulled(box: Sandbox, rng: Random) -> bool:
    """Change escscaffold.ipam.json, beside a spec that names its IPAM and a lock that claimed something there."""
    ipam = '[ipam]\nkind = "netbox"\nurl = "https://netbox.example.com"\nclaim_from = ["10.64.0.0/10"]\n'
    rows = [
        {"id": 1, "prefix": "10.64.0.0/10", "status": "container"},
        {"id": 2, "prefix": "10.64.0.0/16", "status": "reserved", "description": "a/b: prod network"},
        {"id": 3, "prefix": "10.66.0.0/16", "status": "active", "description": hostile(rng), "tenant": word(rng)},
    ]
    head = {"version": 1, "kind": "netbox", "url": "https://netbox.example.com", "vrf": "", "pulled": "2026-11-28"}
    text = json.dumps(head | {"prefixes": rows})
    broken = mutated(rng, text, (text,)) if rng.random() < 0.7 else text
    claims = 'version = 1\nrepository = "a/b"\n\n[claims]\n"prod.network" = "10.64.0.0/16 2"\n'
    spec = corpus.SIMPLE.replace("[environments", f"{ipam}[environments", 1)
    box.put({"escscaffold.toml": spec, "escscaffold.lock": claims, "escscaffold.ipam.json": broken})
    commands = [["plan"], ["plan", "--json"], ["check"], ["generate", "--dry-run"], ["scan", "."]]
    return taken(ask(box, "-C", str(box.work), *rng.choice(commands)))


def edits(box: Sandbox, rng: Random) -> bool:
    """Edit, remove or replace generated files, then generate and check."""
    files: dict[str, bytes | str] = dict(corpus.repository(corpus.SIMPLE))
    for _ in range(rng.choice([1, 1, 2, 4])):
        path = rng.choice([*SMALL, rng.choice([*files])])
        body = files.get(path, "x")
        text = body if isinstance(body, str) else body.decode("utf-8", errors="replace")
        files[path] = mutated(rng, text, corpus.terraform())
        if rng.random() < 0.1:
            del files[path]
    if rng.random() < 0.7:
        files["escscaffold.toml"] = rng.choice([CHANGED, TWO])
    box.put(files)
    if rng.random() < 0.1:
        _in_the_way(box, rng)
    commands = [
        ["generate"],
        ["generate", "--diff"],
        ["check"],
        ["generate", "--restore"],
        ["rename", "prod", "other"],
        ["release", rng.choice(SMALL)],
    ]
    ran = ask(box, "-C", str(box.work), *rng.choice(commands), *rng.choice([[], ["--accept-replace", "prod"]]))
    if ran.code == 0 and "generate" in ran.arguments and "--diff" not in ran.arguments:
        again = ask(box, "-C", str(box.work), "generate", "--dry-run")
        if again.code not in (0, 1):
            raise Broken(f"a second run finds something to do: {again.out[-300:]}")
    return taken(ran)


def _in_the_way(box: Sandbox, rng: Random) -> None:
    """Put a folder, a link, or a loop of links where a file or a folder of ours is."""
    path = box.work / rng.choice([*SMALL, "environments", "environments/prod", "modules", "escscaffold.lock"])
    if path.is_dir():
        path.rename(path.with_name("moved"))
    else:
        path.unlink(missing_ok=True)
    way = rng.randrange(4)
    if way == 0:
        path.mkdir(parents=True, exist_ok=True)
    elif path.parent.is_dir():
        path.symlink_to([box.root / "elsewhere", box.root / "elsewhere/secret.tf", path][way - 1])


def journal(box: Sandbox, rng: Random) -> bool:
    """Leave behind what a write that broke off leaves, with a journal that promises something else."""
    files: dict[str, bytes | str] = dict(corpus.repository(corpus.SIMPLE)) if rng.random() < 0.3 else {}
    steps: list[Any] = [
        {"path": rng.choice(SMALL), "old": None, "new": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "moved_from": ""},
        {"path": "environments/other", "old": None, "new": None, "moved_from": "environments/prod"},
        {"path": "a/b", "old": "x", "new": None, "moved_from": ""},
    ]
    promised: Any = {"steps": rng.sample(steps, rng.randint(1, 3)), "made": ["a"]}
    for _ in range(rng.choice([1, 1, 2])):
        promised = _promise_changed(rng, promised, box)
    text = encoded(json.dumps(promised))
    staging = rng.choice([".escscaffold-abc", f".escscaffold-{rng.choice(['..', '', 'x y', MARK])}"])
    files |= {"escscaffold.toml": corpus.SIMPLE}
    files[f"{staging}/{rng.choice(['journal', 'journal', 'taken-back', 'journal.part'])}"] = (
        mutate_bytes(rng, text) if rng.random() < 0.2 else text
    )
    files |= {f"{staging}/{number}.{kind}": "" for number in range(3) for kind in ("new", "old") if rng.random() < 0.6}
    files |= {f"{staging}/{rng.choice(['x', '99.new', '-1.new', '0.new.old'])}": "x"} if rng.random() < 0.1 else {}
    box.put(files)
    if rng.random() < 0.1:
        (box.work / staging / "1.new").unlink(missing_ok=True)
        (box.work / staging / "1.new").symlink_to(box.root / "elsewhere/secret.tf")
    if rng.random() < 0.03:
        (box.work / staging / "journal").unlink(missing_ok=True)
        os.mkfifo(box.work / staging / "journal")
    command = rng.choice(
        [["generate"], ["generate", "--dry-run"], ["check"], ["init", "."], ["set", "routes=exact"], ["plan"]]
    )
    ran = ask(box, "-C", str(box.work), *command, settles=True)
    if ran.code == 0 and command == ["generate"]:
        hold_repository(box)
    return taken(ran)


def _promise_changed(rng: Random, promised: Any, box: Sandbox) -> Any:
    ways_out = [
        "../pwned",
        "../elsewhere/secret.tf",
        f"{box.root}/elsewhere/secret.tf",
        "a/../../pwned",
        "..",
        ".",
        "",
        "/",
        ".git/config",
    ]
    if rng.random() < 0.6 and isinstance(promised, dict) and isinstance(promised.get("steps"), list):
        steps = [one for one in promised["steps"] if isinstance(one, dict)]
        if steps:
            rng.choice(steps)[rng.choice(["path", "path", "moved_from"])] = rng.choice(
                [*ways_out, word(rng), hostile(rng)]
            )
            if rng.random() < 0.3:
                promised["made"] = [rng.choice(ways_out)]
            return promised
    return mutate_document(rng, promised)
