"""From an expression to its value: as Terraform would compute it, or Unknown with the reason.

A list with one unknown item keeps the others, so that as much is found as can be.
"""

import operator
from collections.abc import Callable, Iterator, Mapping

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.functions import call
from escscaffold.terraform.values import LONGEST, Members, Unknown, Value, number_of, text_of, unknown_in

STEPS = 1_000_000
"""How many expressions are computed for one configuration, loops counted each time round."""

Names = Mapping[str, Value]

_NUMBERS: Mapping[str, Callable[..., Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class Evaluator:
    """Computes expressions until the steps are used up."""

    def __init__(self) -> None:
        self.steps = STEPS

    def evaluate(self, expression: hcl.Expression, names: Names) -> Value:
        """Return the expression's value; `names` has what a reference can begin with."""
        self.steps -= 1
        if self.steps < 0:
            return Unknown("the configuration takes too long to compute")
        try:
            return self._value(expression, names)
        except RecursionError:
            return Unknown("it is nested too deeply")

    def _value(self, expression: hcl.Expression, names: Names) -> Value:
        match expression:
            case hcl.Literal(value):
                return value
            case hcl.Template(parts):
                return self._template([self.evaluate(part, names) for part in parts])
            case hcl.Name(name):
                return names[name] if name in names else known_to_terraform(name)
            case hcl.Index():
                return self._index(expression, names)
            case hcl.Splat(of, keys):
                return self._splat(self.evaluate(of, names), [self.evaluate(key, names) for key in keys])
            case hcl.Call():
                return self._call(expression, names)
            case hcl.Sequence(items):
                return [self.evaluate(item, names) for item in items]
            case hcl.Mapping(items):
                return self._mapping([(self.evaluate(k, names), self.evaluate(v, names)) for k, v in items])
            case hcl.Conditional():
                return self._conditional(expression, names)
            case hcl.Operation():
                return self._operation(expression, names)
            case hcl.For():
                return self._for(expression, names)
        return Unknown("this kind of expression is not computed here")

    def _template(self, parts: list[Value]) -> Value:
        if unknown := unknown_in(*parts):
            return unknown
        texts = [text_of(part) for part in parts]
        known = [text for text in texts if text is not None]
        if len(known) < len(texts) or sum(map(len, known)) > LONGEST:
            return Unknown("a part of the string is no text")
        return "".join(known)

    def _index(self, expression: hcl.Index, names: Names) -> Value:
        of, key = self.evaluate(expression.of, names), self.evaluate(expression.key, names)
        begun = _reference(expression.of)
        if begun and of == known_to_terraform(begun):
            # The whole reference says more than its beginning.
            return known_to_terraform(_reference(expression) or begun)
        if unknown := unknown_in(of, key):
            return unknown
        value, whole = member(of, key), _reference(expression)
        is_gone = isinstance(value, Unknown) and value.absent and not isinstance(of, Members)
        return Unknown(f"there is no {whole}", absent=True) if is_gone and whole else value

    def _splat(self, of: Value, keys: list[Value]) -> Value:
        if unknown := unknown_in(of, *keys):
            return unknown
        items: list[Value] = of if isinstance(of, list) else [] if of is None else [of]
        for key in keys:
            items = [item if isinstance(item, Unknown) else member(item, key) for item in items]
        return items

    def _call(self, expression: hcl.Call, names: Names) -> Value:
        arguments = [self.evaluate(argument, names) for argument in expression.arguments]
        if expression.spread:
            last = arguments.pop()
            if not isinstance(last, list):
                return last if isinstance(last, Unknown) else Unknown("what is spread by ... is no list")
            arguments += last
        self.steps -= sum(len(argument) for argument in arguments if isinstance(argument, (list, dict, str)))
        return call(expression.function, arguments)

    def _mapping(self, items: list[tuple[Value, Value]]) -> Value:
        if unknown := unknown_in(*(key for key, _ in items)):
            return unknown
        return {text_of(key) or "": value for key, value in items}

    def _conditional(self, expression: hcl.Conditional, names: Names) -> Value:
        test = self.evaluate(expression.test, names)
        if isinstance(test, Unknown):
            return test
        return self.evaluate(expression.yes if test in (True, "true") else expression.no, names)

    def _operation(self, expression: hcl.Operation, names: Names) -> Value:
        left = self.evaluate(expression.left, names) if expression.left is not None else None
        if expression.operator in ("&&", "||") and isinstance(left, bool) and left is (expression.operator == "||"):
            return left
        right = self.evaluate(expression.right, names)
        if unknown := unknown_in(left, right):
            return unknown
        match expression.operator:
            case "==":
                return left == right
            case "!=":
                return left != right
            case "&&" | "||":
                return right
            case "!":
                return right in (False, "false")
        try:
            first = number_of(left) if expression.left is not None else 0
            return _NUMBERS[expression.operator](first, number_of(right))
        except (ValueError, ArithmeticError):
            return Unknown(f"{expression.operator} cannot be computed")

    def _for(self, expression: hcl.For, names: Names) -> Value:
        over = self.evaluate(expression.over, names)
        pairs = items_of(over)
        if pairs is None:
            return over if isinstance(over, Unknown) else Unknown("what `for` goes over is no list")
        found = list(self._rounds(expression, pairs, names))
        if expression.new_key is None:
            return [value for _, value in found]
        if not expression.grouped:
            return self._mapping(found)
        groups: dict[str, Value] = {}
        for key, value in found:
            group = groups.setdefault(text_of(key) or "", [])
            if isinstance(group, list):
                group.append(value)
        return groups

    def _rounds(
        self, expression: hcl.For, pairs: list[tuple[Value, Value]], names: Names
    ) -> Iterator[tuple[Value, Value]]:
        for pair in pairs:
            inner = {**names, **dict(zip(expression.names, pair[-len(expression.names) :], strict=True))}
            test = self.evaluate(expression.test, inner) if expression.test else True
            if isinstance(test, Unknown):
                yield None, test
            elif test in (True, "true"):
                key = self.evaluate(expression.new_key, inner) if expression.new_key else None
                yield key, self.evaluate(expression.value, inner)


def member(of: Value, key: Value) -> Value:
    """Return `of[key]`, or why there is none."""
    match of, key:
        case Unknown(), _:
            return of
        case Members(), str():
            return of.member(key)
        case dict(), _ if (name := text_of(key)) is not None and name in of:
            return of[name]
        case list(), _:
            try:
                return of[int(number_of(key))]
            except (ValueError, IndexError):
                pass
    return Unknown(f"there is no {text_of(key)}", absent=True)


def items_of(value: Value) -> list[tuple[Value, Value]] | None:
    """Return keys and values of what `for` can go over, or None."""
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    return list(enumerate(value)) if isinstance(value, list) else None


def known_to_terraform(reference: str) -> Unknown:
    """Return the value of what only Terraform can look up."""
    return Unknown(f"{reference} is known to Terraform only")


def _reference(expression: hcl.Expression) -> str | None:
    """Return a reference as it is written; None for anything else."""
    match expression:
        case hcl.Name(name):
            return name
        case hcl.Index(of, hcl.Literal(key)) if begun := _reference(of):
            return f"{begun}.{key}" if isinstance(key, str) else f"{begun}[{key}]"
    return None
