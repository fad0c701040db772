"""Finds what looks like a secret in a change, and writes values without it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.reviewing.differences import AttributeChange, Difference, Item, Written
from escscaffold.terraform.expressions import escaped
from escscaffold.terraform.hcl_values import DIGEST, Members, Unknown, Value, fingerprint, text_of
from escscaffold.terraform.value_changes import Leaf

MASKED = "(looks like a secret: not shown)"
_NAMES = re.compile(r"password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credential", re.I)
# These name where a secret is kept, or what it is called, and are none.
_NO_SECRETS = re.compile(r"(_|\b)(name|names|id|ids|arn|url|uri|path|file|version|ttl|enabled|type|policy)$", re.I)
# So does the name of a resource at a cloud: an ARN, an id of Azure, a name of Google Cloud.
_RESOURCE = re.compile(
    r'"(?:arn:aws[a-z-]*:|/subscriptions/|projects/[^/"]+/|//[a-z]+\.googleapis\.com/)[\w:/.@+=,-]*"'
)
# The forms in which these are given out, by those who give them out.
_FORMS = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
    r"|\b(AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[0-9A-Za-z]{36}"
    r"|\bgithub_pat_[0-9A-Za-z_]{40}"
    r"|\bglpat-[0-9A-Za-z_-]{20}"
    r"|\bxox[abprs]-[0-9A-Za-z-]{10}"
    r"|\bAIza[0-9A-Za-z_-]{35}"
    # From the begin of a word of its own letters only, or each `-eyJ` inside would begin one.
    r"|(?<![0-9A-Za-z_-])eyJ[0-9A-Za-z_-]{10,}+\.eyJ[0-9A-Za-z_-]{10}"
)
# What each form has in it: looking for these first takes a fiftieth of the time.
_SIGNS = (
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "AIza",
    "eyJ",
)
_COMPUTED = "(computed)"
_LONGEST = 300


class Secret(Struct, frozen=True, kw_only=True):
    """One place where something looks like a secret; what it is is not kept."""

    path: str
    line: int | None
    name: str
    """The argument that has it; nothing where only its form shows that it is a secret."""


def secrets_in(
    differences: Iterable[Difference], before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Secret, ...]:
    """Return the places in what is new; `before` and `after` are the texts of the files that differ."""
    named = [secret for difference in differences for secret in _named(difference)]
    named_places = {(secret.path, secret.line) for secret in named}
    formed = [secret for path, text in sorted(after.items()) for secret in _formed(path, before.get(path, ""), text)]
    return (*named, *(secret for secret in formed if (secret.path, secret.line) not in named_places))


def without_secrets(difference: Difference) -> Difference:
    """Return the difference with what looks like a secret masked on both sides."""
    changes = tuple(
        AttributeChange(
            name=_masked(change.name),
            old=_hidden(difference.item, change.name, change.old),
            new=_hidden(difference.item, change.name, change.new),
        )
        for change in difference.attributes
    )
    return replace(difference, attributes=changes)


def _named(difference: Difference) -> Iterator[Secret]:
    for change in difference.attributes:
        if change.new and _looks_secret(difference.item, change.name, change.new):
            name = f"{difference.item.address} {_masked(change.name)}".strip()
            yield Secret(path=difference.item.path, line=change.new.line, name=name)


def _looks_secret(item: Item, name: str, written: Written) -> bool:
    return _has_form(written.text) or (_is_given(written) and _names_secret(item, name))


def _is_given(written: Written) -> bool:
    """Return True for a literal text: no reference, no number, and not empty."""
    return written.literal and _says_something(written.text)


def _says_something(text: str) -> bool:
    return text.startswith('"') and len(text) > len('""') and not _RESOURCE.fullmatch(text)


def _names_secret(item: Item, name: str) -> bool:
    last = name.rpartition(".")[2]
    # A variable's default, a local and a value are called by the name of the thing that holds them.
    called = item.address.rpartition(".")[2] if last in ("", "default", "value") else last
    return bool(_NAMES.search(called)) and not _NO_SECRETS.search(called)


def _hidden(item: Item, name: str, written: Written | None) -> Written | None:
    if written is None or not (_looks_secret(item, name, written)):
        return written
    return Written(text=MASKED, literal=written.literal, line=written.line)


def _masked(name: str) -> str:
    """Return the name, which holds values where blocks repeat, without what looks like a secret."""
    return f"{name.partition('[')[0]}[{MASKED}]" if _has_form(name) or ("[" in name and _NAMES.search(name)) else name


def _has_form(text: str) -> bool:
    return any(sign in text for sign in _SIGNS) and bool(_FORMS.search(text))


def _formed(path: str, before: str, after: str) -> Iterator[Secret]:
    if not _has_form(after):
        return
    old_lines = set(before.splitlines())
    for number, line in enumerate(after.splitlines(), start=1):
        if line not in old_lines and _has_form(line):
            yield Secret(path=path, line=number, name="")


def old_and_new(leaf: Leaf) -> tuple[str, str]:
    """Return both values of a leaf as HCL on one line: of lists the items on one side only, of a secret none.

    >>> old_and_new(Leaf(path="a", shown="a", old=["b", "c"], new=["c", "d"]))
    ('- "b"', '+ "d"')
    """
    if is_secret(leaf):
        return MASKED, MASKED
    if isinstance(leaf.old, list) and isinstance(leaf.new, list) and (leaf.old or leaf.new) and not leaf.is_order:
        before, after = list(map(fingerprint, leaf.old)), list(map(fingerprint, leaf.new))
        removed = [_value_text(item) for item, text in zip(leaf.old, before, strict=True) if text not in after]
        come = [_value_text(item) for item, text in zip(leaf.new, after, strict=True) if text not in before]
        if removed or come:
            return ", ".join(f"- {item}" for item in removed), ", ".join(f"+ {item}" for item in come)
    return _value_text(leaf.old), _value_text(leaf.new)


def _value_text(value: Value) -> str:
    """Return a value on one line, in HCL.

    >>> _value_text({"a": ["b", 1, None]})
    '{a = ["b", 1, null]}'
    """
    match value:
        case Unknown():
            is_plain = value.symbol.isprintable() and "." in value.symbol and DIGEST not in value.symbol
            return value.symbol if is_plain else _COMPUTED
        case Members():
            return value.reference
        case None:
            return "null"
        case str():
            return f'"{escaped(value)}"'
        case list():
            return f"[{', '.join(_value_text(item) for item in value[:_LONGEST])}]"
        case dict():
            return "{" + ", ".join(f"{key} = {_value_text(item)}" for key, item in list(value.items())[:_LONGEST]) + "}"
    return text_of(value) or ""


def is_secret(leaf: Leaf) -> bool:
    """Return True if a value looks like a secret by the name of its argument or by its format."""
    texts = (value for value in (leaf.old, leaf.new) if isinstance(value, (str, list, dict)))
    return any(_looks_like_a_secret(leaf.path, _value_text(value)) for value in texts)


def _looks_like_a_secret(path: str, text: str) -> bool:
    """Return True if an argument of this name, with dots, is given something that looks like a secret."""
    called = path.rpartition(".")[2]
    named = bool(_NAMES.search(called)) and not _NO_SECRETS.search(called)
    return _has_form(text) or (named and _says_something(text))
