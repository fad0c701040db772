"""What `removed` and `import` blocks do to resources of the other side, and which resources they only rename. Pure."""

from escscaffold.terraform.instances import Evaluated, Instance
from escscaffold.terraform.moves import Move


def adopted(old: Evaluated, new: Evaluated) -> list[Move]:
    """Return what is forgotten and imported at the same place as a type of another provider, as moves.

    So it is where a provider is renamed: `eventstorecloud_network.this` becomes `kurrentcloud_network.this`.
    """
    imported = {one.address for one in new.imports}
    twins = {_without_provider(one): one.was for one in new.instances.values() if one.was in imported}
    return [
        Move(old=one.was, new=twins[_without_provider(one)])
        for one in old.instances.values()
        if _without_provider(one) in twins and removal(new, one) is False
    ]


def removal(new: Evaluated, instance: Instance) -> bool | None:
    """Return whether a `removed` block destroys a resource of the old side; None where there is none for it."""
    for one in new.removals:
        if instance.was == one.address or instance.was.startswith((f"{one.address}.", f"{one.address}[")):
            return one.destroys
    return None


def _without_provider(instance: Instance) -> str:
    return instance.was.replace(f"{instance.type}.", f"{instance.type.partition('_')[2]}.", 1)
