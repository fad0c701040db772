"""Finds what Terraform providers answered about their resources, and reads each provider's file once."""

from functools import cache

from escscaffold.clouds.location import template_root
from escscaffold.terraform.provider_facts import ProviderFacts, read_provider

_FOLDER = "providers"


def load_provider(source: str) -> ProviderFacts | None:
    """Return the answers of the provider with this source, such as `hashicorp/aws`; None where it was not asked.

    The source may have its registry's host before it, and any case: `registry.terraform.io/EventStore/eventstorecloud`.
    """
    *_, namespace, name = ("", *source.lower().split("/"))
    return _load(namespace, name)


@cache
def provider_sources() -> tuple[str, ...]:
    """Return the source of every provider that was asked, in alphabetical order."""
    folders = (f for f in template_root().joinpath(_FOLDER).iterdir() if f.is_dir())
    return tuple(
        sorted(
            f"{folder.name}/{file.name.removesuffix('.json')}"
            for folder in folders
            for file in folder.iterdir()
            if file.name.endswith(".json")
        )
    )


@cache
def _load(namespace: str, name: str) -> ProviderFacts | None:
    # Only what is listed is opened: a source is what somebody wrote, and may hold anything.
    if f"{namespace}/{name}" not in provider_sources():
        return None
    return read_provider(template_root().joinpath(_FOLDER, namespace, f"{name}.json").read_bytes())
