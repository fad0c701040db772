"""The facts of Kurrent Cloud, the same for every cloud."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from msgspec import Struct, field

from escscaffold.clouds.choices import ExistingFacts, Part
from escscaffold.clouds.facts import Credentials, RangeFacts, TerraformProvider
from escscaffold.clouds.settings import Setting


class KurrentProvider(TerraformProvider, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider for the Kurrent side; its resource types begin with its name."""

    connection_scheme: str
    """The scheme of connection strings that clients of its time understand."""
    credentials: Credentials
    service_account_since: str = ""
    """The first version that takes a service account instead of a token; nothing where none does."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs of settings with this provider: fields of `Setting`, by the setting's name."""


class Kurrent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Kurrent Cloud demands of every cloud."""

    private_ranges: tuple[IPv4Network, ...]
    shared_ranges: tuple[IPv4Network, ...]
    """Not private by RFC 1918, and used as if they were."""
    network: RangeFacts
    remote: RangeFacts
    providers: Mapping[str, KurrentProvider]
    parts: Mapping[str, tuple[Part, ...]]
    """What can become of each part on the Kurrent side, the usual first."""
    parts_replace: Mapping[str, Mapping[Part, tuple[str, ...]]]
    """What goes, or is made anew, where a part was something else before: by the part and what it was, in words."""
    existing: Mapping[str, ExistingFacts]
    database: Mapping[str, Setting]
    """What can be set of a database."""
    backup: Mapping[str, Setting]
    """What can be set of a scheduled backup."""
    acl_replaces: tuple[str, ...]
    """What is made anew where a database gets an access list, or has none any more, in words."""
