"""What a CIDR block is for, by its resource's type and the words that lead to it; and the values inside lists and maps.

The words are those of the clouds' providers and of the modules that are in wide use; what they
mean is the same for every cloud, so no cloud is asked for.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, cast, get_args

from msgspec import Struct

from escscaffold.clouds.evidence import RangeKind
from escscaffold.clouds.known_facts import Facts
from escscaffold.terraform.hcl_values import Unknown, Value

Kind = Literal["network", "subnet", "list", "container", "cluster", "rule", "route", "value"]
"""What a block is:

- network: a network, or a range that stands for itself;
- subnet: a part of a network, or the range of pods, services or a control plane;
- list: an entry of a list or of an IPAM's export;
- container: a prefix that holds others, or a whole private range, and that nothing uses itself;
- cluster: services, or pods that are SNATed to their node: it never leaves its cluster;
- rule: whom a firewall's rule or an access list is about;
- route: where a route leads;
- value: of a variable or a local that is not seen in use.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)
OWNED: tuple[Kind, ...] = ("network", "subnet", "list")
"""What is in use somewhere; the others only speak of it."""

# The first that is found in the resource's type or in a name on the way to the value.
_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "rule",
        re.compile(
            r"security_groups?|security_rule|firewall|network_acl|nacl|prefix_list|ip_set|(^|_)acl(_|$)"
            r"|^(ingress|egress|allow|deny)$|^(ingress|egress)_(with_)?cidr|authorized|public_access|allowed|allow_?list|whitelist|trusted"
            r"|source_(ip_)?ranges|destination_(ip_)?ranges|(source|destination)_address|^cidr_blocks$|^cidr_ipv4$"
        ),
    ),
    ("route", re.compile(r"(^|_)routes?(_|$)|destination_cidr|dest_range")),
    (
        "subnet",
        re.compile(
            r"subnet|secondary_ip_range|ip_cidr_range|address_prefix"
            # The first of these words alone: from each of them to the end would take the square of a name's length.
            r"|^(?>(?:.*?_)??(?:pods?|services?|cluster|master|control_plane|nodes?|tpu)_).*(cidr|range)"
        ),
    ),
)
_SPACE = re.compile(r"address_space")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[./]")
_EXPECTED = re.compile(r"cidr|address_space|address_prefix|ip_ranges?(_|$)|source_ranges|destination_ranges|dest_range")
_ROUTES = re.compile(r"^routes$")
_NO_NETWORK = re.compile(
    r"ipv6|(_|^)(names?|ids?|type|enabled|count|name_prefix|netmask_length|newbits?|overlap|reserved_internal_range)$"
)
_PROSE = re.compile(r"^(tags|tags_all|labels|terraform_labels|effective_labels|description|comment|name)$")
_TYPED_BY_ARGUMENT = "azapi_"
_DOCUMENTS = ("body", "output")
_PLAIN = {
    *("cidr", "cidrs", "cidr_block", "cidr_blocks", "address_space", "address_prefix", "address_prefixes"),
    *("ip_cidr_range", "destination_cidr_block", "dest_range", "body", "properties"),
}
"""Arguments that say no more than that there is a CIDR block."""
_MOST = 20_000
_NAMING = ("range_name", "name", "display_name", "key")


def kind_of(resource_type: str, path: Sequence[str], facts: Facts) -> Kind:
    """Return what a block is for: `path` has the names of blocks, arguments and keys that lead to it.

    >>> facts = Facts()
    >>> kind_of("aws_vpc", ["cidr_block"], facts), kind_of("aws_security_group", ["ingress", "cidr_blocks"], facts)
    ('network', 'rule')
    """
    names = [plain_name(name) for name in path]
    for range_kind in facts.evidence.range_kinds.get(resource_type.lower(), ()):
        if ".".join(names) in range_kind.arguments:
            return cast(Kind, range_kind.kind)
    # The prefixes of an address space are the network's, and those of anything else a part's.
    looked_at = [n for n, before in zip(names, ["", *names], strict=False) if not _SPACE.fullmatch(before)]
    for kind, words in _WORDS:
        if any(words.search(name) for name in (plain_name(resource_type), *looked_at)):
            return kind
    return "network" if expects_cidr(names) else "value"


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a name in lower case with `_` between its words, as Terraform's providers write them.

    >>> plain_name("addressPrefixes"), plain_name("Microsoft.Network/virtualNetworks/subnets")
    ('address_prefixes', 'microsoft_network_virtual_networks_subnets')
    """
    return _BETWEEN.sub("_", _HUMP.sub("_", name)).lower()


def expects_cidr(path: Sequence[str]) -> bool:
    """Whether what stands here should be a CIDR block, so that one that is not known is missed.

    >>> expects_cidr(["secondary_ip_range", "range_name"]), expects_cidr(["address_space"])
    (False, True)
    """
    names = [plain_name(name) for name in path]
    if any(_NO_NETWORK.search(name) for name in names):
        return False
    return any(_EXPECTED.search(name) or _ROUTES.search(name) for name in names)


def is_prose(name: str) -> bool:
    """Whether an argument only describes: a CIDR block in a tag is no network."""
    return bool(_PROSE.search(name))


def type_of(resource_type: str, type_argument: object) -> str:
    """Return a resource's type: for an `azapi_resource`, that of its argument `type` without the API version.

    >>> type_of("azapi_resource", "Microsoft.Network/virtualNetworks@2024-01-01"), type_of("aws_vpc", None)
    ('Microsoft.Network/virtualNetworks', 'aws_vpc')
    """
    if resource_type.startswith(_TYPED_BY_ARGUMENT) and isinstance(type_argument, str) and type_argument:
        return type_argument.partition("@")[0]
    return resource_type


def body_of(resource_type: str, argument: str, value: Any) -> Any:
    """Return the value of azapi's `body`, as `jsonencode` wrote it; any other value as it is."""
    if not resource_type.startswith(_TYPED_BY_ARGUMENT) or argument not in _DOCUMENTS or not isinstance(value, str):
        return value
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return document if isinstance(document, (dict, list)) else value


def implied_ranges(resource_type: str, facts: Facts) -> Iterator[RangeKind]:
    """Yield the blocks that a resource of this type has without an argument."""
    kinds = facts.evidence.range_kinds.get(resource_type.lower(), ())
    return (kind for kind in kinds if kind.cidr is not None)


class ValuePath(Struct, frozen=True):
    """The names of blocks, arguments and keys that lead to a value, and how a person would call it."""

    path: tuple[str, ...] = ()
    shown_as: str = ""

    def into(self, name: str, label: str | None = None) -> "ValuePath":
        """Return the path one step further; `label` distinguishes this one from others of the same name."""
        return ValuePath((*self.path, name), self.shown_as if plain_name(name) in _PLAIN else label or name)

    def name_after(self, address: str) -> str:
        """Return the name of what stands here, in what has this address."""
        return f"{address} {self.shown_as}".rstrip()


def leaves(value: Value, value_path: ValuePath, most: float = _MOST) -> Iterator[tuple[str | Unknown, ValuePath]]:
    """Yield each string and each unknown value, but for those that only describe something.

    What was computed may hold one list many times over, without an end for a reader: it stops after `most`.
    """
    for seen, (leaf, leaf_path) in enumerate(_inside(value, value_path)):
        if seen > most:
            yield Unknown("it is larger than the scan limit"), value_path
            return
        if isinstance(leaf, (str, Unknown)):
            yield leaf, leaf_path


def _inside(value: Value, value_path: ValuePath) -> Iterator[tuple[Value, ValuePath]]:
    yield value, value_path
    if isinstance(value, list):
        for item in value:
            yield from _inside(item, _labeled(value_path, item) if isinstance(item, dict) else value_path)
    elif isinstance(value, dict):
        for key, item in value.items():
            # YAML has keys that are no text: `on`, `443` and `null`.
            name = str(key)
            if not is_prose(name):
                yield from _inside(item, value_path.into(name))


def label_of(values: Mapping[str, Value]) -> str | None:
    """Return what a block or an object calls itself, if it does."""
    return next((text for key in _NAMING if isinstance(text := values.get(key), str) and text), None)


def _labeled(value_path: ValuePath, item: dict[str, Value]) -> ValuePath:
    label = label_of(item)
    return ValuePath(value_path.path, label) if label else value_path
