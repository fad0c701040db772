"""Addresses that are set aside for a purpose are told as that, and not as somebody's public addresses."""

import pytest
from click.testing import CliRunner

from escscaffold.cli import cli


def told(block: str) -> str:
    arguments = ["plan", "--mode", "gke-autopilot", "--range", f"nodes={block}", "--range", "pods=10.64.0.0/16"]
    return " ".join(CliRunner().invoke(cli, arguments).output.split())


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("192.0.2.0/24", "192.0.2.0/24 is reserved for documentation (TEST-NET-1)"),
        ("198.51.100.0/24", "198.51.100.0/24 is reserved for documentation (TEST-NET-2)"),
        ("203.0.113.128/25", "203.0.113.0/24 is reserved for documentation (TEST-NET-3)"),
        ("198.19.0.0/20", "198.18.0.0/15 is reserved for benchmarks of network devices"),
        ("240.0.0.0/20", "240.0.0.0/4 is reserved for future use"),
    ],
)
def test_it_is_told_what_they_are_for(block: str, words: str) -> None:
    output = told(block)

    assert f"nodes {block} is not private address space: {words}" in output
    assert "can drop packets" in output
    assert "if you own these addresses" not in output


def test_public_addresses_belong_to_somebody() -> None:
    output = told("8.8.0.0/20")

    assert "nodes 8.8.0.0/20 is not private address space." in output
    assert "if you own these addresses" in output
    assert "reserved for" not in output
