"""From the tree that python-hcl2's parser makes to blocks and expressions."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from escscaffold.terraform import expressions as hcl


class TreeReader:
    """Walks the parser's tree; the text is for what stands in messages, and has so many lines above it."""

    def __init__(self, text: str, above: int, unescaped: Callable[[str], str]) -> None:
        self.text = text
        self.above = above
        self.unescaped = unescaped

    def body(self, tree: Any) -> hcl.Body:
        """Return what a body says."""
        attributes = tuple(self._attribute(t) for t in _trees(tree) if t.data == "attribute")
        return hcl.Body(attributes, tuple(self._block(t) for t in _trees(tree) if t.data == "block"))

    def _attribute(self, tree: Any) -> hcl.Attribute:
        name, value = _trees(tree)
        text = self.text[value.meta.start_pos : value.meta.end_pos].strip()
        return hcl.Attribute(_word(name), self._read(value), text, self.above + tree.meta.line)

    def _block(self, tree: Any) -> hcl.Block:
        *head, body = _trees(tree)
        kind, *labels = (_word(part) for part in head)
        return hcl.Block(kind, tuple(labels), self.body(body), self.above + tree.meta.line)

    def _read(self, tree: Any) -> hcl.Expression:
        read = getattr(self, f"_{tree.data}", None)
        return read(tree) if read else hcl.Opaque(str(tree.data))

    def _all(self, trees: Iterable[Any]) -> tuple[hcl.Expression, ...]:
        return tuple(self._read(tree) for tree in trees)

    def _expr_term(self, tree: Any) -> hcl.Expression:
        (inner,) = _trees(tree)
        return self._read(inner)

    def _identifier(self, tree: Any) -> hcl.Expression:
        return hcl.Name(_word(tree))

    def _literal_value(self, tree: Any) -> hcl.Expression:
        return hcl.Literal({"true": True, "false": False}.get(_word(tree)))

    def _int_lit(self, tree: Any) -> hcl.Expression:
        digits = _word(tree)
        # Python refuses to read more than 4300 digits, and nothing here needs them.
        return hcl.Literal(int(digits)) if len(digits) < 100 else hcl.Opaque("a very long number")

    def _float_lit(self, tree: Any) -> hcl.Expression:
        return hcl.Literal(float(_word(tree)))

    def _string(self, tree: Any) -> hcl.Expression:
        parts = tuple(self._string_part(part) for part in _trees(tree))
        if all(isinstance(part, hcl.Literal) for part in parts):
            return hcl.Literal("".join(str(part.value) for part in parts if isinstance(part, hcl.Literal)))
        return parts[0] if len(parts) == 1 else hcl.Template(parts)

    def _string_part(self, tree: Any) -> hcl.Expression:
        (part,) = tree.children
        if hasattr(part, "data"):
            return self._read(next(_trees(part))) if part.data == "interpolation" else hcl.Opaque("a directive")
        return hcl.Literal(self.unescaped(str(part)))

    def _tuple(self, tree: Any) -> hcl.Expression:
        return hcl.Sequence(self._all(_trees(tree)))

    def _object(self, tree: Any) -> hcl.Expression:
        pairs = [tuple(_trees(element)) for element in _trees(tree)]
        return hcl.Mapping(tuple((self._object_elem_key(key), self._read(value)) for key, value in pairs))

    def _object_elem_key(self, tree: Any) -> hcl.Expression:
        (key,) = _trees(tree)
        read = hcl.Literal(_word(key)) if key.data == "keyword" else self._read(key)
        in_parentheses = key.data == "expr_term" and len(key.children) > 1
        # A bare word is the key itself; in parentheses it is a reference.
        return hcl.Literal(read.name) if isinstance(read, hcl.Name) and not in_parentheses else read

    def _index_expr_term(self, tree: Any) -> hcl.Expression:
        of, index = _trees(tree)
        return hcl.Index(self._read(of), self._key(index))

    _get_attr_expr_term = _index_expr_term

    def _full_splat_expr_term(self, tree: Any) -> hcl.Expression:
        of, splat = _trees(tree)
        return hcl.Splat(self._read(of), tuple(self._key(key) for key in _trees(splat)))

    _attr_splat_expr_term = _full_splat_expr_term

    def _key(self, tree: Any) -> hcl.Expression:
        if tree.data == "braces_index":
            return self._read(next(_trees(tree)))
        word = str(tree.children[-1]) if tree.data == "short_index" else _word(tree.children[-1])
        return hcl.Literal(int(word) if tree.data == "short_index" else word)

    def _function_call(self, tree: Any) -> hcl.Expression:
        trees = list(_trees(tree))
        name = "::".join(_word(t) for t in trees if t.data == "identifier")
        arguments = next((t for t in trees if t.data == "arguments"), None)
        if arguments is None:
            return hcl.Call(name, (), spread=False)
        spread = any(getattr(child, "type", "") == "ELLIPSIS" for child in arguments.children)
        return hcl.Call(name, self._all(_trees(arguments)), spread)

    def _conditional(self, tree: Any) -> hcl.Expression:
        return hcl.Conditional(*self._all(_trees(tree)))

    def _unary_op(self, tree: Any) -> hcl.Expression:
        return hcl.Operation(str(tree.children[0]), None, self._read(next(_trees(tree))))

    def _binary_op(self, tree: Any) -> hcl.Expression:
        left, term = _trees(tree)
        operator, right = _trees(term)
        # A line that begins with its operator has the line break before it in the same token.
        return hcl.Operation(_word(operator).split()[-1], self._read(left), self._read(right))

    def _for_tuple_expr(self, tree: Any) -> hcl.Expression:
        trees = list(_trees(tree))
        names, over = self._intro(trees[0])
        return hcl.For(names, over, None, self._read(trees[1]), self._condition(trees), grouped=False)

    def _for_object_expr(self, tree: Any) -> hcl.Expression:
        trees = list(_trees(tree))
        names, over = self._intro(trees[0])
        grouped = any(getattr(child, "type", "") == "ELLIPSIS" for child in tree.children)
        return hcl.For(names, over, self._read(trees[1]), self._read(trees[2]), self._condition(trees), grouped)

    def _intro(self, tree: Any) -> tuple[tuple[str, ...], hcl.Expression]:
        *names, over = _trees(tree)
        return tuple(map(_word, names)), self._read(over)

    def _condition(self, trees: list[Any]) -> hcl.Expression | None:
        return self._read(next(_trees(trees[-1]))) if trees[-1].data == "for_cond" else None


def _trees(tree: Any) -> Iterator[Any]:
    """Yield a tree's branches without punctuation and comments."""
    return iter([child for child in tree.children if hasattr(child, "data") and child.data != "new_line_or_comment"])


def _word(tree: Any) -> str:
    """Return the text of a name, a label or an operator."""
    if tree.data != "string":
        return str(tree.children[0])
    return "".join(str(token) for part in _trees(tree) for token in part.children)
