"""Terraform's arithmetic, and its functions of numbers and of CIDR blocks.

https://developer.hashicorp.com/terraform/language/functions

Terraform's numbers are binary and have 512 bits. What these cannot hold exactly is a `RoundedNumber` here.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from math import ceil, floor, fmod, log

from escscaffold.terraform.hcl_values import NotComputedError, RoundedNumber, TypedList, Value, number_of, whole

_BITS = 512
_DIGITS = Context(prec=160)
_MOST_NUMBERS = 1_024
"""The most numbers of a `range`."""
_FLOAT_BITS = 53
_NEAR = 1e-9
_CIDR = re.compile(r"([0-9A-Fa-f:.]{1,45})/([0-9]{1,3})")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def computed(operator: str, left: Value, right: Value) -> Value:
    """Return what an operator of numbers computes; raises ValueError where Terraform refuses an operand.

    >>> computed("+", 1, "2"), computed("<", 1, 2), computed("/", 7, 2)
    (3, True, 3.5)
    """
    first, second = number_of(left), number_of(right)
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](first, second)
    if operator == "/" and second == 0:
        raise NotComputedError("a division by zero")
    result = _result(operator, first, second)
    if result == 0 and (first < 0 or second < 0) and operator in "*/%":
        raise NotComputedError("a negative zero")
    return result


_COMPARISONS: Mapping[str, Callable[[int | float, int | float], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


_FLOATS: Mapping[str, Callable[[int | float, int | float], float]] = {
    "+": lambda left, right: float(left + right),
    "-": lambda left, right: float(left - right),
    "*": lambda left, right: float(left * right),
    "/": lambda left, right: float(left / right),
}


def _result(operator: str, left: int | float, right: int | float) -> int | float:
    if operator == "%":
        return left if right == 0 else _rounded(fmod(left, right), is_exact=_are_binary(left, right))
    if isinstance(left, int) and isinstance(right, int) and operator != "/":
        return _bounded({"+": left + right, "-": left - right, "*": left * right}[operator])
    if isinstance(left, RoundedNumber) or isinstance(right, RoundedNumber):
        return _rounded(_FLOATS[operator](left, right), is_exact=False)
    first, second = Decimal(repr(left)), Decimal(repr(right))
    compute = {"+": _DIGITS.add, "-": _DIGITS.subtract, "*": _DIGITS.multiply, "/": _DIGITS.divide}[operator]
    number = compute(first, second)
    if number == number.to_integral_value():
        return _bounded(int(number))
    if float(number).is_integer():
        raise NotComputedError("a large number with a fraction")
    return _rounded(float(number), is_exact=_are_binary(left, right) and Decimal(float(number)) == number)


def _bounded(number: int) -> int:
    if number.bit_length() > _BITS:
        raise NotComputedError("a number that Terraform rounds")
    return number


def _rounded(number: float, *, is_exact: bool) -> int | float:
    if number.is_integer() and not is_exact and abs(number) > 2**_FLOAT_BITS:
        raise NotComputedError("a large number with a fraction")
    if number.is_integer():
        return int(number)
    return number if is_exact else RoundedNumber(number)


def _are_binary(*numbers: int | float) -> bool:
    """Return True if no number has a decimal fraction that a binary number only comes near to, such as 0.1."""
    return all(
        isinstance(number, int) or (not isinstance(number, RoundedNumber) and Decimal(number) == Decimal(repr(number)))
        for number in numbers
    )


def _sum(of: Value) -> Value:
    if not isinstance(of, list) or not of:
        raise ValueError(of)
    total: Value = 0
    for number in of:
        total = computed("+", total, number)
    return total


# Terraform computes these two with 64 bits as well; the last of the digits can differ between libraries.
def _power(base: Value, exponent: Value) -> Value:
    first, second = number_of(base), number_of(exponent)
    if abs(first) > 1000 or abs(second) > 64 or (first == 0 and second < 0):
        raise NotComputedError("a large number")
    result = first**second
    if isinstance(result, complex):
        raise NotComputedError("no real number")
    return _rounded(float(result), is_exact=False)


def _log(number: Value, base: Value) -> Value:
    first, second = number_of(number), number_of(base)
    if first <= 0 or second <= 0 or second == 1:
        raise NotComputedError("no finite number")
    return _rounded(log(first) / log(second), is_exact=False)


def _range(*bounds: Value) -> list[Value]:
    numbers = [number_of(bound) for bound in bounds]
    if not 1 <= len(numbers) <= 3:
        raise ValueError(bounds)
    first, last = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) == 3 else (1 if last >= first else -1)
    if step == 0 or (last - first) * step < 0:
        raise ValueError(bounds)
    if not _are_binary(first, last, step):
        raise NotComputedError("fractions that binary numbers only come near to")
    numbers_found: list[Value] = TypedList()
    while (first < last) if step > 0 else (first > last):
        numbers_found.append(first)
        if len(numbers_found) > _MOST_NUMBERS:
            raise ValueError(bounds)
        first = number_of(first + step)
    return numbers_found


def _absolute(number: Value) -> Value:
    return computed("-", 0, number) if number_of(number) < 0 else number_of(number)


def _floor(number: Value) -> int:
    return floor(_not_near_to_a_whole_one(number_of(number)))


def _ceil(number: Value) -> int:
    return ceil(_not_near_to_a_whole_one(number_of(number)))


def _not_near_to_a_whole_one(number: int | float) -> int | float:
    if isinstance(number, RoundedNumber) and abs(number - round(number)) < _NEAR:
        raise NotComputedError("a number whose digits decide")
    return number


def _signum(number: Value) -> int:
    sign = whole(number)
    return (sign > 0) - (sign < 0)


def _parse_int(value: Value, base: Value) -> int:
    """Return a number from its digits, in bases above 36 with upper and lower case letters."""
    places = whole(base)
    if not isinstance(value, str) or not 2 <= places <= 62:
        raise ValueError(value)
    digits = value.removeprefix("-" if value.startswith("-") else "+")
    if not digits or len(digits) > 100:
        raise ValueError(value)
    number = 0
    for digit in digits if places > 36 else digits.lower():
        at = _ALPHABET.index(digit)
        if at >= places:
            raise ValueError(value)
        number = number * places + at
    return -number if value.startswith("-") else number


def _largest(*numbers: Value) -> Value:
    return max(map(number_of, numbers))


def _smallest(*numbers: Value) -> Value:
    return min(map(number_of, numbers))


def _cidrsubnet(prefix: Value, new_bits: Value, number: Value) -> str:
    network, bits, position = _network(prefix), whole(new_bits), whole(number)
    length = network.prefixlen + bits
    if length > network.max_prefixlen or (bits >= 0 and position >= 1 << bits):
        raise ValueError(number)
    if bits < 0 or position < 0:
        # Terraform accepts both, and returns a block that is not a part of the prefix.
        raise NotComputedError("a block outside of the prefix")
    return str(_at(network, int(network.network_address) + (position << network.max_prefixlen - length), length))


def _cidrsubnets(prefix: Value, *new_bits: Value) -> list[Value]:
    network = _network(prefix)
    free, end = int(network.network_address), int(network.broadcast_address)
    subnets: list[Value] = TypedList()
    for bits in map(whole, new_bits):
        length = network.prefixlen + bits
        if not 1 <= bits <= 32 or length > network.max_prefixlen:
            raise ValueError(bits)
        size = 1 << network.max_prefixlen - length
        first = -(-free // size) * size
        free = first + size
        if free - 1 > end:
            raise ValueError(bits)
        subnets.append(str(_at(network, first, length)))
    return subnets


def _cidrhost(prefix: Value, number: Value) -> str:
    network, position = _network(prefix), whole(number)
    if not -network.num_addresses <= position < network.num_addresses:
        raise ValueError(number)
    return str(network[position])


def _cidrnetmask(prefix: Value) -> str:
    network = _network(prefix)
    if not isinstance(network, IPv4Network):
        raise ValueError(prefix)
    return str(network.netmask)


def _network(prefix: Value) -> IPv4Network | IPv6Network:
    match = _CIDR.fullmatch(prefix) if isinstance(prefix, str) else None
    if match is None:
        raise ValueError(prefix)
    address, length = match.groups()
    if ":" in address:
        if "." in address:
            raise NotComputedError("an IPv4 address within an IPv6 address")
        return ip_network(f"{address}/{length}", strict=False)
    # Terraform reads 010 as 10, which later versions of Python refuse.
    return ip_network(f"{_LEADING_ZEROS.sub('', address)}/{length}", strict=False)


def _at(within: IPv4Network | IPv6Network, first: int, length: int) -> IPv4Network | IPv6Network:
    return IPv4Network((first, length)) if within.version == 4 else IPv6Network((first, length))


NUMBER_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "abs": _absolute,
    "ceil": _ceil,
    "cidrhost": _cidrhost,
    "cidrnetmask": _cidrnetmask,
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
    "floor": _floor,
    "log": _log,
    "max": _largest,
    "min": _smallest,
    "parseint": _parse_int,
    "pow": _power,
    "range": _range,
    "signum": _signum,
    "sum": _sum,
}
