"""What differs besides resources: `removed` and `import` blocks, providers, backends, required versions. Pure."""

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from escscaffold.terraform.instances import Evaluated, Instance, UnreadCall
from escscaffold.terraform.moves import Move
from escscaffold.terraform.value_changes import Leaf, is_same_unknown, value_changes


def adopted(old: Evaluated, new: Evaluated) -> list[Move]:
    """Return what is forgotten and imported at the same place as a type of another provider, as moves.

    So it is where a provider is renamed: `eventstorecloud_network.this` becomes `kurrentcloud_network.this`.
    """
    imported = {import_.address for import_ in new.imports}
    twins = {
        _without_provider(instance): instance.was for instance in new.instances.values() if instance.was in imported
    }
    return [
        Move(old=instance.was, new=twins[_without_provider(instance)])
        for instance in old.instances.values()
        if _without_provider(instance) in twins and removal(new, instance) is False
    ]


def removal(new: Evaluated, instance: Instance) -> bool | None:
    """Return whether a `removed` block destroys a resource of the old side; None where there is none for it."""
    for gone in new.removals:
        if instance.was == gone.address or instance.was.startswith((f"{gone.address}.", f"{gone.address}[")):
            return gone.destroys
    return None


def _without_provider(instance: Instance) -> str:
    return instance.was.replace(f"{instance.type}.", f"{instance.type.partition('_')[2]}.", 1)


_ANY = "any version"


class Configured(Struct, frozen=True, kw_only=True):
    """A provider's configuration, a backend, or a module that is not at hand, of which arguments differ."""

    address: str
    leaves: tuple[Leaf, ...]
    path: str
    line: int | None


def configured_between(
    old: Mapping[str, UnreadCall], new: Mapping[str, UnreadCall], used: Collection[str] = ()
) -> Iterator[tuple[str, Configured]]:
    """Yield what stands on both sides and is given other arguments, by its address.

    Of what is `used` on both sides, one that is not written counts as one without arguments.
    """
    for address in sorted((old.keys() & new.keys()) | ((old.keys() ^ new.keys()) & set(used))):
        block = new.get(address) or old[address]
        before, after = (side[address].attributes if address in side else {} for side in (old, new))
        leaves = [
            leaf
            for leaf in value_changes(before, after, frozenset())
            if leaf.is_known or not is_same_unknown(leaf.old, leaf.new)
        ]
        if leaves:
            yield address, Configured(address=address, leaves=tuple(leaves), path=block.path, line=block.line)


def on_one_side(old: Mapping[str, UnreadCall], new: Mapping[str, UnreadCall]) -> Iterator[Configured]:
    """Yield what stands on one side only."""
    for address in sorted(old.keys() ^ new.keys()):
        call = new.get(address) or old[address]
        yield Configured(address=address, leaves=(), path=call.path, line=call.line)


def required_between(
    old: Mapping[str, str], new: Mapping[str, str], used: Collection[str]
) -> list[tuple[str, str, str]]:
    """Return the providers whose required versions differ: the source, before, after.

    `used` are the providers of what exists: for another one, the first version that is required changes nothing.
    """
    sources = (old.keys() & new.keys()) | ((old.keys() ^ new.keys()) & set(used))
    sides = [(source, old.get(source, _ANY), new.get(source, _ANY)) for source in sorted(sources)]
    return [side for side in sides if side[1] != side[2]]
