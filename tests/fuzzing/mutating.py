"""Makes an input of a real file: something in it is turned, torn, repeated or replaced, as its grammar has it or not.

A text is made from a random number generator alone, so that a door and a number name one input for good.
"""

import json
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

from tests.fuzzing.words import BLOCKS, MARK, NUMBERS, STEERING, WORDS

Document = Any
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|[A-Za-z_][\w.-]*|\d[\d./]*|\s+|.', re.DOTALL)
_TORN = [
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "=",
    ".",
    ",",
    "\n",
    "\r",
    "\x00",
    "#",
    "<<EOT\n",
    "${",
    "%{",
    "\\",
    "/*",
]
_CONFLICT = "<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n"
DEEP = 1200


def hostile(rng: Random) -> str:
    """Return a text that would steer something, between marks."""
    return f"{MARK}{rng.choice(STEERING)}{MARK}" if rng.random() < 0.7 else rng.choice(STEERING)


def word(rng: Random) -> str:
    """Return a text: one that means something, a block, or a hostile one."""
    return rng.choice(
        [lambda: rng.choice(WORDS), lambda: rng.choice(BLOCKS), lambda: block(rng), lambda: hostile(rng)]
    )()


def block(rng: Random) -> str:
    """Return a CIDR block, mostly a right one."""
    length = rng.randint(8, 28)
    first = rng.choice([10 << 24, 172 << 24 | 16 << 16, 192 << 24 | 168 << 16, rng.getrandbits(32)])
    number = (first + rng.getrandbits(20)) >> (32 - length) << (32 - length) if rng.random() < 0.9 else first
    return f"{number >> 24 & 255}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}/{length}"


def value(rng: Random, depth: int = 0) -> Document:
    """Return a value of any type."""
    kind = rng.randrange(10 if depth < 3 else 8)
    if kind < 5:
        return word(rng)
    if kind < 8:
        return rng.choice([rng.choice(NUMBERS), rng.random() < 0.5, rng.uniform(-1e9, 1e9), None])
    if kind == 8:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {word(rng): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def mutate_document(rng: Random, document: Document, others: Sequence[Document] = ()) -> Document:
    """Return the document with a few of its nodes changed; `others` lend theirs."""
    document, others = json.loads(json.dumps(document, default=str)), others or [document]
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        homes = list(_homes(document))
        if not homes:
            return value(rng)
        home = rng.choice(homes)
        keys = list(home) if isinstance(home, dict) else list(range(len(home)))
        _change(rng, home, keys, others)
    return document


def _homes(node: Document) -> Any:
    if isinstance(node, dict | list):
        yield node
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _homes(inner)


def _change(rng: Random, home: Any, keys: list[Any], others: Sequence[Document]) -> None:
    way = rng.randrange(12)
    if way > 7 and others and isinstance(home, dict):
        # What another document has under the same key, as a person would write it.
        known = [
            one
            for lent in _homes(rng.choice(others))
            if isinstance(lent, dict)
            for one in lent.items()
            if one[0] in home
        ]
        home.update(deepcopy([rng.choice(known)] if known else []))
    elif way == 0 and keys:
        del home[rng.choice(keys)]
    elif way == 1 and keys and isinstance(home, dict):
        key = rng.choice(keys)
        home[word(rng)] = home[key] if rng.random() < 0.5 else home.pop(key)
    elif way == 2 and others:
        lent = deepcopy(rng.choice(list(_homes(rng.choice(others))) or [{}]))
        if isinstance(home, dict) and isinstance(lent, dict):
            home.update(lent)
        elif isinstance(home, list):
            home.append(lent)
    elif way == 3:
        deep: Document = "x"
        for _ in range(rng.choice([3, 40, 150])):
            deep = [deep] if rng.random() < 0.5 else {"a": deep}
        _put(rng, home, keys, deep)
    elif way == 4 and keys and isinstance(home[key := rng.choice(keys)], str):
        text = home[key]
        at = rng.randint(0, len(text))
        home[key] = text[:at] + hostile(rng) + text[at:]
    else:
        _put(rng, home, keys, value(rng))


def _put(rng: Random, home: Any, keys: list[Any], new: Document) -> None:
    if isinstance(home, list):
        home.insert(rng.randint(0, len(home)), new)
    else:
        home[rng.choice(keys) if keys and rng.random() < 0.7 else word(rng)] = new


def mutate_text(rng: Random, text: str, others: Sequence[str] = ()) -> str:
    """Return the text with tokens or lines of it changed."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        if rng.random() < 0.5:
            pieces = _TOKEN.findall(text)
            text = "".join(
                _pieces_changed(rng, pieces, lambda: rng.choice([rng.choice(_TORN), word(rng), quoted(word(rng))]))
            )
        else:
            text = "".join(_pieces_changed(rng, text.splitlines(keepends=True), lambda: _line(rng, others)))
    return text


def _line(rng: Random, others: Sequence[str]) -> str:
    lines = rng.choice(others).splitlines(keepends=True) if others else []
    return rng.choice([*lines[:200], *_CONFLICT, f"{hostile(rng)}\n", "[" * rng.choice([5, 120, DEEP]), "\n"])


def _pieces_changed(rng: Random, pieces: list[str], new: Callable[[], str]) -> list[str]:
    start = rng.randint(0, len(pieces))
    end = min(len(pieces), start + rng.choice([0, 1, 1, 2, 5, 20]))
    way = rng.randrange(5)
    if way == 0:
        return pieces[:start] + pieces[end:]
    if way == 1:
        return pieces[:end] + pieces[start:end] * rng.choice([1, 1, 2, 50]) + pieces[end:]
    if way == 2:
        return pieces[end:] + pieces[:start]
    if way == 3:
        return pieces[:start] + [new() for _ in range(rng.choice([1, 1, 2]))] + pieces[end:]
    return [*pieces[:start], new(), *pieces[start:]]


def mutate_bytes(rng: Random, body: bytes) -> bytes:
    """Return the bytes with some of them changed, without a thought of what they mean."""
    for _ in range(rng.choice([1, 1, 2, 8])):
        start = rng.randint(0, len(body))
        end = min(len(body), start + rng.choice([0, 1, 1, 4, 64]))
        middle = rng.choice(
            [b"", rng.randbytes(rng.choice([1, 2, 30])), b"\x00", b"\xff\xfe", b"\xc3\x28", b"\xef\xbb\xbf"]
        )
        body = body[:start] + middle + body[end:]
    return body


def mutated(rng: Random, text: str, others: Sequence[str] = ()) -> bytes:
    """Return the text changed as text, or now and then as bytes."""
    if rng.random() < 0.15:
        return mutate_bytes(rng, encoded(text))
    return encoded(mutate_text(rng, text, others))


def encoded(text: str) -> bytes:
    """Return the text as bytes; a half of a pair becomes what it would be on its own, which no UTF-8 is."""
    return text.encode("utf-8", errors="surrogatepass")


def quoted(text: str) -> str:
    """Return the text as a string of HCL, of TOML, and nearly of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml(document: Document) -> str:
    """Return the document as TOML: tables with headers, what is in them inline."""
    if not isinstance(document, dict):
        return _inline(document)
    lines: list[str] = []
    tables: list[str] = []
    for key, one in document.items():
        if isinstance(one, dict) and key in ("environments", "reserved", "pools", "accept", "backend"):
            tables += _tables(key, one)
        elif one is not None:
            lines.append(f"{_key(key)} = {_inline(one)}")
    return "\n".join([*lines, *tables, ""])


def _tables(name: str, table: dict[str, Any]) -> list[str]:
    nested = {key: one for key, one in table.items() if isinstance(one, dict) and name != "backend"}
    lines = [f"{_key(key)} = {_inline(one)}" for key, one in table.items() if key not in nested and one is not None]
    head = [f"[{name}]", *lines] if lines or not nested else []
    if name.endswith("ranges") or name.count(".") > 2:
        return [f"[{name}]", *(f"{_key(key)} = {_inline(one)}" for key, one in table.items() if one is not None)]
    return [*head, *(line for key, one in nested.items() for line in _tables(f"{name}.{_key(key)}", one))]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


def _inline(one: Document) -> str:
    if isinstance(one, dict):
        return (
            "{ "
            + ", ".join(f"{_key(key)} = {_inline(inner)}" for key, inner in one.items() if inner is not None)
            + " }"
        )
    if isinstance(one, list):
        return "[" + ", ".join(_inline(inner) for inner in one if inner is not None) + "]"
    if isinstance(one, str):
        return _text(one)
    return one.isoformat() if isinstance(one, date) else json.dumps(one)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
