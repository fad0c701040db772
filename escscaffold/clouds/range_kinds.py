"""What the CIDR blocks of some types of resource are for: `kinds.toml` in the folders of templates."""

from collections.abc import Mapping
from functools import cache
from ipaddress import IPv4Network

from msgspec import Struct

from escscaffold.clouds.fact_files import as_object, read_table, template_root

_FACTS = "kinds.toml"


class RangeKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the blocks in some arguments of a type are for, or a block that the type has without an argument."""

    type: str
    kind: str
    source: str
    arguments: tuple[str, ...] = ()
    """With dots, through nested blocks; in lower case with `_` between words."""
    cidr: IPv4Network | None = None
    label: str = ""
    unset: str = ""
    """The argument that is false where the resource does not have the block."""


@cache
def range_kinds() -> Mapping[str, tuple[RangeKind, ...]]:
    """Return what is known, by the resource's type in lower case."""
    found: dict[str, tuple[RangeKind, ...]] = {}
    for folder in sorted(template_root().iterdir(), key=lambda folder: folder.name):
        file = folder.joinpath(_FACTS)
        for table in read_table(file)["kinds"] if file.is_file() else ():
            known = as_object(RangeKind, table)
            found[known.type.lower()] = (*found.get(known.type.lower(), ()), known)
    return found
