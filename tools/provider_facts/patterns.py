"""Texts that match a regular expression of a provider's check, where it is simple enough."""

import re
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST_REPEATS = 64


def examples(expression: str) -> list[str]:
    """Return up to two texts that match, or none where the expression has what Python does not.

    >>> examples("^ab[0-9]{2}$")
    ['ab00', 'ab11']
    """
    text = expression.replace(r"\z", "$").replace("[[:alnum:]]", "[a-z0-9]").replace("[[:alpha:]]", "[a-z]")
    try:
        parsed, compiled = parser.parse(text), re.compile(text)
        found = [_text(parsed, which) for which in (0, 1)]
    except (re.error, KeyError, IndexError, RecursionError, ValueError):
        return []
    return list(dict.fromkeys(one for one in found if one and compiled.search(one)))


def _text(parsed: Any, which: int) -> str:
    return "".join(_part(operator, argument, which) for operator, argument in parsed)


def _part(operator: Any, argument: Any, which: int) -> str:
    match operator:
        case code.LITERAL:
            return chr(int(argument))
        case code.NOT_LITERAL | code.ANY:
            return "ab"[which]
        case code.IN:
            return _one_of(argument, which)
        case code.BRANCH:
            choices = argument[1]
            return _text(choices[min(which, len(choices) - 1)], which)
        case code.SUBPATTERN:
            return _text(argument[3], which)
        case code.MAX_REPEAT | code.MIN_REPEAT:
            least, most, inner = argument
            times = min(max(int(least), 1 if most else 0), _MOST_REPEATS)
            return _text(inner, which) * times
        case _:  # a place such as the beginning, which is no text
            return ""


def _one_of(choices: Any, which: int) -> str:
    if choices[0][0] == code.NEGATE:
        return "ab"[which]
    for operator, argument in choices:
        match operator:
            case code.RANGE:
                low, high = argument
                return chr(min(int(low) + which, int(high)))
            case code.CATEGORY if argument == code.CATEGORY_DIGIT:
                return "01"[which]
            case code.CATEGORY if argument == code.CATEGORY_WORD:
                return "ab"[which]
    literals = [chr(int(argument)) for operator, argument in choices if operator == code.LITERAL]
    return literals[min(which, len(literals) - 1)]
