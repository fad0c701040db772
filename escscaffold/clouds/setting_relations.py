"""What the value of a setting demands of others, as data: what Terraform's plan or the cloud would refuse."""

from collections.abc import Mapping

from msgspec import Struct, field


class SettingRelation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One demand. Without a number to compare, the value itself is refused."""

    because: str
    """The reason, as the end of a sentence."""
    source: str
    fix: str = ""
    """What works instead; nothing where it follows from the numbers."""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other settings and their values, as a lock writes them, under which it holds; nothing for always."""
    pattern: str = ""
    """A regular expression that a refused text matches; nothing for every value that is not empty."""
    other: str = ""
    """The setting that a number is compared with."""
    other_pattern: str = ""
    """A regular expression with one group: the number in the other setting's text. It holds for no other text."""
    at_least_product: int = 0
    """What the number times the other one is at least."""
    at_most_times: float = 0
    """How many times the other number it is at most."""
