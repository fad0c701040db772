"""Addresses of resources and modules: their form, and how `moved` blocks and Terraform itself change them. Pure.

https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from msgspec import Struct

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_values import Value, text_of

# A key of an address, which may hold anything.
_KEYS = re.compile(r'\["(?:[^"\\]|\\.)*+"\]|\[[^\[\]"]*+\]')
_KEY = re.compile(r'\[(?:\d{1,9}|"[^"\]]{0,500}")\]')
_ADDRESS = re.compile(rf"[A-Za-z_][\w-]{{0,200}}(?:{_KEY.pattern}|\.[A-Za-z_][\w-]{{0,200}}){{0,100}}")
# Where a name, or a key, of an address ends; a key may hold anything.
_ENDS = re.compile(r'\["[^"]*+"\]|\[[^\[\]"]*+\]|\.')
_MOST = 100
"""How many moves in a row are followed."""


class Move(Struct, frozen=True, kw_only=True):
    """From one absolute address to another: of an instance, a resource with all its instances, or a module."""

    old: str
    new: str

    def applied(self, address: str) -> str | None:
        """Return the new address of what this is about, None for anything else.

        >>> Move(old="aws_vpc.a", new="aws_vpc.b").applied("aws_vpc.a[0]")
        'aws_vpc.b[0]'
        """
        if address == self.old:
            return self.new
        if not address.startswith(self.old):
            return None
        rest = address[len(self.old) :]
        both_whole = not self.old.endswith("]") and not self.new.endswith("]")
        if rest.startswith(".") and _is_module(self.old):
            return self.new + rest
        if rest.startswith("[") and both_whole:
            return self.new + rest
        return None


def follow(moves: Collection[Move], address: str) -> str:
    """Return where an address leads through all moves."""
    for _ in range(_MOST):
        new = next((new for move in moves if (new := move.applied(address)) is not None), address)
        if new == address:
            return address
        address = new
    return address


def effective(moves: Iterable[Move], old: Collection[str], new: Collection[str]) -> list[Move]:
    """Return the moves that something is concerned by: Terraform moves nothing to where something is already.

    `old` and `new` are the addresses of instances on both sides. Adding or taking away `count` moves by itself.
    """
    stated = list(moves)
    remaining = [move for move in stated if not _is_blocked(move, stated, old)]
    return [*remaining, *_implied(remaining, old, new)]


def _is_blocked(move: Move, moves: Collection[Move], old: Collection[str]) -> bool:
    targets = [target for address in old if (target := move.applied(address)) is not None]
    # What is at the target may move on itself.
    return any(target in old and follow([m for m in moves if m != move], target) == target for target in targets)


def _implied(moves: Collection[Move], old: Collection[str], new: Collection[str]) -> Iterator[Move]:
    for address in old:
        followed = follow(moves, address)
        if followed in new:
            continue
        if f"{followed}[0]" in new and not followed.endswith("]") and f"{followed}[0]" not in old:
            yield Move(old=followed, new=f"{followed}[0]")
        elif followed.endswith("[0]") and followed[:-3] in new and followed[:-3] not in old:
            yield Move(old=followed, new=followed[:-3])


def address_in(attribute: hcl.Attribute, evaluate: Callable[[hcl.Expression], Value] | None = None) -> str | None:
    """Return the address that an argument names: `module.a.aws_vpc.b["c"]`; None for anything else.

    `evaluate` is asked for a key at its end that is an expression.
    """
    # Read from the text: once parsed, `a["b"]` and `a.b` are the same.
    text = re.sub(r"\s+", "", attribute.text).removeprefix("${").removesuffix("}")
    text = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", text)
    if _ADDRESS.fullmatch(text):
        return text
    match attribute.value:
        case hcl.Index(_, key) if evaluate and text.endswith("]"):
            value = evaluate(key)
            word = text_of(value)
            prefix = text.rpartition("[")[0]
            if word is not None and _ADDRESS.fullmatch(prefix):
                return f'{prefix}["{word}"]' if isinstance(value, str) else f"{prefix}[{word}]"
    return None


def dotted(expression: hcl.Expression) -> str | None:
    """Return a reference with its names, without keys that are computed; None for anything else.

    >>> dotted(hcl.Index(hcl.Name("aws_vpc"), hcl.Literal("a")))
    'aws_vpc.a'
    """
    match expression:
        case hcl.Name(name) | hcl.Literal(str(name)):
            return name
        case hcl.Index(of, key):
            prefix = dotted(of)
            word = key.value if isinstance(key, hcl.Literal) else None
            return f"{prefix}.{word}" if prefix and isinstance(word, str) else prefix
    return None


def outer_addresses(address: str) -> Iterator[str]:
    """Yield the address with those of its resource and of the modules around it, with and without keys."""
    yield address
    for place in _ENDS.finditer(address):
        if place.start():
            yield address[: place.start()]


def without_keys(address: str) -> str:
    """Return the address of a resource without the keys of its instance and of the modules around it.

    >>> without_keys('module.m[0].aws_vpc.this["a.b"]')
    'module.m.aws_vpc.this'
    """
    return _KEYS.sub("", address)


def _is_module(address: str) -> bool:
    words = _KEY.sub("", address).split(".")
    return len(words) >= 2 and words[-2] == "module"
