"""The doors at which something is asked for: the spec, flags, variables, answers, and what they say in free text."""

import json
from random import Random
from typing import Any

import click

from escscaffold.cli import cli
from tests.fuzzing import corpus
from tests.fuzzing.mutating import block, encoded, hostile, mutate_document, mutated, quoted, toml, value, word
from tests.fuzzing.passing import ask, hold_repository, taken
from tests.fuzzing.sandbox import Sandbox
from tests.fuzzing.words import BLOCKS, MARK, STEERING, WORDS

COMMANDS = (
    *("plan", "plan", "init", "add", "set", "remove", "rename", "generate", "release", "check", "fmt"),
    *("review", "scan", "adopt", "explain", "schema", "doctor", "completion", "ipam"),
)
"""Every command, those that take most by flags more than once."""
_FORMATS = (["--json"], ["--format", "markdown"], ["--explain"], ["--format", "svg"], ["--repack"], [])
_FORMATS += (["--format", "mermaid"], ["--format", "html"])


def spec_text(rng: Random) -> bytes:
    """Return a spec of which something was changed: as a document, as text, or as bytes."""
    if rng.random() < 0.5:
        return encoded(toml(mutate_document(rng, rng.choice(corpus.documents()), corpus.documents())))
    return mutated(rng, rng.choice(corpus.specs()), corpus.specs())


def spec(box: Sandbox, rng: Random) -> bool:
    """Put escscaffold.toml into the folder, and read it by every command that does."""
    box.put({"escscaffold.toml": spec_text(rng)})
    commands = [
        ["plan", *rng.choice(_FORMATS)],
        ["check", *rng.choice([[], ["--json"], ["--format", "github"]])],
        ["generate", "--dry-run"],
        ["generate", "--diff", "--json"],
        ["fmt", *rng.choice([[], ["--check", "--json"], ["--diff"]])],
        ["doctor", *rng.choice([[], ["--json"]])],
        ["set", f"{rng.choice(WORDS)}.{rng.choice(WORDS)}={word(rng)}", "--dry-run"],
        ["remove", rng.choice(["prod", "dev"]), "--dry-run"],
        ["rename", "prod", "other", "--dry-run"],
        ["add", "new", "--mode", rng.choice(corpus.MODES), "--yes", "--quiet"],
    ]
    ran = ask(box, "-C", str(box.work), *rng.choice(commands[:2] if rng.random() < 0.5 else commands))
    return taken(ran)


def values(box: Sandbox, rng: Random) -> bool:
    """Say something in free text, and look where it comes to lie in all that is written."""
    mode = rng.choice(corpus.MODES)
    name = rng.choice(["prod", MARK, f"a-{MARK}"])
    document = corpus.whole(mode, name)
    environment = document["environments"][name]
    if rng.random() < 0.5:
        document["ci"] = rng.choice(["gitlab", ["github", "gitlab"], "none"])
    for _ in range(rng.choice([1, 1, 2])):
        _say(rng, document, environment, mode)
    box.put({"escscaffold.toml": encoded(toml(document))})
    ran = ask(box, "-C", str(box.work), "generate", *rng.choice([["--json"], ["--quiet"], []]))
    ask(box, "-C", str(box.work), "plan", "--format", "html")
    if ran.code != 0:
        return False
    hold_repository(box)
    ask(
        box,
        "-C",
        str(box.work),
        *rng.choice([["plan", *rng.choice(_FORMATS)], ["check", "--format", "github"], ["check"]]),
    )
    return True


def _say(rng: Random, document: dict[str, Any], environment: dict[str, Any], mode: str) -> None:
    texts = corpus.texts_asked(mode)
    path = rng.choice(
        [
            *texts,
            *(("tags",), ("tags",), ("accept",), ("accept",), ("reserved",), ("reserved",), ("pools",), ("backend",)),
            *(("acl",), ("ci",)),
        ]
    )
    text = _soft(rng)
    if path == ("tags",):
        environment.setdefault("tags", {})[rng.choice([text, "team", f"{MARK}-a"])] = rng.choice([text, f"{MARK}-b"])
    elif path == ("accept",):
        environment["region"] = "eu-cetral-1"
        rng.choice([document, environment]).setdefault("accept", {})["ESC501"] = text
    elif path in (("reserved",), ("pools",)):
        document.setdefault(path[0], {})[text] = rng.choice(["10.99.0.0/16", "10.64.0.0/10", "10.20.0.0/16"])
    elif path == ("acl",):
        environment.setdefault("acl", {})[text] = "10.99.0.0/16"
    elif path == ("ci",):
        document["ci"] = rng.choice(["github,gitlab", ["gitlab", text], text])
    elif path == ("backend",):
        bucket = {"type": "s3", "bucket": f"{MARK}-state", "region": "eu-west-1"}
        document["backend"] = bucket | {rng.choice(["bucket", "prefix", "kms_key_id", "region"]): text}
    else:
        if path[0] == "existing":
            environment.setdefault("parts", {})[path[1].partition("_")[0]] = "existing"
        home = environment
        for part in path[:-1]:
            home = home.setdefault(part, {})
        home[path[-1]] = rng.choice([text, texts[path] + text, f"{MARK}{texts[path]}"])


def _soft(rng: Random) -> str:
    """Return a text that steers something and is not refused for a sign that nobody can see."""
    text = (
        rng.choice(STEERING)
        if rng.random() < 0.6
        else "".join(rng.choice("ab-_. /:=+@${}%\"'`<>|\\#&;()*[]!,~^") for _ in range(8))
    )
    text = text[:120]
    return f"{MARK}{text}{MARK}" if text.isprintable() or rng.random() < 0.2 else f"{MARK}.-_{MARK}"


def flags(box: Sandbox, rng: Random) -> bool:
    """Give flags and arguments that mean nothing, too much, or something else."""
    if rng.random() < 0.02:
        return taken(
            ask(box, *map(argument, rng.choice([["--version"], ["--help"], [loose(rng)], ["-C", loose(rng)]])))
        )
    command = rng.choice(COMMANDS)
    if command not in ("plan", "init", "explain") or rng.random() < 0.2:
        box.put({"escscaffold.toml": corpus.SIMPLE})
    arguments = [command, "-C", str(box.work)] if rng.random() < 0.9 else ["-C", str(box.work), command]
    if command == "ipam":
        # Without [ipam] in the spec none of them opens a connection.
        arguments[-3:] = ["ipam", rng.choice(["pull", "claim", "status", "release"]), "-C", str(box.work)]
    elif command == "init":
        arguments.append(rng.choice(["new", "new", ".", "a/b"]))
    if command in ("plan", "init", "add"):
        arguments += _answering(rng, command)
    elif command == "completion" and rng.random() < 0.8:
        arguments.append(rng.choice(["bash", "zsh", "fish"]))
    elif command == "set":
        arguments += [f"{_key(rng)}={loose(rng)}" for _ in range(rng.choice([1, 1, 2, 3]))]
    else:
        # All of the disk is a lot to read, and whoever names it means it.
        arguments += [one for one in (loose(rng) for _ in range(rng.randrange(3))) if one.strip("/") or not one]
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        arguments += _option(rng, command)
    arguments += ["--", loose(rng)] if rng.random() < 0.05 else []
    ran = ask(box, *map(argument, arguments), stdin=rng.choice([b"", b"y\n", encoded(hostile(rng))]))
    if command in ("init", "add") and ran.code == 0:
        hold_repository(box, box.work / arguments[3] if command == "init" else box.work)
    return taken(ran)


def options_of(command: str) -> list[click.Option]:
    """Return the options of a command, or of all that are in its group."""
    with click.Context(cli) as context:
        found = cli.get_command(context, command)
    assert found is not None
    commands = found.commands.values() if isinstance(found, click.Group) else [found]
    return [one for command in commands for one in command.params if isinstance(one, click.Option)]


def _option(rng: Random, command: str) -> list[str]:
    """Return one of the command's options, with a value where it takes one."""
    # The folder to work in is whoever's who runs it; inputs stay in the sandbox.
    option = rng.choice([one for one in options_of(command) if one.name != "folder"])
    if option.is_flag:
        return [option.opts[0]]
    choices = option.type.choices if isinstance(option.type, click.Choice) and rng.random() < 0.9 else None
    return [option.opts[0], rng.choice(choices) if choices else loose(rng)]


def _answering(rng: Random, command: str) -> list[str]:
    given = ["--yes"] if rng.random() < 0.9 else []
    given += ["--mode", rng.choice(corpus.MODES)] if rng.random() < 0.85 else ["--mode", loose(rng)]
    given += [rng.choice(["new", loose(rng)])] if command == "add" else []
    for _ in range(rng.choice([0, 1, 1, 2, 4])):
        flag = rng.choice(
            ["--range", "--range", "--reserve", "--pool", "--set", "--region", "--cloud", "--environment"]
        )
        given += [flag, _pair(rng) if flag in ("--range", "--reserve", "--pool", "--set") else loose(rng)]
    return given


def _pair(rng: Random) -> str:
    return f"{_key(rng)}={loose(rng)}" if rng.random() < 0.95 else loose(rng)


def _key(rng: Random) -> str:
    return ".".join(rng.choice(WORDS) if rng.random() < 0.9 else hostile(rng) for _ in range(rng.choice([1, 1, 2, 3])))


def loose(rng: Random) -> str:
    shape = rng.randrange(6)
    if shape == 0:
        return toml(value(rng))
    return [rng.choice(BLOCKS), block(rng), rng.choice(WORDS), word(rng), hostile(rng)][shape - 1]


def argument(text: str) -> str:
    """Return what a program can be given: no argument has a zero in it, and one that is no UTF-8 is escaped."""
    return encoded(text.replace("\0", "")).decode("utf-8", errors="surrogateescape")


def variables(box: Sandbox, rng: Random) -> bool:
    """Set the variables that give answers, and those that say how to print them."""
    names = ["ENVIRONMENT", "CLOUD", "REGION", "MODE", "RANGE", "RESERVE", "POOL", "SET", "ANSWERS"]
    given = {f"ESCSCAFFOLD_{name}": rng.choice([loose, _pair])(rng) for name in rng.sample(names, rng.randint(1, 3))}
    given |= {name: hostile(rng) for name in ("COLUMNS", "NO_COLOR", "LANG", "TERM") if rng.random() < 0.15}
    given |= {"ESCSCAFFOLD_MODE": rng.choice(corpus.MODES)} if rng.random() < 0.7 else {}
    command = rng.choice([["plan", "--json"], ["plan"], ["init", "new", "--yes"], ["check"], ["generate", "--dry-run"]])
    if command[0] in ("check", "generate"):
        box.put({"escscaffold.toml": corpus.SIMPLE})
    ran = ask(box, command[0], "-C", str(box.work), *command[1:], variables={k: argument(v) for k, v in given.items()})
    if command[0] == "init" and ran.code == 0:
        hold_repository(box, box.work / "new")
    return taken(ran)


def answers(box: Sandbox, rng: Random) -> bool:
    """Answer by a file, or on standard input."""
    text = spec_text(rng) if rng.random() < 0.9 else encoded(json.dumps(value(rng)) + quoted(word(rng)))
    by_file = rng.random() < 0.5
    if by_file:
        box.put({"answers.toml": text})
    command = rng.choice([["plan", "--json"], ["plan"], ["init", "new", "--yes", "--quiet"], ["add", "new", "--yes"]])
    if command[0] == "add":
        box.put({"escscaffold.toml": corpus.SIMPLE})
    name = str(box.work / "answers.toml") if by_file else "-"
    ran = ask(box, command[0], "-C", str(box.work), *command[1:], "--answers", name, stdin=b"" if by_file else text)
    if command[0] == "init" and ran.code == 0:
        hold_repository(box, box.work / "new")
    return taken(ran)
