"""The doors of what helps a person: how the spec is laid out, what is here, and what a shell offers for a line."""

import os
import re
import shlex
import tomllib
from random import Random
from typing import Any

from tests.fuzzing import corpus
from tests.fuzzing.asking import COMMANDS, argument, loose, options_of, spec_text
from tests.fuzzing.mutating import encoded, hostile, mutated, word
from tests.fuzzing.passing import ask, taken
from tests.fuzzing.remembering import TWO
from tests.fuzzing.sandbox import SECRET, Broken, Ran, Sandbox

_SPECS = ("escscaffold.toml", "a/escscaffold.toml", "other.toml")


def fmt(box: Sandbox, rng: Random) -> bool:
    """Lay out specs that are right, nearly right, or something else."""
    names = rng.sample(_SPECS, rng.choice([1, 1, 1, 2]))
    box.put({name: _spaced(rng) if rng.random() < 0.6 else spec_text(rng) for name in names})
    if rng.random() < 0.05:
        _replace(box, rng, names[0])
    more = rng.choice([[], [], ["--json"], ["--quiet"], ["--check"], ["--diff"], ["--diff", "--json"]])
    before = box.tree()
    ran = ask(box, "fmt", "-C", str(box.work), *more, *(names if names != [_SPECS[0]] or rng.random() < 0.5 else []))
    if ran.code == 0 and not {"--check", "--diff"} & set(more):
        for name in names:
            _hold_same(before[name], (box.work / name).read_bytes())
        again = ask(box, "fmt", "-C", str(box.work), "--check", *names)
        if again.code != 0:
            raise Broken(f"what was laid out is not laid out: {again.out[:300]}")
    return taken(ran)


def _spaced(rng: Random) -> bytes:
    """Return a spec that means the same as one of ours, with other spaces, comments and spellings in it."""
    lines = rng.choice(corpus.specs()).splitlines()
    for _ in range(rng.choice([1, 2, 5])):
        at = rng.randrange(len(lines)) if lines else 0
        more = rng.choice(["", "", "# zqx", "   # a = 1", "\t", f"# {word(rng)}"]).partition("\n")[0]
        lines[at:at] = [more] if rng.random() < 0.5 else []
        way = rng.randrange(6)
        if way < 2 and lines:
            lines[at] = re.sub(r" *= *", rng.choice(["=", " =", "  = ", "\t=\t"]), lines[at])
        elif way == 2 and lines:
            lines[at] = re.sub(r"/(\d)", r"/0\1", lines[at])
        elif way == 3 and lines:
            lines[at] = lines[at].replace('"', "'")
        elif way == 4 and lines:
            lines[at] += rng.choice([" ", "\t", " # zqx", "#"])
    return encoded(rng.choice(["\n", "\n", "\r\n"]).join([*lines, ""]))


def _hold_same(before: bytes, after: bytes) -> None:
    """Hold that what is laid out means what it did, in the same order, with its comments."""
    old, new = (body.decode("utf-8-sig").replace("\r\n", "\n") for body in (before, after))
    if _meant(tomllib.loads(old)) != _meant(tomllib.loads(new)) or _signs(old) != _signs(new):
        raise Broken(f"it means something else: {old[:300]!a} {new[:300]!a}")


def _meant(node: Any) -> Any:
    if isinstance(node, dict):
        return [(key, _meant(inner)) for key, inner in node.items()]
    if isinstance(node, list):
        return [_meant(inner) for inner in node]
    return _signs(node) if isinstance(node, str) else repr(node)


def _signs(text: str) -> str:
    """Return what stays: all but spaces, the quotes, a comma behind the last of a list, and zeros before a number."""
    return re.sub(r"[\s\"',]|(?<![\d.])0+(?=\d)|(?<=[./])0+(?=\d)", "", text)


def doctor(box: Sandbox, rng: Random) -> bool:
    """Look around in a clone of a stranger's, with settings that hold what nobody may see."""
    home = f"environments/{rng.choice(['prod', 'dev', 'a b'])}"
    files: dict[str, bytes | str] = {"escscaffold.toml": rng.choice([encoded(corpus.SIMPLE), spec_text(rng)])}
    if rng.random() < 0.6:
        files["escscaffold.lock"] = mutated(rng, corpus.lock(corpus.SIMPLE), (corpus.lock(TWO),))
    if rng.random() < 0.8:
        text = (
            mutated(rng, _PROVIDERS) if rng.random() < 0.8 else encoded('provider "x" {\n' * rng.choice([50, 20_000]))
        )
        files[f"{home}/.terraform.lock.hcl"] = text
    box.put({name: body for name, body in files.items() if rng.random() < 0.9})
    if rng.random() < 0.15:
        _replace(box, rng, rng.choice([f"{home}/.terraform.lock.hcl", "escscaffold.toml", "escscaffold.lock"]))
    given = {name: _private(rng, name) for name in rng.sample(_HELD, rng.randint(0, 4))}
    given |= {f"{rng.choice(_NAMED)}{hostile(rng)}": SECRET for _ in range(rng.choice([0, 0, 1]))}
    given = {argument(name).replace("=", "-") or "x": argument(one) for name, one in given.items()}
    more = rng.choice([[], ["--json"], ["--quiet"], ["--color", "always"]])
    return _tells(ask(box, "-C", str(box.work), "doctor", *more, variables=given))


_PROVIDERS = (
    '# This file is maintained automatically by "terraform init".\n'
    'provider "registry.terraform.io/hashicorp/google" {\n  version     = "6.30.0"\n  constraints = "~> 6.0"\n'
    '  hashes = [\n    "h1:abc",\n    "zh:def",\n  ]\n}\n\n'
    'provider "registry.terraform.io/kurrent-io/kurrentcloud" {\n  version = "2.1.0"\n}\n'
)
_HELD = (
    *("HTTPS_PROXY", "http_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy", "TF_REATTACH_PROVIDERS", "TF_WORKSPACE"),
    *(
        "ESC_TOKEN",
        "ESC_ORG_ID",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "ARM_CLIENT_SECRET",
        "GOOGLE_CREDENTIALS",
    ),
    *("TF_LOG", "TF_CLI_ARGS_plan", "ESCSCAFFOLD_MODE", "ESCSCAFFOLD_X"),
)
_NAMED = ("TF_VAR_", "TF_CLI_ARGS_", "TF_LOG_", "ESCSCAFFOLD_", "AWS_")


def _private(rng: Random, name: str) -> str:
    """Return what such a variable holds: an address with a password, which may have any sign in it, or a secret."""
    password = "".join(rng.choice("1a:/?#@%[]\\ ") for _ in range(rng.choice([0, 0, 1, 2])))
    where = rng.choice(["proxy.example:3128", "proxy.example", "[::1]:80", "10.0.0.1", "", hostile(rng)])
    scheme = rng.choice(["http://", "https://", "", "socks5://", "//"])
    address = f"{scheme}{rng.choice(['me:', ''])}{password}{SECRET}@{where}"
    # A proxy that is one word is a host.
    return address if name.lower().endswith("_proxy") or rng.random() < 0.5 else SECRET


def _tells(ran: Ran) -> bool:
    """Return whether it told all; without Terraform, as here, it always ends with 1."""
    return "MISSING escscaffold" not in ran.out and ran.code != 2


def _replace(box: Sandbox, rng: Random, name: str) -> None:
    """Put a folder, a pipe, or a link that leads out or round in the place of a file."""
    path = box.work / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    way = rng.randrange(5)
    if way == 0:
        path.mkdir()
    elif way == 1:
        os.mkfifo(path)
    else:
        path.symlink_to([box.root / "elsewhere/secret.tf", box.root / "elsewhere", path][way - 2])


# What no shell reads as more than text; an option begins with its hyphens.
_OFFERED = re.compile(r"[A-Za-z0-9_./=-]+")


def completion(box: Sandbox, rng: Random) -> bool:
    """Press Tab behind half a line, in a clone of a stranger's."""
    files: dict[str, bytes | str] = {"escscaffold.toml": spec_text(rng) if rng.random() < 0.5 else _named(rng)}
    if rng.random() < 0.5:
        files["escscaffold.lock"] = mutated(rng, corpus.lock(rng.choice([corpus.SIMPLE, TWO])), (corpus.lock(TWO),))
    box.put(files)
    if rng.random() < 0.03:
        _replace(box, rng, rng.choice([*files]))
    words, last = _line(box, rng)
    shell = rng.choice(["bash", "zsh", "fish"])
    line = " ".join([*map(_typed, words), _typed(last) if last else ""])
    given = {"_ESCSCAFFOLD_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": f"{len(words)}"}
    given |= {"COMP_CWORD": last} if shell == "fish" else {}
    ran = ask(box, variables={name: argument(one) for name, one in given.items()})
    _hold_offers(ran.out, shell)
    return bool(ran.out.strip())


def _named(rng: Random) -> bytes:
    """Return a spec whose names are hostile, and nothing else wrong."""
    names = "".join(f"[environments.{_typed_key(hostile(rng))}]\nmode = 'eks'\n" for _ in range(3))
    return encoded(f"version = 1\n{names}")


def _typed_key(text: str) -> str:
    return '"' + "".join(c if c.isalnum() else f"\\u{ord(c):04x}" for c in text if ord(c) < 0xD800) + '"'


def _line(box: Sandbox, rng: Random) -> tuple[list[str], str]:
    """Return the words of a line, and what is typed of the one at the cursor."""
    command = rng.choice(COMMANDS)
    options = [option for one in options_of(command) for option in one.opts]
    words = ["escscaffold", "-C", str(box.work), command]
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        words.append(rng.choice([*options, loose(rng), "prod"]))
    last = rng.choice([*[""] * 9, "-", "--", "p", "prod.", "prod.ranges.", "prod.mode=", "tags.", loose(rng), "ESC"])
    return words, rng.choice([last, f"{rng.choice(options)}={last}"]) if rng.random() < 0.3 else last


def _typed(text: str) -> str:
    return shlex.quote(text.replace("\0", "")) if text else "''"


def _hold_offers(out: str, shell: str) -> None:
    lines = out.removesuffix("\n").split("\n") if out.strip() else []
    if shell == "zsh":
        lines = [f"{kind},{offered}" for kind, offered in zip(lines[::3], lines[1::3], strict=True)]
    for line in lines:
        kind, _, offered = line.partition("\t")[0].partition(",")
        if kind not in ("plain", "dir", "file") or (kind == "plain" and not _OFFERED.fullmatch(offered)):
            raise Broken(f"{shell} is offered {line[:200]!a}")
