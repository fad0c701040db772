"""What an expression comes to: a value, or the reason why there is none."""

from abc import ABC, abstractmethod

from msgspec import Struct

LONGEST = 10_000
"""How many items a computed list, or characters a computed string, may have: a file must not fill the memory."""


class Unknown(Struct, frozen=True):
    """A value that only Terraform, or the cloud, can know.

    `absent` is one that Terraform does not have either, for which `try` has another.
    """

    reason: str
    absent: bool = False


class Members(ABC):
    """What is computed when it is asked for: `local`, `var`, a resource."""

    @abstractmethod
    def member(self, name: str) -> "Value":
        """Return the member's value, Unknown where there is none."""


Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"] | Members | Unknown


def text_of(value: Value) -> str | None:
    """Return a value as Terraform writes it into a string, or None where it cannot."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
    return None


def number_of(value: Value) -> int | float:
    """Return a value as a number; raises ValueError where Terraform would refuse it.

    >>> number_of("8")
    8
    """
    match value:
        case bool():
            raise ValueError(value)
        case float() if value.is_integer():
            return int(value)
        case int() | float():
            return value
        case str() if len(value) < 40:
            return number_of(float(value)) if "." in value else int(value)
    raise ValueError(value)


def unknown_in(*values: Value) -> Unknown | None:
    """Return the first of them that is unknown."""
    return next((value for value in values if isinstance(value, Unknown)), None)
