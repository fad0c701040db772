"""The resources that a scan read, from configuration, state and plans, and which names mean one resource. Pure.

The same network is `projects/p/global/networks/main` in a state, `main` in a peering's arguments, and
`google_compute_network.main` where a configuration refers to it.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from escscaffold.clouds.evidence import ListedForm, ResourceMeaning, holds
from escscaffold.clouds.evidence import values_at as listed_values
from escscaffold.clouds.known_facts import Facts
from escscaffold.scanning.documents import NotJsonError, object_of, objects_in, parse_json, stored_instances
from escscaffold.scanning.found import CloudResource
from escscaffold.terraform.argument_origin import Origin, origin_of
from escscaffold.terraform.configuration import ANY
from escscaffold.terraform.hcl_values import Unknown, Value, unknowns_in, values_at
from escscaffold.terraform.instances import Instance, evaluate_root
from escscaffold.terraform.modules import Module

_LINK = re.compile(r"^https?://[^/]+/(?:compute/)?(?:v1|beta|alpha)/")
_OUTSIDE = ("module.", "var.", "local.")


class SeenResource(Struct, frozen=True, kw_only=True):
    """One resource, or one object of a cloud, with the arguments that are known of it."""

    type: str
    meaning: ResourceMeaning
    """What its arguments mean."""
    address: str
    """As Terraform calls it, or as the cloud does where no Terraform file has it."""
    attributes: Mapping[str, Value]
    source: str
    line: int | None = None
    is_data: bool = False
    is_managed: bool = True
    """Whether a configuration or a state of Terraform has it."""
    is_all: bool = False
    """Whether it stands for any number of instances."""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where the value of each argument is written, for arguments that a fix can name."""
    lines: Mapping[str, int | None] = field(default_factory=dict)
    path: str = ""
    """The file of the configuration; nothing where only a state has it."""
    in_state: bool = False

    @property
    def place(self) -> str:
        """Return file and line, or the file alone."""
        return self.source if self.line is None else f"{self.source}:{self.line}"

    def place_of(self, argument: str) -> str:
        """Return file and line of an argument, or of the resource where the argument is not written."""
        line = self.lines.get(argument.partition(".")[0])
        return self.place if line is None else f"{self.path or self.source}:{line}"

    def values(self, argument: str) -> list[Value]:
        """Return the values of an argument, through nested blocks and their lists; nothing where it is not set."""
        if argument in self.attributes:
            return list(values_at(self.attributes[argument], ""))
        return list(values_at(dict(self.attributes), argument)) if argument else []

    def texts(self, argument: str) -> list[str]:
        """Return those of its values that are known texts."""
        return [value for value in self.values(argument) if isinstance(value, str) and value]


class SeenRoot(Struct, frozen=True, kw_only=True):
    """What belongs together: one configuration with the values of one file of variables, and its state."""

    name: str
    resources: tuple[SeenResource, ...]
    unread: tuple[str, ...] = ()
    """Calls of modules that are not at hand, each with its place."""


def seen_roots(
    modules: Mapping[str, Module], texts: Iterable[tuple[str, str]], listed: Iterable[CloudResource], facts: Facts
) -> tuple[SeenRoot, ...]:
    """Return the resources of each root module, each with what the states and the clouds' commands say."""
    shown = list(_listed_resources(listed, facts))
    roots = [root for module in _root_modules(modules) for root in _configured(module, modules, facts)]
    loose: list[SeenResource] = []
    for source, text in texts:
        stored = list(_stored_resources(text, source, facts))
        home = _home_of(stored, source, roots)
        if home is None:
            loose += stored
        else:
            roots[home] = replace(roots[home], resources=tuple(_merged(roots[home].resources, stored)))
    if not roots:
        roots = [SeenRoot(name="", resources=())] if loose or shown else []
    return tuple(replace(root, resources=tuple(_joined(list(_merged(root.resources, loose)), shown))) for root in roots)


def _root_modules(modules: Mapping[str, Module]) -> list[Module]:
    called = {folder for module in modules.values() for folder in module.called_folders()}
    return [module for folder, module in modules.items() if folder not in called and module.parts]


def _configured(module: Module, modules: Mapping[str, Module], facts: Facts) -> Iterator[SeenRoot]:
    meanings = facts.evidence.meanings
    for variant in module.variants():
        evaluated = evaluate_root(module, modules, variant, None)
        name = posixpath.join(module.folder, variant.name) if variant.name else module.folder
        yield SeenRoot(
            name=name,
            resources=tuple(
                _of_instance(instance, meanings[instance.type], module, modules, variant.values)
                for instance in evaluated.instances.values()
                if instance.type in meanings
            ),
            unread=tuple(f"{call.address} ({call.path}:{call.line})" for call in evaluated.calls.values()),
        )


def _of_instance(
    instance: Instance,
    meaning: ResourceMeaning,
    module: Module,
    modules: Mapping[str, Module],
    values: Mapping[str, Any],
) -> SeenResource:
    fixable = {argument.at for argument in meaning.ranges if argument.use == "routes"} | set(meaning.switches)
    fixable |= {meaning.must_be_true} - {""}
    origins = {name: origin_of(instance, name, module, modules, values) for name in sorted(fixable)}
    return SeenResource(
        type=instance.type,
        meaning=meaning,
        address=instance.was,
        attributes=instance.attributes,
        source=instance.path,
        path=instance.path,
        line=instance.line,
        lines=instance.lines,
        is_data=instance.is_data,
        is_all=ANY in instance.was,
        origins={name: origin for name, origin in origins.items() if origin is not None},
    )


def _stored_resources(text: str, source: str, facts: Facts) -> Iterator[SeenResource]:
    """Yield the resources of a state, of a plan's future and past, or of what prints them."""
    try:
        document = parse_json(text)
    except (NotJsonError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    if "format_version" in document:
        prior = object_of(document.get("prior_state"))
        resources: dict[str, SeenResource] = {}
        for values in (object_of(prior).get("values"), document.get("planned_values"), document.get("values")):
            for planned in _of_module(object_of(values).get("root_module"), source, facts):
                resources[planned.address] = planned
        yield from resources.values()
        return
    for resource in objects_in(document.get("resources")):
        kind = str(resource.get("type", ""))
        meaning = facts.evidence.meanings.get(kind)
        if meaning is None:
            continue
        is_data = resource.get("mode") == "data"
        for address, attributes in stored_instances(resource):
            yield _in_state(kind, meaning, address, object_of(attributes), source, is_data=is_data)


def _of_module(module: object, source: str, facts: Facts) -> Iterator[SeenResource]:
    for resource in objects_in(object_of(module).get("resources")):
        kind, address = str(resource.get("type", "")), str(resource.get("address", ""))
        if meaning := facts.evidence.meanings.get(kind):
            is_data = resource.get("mode") == "data"
            yield _in_state(kind, meaning, address, object_of(resource.get("values")), source, is_data=is_data)
    for child in objects_in(object_of(module).get("child_modules")):
        yield from _of_module(child, source, facts)


def _in_state(
    kind: str, meaning: ResourceMeaning, address: str, attributes: Mapping[str, Value], source: str, *, is_data: bool
) -> SeenResource:
    return SeenResource(
        type=kind,
        meaning=meaning,
        address=address,
        attributes=attributes,
        source=source,
        is_data=is_data,
        in_state=True,
    )


def _home_of(stored: list[SeenResource], source: str, roots: list[SeenRoot]) -> int | None:
    """Return the root whose state this is: the one that declares most of it, and that of its folder first."""
    addresses = {(resource.type, resource.address) for resource in stored if resource.is_managed}
    folder = posixpath.dirname(source) or "."
    scores = [
        (len(addresses & {(resource.type, resource.address) for resource in root.resources}), root.name == folder)
        for root in roots
    ]
    best = max(scores, default=(0, False))
    return scores.index(best) if best[0] and scores.count(best) == 1 else None


def _merged(declared: Iterable[SeenResource], stored: Iterable[SeenResource]) -> Iterator[SeenResource]:
    by_address = {(resource.type, resource.address): resource for resource in declared}
    for resource in stored:
        key = (resource.type, resource.address)
        if key not in by_address:
            by_address[key] = resource
            continue
        first = by_address[key]
        values = {name: value for name, value in resource.attributes.items() if value not in (None, "", [])}
        is_managed, in_state = first.is_managed or resource.is_managed, first.in_state or resource.in_state
        by_address[key] = replace(
            first, attributes={**first.attributes, **values}, is_managed=is_managed, in_state=in_state
        )
    yield from by_address.values()


def _joined(resources: list[SeenResource], shown: Iterable[SeenResource]) -> list[SeenResource]:
    """Return the resources with what the clouds print of them, and those that only the clouds know."""
    for resource in shown:
        same = [place for place, other in enumerate(resources) if _is_same(other, resource)]
        if len(same) == 1:
            declared = resources[same[0]]
            resources[same[0]] = replace(declared, attributes={**declared.attributes, **resource.attributes})
        elif not same:
            resources.append(resource)
    return resources


def _is_same(first: SeenResource, shown: SeenResource) -> bool:
    """Return True if both are one object: of the same kind, by the same name or id, and not of two regions."""
    role = first.meaning.role
    if role != shown.meaning.role or first.meaning.cloud != shown.meaning.cloud:
        return False
    by_name = [first.texts("name"), shown.texts("name")]
    by_id = [first.texts("id"), shown.texts("id")]
    if all(by_id) and role.startswith(("kurrent", "peering")):
        return by_id[0] == by_id[1]
    if not first.meaning.names:
        return False
    names = [
        identity_of(text for argument in resource.meaning.names for text in resource.texts(argument))
        for resource in (first, shown)
    ]
    regions = [
        next(iter(resource.texts(resource.meaning.region)), "").rpartition("/")[2] for resource in (first, shown)
    ]
    are_elsewhere = all(regions) and not regions[0].startswith(regions[1]) and not regions[1].startswith(regions[0])
    return not are_elsewhere and (names[0].is_same(names[1]) or (all(by_name) and by_name[0] == by_name[1]))


def _listed_resources(listed: Iterable[CloudResource], facts: Facts) -> Iterator[SeenResource]:
    """Yield the resources that the clouds' own commands print."""
    for resource in listed:
        for form in facts.evidence.listed_forms.get((resource.command, resource.what), ()):
            items = (
                [item for item, _ in listed_values(resource.document, form.each)] if form.each else [resource.document]
            )
            for number, item in enumerate(items):
                if not isinstance(item, dict) or (form.needs and not holds(item, form.needs)):
                    continue
                words = [resource.what, resource.name, resource.region, str(number) if form.each else ""]
                yield SeenResource(
                    type=form.type,
                    meaning=facts.evidence.meanings[form.type],
                    address=" ".join(dict.fromkeys(filter(None, words))),
                    attributes=_listed_attributes(form, item, resource),
                    source=resource.source,
                    is_managed=False,
                )


def _listed_attributes(form: ListedForm, item: Mapping[str, Any], resource: CloudResource) -> dict[str, Value]:
    attributes: dict[str, Value] = {}
    for argument, path in form.values.items():
        values = [value for value, _ in listed_values(item, path) if isinstance(value, (str, bool, int))]
        if values:
            attributes[argument] = list(values) if "[" in path else values[0]
    for argument, text in form.texts.items():
        marks = {"{account}": resource.account, "{network}": resource.network_id, "{id}": resource.id}
        if all(value for mark, value in marks.items() if mark in text):
            for mark, value in marks.items():
                text = text.replace(mark, value)
            attributes[argument] = text
    for name, block in form.blocks.items():
        items = [inner for inner, _ in listed_values(item, block.at) if isinstance(inner, dict)]
        rows: list[Value] = []
        for inner in items:
            row: dict[str, Value] = {}
            for argument, path in block.values.items():
                for value, _ in listed_values(inner, path):
                    row[argument] = value
            rows.append(row)
        if rows:
            attributes[name] = rows
    for constant in form.constants:
        if not holds(item, constant.unless):
            attributes[constant.argument] = constant.value
    return attributes


class Identity(Struct, frozen=True):
    """All that is known to name one thing: references in a configuration, whole paths, and bare names."""

    references: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether anything names it."""
        return bool(self.references or self.paths or self.names)

    @property
    def in_words(self) -> str:
        """Return the name that a person would use."""
        return min(self.names or self.paths or self.references, default="an unknown network")

    def is_same(self, other: "Identity") -> bool:
        """Return True if both name the same thing; two whole paths that differ are two things."""
        if self.references & other.references or self.paths & other.paths:
            return True
        if self.paths and other.paths:
            return False
        return bool(self.names & other.names)

    def joined(self, other: "Identity") -> "Identity":
        """Return what both know."""
        return Identity(self.references | other.references, self.paths | other.paths, self.names | other.names)


def identity_of(values: Iterable[Value]) -> Identity:
    """Return the identity that values of an argument spell: an id, a link, a name, or a reference.

    >>> sorted(identity_of(["https://www.googleapis.com/compute/v1/projects/p/global/networks/main"]).names)
    ['main']
    """
    whole = Identity()
    for value in values:
        if isinstance(value, str) and value:
            text = _LINK.sub("", value)
            # Resource ids of a cloud that ignores case begin with a slash.
            text = text.lower() if text.startswith("/") else text
            paths = frozenset([text]) if "/" in text else frozenset()
            whole = whole.joined(Identity(paths=paths, names=frozenset([text.rpartition("/")[2].lower()])))
        else:
            sources = (source for unknown in unknowns_in(value) for source in unknown.sources)
            whole = whole.joined(Identity(references=frozenset(_reference(*source) for source in sources)))
    return whole


def identities_in(values: Iterable[Value]) -> list[Identity]:
    """Return the identity of each value, of lists that of each item."""
    flat: list[Value] = []
    for value in values:
        flat += value if isinstance(value, list) else [value]
    return [identity for value in flat if (identity := identity_of([value])).is_known]


def reference_to(address: str) -> Identity:
    """Return the identity of a resource by its address alone."""
    return Identity(references=frozenset([address]))


def is_reference_to(value: Value, addresses: Iterable[str]) -> bool:
    """Return True if a value that is not known comes from one of these resources."""
    return isinstance(value, Unknown) and not {address for address, _ in value.sources}.isdisjoint(addresses)


def _reference(address: str, attribute: str) -> str:
    # Of what is not at hand, each output is a thing of its own.
    outside = address.startswith(_OUTSIDE) and ".data." not in address and address.count(".") < 2
    return f"{address}.{attribute}" if outside and attribute else address
