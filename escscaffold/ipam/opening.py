"""Connecting to the IPAM that a spec names. Its library is imported here, and by nothing that needs no connection."""

from collections.abc import Callable, Mapping
from importlib import import_module

from escscaffold.ipam.interface import Ipam, IpamError
from escscaffold.spec.model import IpamSpec

TOKEN_VARIABLE = "NETBOX_TOKEN"

_KINDS: Mapping[str, tuple[str, str]] = {"netbox": ("escscaffold.ipam.netbox", "NetBox")}
"""The module and the class of each kind of IPAM."""


def open_ipam(ipam: IpamSpec, token: str, seconds: float) -> Ipam:
    """Return the IPAM that the spec names; each answer may take `seconds`.

    Raises IpamError where its library is not installed, or the token cannot be one.
    """
    module, name = _KINDS[ipam.kind]
    try:
        kind: Callable[[IpamSpec, str, float], Ipam] = getattr(import_module(module), name)
    except ImportError as error:
        raise IpamError(
            f"The library for {ipam.kind} is not installed ({error.name}).",
            hint=f"Install it: pip install 'escscaffold[{ipam.kind}]'",
        ) from None
    return kind(ipam, token, seconds)
