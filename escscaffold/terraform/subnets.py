"""Terraform's two functions that cut a CIDR block into smaller ones."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from escscaffold.terraform.hcl_values import Value, number_of


def cidrsubnet(prefix: Value, new_bits: Value, number: Value) -> str:
    """Return the subnet with this number, of a prefix that is longer by so many bits.

    >>> cidrsubnet("10.8.0.0/16", 8, 2)
    '10.8.2.0/24'
    """
    network, bits, position = _network(prefix), whole(new_bits), whole(number)
    length = network.prefixlen + bits
    if not 0 <= bits <= 32 or length > network.max_prefixlen or not 0 <= position < 1 << bits:
        raise ValueError(number)
    return str(_at(network, int(network.network_address) + (position << network.max_prefixlen - length), length))


def cidrsubnets(prefix: Value, *new_bits: Value) -> list[Value]:
    """Return one subnet after the other, each at the next place where it can begin.

    >>> cidrsubnets("10.8.0.0/16", 8, 4)
    ['10.8.0.0/24', '10.8.16.0/20']
    """
    network = _network(prefix)
    free, end = int(network.network_address), int(network.broadcast_address)
    subnets: list[Value] = []
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


def _network(prefix: Value) -> IPv4Network | IPv6Network:
    if not isinstance(prefix, str) or "/" not in prefix:
        raise ValueError(prefix)
    return ip_network(prefix, strict=False)


def _at(within: IPv4Network | IPv6Network, first: int, length: int) -> IPv4Network | IPv6Network:
    return IPv4Network((first, length)) if within.version == 4 else IPv6Network((first, length))


def whole(value: Value) -> int:
    """Return a whole number; raises ValueError for anything else."""
    number = number_of(value)
    if not isinstance(number, int):
        raise ValueError(value)
    return number


def cidrhost(prefix: Value, number: Value) -> str:
    """Return the address with this number in a prefix; a negative one counts from the end.

    >>> cidrhost("10.8.0.0/24", 5), cidrhost("10.8.0.0/24", -1)
    ('10.8.0.5', '10.8.0.255')
    """
    network, position = _network(prefix), whole(number)
    if not -network.num_addresses <= position < network.num_addresses:
        raise ValueError(number)
    return str(network[position])


def cidrnetmask(prefix: Value) -> str:
    """Return the mask of an IPv4 prefix.

    >>> cidrnetmask("10.8.0.0/20")
    '255.255.240.0'
    """
    network = _network(prefix)
    if not isinstance(network, IPv4Network):
        raise ValueError(prefix)
    return str(network.netmask)
