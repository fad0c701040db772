"""From an expression to its value: as Terraform would compute it, or Unknown with the reason.

A list with one unknown item keeps the others, so that as much is found as can be.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec.structs import replace

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.functions import (
    FILE_FUNCTIONS,
    Files,
    call,
    call_with_files,
    place_of,
    read_unknown,
    unreadable,
)
from escscaffold.terraform.hcl_values import (
    LONGEST,
    Members,
    NotComputedError,
    RoundedNumber,
    TypedList,
    TypedMap,
    TypedSet,
    Unknown,
    Value,
    bool_of,
    derived,
    fingerprint,
    is_known,
    is_of_other_type,
    item_of,
    joined,
    known_to_terraform,
    number_of,
    same,
    text_of,
    unknown_in,
    unknowns_in,
    whole,
)
from escscaffold.terraform.number_functions import computed

STEPS = 1_000_000
"""How many expressions are computed for one configuration, loops counted each time round."""
_LARGEST = 50_000
"""How many values one value may hold: an expression of a few lines can double a list over and over."""

_TOO_LONG = "the configuration takes too long to compute"
_CHARACTERS = 40
"""How many characters of text in a list count as one value."""
_READ = 100
"""How many characters of a file cost a step."""

_PLANNED = re.compile(r"(?:module\.[^.]+\.)*(?:var|data|path|terraform)\.")
"""In the address of what has a value before anything is applied."""

Names = Mapping[str, Value]
SetsOf = Callable[[str], Collection[str]]


class Evaluator:
    """Computes expressions until the steps are used up.

    `files` are those of the repository, whose top is `top`; `folder` is where Terraform runs in it. `sets_of` returns
    the paths of those arguments of a resource type that are sets.
    """

    def __init__(
        self, files: Files | None = None, folder: str = ".", top: str = ".", sets_of: SetsOf | None = None
    ) -> None:
        self.sets_of: SetsOf = sets_of or (lambda _: ())
        self.steps = STEPS
        self.files = files
        self.folder = folder
        self.top = top

    def evaluate(self, expression: hcl.Expression, names: Names) -> Value:
        """Return the expression's value; `names` has what a reference can begin with."""
        self.steps -= 1
        if self.steps < 0:
            return Unknown(_TOO_LONG)
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
            case hcl.FunctionCall():
                return self._bounded(self._call(expression, names))
            case hcl.TupleExpression(items):
                return self._bounded([self.evaluate(item, names) for item in items])
            case hcl.ObjectExpression(items):
                return self._bounded(
                    self._mapping([(self.evaluate(k, names), self.evaluate(v, names)) for k, v in items])
                )
            case hcl.Conditional():
                return self._conditional(expression, names)
            case hcl.Operation():
                return self._operation(expression, names)
            case hcl.For():
                return self._bounded(self._for(expression, names))
        return Unknown("this kind of expression is not evaluated")

    def _bounded(self, value: Value) -> Value:
        if not isinstance(value, (list, dict)):
            return value
        size = _size(value)
        self.steps -= size // 4
        return value if size <= _LARGEST else Unknown("it is larger than the limit of the evaluation")

    def _template(self, parts: list[Value]) -> Value:
        if not is_known(list(parts)):
            return joined(parts)
        texts = [text_of(part) for part in parts]
        known_texts = [text for text in texts if text is not None]
        if len(known_texts) < len(texts) or sum(map(len, known_texts)) > LONGEST:
            return Unknown("a part of the string is not text", symbol=f"no text: {fingerprint(list(parts))}")
        return "".join(known_texts)

    def _index(self, expression: hcl.Index, names: Names) -> Value:
        of, key = self.evaluate(expression.of, names), self.evaluate(expression.key, names)
        value = _member(of, key)
        is_absent = isinstance(value, Unknown) and value.absent and not isinstance(of, (Members, Unknown))
        return _absent(reference) if is_absent and (reference := _reference(expression)) else value

    def _splat(self, of: Value, keys: list[Value]) -> Value:
        if isinstance(of, Unknown):
            return derived("splat", of, *keys)
        items: list[Value] = of if isinstance(of, list) else [] if of is None else [of]
        for key in keys:
            items = [item if isinstance(item, Unknown) and item.absent else _member(item, key) for item in items]
        return TypedList(items) if type(of) is TypedList else items

    def _call(self, expression: hcl.FunctionCall, names: Names) -> Value:
        function = expression.function.removeprefix("core::")
        arguments = [self.evaluate(argument, names) for argument in expression.arguments]
        if expression.spread:
            last = arguments.pop()
            if not isinstance(last, list):
                return derived(function, *arguments, last)
            arguments += last
        self.steps -= sum(len(argument) for argument in arguments if isinstance(argument, (list, dict, str)))
        if self.steps < 0:
            return Unknown(_TOO_LONG)
        if function == "templatefile":
            return self._template_file(arguments)
        if function in FILE_FUNCTIONS:
            self.steps -= self._cost_of_files(function, arguments)
        content = call_with_files(function, arguments, self.files, self.folder, self.top)
        return call(function, arguments) if content is None else content

    def _cost_of_files(self, function: str, arguments: list[Value]) -> int:
        """Return the steps that it takes to list files, or to go through the text of one."""
        place = place_of(arguments[0], self.folder, self.top) if arguments else None
        if place is None or self.files is None or function == "fileexists":
            return 0
        if function == "fileset":
            return sum(1 for _ in self.files.below(place))
        return len(self.files.text(place) or "") // _READ

    def _template_file(self, arguments: list[Value]) -> Value:
        from escscaffold.terraform.hcl_reader import read_template
        from escscaffold.terraform.tokens import NotHclError

        path, variables = arguments if len(arguments) == 2 else (None, None)
        place = place_of(path, self.folder, self.top)
        if isinstance(path, Unknown):
            content = read_unknown("templatefile", [path], self.files, self.folder)
            return derived("templatefile", *arguments) if content.symbol else content
        text = self.files.text(place) if self.files and place else None
        if text is None and self.files and place and self.files.exists(place):
            return unreadable("templatefile", place, self.files)
        if text is None or not isinstance(variables, dict):
            return derived("templatefile", *arguments, text)
        self.steps -= len(text)
        if self.steps < 0:
            return Unknown(_TOO_LONG)
        try:
            return self.evaluate(read_template(text), variables)
        except NotHclError as error:
            return Unknown(f"{place} is not a template: {error.message}", symbol=f"templatefile {fingerprint(text)}")

    def _mapping(self, items: list[tuple[Value, Value]]) -> Value:
        texts = [text_of(key) for key, _ in items]
        if unknown_in(*(key for key, _ in items)) or any(isinstance(key, RoundedNumber) for key, _ in items):
            return derived("object", *(part for item in items for part in item), among=tuple(v for _, v in items))
        if None in texts:
            return _absent("key that is a string")
        return {name or "": value for name, (_, value) in zip(texts, items, strict=True)}

    def _conditional(self, expression: hcl.Conditional, names: Names) -> Value:
        test = self.evaluate(expression.test, names)
        if not unknown_in(test):
            return self._chosen(expression, test, names)
        yes, no = self.evaluate(expression.yes, names), self.evaluate(expression.no, names)
        if fingerprint(yes) and fingerprint(yes) == fingerprint(no):
            return yes
        return derived("conditional", test, yes, no, among=(yes, no))

    def _chosen(self, expression: hcl.Conditional, test: Value, names: Names) -> Value:
        """Return one of two values for a known test, as the type that both have."""
        condition = _condition(test)
        if isinstance(condition, Unknown):
            return condition
        chosen, other = (expression.yes, expression.no) if condition else (expression.no, expression.yes)
        value = self.evaluate(chosen, names)
        # A number becomes a string where the other value is one.
        if isinstance(value, int | float) and isinstance(self.evaluate(other, names), str):
            return _as_text(value)
        return value

    def _operation(self, expression: hcl.Operation, names: Names) -> Value:
        left = self.evaluate(expression.left, names) if expression.left is not None else None
        right = self.evaluate(expression.right, names)
        if expression.operator in ("&&", "||") and isinstance(left, bool) and left is (expression.operator == "||"):
            # Terraform before 1.12 computes the right side all the same: what a resource decides is known after apply.
            return derived(expression.operator, left, right) if _is_of_a_resource(right) else left
        if not is_known([left, right]):
            return derived(expression.operator, left, right)
        try:
            return _computed(expression, left, right)
        except NotComputedError:
            return derived(expression.operator, left, right)
        except (ValueError, ArithmeticError):
            refused = derived(expression.operator, left, right)
            return replace(refused, reason=f"{expression.operator} cannot be computed", absent=True)

    def _for(self, expression: hcl.For, names: Names) -> Value:
        over = self.evaluate(expression.over, names)
        pairs = items_of(over)
        if pairs is None:
            unknown = over if isinstance(over, Unknown) else derived("the collection of `for`", over)
            if isinstance(over, Unknown) and over.absent:
                return over
            (round_,) = self._rounds(expression, [(unknown, unknown)], names, whatever=True)
            return derived("for", over, *round_)
        rounds = list(self._rounds(expression, pairs, names))
        if any(isinstance(test, Unknown) for *_, test in rounds):
            return derived(
                "for", over, *(part for round_ in rounds for part in round_), among=tuple(v for _, v, _ in rounds)
            )
        if expression.new_key is None:
            return [value for _, value, _ in rounds]
        mapping = self._mapping([(key, value) for key, value, _ in rounds])
        if not isinstance(mapping, dict):
            return mapping
        if not expression.grouped:
            return _absent("single value for each key") if len(mapping) < len(rounds) else mapping
        groups: dict[str, list[Value]] = {name: [] for name in mapping}
        for key, value, _ in rounds:
            groups[text_of(key) or ""].append(value)
        return dict[str, Value](groups)

    def _rounds(
        self, expression: hcl.For, pairs: list[tuple[Value, Value]], names: Names, *, whatever: bool = False
    ) -> Iterator[tuple[Value, Value, Value]]:
        """Yield key, value and test of each round whose test holds or is not known; with `whatever`, of all."""
        for pair in pairs:
            inner = {**names, **dict(zip(expression.names, pair[-len(expression.names) :], strict=True))}
            test = _condition(self.evaluate(expression.test, inner)) if expression.test else True
            if whatever or unknown_in(test) or test is True:
                key = self.evaluate(expression.new_key, inner) if expression.new_key else None
                yield key, self.evaluate(expression.value, inner), unknown_in(test) or test


def _computed(expression: hcl.Operation, left: Value, right: Value) -> Value:
    """Return what an operator comes to for known values; raises ValueError where Terraform refuses one of them."""
    match expression.operator:
        case "==" | "!=" as operator:
            return _is_equal(expression, left, right) is (operator == "==")
        case "&&":
            return bool_of(left) and bool_of(right)
        case "||":
            return bool_of(left) or bool_of(right)
        case "!":
            return not bool_of(right)
    if expression.left is not None:
        return computed(expression.operator, left, right)
    if number_of(right) == 0:
        raise NotComputedError("a negative zero")
    return computed(expression.operator, 0, right)


def _is_equal(expression: hcl.Operation, left: Value, right: Value) -> bool:
    """Return whether Terraform says that two known values are equal: a list and a tuple never are.

    Raises NotComputedError where a value can be either.
    """
    if not same(left, right):
        return False
    if not is_of_other_type(left, right):
        return True
    # What a function returns may be a list or a tuple; what is written in brackets is a tuple.
    pairs = ((left, expression.left), (right, expression.right))
    plain = [written for value, written in pairs if not isinstance(value, (TypedList, TypedMap))]
    if all(isinstance(written, (hcl.TupleExpression, hcl.ObjectExpression, hcl.For)) for written in plain):
        return False
    raise NotComputedError("a list or a tuple")


def _member(of: Value, key: Value) -> Value:
    """Return `of[key]`, or why there is none."""
    match of, key:
        case Unknown(), str():
            return item_of(of, key)
        case Unknown(), bool() | int() | float():
            return item_of(of, int(key))
        case (Unknown(), _) | (_, Unknown()) | (_, Members()):
            return derived("index", of, key)
        case Members(), str():
            return of.member(key)
        case dict(), _ if (name := text_of(key)) is not None and name in of:
            return of[name]
        case list(), _ if not isinstance(of, TypedSet):
            try:
                place = whole(key)
                return of[place] if place >= 0 else _absent(f"item {place}")
            except (ValueError, IndexError):
                pass
    return _absent(text_of(key) or "such item")


def _condition(test: Value) -> Value:
    """Return a test as true or false, or why it is neither."""
    if unknown_in(test):
        return test
    try:
        return bool_of(test)
    except ValueError:
        return _absent("condition that is true or false")


def _as_text(number: int | float) -> Value:
    text = text_of(number)
    return derived("string", number) if text is None else text


def _absent(what: str) -> Unknown:
    return Unknown(f"there is no {what}", absent=True, symbol=f"no {what}")


def items_of(value: Value) -> list[tuple[Value, Value]] | None:
    """Return keys and values of what `for` can go over, or None; each item of a set is its own key."""
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, TypedSet):
        return [(item, item) for item in value]
    return list(enumerate(value)) if isinstance(value, list) else None


def _size(value: Value) -> int:
    """Return how many values there are in a value, or some number above the most that is taken.

    A long text counts as several: a list may have the same one many times over.
    """
    total, waiting = 0, [value]
    while waiting and total <= _LARGEST:
        item = waiting.pop()
        total += 1
        if isinstance(item, str):
            total += len(item) // _CHARACTERS
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
    return total if not waiting else _LARGEST + 1


def _reference(expression: hcl.Expression) -> str | None:
    """Return a reference as it is written; None for anything else."""
    match expression:
        case hcl.Name(name):
            return name
        case hcl.Index(of, hcl.Literal(key)) if prefix := _reference(of):
            return f"{prefix}.{key}" if isinstance(key, str) else f"{prefix}[{key}]"
    return None


def _is_of_a_resource(value: Value) -> bool:
    """Return True for an unknown that a resource decides: not a variable, nor what a data source finds."""
    return any(not _PLANNED.match(address) for unknown in unknowns_in(value) for address, _ in unknown.sources)
