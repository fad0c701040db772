"""The layout of a spec: spaces, blank lines, quotes and the spelling of CIDR blocks."""

import re
from collections.abc import Iterable

from escscaffold.errors import ScaffoldError
from escscaffold.spec.reading import SPEC_FILE, parse_toml
from escscaffold.spec.toml_text import KeyPath, Statement, Token, statements_of, toml_document
from escscaffold.spec.values import BadValue, read_range

_BARE_KEY = re.compile(r"""["']([A-Za-z0-9_-]+)["']""")
_PLAIN = re.compile(r"'([^\\\"'\x00-\x1f\x7f]*)'")
_WITH_ZEROS = re.compile(r"([0-9.]*+)/0+([1-9][0-9]?)")
_INDENT = "  "


def formatted(text: str, source: str = SPEC_FILE) -> str:
    r"""Return the text as it should be laid out; twice makes no difference.

    Raises SpecError where it is not TOML.

    >>> formatted("version=1\n[reserved]\noffice   = '10.8.0.0/016'")
    'version = 1\n\n[reserved]\noffice = "10.8.0.0/16"\n'
    """
    document = parse_toml(text, source)
    lines: list[tuple[str, str]] = []
    table: KeyPath = ()
    for statement in statements_of(text):
        if statement.kind == "header":
            table = statement.path
        lines.append((statement.kind, _laid_out(statement, table)))
    end = "\r\n" if text.count("\r\n") == text.count("\n") > 0 else "\n"
    written = "".join(f"{line}{end}" for line in _spaced(lines))
    if _canonical(toml_document(written), ()) != _canonical(document, ()):
        raise ScaffoldError(f"{source} has a layout that this command cannot format.")
    return written


def _laid_out(statement: Statement, table: KeyPath) -> str:
    if statement.kind in ("blank", "comment"):
        return "".join(token.text for token in statement.tokens).rstrip()
    tokens = statement.tokens
    comment = f"  {tokens.pop().text.rstrip()}" if tokens[-1].kind == "comment" else ""
    if statement.kind == "header":
        return "".join(map(_key, tokens)) + comment
    equals = next(n for n, token in enumerate(tokens) if token.text == "=" and token.kind == "mark")
    key = "".join(map(_key, tokens[:equals]))
    return f"{key} = {_value(tokens[equals + 1 :], (*table, *statement.path))}{comment}"


def _value(tokens: list[Token], path: KeyPath) -> str:
    """Return a value; one that goes over several lines keeps them."""
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "line":
            lines.append([])
        else:
            lines[-1].append(token)
    depth = 0
    written: list[str] = []
    for line in lines:
        text = _on_one_line(line, path)
        closing = len(text) - len(text.lstrip("]"))
        if text or (written and written[-1]):
            written.append(_INDENT * (depth - closing) + text if text else "")
        depth += sum((t.text in ("[", "{")) - (t.text in ("]", "}")) for t in line if t.kind == "mark")
    return "\n".join(written)


def _on_one_line(tokens: list[Token], path: KeyPath) -> str:
    text = ""
    for n, token in enumerate(tokens):
        is_key = n + 1 < len(tokens) and tokens[n + 1].text in ("=",)
        match token.text if token.kind == "mark" else token.kind:
            case "]":
                text = text.removesuffix(", ") + "]"
            case "{":
                text += "{ "
            case "}":
                text = "".join((text.removesuffix(" "), "}")) if text.endswith("{ ") else f"{text} }}"
            case ",":
                text += ", "
            case "=":
                text += " = "
            case "comment":
                text = f"{text.rstrip()}  {token.text.rstrip()}".lstrip()
            case "string":
                text += _key(token) if is_key else _string(token.text, path)
            case "bare" if n and tokens[n - 1].kind == "bare":
                # A date and its time of day.
                text += f" {token.text}"
            case _:
                text += token.text
    return text.rstrip()


def _key(token: Token) -> str:
    bare = _BARE_KEY.fullmatch(token.text) if token.kind == "string" else None
    return bare[1] if bare else token.text


def _string(text: str, path: KeyPath) -> str:
    plain = _PLAIN.fullmatch(text) if not text.startswith("'''") else None
    text = f'"{plain[1]}"' if plain else text
    if _holds_blocks(path) and "\\" not in text and not text.startswith(('"""', "'")):
        return f'"{_block(text[1:-1])}"'
    return text


def _holds_blocks(path: KeyPath) -> bool:
    """Whether the texts below this key are CIDR blocks, sizes, or names that look like neither."""
    return (
        path[:1] in (("reserved",), ("pools",))
        or path == ("ipam", "claim_from")
        or (path[:1] == ("environments",) and path[2:3] in (("ranges",), ("remote",), ("acl",)))
    )


def _block(text: str) -> str:
    """Return a CIDR block or a size without zeros before its length, and anything else as it is.

    >>> _block("/08")
    '/8'
    """
    match = _WITH_ZEROS.fullmatch(text)
    if match is None:
        return text
    block = f"{match[1]}/{match[2]}"
    try:
        read_range(block)
    except BadValue:
        return text
    return block


def _canonical(value: object, path: KeyPath) -> object:
    """Return a document with its blocks as they are usually spelled, to be compared with another one."""
    if isinstance(value, dict):
        return {key: _canonical(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_canonical(inner, path) for inner in value]
    # A number that is none equals nothing, itself included.
    return (_block(value) if _holds_blocks(path) else value) if isinstance(value, str) else repr(value)


def _spaced(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Return the lines with one blank one above each header and its comments, and nowhere two of them."""
    spaced: list[tuple[str, str]] = []
    for kind, line in lines:
        if kind == "blank" and (not spaced or spaced[-1][0] in ("blank", "header")):
            continue
        if kind == "header":
            above = len(spaced)
            while above and spaced[above - 1][0] == "comment":
                above -= 1
            if above and spaced[above - 1][0] != "blank":
                spaced.insert(above, ("blank", ""))
        spaced.append((kind, line))
    if spaced and spaced[-1][0] == "blank":
        spaced.pop()
    return [line for _, line in spaced]
