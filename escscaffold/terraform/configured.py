"""What differs besides resources: modules not at hand, provider configurations, backends, required versions. Pure."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from escscaffold.terraform.instances import Call, Evaluated
from escscaffold.terraform.value_changes import Leaf, is_same_unknown, value_changes


class Configured(Struct, frozen=True, kw_only=True):
    """A provider's configuration, a backend, or a module that is not at hand, of which arguments differ."""

    address: str
    leaves: tuple[Leaf, ...]
    path: str
    line: int | None


def configured_between(old: Mapping[str, Call], new: Mapping[str, Call]) -> Iterator[tuple[str, Configured]]:
    """Yield what stands on both sides and is given other arguments, by its address."""
    for address in sorted(old.keys() & new.keys()):
        before, after = old[address], new[address]
        leaves = [
            leaf
            for leaf in value_changes(before.attributes, after.attributes, frozenset())
            if leaf.is_known or not is_same_unknown(leaf.old, leaf.new)
        ]
        if leaves:
            yield address, Configured(address=address, leaves=tuple(leaves), path=after.path, line=after.line)


def other_backends(old: Evaluated, new: Evaluated) -> Iterator[Configured]:
    """Yield the backends that stand on one side only."""
    for address in sorted(old.backends.keys() ^ new.backends.keys()):
        one = new.backends.get(address) or old.backends[address]
        yield Configured(address=address, leaves=(), path=one.path, line=one.line)


def required_between(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the providers whose required versions differ: the source, before, after."""
    return [
        (source, old[source], new[source]) for source in sorted(old.keys() & new.keys()) if old[source] != new[source]
    ]
