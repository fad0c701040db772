"""Expressions that are written out, with as few parentheses as the language allows, are read back as they were."""

from hypothesis import given
from hypothesis import strategies as st

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import read_expression, read_hcl
from tests.properties import examples

# From the language's documentation, the weakest first.
POWERS = [["||"], ["&&"], ["==", "!="], [">", ">=", "<", "<="], ["+", "-"], ["*", "/", "%"]]
POWER = {operator: power for power, operators in enumerate(POWERS, start=1) for operator in operators}
TERM, SIGN = 8, 7

names = st.sampled_from(["a", "b-c", "_d", "é", "for", "if", "in", "var", "local"])
keys = st.sampled_from(["a", "b-c", "_d", "for", "if", "true"]).map(hcl.Literal) | st.integers(0, 99).map(hcl.Literal)
texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z", "Cc"]), max_size=8).filter(
    # Terraform composes letters and accents, so that others are not read back as they were.
    lambda text: text.isascii() or __import__("unicodedata").is_normalized("NFC", text)
)
literals = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 10**30),
    st.decimals(0, 1000, places=3, allow_nan=False).map(float).filter(lambda number: not number.is_integer()),
    texts,
).map(hcl.Literal)


def joined(parts: list[hcl.Expression]) -> hcl.Expression:
    """A template, as it is read: no two texts beside each other, and none that is only one interpolation."""
    return hcl.Template((*parts, hcl.Literal(".")))


def grown(inner: st.SearchStrategy[hcl.Expression]) -> st.SearchStrategy[hcl.Expression]:
    some = st.lists(inner, max_size=3)
    not_texts = inner.filter(lambda part: not isinstance(part, hcl.Literal) or not isinstance(part.value, str))
    loops = st.lists(names.filter(lambda name: name != "in"), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.lists(not_texts, min_size=1, max_size=3).map(joined),
        st.builds(hcl.Index, inner, keys | inner),
        st.builds(hcl.Splat, inner, st.lists(keys, max_size=2).map(tuple)),
        st.builds(
            hcl.FunctionCall, names.filter(lambda n: n != "é") | st.just("p::a::f"), some.map(tuple), st.just(False)
        ),
        st.builds(hcl.FunctionCall, names, some.filter(bool).map(tuple), st.just(True)),
        some.map(tuple).map(hcl.TupleExpression),
        st.lists(st.tuples(inner, inner), max_size=3).map(tuple).map(hcl.ObjectExpression),
        st.builds(hcl.Conditional, inner, inner, inner),
        st.builds(hcl.Operation, st.sampled_from(sorted(POWER)), inner, inner),
        st.builds(hcl.Operation, st.sampled_from("-!"), st.none(), inner),
        st.builds(hcl.For, loops, inner, st.none(), inner, st.none() | inner, st.just(False)),
        st.builds(hcl.For, loops, inner, inner, inner, st.none() | inner, st.booleans()),
    )


expressions = st.recursive(literals | names.map(hcl.Name), grown, max_leaves=15)


def quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\u000d")
    return plain.replace("${", "$${").replace("%{", "%%{")


def written(expression: hcl.Expression, least: int = 0) -> str:
    """An expression as text, in parentheses where it binds less than it has to."""
    text, power = _written(expression)
    return text if power >= least else f"(\n{text} /* ) */\n)"


def _written(expression: hcl.Expression) -> tuple[str, int]:
    match expression:
        case hcl.Literal(bool() | None as value):
            return {True: "true", False: "false", None: "null"}[value], TERM
        case hcl.Literal(str(value)):
            return f'"{quoted(value)}"', TERM
        case hcl.Literal(value):
            return str(value), TERM
        case hcl.Template(parts):
            pieces = [
                quoted(part.value)
                if isinstance(part, hcl.Literal) and isinstance(part.value, str)
                else f"${{ {written(part)}\n}}"
                for part in parts
            ]
            return f'"{"".join(pieces)}"', TERM
        case hcl.Name(name):
            return name, TERM
        case hcl.Index(of, hcl.Literal(str(key))) if key.replace("-", "_").isidentifier():
            return f"{_root(of)} .{key}", TERM
        case hcl.Index(of, key):
            return f"{_root(of)}[ {written(key)}\n]", TERM
        case hcl.Splat(of, taken):
            steps = [f".{k.value}" if isinstance(k.value, str) else f"[{k.value}]" for k in taken]  # type: ignore[union-attr]
            return f"({_root(of)}[*]{''.join(steps)})", TERM
        case hcl.FunctionCall(function, arguments, spread):
            return f"{function}({', '.join(map(written, arguments))}{'...' if spread else ''})", TERM
        case hcl.TupleExpression(items):
            return f"[{''.join(f'({written(item)}), ' for item in items)}]", TERM
        case hcl.ObjectExpression(items):
            return "{" + "".join(f"\n({written(key)}) = {written(value)}" for key, value in items) + "\n}", TERM
        case hcl.Conditional(test, yes, no):
            return f"{written(test, 1)} ? {written(yes)} : {written(no)}", 0
        case hcl.Operation(operator, None, right):
            return f"{operator} {written(right, SIGN)}", SIGN
        case hcl.Operation(operator, left, right):
            assert left is not None
            return f"{written(left, POWER[operator])} {operator} {written(right, POWER[operator] + 1)}", POWER[operator]
        case hcl.For(loop, over, None, value, test, _):
            return f"[for {', '.join(loop)} in {written(over)} : {written(value)}{_if(test)}]", TERM
        case hcl.For(loop, over, key, value, test, grouped):
            assert key is not None
            pair = f"{written(key)} => {written(value)}{'...' if grouped else ''}"
            return f"{{for {', '.join(loop)} in {written(over)} : {pair}{_if(test)}}}", TERM
    raise AssertionError(expression)


def _root(expression: hcl.Expression) -> str:
    # A number takes the dot behind it, and what follows a splat is taken from each of its items.
    return f"({written(expression)})" if not isinstance(expression, hcl.Name | hcl.Index) else written(expression)


def _if(test: hcl.Expression | None) -> str:
    return f" if {written(test)}" if test is not None else ""


@given(expressions)
@examples(150)
def test_what_is_written_is_read(expression: hcl.Expression) -> None:
    assert read_expression(written(expression)) == expression


@given(expressions)
@examples(50)
def test_an_argument_is_read_as_an_expression(expression: hcl.Expression) -> None:
    (attribute,) = read_hcl(f"a = ({written(expression)})\n").attributes

    assert attribute.value == expression
