"""The JSON of the clouds' own commands, as `listings.toml` in each cloud's folder describes it. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from msgspec.structs import replace

from escscaffold.clouds.evidence import (
    Listing,
    ResourceForm,
    holds,
    text_at,
    unwrapped,
    values_at,
)
from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.found import LONGEST_NAME, Broken, CloudResource, Found, Network, network_of, shortened
from escscaffold.scanning.kinds import Kind

_PEER = "peer network"
_EXAMPLES = 4


def cloud_resources(documents: Iterable[Any], source: str, facts: Facts) -> Iterator[CloudResource | Broken] | None:
    """Return what the documents list, or None where one of them is not what a cloud's command prints."""
    items: list[tuple[Listing | None, Any]] = []
    for document in documents:
        listed = list(_items(document, facts))
        if listed and not any(listing for listing, _ in listed):
            return None
        items += listed
    return _resources(items, source)


def documents_in(text: str) -> list[Any] | None:
    r"""Return the JSON documents that stand one behind the other, as a loop over a command writes them.

    >>> documents_in('{"a": 1}\n{"a": 2}'), documents_in("a")
    ([{'a': 1}, {'a': 2}], None)
    """
    decoder, place, documents = json.JSONDecoder(), 0, []
    while place < len(text):
        try:
            document, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return None
        documents.append(document)
        while place < len(text) and text[place].isspace():
            place += 1
    return documents


def looks_listed(head: str, facts: Facts) -> bool:
    """Whether a file that begins so may be what a cloud's command prints: it has the keys of one of them.

    A schema has the keys of what it describes.
    """
    if '"$schema"' in head:
        return False
    keys = ([_first_key(condition) for condition in listing.has] for listing in facts.evidence.listings)
    wrapped = (key for listing in facts.evidence.listings for key in listing.keys)
    return any(all(f'"{key}"' in head for key in of_one) for of_one in keys) or any(
        head.lstrip().startswith("{") and head.lstrip()[1:].lstrip().startswith(f'"{key}"') for key in wrapped
    )


def fitting_command(document: Any, facts: Facts) -> str:
    """Return the command whose objects this looks like, or some of those that there are."""
    items = document if isinstance(document, list) else [document]
    for item in items[:1]:
        if isinstance(item, dict) and (listing := facts.evidence.best_listing(item)):
            return f"`{listing.command}`"
    commands = {listing.source.split("/")[2]: listing.command for listing in reversed(facts.evidence.listings)}
    return ", ".join(f"`{command}`" for command in sorted(commands.values())[:_EXAMPLES])


def joined_resources(resources: Iterable[CloudResource]) -> list[CloudResource]:
    """Return the resources with their networks by name, and what one command leaves out from what another printed.

    A network has the region of its subnets, and the other side of a peering is omitted where it is listed itself.
    """
    all_resources = list(resources)
    names = {resource.id: resource.name for resource in all_resources if resource.is_network and resource.id}
    regions = {resource.network_id: resource.region for resource in all_resources if resource.region}
    return [
        _with_names(resource, names.get(resource.network_id, resource.network_id), regions.get(resource.id, ""))
        for resource in all_resources
        if resource.what != _PEER or resource.id not in names
    ]


def _with_names(resource: CloudResource, network: str, region: str) -> CloudResource:
    region = resource.region or region
    prefix = f"{network} " if network and not resource.is_network and not resource.alone else ""
    if network == resource.name and region:
        # An auto-mode network has a subnet of its own name in each region.
        blocks = tuple(
            replace(f, name=f.name.replace(resource.name, f"{resource.name} {region}", 1)) for f in resource.blocks
        )
    else:
        blocks = tuple(replace(f, name=f"{prefix}{f.name}"[:LONGEST_NAME]) for f in resource.blocks)
    blocks = tuple(replace(f, network=network, region=region) for f in blocks)
    return replace(resource, network=network, region=region, blocks=blocks)


def _items(document: Any, facts: Facts) -> Iterator[tuple[Listing | None, Any]]:
    """Yield each object of a document with the command that prints such objects."""
    if isinstance(document, list):
        for item in document:
            # `jq -s` puts several answers into one list.
            yield from _wrapped(item, facts) or [(_listing_of(item, facts), item)]
    else:
        yield from _wrapped(document, facts) or [(_listing_of(document, facts), document)]


def _wrapped(document: Any, facts: Facts) -> list[tuple[Listing | None, Any]]:
    """Return the objects that stand under the key of a command that wraps its answer; nothing where none does."""
    for listing in facts.evidence.listings:
        for key in listing.keys:
            inner = document.get(key) if isinstance(document, dict) else None
            if isinstance(inner, (list, dict)):
                items = inner if isinstance(inner, list) else [inner]
                if not items or any(_listing_of(item, facts) is listing for item in items):
                    return [(_listing_of(item, facts), item) for item in items] or [(listing, None)]
    return []


def _listing_of(item: Any, facts: Facts) -> Listing | None:
    return facts.evidence.best_listing(item) if isinstance(item, dict) else None


def _resources(items: list[tuple[Listing | None, Any]], source: str) -> Iterator[CloudResource | Broken]:
    strange = [item for listing, item in items if listing is None]
    if strange:
        message = f"{len(strange)} of {len(items)} entries lack the keys that a cloud's command prints"
        yield Broken(source=source, message=message)
    for listing, item in items:
        if listing is not None and item is not None:
            yield from _resource(listing, listing, unwrapped(item, listing), {}, source)


def _resource(
    listing: Listing, form: ResourceForm, item: Mapping[str, Any], around: Mapping[str, Any], source: str
) -> Iterator[CloudResource]:
    if any(holds(item, condition) for condition in form.ended):
        return
    name = shortened(text_at(item, form.name, around) or form.what)
    account, region = text_at(item, form.account, around), text_at(item, form.region, around)
    network = text_at(item, form.network, around)
    yield CloudResource(
        what=form.what,
        name=name,
        id=text_at(item, form.id, around),
        account=account,
        region=region,
        network=network,
        network_id=network,
        command=listing.command,
        source=source,
        document=item,
        is_network=form.is_network,
        alone=form.alone,
        blocks=tuple(
            Found(
                cidr=cidr,
                kind=kind,
                name=f"{name} {label}".rstrip(),
                source=source,
                account=account,
                region=region,
                network=network,
            )
            for cidr, (kind, label) in _ranges(form, item).items()
        ),
    )
    for part in form.parts:
        for inner, _ in values_at(item, part.at):
            if isinstance(inner, dict):
                yield from _resource(listing, part, unwrapped(inner, listing), item, source)


def _ranges(form: ResourceForm, item: Mapping[str, Any]) -> dict[Network, tuple[Kind, str]]:
    """Return the blocks of a resource, each once, with its purpose and what distinguishes it from the others."""
    blocks: dict[Network, tuple[Kind, str]] = {}
    for listed in form.ranges:
        if not all(holds(item, condition) for condition in listed.when):
            continue
        kind = cast(Kind, listed.kind)
        if listed.cidr is not None:
            blocks.setdefault(listed.cidr, (kind, listed.label))
        for value, holder in values_at(item, listed.at) if listed.at else ():
            label = text_at(holder, (listed.label_at,)) if listed.label_at else listed.label
            if isinstance(value, str) and (network := network_of(value.strip())) is not None:
                blocks.setdefault(network, (kind, shortened(label)))
    return blocks


def _first_key(condition: str) -> str:
    return condition.partition("~")[0].partition("=")[0].partition(".")[0].strip()
