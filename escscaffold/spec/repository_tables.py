"""Reads the tables that are about the whole repository: backend, CI services, `[pipeline]`, IPAM."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from escscaffold.spec.model import IpamSpec, PipelineSpec, StateBackend
from escscaffold.spec.settings import read_settings
from escscaffold.spec.toml_text import KeyPath
from escscaffold.spec.values import BadValue, Collector, nearest, read_backend_type, read_pool, read_text, shown

_BACKEND = ("backend",)
NO_CI = "none"
_CI = "escscaffold writes a workflow for each supported CI service, or none."
KINDS = ("netbox",)
IPAM_KEYS = ("kind", "url", "vrf", "claim_from", "repository", "tags", "tenant", "role")
DEFAULT_TAGS = ("escscaffold",)
REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,98}[A-Za-z0-9])?")
"""What a repository can be called in NetBox, where it begins each description."""
NAME = re.compile(r"\S(?:.{0,98}\S)?")
URL = re.compile(r"https?://[^\s?#@]+")
_IPAM: KeyPath = ("ipam",)
_CREDENTIALS = {"token", "password", "api_token", "key", "secret"}
_PIPELINE: KeyPath = ("pipeline",)


def read_backend(collector: Collector, document: Mapping[str, Any]) -> StateBackend:
    """Read the table `backend`; where there is none, the state stays where Terraform puts it."""
    table = collector.table(document, _BACKEND)
    backends = collector.facts.backends
    default = next(iter(backends))
    if "type" not in table:
        if table:
            fix = f'Add it, such as type = "{next(name for name in backends if name != default)}".'
            collector.problem("ESC008", (*_BACKEND, "type"), "The backend type is missing.", fix)
        return StateBackend(type=default)
    name = collector.read("ESC004", (*_BACKEND, "type"), partial(read_backend_type, names=backends), table["type"])
    if name is None:
        return StateBackend(type=default)
    backend = backends[name]
    written = {key: value for key, value in table.items() if key != "type"}
    for key in [key for key in written if key in backend.credentials]:
        del written[key]
        message = f"{key} is a credential and does not belong in a committed file."
        fix = f"Remove it: Terraform reads {backend.credentials[key]} from the environment."
        collector.problem("ESC013", (*_BACKEND, key), message, fix)
    return StateBackend(type=name, settings=read_settings(collector, {"backend": written}, _BACKEND, backend.settings))


def read_ci(value: object, names: Iterable[str]) -> tuple[str, ...]:
    """Read the names of services: "github", "github,gitlab", a list of them, or "none"; raises BadValue.

    >>> read_ci("gitlab,github", ["github", "gitlab"])
    ('github', 'gitlab')
    """
    services = tuple(names)
    named = [*services, NO_CI]
    words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
    if not isinstance(words, list) or not words:
        raise BadValue(f"{shown(value)} is not a CI service.", f"Known: {', '.join(named)}.", _CI)
    for word in words:
        if not isinstance(word, str) or word not in named:
            raise BadValue(f"{shown(word)} is not a supported CI service.", nearest(word, named), _CI)
    if NO_CI in words and len(words) > 1:
        raise BadValue(f'"{NO_CI}" cannot be combined with a service.', f'Write only "{NO_CI}", or remove it.', _CI)
    return tuple(name for name in services if name in words)


def read_ipam(collector: Collector, document: Mapping[str, Any]) -> IpamSpec | None:
    """Read the table `ipam`; None where there is none, or one that cannot be used."""
    if "ipam" not in document:
        return None
    table = collector.table(document, _IPAM)
    without_credentials = {key: value for key, value in table.items() if key not in _CREDENTIALS}
    for key in [key for key in table if key not in without_credentials]:
        message = f"{key} is a credential and does not belong in a committed file."
        collector.problem("ESC013", (*_IPAM, key), message, "Remove it and set NETBOX_TOKEN in the environment.")
    collector.only_known(without_credentials, IPAM_KEYS, _IPAM)
    for key, example in (("kind", KINDS[0]), ("url", "https://netbox.example.com")):
        if key not in table:
            collector.problem("ESC008", (*_IPAM, key), f"`{key}` is missing.", f'Add it, such as {key} = "{example}".')
    kind = collector.read("ESC004", (*_IPAM, "kind"), _read_kind, table["kind"]) if "kind" in table else None
    url = collector.read("ESC004", (*_IPAM, "url"), _read_url, table["url"]) if "url" in table else None
    texts = {key: _text(collector, table, key) for key in ("vrf", "tenant", "role")}
    repository = collector.read("ESC005", (*_IPAM, "repository"), read_repository, table.get("repository", ""))
    claim_from = _claim_from(collector, table)
    tags = collector.read("ESC004", (*_IPAM, "tags"), _read_tags, table.get("tags", list(DEFAULT_TAGS)))
    if kind is None or url is None:
        return None
    return IpamSpec(
        kind=kind, url=url, repository=repository or "", claim_from=claim_from, tags=tags or DEFAULT_TAGS, **texts
    )


def _text(collector: Collector, table: Mapping[str, Any], key: str) -> str:
    return (collector.read("ESC004", (*_IPAM, key), _read_name, table[key]) if key in table else None) or ""


def _claim_from(collector: Collector, table: Mapping[str, Any]) -> tuple[IPv4Network, ...]:
    path = (*_IPAM, "claim_from")
    written = table.get("claim_from", [])
    if not isinstance(written, list):
        collector.problem("ESC003", path, f"{shown(written)} is not a list.", 'Write claim_from = ["10.64.0.0/10"].')
        return ()
    blocks = [
        block
        for value in written
        if (
            block := collector.read(
                "ESC003", path, partial(read_pool, internal_ranges=collector.facts.internal_ranges), value
            )
        )
        is not None
    ]
    for first, other in combinations(blocks, 2):
        if first.overlaps(other):
            collector.problem("ESC007", path, f"{first} and {other} overlap.", "Remove one, or change its block.")
    return tuple(blocks)


def _read_kind(value: object) -> str:
    """Read the kind of IPAM.

    >>> _read_kind("netbox")
    'netbox'
    """
    text = read_text(value)
    if text not in KINDS:
        raise BadValue(
            f"{shown(text)} is not a supported IPAM.", nearest(text, KINDS), "escscaffold connects to NetBox only."
        )
    return text


def _read_url(value: object) -> str:
    """Read the address of an IPAM, without the slash at its end and without `/api`.

    >>> _read_url("https://netbox.example.com/")
    'https://netbox.example.com'
    """
    text = read_text(value)
    fix = 'Use a URL like "https://netbox.example.com"; set the token as NETBOX_TOKEN.'
    if "@" in text:
        raise BadValue(
            "The IPAM URL contains a user or password.", fix, "The spec is committed: credentials would leak."
        )
    try:
        named = URL.fullmatch(text) and urlsplit(text).hostname and (urlsplit(text).port is None or True)
    except ValueError:
        named = None
    if not named or not text.isascii() or not text.isprintable():
        raise BadValue(f"{shown(text)} is not an IPAM URL.", fix, "escscaffold calls the API below this URL.")
    return text.rstrip("/").removesuffix("/api").rstrip("/")


def _read_name(value: object) -> str:
    """Read the name of something in the IPAM: a VRF, a tenant, a role, a tag."""
    text = read_text(value)
    if not NAME.fullmatch(text) or not text.isprintable():
        raise BadValue(
            f"Invalid IPAM name {shown(text)}.", "Use one line of at most 100 characters.", "NetBox refuses others."
        )
    return text


def read_repository(value: object) -> str:
    """Read what this repository is called in the IPAM, nothing for the name that git's remote has; raises BadValue."""
    text = read_text(value)
    if text and not REPOSITORY.fullmatch(text):
        raise BadValue(
            f"Invalid repository name {shown(text)} in the IPAM.",
            'Use up to 100 letters, digits, ".", "_", "/" and "-": "platform/network".',
        )
    return text


def _read_tags(value: object) -> tuple[str, ...]:
    """Read the tags of what is claimed: a list of names."""
    if not isinstance(value, list) or not value:
        raise BadValue(f"{shown(value)} is not a list of tags.", 'Write tags = ["escscaffold"].')
    return tuple(dict.fromkeys(_read_name(tag) for tag in value))


def read_pipeline(
    collector: Collector, document: Mapping[str, Any], ci: tuple[str, ...], backend: StateBackend
) -> PipelineSpec:
    """Read the table `pipeline`; without it, CI checks the default branch and applies nothing."""
    settings, backends, services = collector.facts.pipeline, list(collector.facts.backends), collector.facts.ci
    written = read_settings(collector, document, _PIPELINE, settings)
    values = {name: written.get(name, setting.default) for name, setting in settings.items()}
    deploy = (*_PIPELINE, "deploy")
    if values["deploy"] and backend.type == backends[0]:
        message = "CI cannot apply: the state stays on the machine that ran Terraform."
        collector.problem(
            "ESC008", deploy, message, f'Name where all runs find it: [backend] with type = "{backends[1]}".'
        )
    if values["deploy"] and not any(service in services for service in ci):
        message = 'CI cannot apply: ci = "none" writes no files for it.'
        collector.problem("ESC004", deploy, message, f'Set ci = "{next(iter(services))}", or leave deploy out.')
    if "drift" in written and not values["deploy"]:
        message = "drift needs deploy = true: only a pipeline that signs in can look for drift."
        collector.problem("ESC004", (*_PIPELINE, "drift"), message, "Set deploy = true, or leave drift out.")
    return PipelineSpec(
        branch=str(values["branch"]),
        deploy=bool(values["deploy"]),
        drift=str(values["drift"]),
        package=str(values["package"] or ""),
        program=str(values["program"]),
    )
