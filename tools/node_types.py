"""Writes templates/aws/node_types.toml from the limits that the VPC CNI ships: `python -m tools.node_types FILE`.

FILE is `pkg/vpc/vpc_ip_resource_limit.go` of github.com/aws/amazon-vpc-cni-k8s. It does not know a type's processors:
those of the names from 8xlarge on, and of bare metal, are 30 or more.
"""

import re
from argparse import ArgumentParser
from collections import defaultdict
from datetime import date
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "templates/aws/node_types.toml"
SOURCE = "https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/vpc/vpc_ip_resource_limit.go"
HEAD = f"""\
# How many network interfaces the instance types of AWS have, and how many IPv4 addresses each of them.
# Written by `python -m tools.node_types`. `most_pods` is what a managed node group takes at most, whatever its
# addresses: 110 with fewer than 30 processors, 250 with more.
# https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
source = "{SOURCE}"
read = {{read}}
"""
_TYPE = re.compile(
    r'^\t"([a-z0-9.-]+)": \{\n\t\tENILimit: +(\d+),\n\t\tIPv4Limit: +(\d+),\n.*?HypervisorType: +"(\w*)"',
    re.MULTILINE | re.DOTALL,
)
_LARGE = re.compile(r"\.(?:(?:[89]|[1-9]\d+)xlarge|metal.*)")


def tables(go: str) -> str:
    """Return the types of the Go source as TOML, those alike on one line."""
    alike: dict[tuple[int, int, int, bool], list[str]] = defaultdict(list)
    for name, interfaces, addresses, hypervisor in _TYPE.findall(go):
        most = 250 if _LARGE.search(name) and name != "a1.metal" else 110
        alike[int(interfaces), int(addresses), most, hypervisor != "xen"].append(name)
    blocks = []
    for (interfaces, addresses, most, prefixes), names in sorted(alike.items()):
        facts = f"interfaces = {interfaces}\naddresses = {addresses}\nmost_pods = {most}\nprefixes = "
        facts += str(prefixes).lower()
        listed = "".join(f'  "{name}",\n' for name in sorted(names))
        blocks.append(f"\n[[types]]\n{facts}\nnames = [\n{listed}]\n")
    return "".join(blocks)


def main() -> None:
    """Write the file from the source named on the command line."""
    parser = ArgumentParser(prog="python -m tools.node_types", description="Write the node types of AWS as TOML.")
    parser.add_argument("source", type=Path, metavar="FILE", help="pkg/vpc/vpc_ip_resource_limit.go of the VPC CNI")
    parser.add_argument(
        "--out", type=Path, default=TARGET, metavar="FILE", help="default: templates/aws/node_types.toml"
    )
    options = parser.parse_args()
    try:
        types = tables(options.source.read_text(encoding="utf-8"))
    except OSError as error:
        parser.error(f"cannot read {options.source}: {error.strerror}.")
    if not types:
        parser.error(f"{options.source} lists no instance types: pass vpc_ip_resource_limit.go.")
    options.out.write_text(HEAD.format(read=date.today()) + types, encoding="utf-8")


if __name__ == "__main__":
    main()
