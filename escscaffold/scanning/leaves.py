"""The single values inside lists and maps, and the way that leads to each."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from escscaffold.scanning.kinds import is_prose, plain_name
from escscaffold.terraform.hcl_values import Unknown, Value

_PLAIN = {
    *("cidr", "cidrs", "cidr_block", "cidr_blocks", "address_space", "address_prefix", "address_prefixes"),
    *("ip_cidr_range", "destination_cidr_block", "dest_range", "body", "properties"),
}
"""Arguments that say no more than that there is a CIDR block."""
_MOST = 20_000
_NAMING = ("range_name", "name", "display_name", "key")


class Way(Struct, frozen=True):
    """The names of blocks, arguments and keys that lead to a value, and how a person would call it."""

    path: tuple[str, ...] = ()
    shown_as: str = ""

    def into(self, name: str, label: str | None = None) -> "Way":
        """Return the way one step further; `label` is what tells this one from others of the same name."""
        return Way((*self.path, name), self.shown_as if plain_name(name) in _PLAIN else label or name)

    def name_after(self, address: str) -> str:
        """Return the name of what stands here, in what has this address."""
        return f"{address} {self.shown_as}".rstrip()


def leaves(value: Value, way: Way, most: float = _MOST) -> Iterator[tuple[str | Unknown, Way]]:
    """Yield each string and each unknown value, but for those that only describe something.

    What was computed may hold one list many times over, without an end for a reader: it stops after `most`.
    """
    for seen, (leaf, there) in enumerate(_inside(value, way)):
        if seen > most:
            yield Unknown("it is larger than the scan limit"), way
            return
        if isinstance(leaf, (str, Unknown)):
            yield leaf, there


def _inside(value: Value, way: Way) -> Iterator[tuple[Value, Way]]:
    yield value, way
    if isinstance(value, list):
        for item in value:
            yield from _inside(item, _labeled(way, item) if isinstance(item, dict) else way)
    elif isinstance(value, dict):
        for key, item in value.items():
            # YAML has keys that are no text: `on`, `443` and `null`.
            name = str(key)
            if not is_prose(name):
                yield from _inside(item, way.into(name))


def label_of(values: Mapping[str, Value]) -> str | None:
    """Return what a block or an object calls itself, if it does."""
    return next((text for key in _NAMING if isinstance(text := values.get(key), str) and text), None)


def _labeled(way: Way, item: dict[str, Value]) -> Way:
    label = label_of(item)
    return Way(way.path, label) if label else way
