"""Configures a provider with made-up values, so that it plans without a cloud and reaches nothing."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tf.gen import tfplugin_pb2 as protocol  # type: ignore[import-untyped]

from tools.provider_facts.schema import Argument, Block
from tools.provider_facts.values import Value, empty_block, encode

TERRAFORM_VERSION = "1.11.4"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_TYPES = {bool: "bool", int: "number", str: "string"}


def offline_environment(closed: str) -> dict[str, str]:
    """Return environment variables that send every request to a URL that refuses it."""
    proxies = {name: closed for both in _PROXIES for name in (both, both.lower())}
    more = {name: value.format(closed=closed) for name, value in _facts()["environment"].items()}
    return {**proxies, "NO_PROXY": "", "no_proxy": "", **more}


def offline_configuration(block: Block, closed: str, home: Path) -> Any:
    """Return the request that configures a provider with this configuration block."""
    row = empty_block(block)
    for name, value in _facts()["configuration"].items():
        argument = block.arguments.get(name)
        if argument is not None and _fits(argument, value):
            row[name] = value.format(closed=closed, home=home) if isinstance(value, str) else value
    config = protocol.DynamicValue(msgpack=encode(row))
    return protocol.ConfigureProvider.Request(terraform_version=TERRAFORM_VERSION, config=config)


def _fits(argument: Argument, value: Value) -> bool:
    return bool(argument.configurable and argument.type == _TYPES[type(value)])


@cache
def _facts() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("offline.toml").read_text(encoding="utf-8"))
