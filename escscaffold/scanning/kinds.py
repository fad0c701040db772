"""What a CIDR block is for, told by the words of where it stands.

The words are those of the clouds' providers and of the modules that are in wide use; what they
mean is the same for every cloud, so no cloud is asked for.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, cast, get_args

from escscaffold.clouds.range_kinds import range_kinds

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
_ANOTHER_THING = re.compile(
    r"ipv6|(_|^)(names?|ids?|type|enabled|count|name_prefix|netmask_length|newbits?|overlap|reserved_internal_range)$"
)
_PROSE = re.compile(r"^(tags|tags_all|labels|terraform_labels|effective_labels|description|comment|name)$")


def kind_of(resource_type: str, path: Sequence[str]) -> Kind:
    """Return what a block is for: `path` has the names of blocks, arguments and keys that lead to it.

    >>> kind_of("aws_vpc", ["cidr_block"]), kind_of("aws_security_group", ["ingress", "cidr_blocks"])
    ('network', 'rule')
    """
    names = [plain_name(name) for name in path]
    for known in range_kinds().get(resource_type.lower(), ()):
        if ".".join(names) in known.arguments:
            return cast(Kind, known.kind)
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
    if any(_ANOTHER_THING.search(name) for name in names):
        return False
    return any(_EXPECTED.search(name) or _ROUTES.search(name) for name in names)


def is_prose(name: str) -> bool:
    """Whether an argument only speaks of things: a CIDR block in a tag is nobody's network."""
    return bool(_PROSE.search(name))
