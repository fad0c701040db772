"""Other values than those that are there, such that a provider is likely to take them."""

import re
from ipaddress import ip_network
from random import Random
from typing import Any

from tests.reviewing.truth.places import Argument, Changed, Files, with_value

# Of what one of these says, the other is accepted, too.
_PAIRS = (
    ("Enabled", "Suspended"),
    ("tcp", "udp"),
    ("gp3", "gp2"),
    ("required", "optional"),
    ("HTTP", "HTTPS"),
    ("ip", "instance"),
    ("REJECT", "ALL"),
    ("bursting", "elastic"),
    ("generalPurpose", "maxIO"),
    ("IMMUTABLE", "MUTABLE"),
    ("STANDARD", "EXTENDED"),
    ("API", "API_AND_CONFIG_MAP"),
    ("arm64", "x86_64"),
    ("S", "N"),
    ("default", "dedicated"),
    ("KMS", "AES256"),
    ("DNS", "EMAIL"),
    ("application", "network"),
    ("Sum", "Average"),
    ("postgres", "mysql"),
    ("OVERWRITE", "NONE"),
    ("PRESERVE", "OVERWRITE"),
    ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
    ("PAY_PER_REQUEST", "PROVISIONED"),
    ("public", "private"),
    ("Gateway", "Interface"),
    ("ingress", "egress"),
    ("allow", "deny"),
    ("AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64"),
    ("SPOT", "ON_DEMAND"),
    ("t3.micro", "t3.small"),
    ("m6i.large", "m6i.xlarge"),
    ("db.m6g.large", "db.m6g.xlarge"),
    ("cache.m6g.large", "cache.m6g.xlarge"),
    ("email", "https"),
    ("String", "SecureString"),
    ("TXT", "SPF"),
    ("16.4", "15.8"),
    ("1.31", "1.32"),
    ("7.1", "7.0"),
    ("AFTER_30_DAYS", "AFTER_7_DAYS"),
    ("COST", "USAGE"),
    ("MONTHLY", "QUARTERLY"),
    ("FARGATE", "EC2"),
    ("awsvpc", "bridge"),
    ("ipv4", "ipv6"),
    ("eu-central-1", "eu-west-1"),
    ("instance", "volume"),
    ("true", "false"),
)
_OTHER = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_NUMBERS = {"retention_in_days": ("7", "60"), "flow_days": ("7", "60"), "days": ("7", "60"), "memory": ("2048",)}


def other_value(value: str, name: str, random: Random) -> str | None:
    """Return another literal of the same kind, as it is written; None for what is no literal."""
    if value in ("true", "false"):
        return _OTHER[value]
    if re.fullmatch(r"\d+", value):
        choices = _NUMBERS.get(name) or (str(int(value) + 1), str(max(int(value) - 1, 0)), str(int(value) * 2))
        return random.choice([choice for choice in choices if choice != value] or ["3"])
    if value == "null":
        return '"example"'
    if not re.fullmatch(r'"[^"]*"', value) and not re.fullmatch(r'"(?:[^"$]|\$\{[^}"]*\})*"', value):
        return None
    return f'"{_other_text(value[1:-1], random)}"'


def with_other_value(random: Random, files: Files, of: list[Argument]) -> Changed:
    """Return the files with another literal in one of these arguments."""
    found = [(one, value) for one in of if (value := other_value(one.value, one.name, random))]
    return with_value(files, *random.choice(found)) if found else None


def _other_text(text: str, random: Random) -> str:
    if text in _OTHER:
        return _OTHER[text]
    if "${" in text:
        return random.choice((f"{text}-b", f"{text}2"))
    if re.fullmatch(r"\d+(?:\.\d+){3}/\d+", text):
        return _other_network(text, random)
    if match := re.fullmatch(r"(\d+\.\d+\.)(\d+)", text):
        return f"{match[1]}{int(match[2]) + 1}"
    if text.isdigit():
        return str(int(text) + 1)
    if "://" in text or "." in text or text.startswith("/"):
        return re.sub(r"([A-Za-z]{2})(?!.*[A-Za-z]{2})", r"\1x", text, count=1)
    if re.search(r"[0-9a-f]{8}$", text):
        return text[:-1] + ("1" if text[-1] != "1" else "2")
    return random.choice((f"{text}-b", f"b-{text}", text.replace("-", "-b-", 1) if "-" in text else f"{text}c"))


def _other_network(text: str, random: Random) -> str:
    network = ip_network(text, strict=False)
    if network.prefixlen == 0:
        return "10.0.0.0/8"
    others = [network.supernet(), ip_network((int(network.network_address) + network.num_addresses, network.prefixlen))]
    if network.prefixlen < 28:
        others.append(next(network.subnets()))
    return str(random.choice(others))


def reordered(value: str, random: Random) -> str | None:
    """Return a list on one line with two of its items exchanged; None for anything else."""
    match = re.fullmatch(r"(\w*\(?)\[([^][{}()]*)\](\)?)", value)
    items = match[2].split(", ") if match else []
    if not match or len(items) < 2:
        return None
    first = random.randrange(len(items) - 1)
    items[first], items[first + 1] = items[first + 1], items[first]
    return f"{match[1]}[{', '.join(items)}]{match[3]}"


def new_value(name: str, kind: Any, random: Random) -> str | None:
    """Return a value for an argument that was not set, by its name and type; None where none can be thought of."""
    match kind:
        case "bool":
            return random.choice(("true", "false"))
        case "number":
            return str(random.choice((1, 10, 30, 60)))
        case "string":
            return f'"{_new_text(name)}"'
        case ["list" | "set", "string"]:
            return f'["{_new_text(name)}"]'
        case ["map", "string"]:
            return '{ team = "platform" }'
    return None


def _new_text(name: str) -> str:
    if name.endswith(("_arn", "_arns", "arn")) or name == "permissions_boundary":
        return "arn:aws:iam::123456789012:role/example"
    if "cidr" in name:
        return "2001:db8::/56" if "ipv6" in name else "10.77.0.0/24"
    if name.endswith("_prefix"):
        return "example-"
    if "zone" in name and "id" not in name:
        return "eu-central-1b"
    return "example"
