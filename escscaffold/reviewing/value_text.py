"""Values as a reviewer reads them, without what looks like a secret. Pure."""

from escscaffold.reviewing.secrets import MASKED, looks_like_a_secret
from escscaffold.reviewing.showing import escaped
from escscaffold.terraform.value_changes import Leaf
from escscaffold.terraform.values import DIGEST, Members, Unknown, Value, fingerprint, text_of

_COMPUTED = "(computed)"
_LONGEST = 300


def value_text(value: Value) -> str:
    """Return a value on one line, in HCL.

    >>> value_text({"a": ["b", 1, None]})
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
            return f"[{', '.join(value_text(item) for item in value[:_LONGEST])}]"
        case dict():
            return "{" + ", ".join(f"{key} = {value_text(item)}" for key, item in list(value.items())[:_LONGEST]) + "}"
    return text_of(value) or ""


def sides_of(leaf: Leaf) -> tuple[str, str]:
    """Return both values of a leaf; of lists what goes and what comes, and nothing of a secret.

    >>> sides_of(Leaf(path="a", shown="a", old=["b", "c"], new=["c", "d"]))
    ('- "b"', '+ "d"')
    """
    if is_secret(leaf):
        return MASKED, MASKED
    if isinstance(leaf.old, list) and isinstance(leaf.new, list) and (leaf.old or leaf.new) and not leaf.is_order:
        before, after = list(map(fingerprint, leaf.old)), list(map(fingerprint, leaf.new))
        gone = [value_text(item) for item, known in zip(leaf.old, before, strict=True) if known not in after]
        come = [value_text(item) for item, known in zip(leaf.new, after, strict=True) if known not in before]
        if gone or come:
            return ", ".join(f"- {item}" for item in gone), ", ".join(f"+ {item}" for item in come)
    return value_text(leaf.old), value_text(leaf.new)


def is_secret(leaf: Leaf) -> bool:
    """Return True if a value looks like a secret by the name of its argument or by its form."""
    texts = (value for value in (leaf.old, leaf.new) if isinstance(value, (str, list, dict)))
    return any(looks_like_a_secret(leaf.path, value_text(value)) for value in texts)
