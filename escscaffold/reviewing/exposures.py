"""What a change opens to every address of the internet: findings, from the values that resources come to. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from escscaffold.clouds.resource_facts import Exposure, exposures_by_type
from escscaffold.reviewing.effects import environment_of
from escscaffold.reviewing.roots import Root
from escscaffold.rules.finding import Finding
from escscaffold.rules.spec_rules import exposure_finding
from escscaffold.terraform.instances import Instance
from escscaffold.terraform.values import Unknown, Value, text_of

_EVERYBODY = {"0.0.0.0/0", "::/0", "*", "0.0.0.0", "Internet", "internet", "Any"}


def exposures(roots: Sequence[Root]) -> Iterator[Finding]:
    """Yield a finding for each argument that lets every address in, and did not before."""
    known = exposures_by_type()
    for root in roots:
        for address, new in root.new.instances.items():
            if new.is_data or new.type not in known:
                continue
            old = root.old.instances.get(address)
            for exposure in known[new.type]:
                if _is_open(new, exposure, old) and not (old and _is_open(old, exposure, old)):
                    yield exposure_finding(
                        environment_of(root.folder), new.was, exposure.argument, exposure.opens, exposure.source
                    )


def _is_open(instance: Instance, exposure: Exposure, before: Instance | None) -> bool:
    """Return True if the argument lets every address in; without a value only where there was one before."""
    attributes = instance.attributes
    if not all(_has(attributes, path, value) for path, value in exposure.when.items()):
        return False
    if any(_has(attributes, path, value) for path, value in exposure.closed_by.items()):
        return False
    values = [value for value in _at(attributes, exposure.argument.split(".")) if value is not None]
    if not values:
        return exposure.unset_is_open and before is not None
    return any(text_of(value) in _EVERYBODY for value in values if not isinstance(value, Unknown))


def _has(attributes: Mapping[str, Value], path: str, wanted: str) -> bool:
    return any(text_of(value) == wanted for value in _at(attributes, path.split(".")))


def _at(value: object, path: list[str]) -> Iterator[Value]:
    """Yield what stands at a path, in each item of the lists on the way."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, path)
    elif not path:
        yield value  # type: ignore[misc]
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
