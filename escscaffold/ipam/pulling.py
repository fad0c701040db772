"""Reading everything that an IPAM has in one table."""

from datetime import date

from escscaffold.ipam.interface import Ipam
from escscaffold.planning.snapshot import Snapshot
from escscaffold.spec.model import IpamSpec


def pull(ipam: Ipam, table: IpamSpec, today: date) -> Snapshot:
    """Return what the IPAM has in the table of the spec; raises IpamError."""
    return Snapshot(kind=table.kind, url=table.url, vrf=table.vrf, pulled=today.isoformat(), prefixes=ipam.prefixes())
