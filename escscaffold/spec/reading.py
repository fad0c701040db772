"""From a TOML document, or the same shape made of flags, to a `Spec`: all problems at once."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from ipaddress import IPv4Network
from typing import Any

from escscaffold.clouds.known_facts import Facts
from escscaffold.errors import Problem, SpecError
from escscaffold.spec import values
from escscaffold.spec.environments import read_environment
from escscaffold.spec.kept_defaults import Kept
from escscaffold.spec.model import EnvironmentSpec, Spec
from escscaffold.spec.repository_tables import read_backend, read_ci, read_ipam, read_pipeline
from escscaffold.spec.toml_text import KeyPath, NotTomlError, key_places, place_in, place_of, toml_document
from escscaffold.spec.values import Collector

SPEC_FILE = "escscaffold.toml"
VERSION = 1
DEFAULT_PROVIDER = "kurrentcloud"

TOP_KEYS = ("version", "provider", "ci", "pipeline", "backend", "ipam", "pools", "reserved", "accept", "environments")


def read_spec(text: str, facts: Facts, source: str = SPEC_FILE, defaults: Kept | None = None) -> Spec:
    """Read the text of an `escscaffold.toml`; `defaults` are those that its environments were written with.

    The facts go with the spec to all that plans it. Raises SpecError with every problem, each at `source`, its line and
    column.
    """
    document = parse_toml(text, source)
    # A spec without a problem needs none of its places.
    places = cache(lambda: key_places(text))
    return build_spec(document, facts, lambda path: place_in(source, place_of(places(), path)), defaults)


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """Parse TOML; raises SpecError with the place where the text stops being TOML."""
    try:
        return toml_document(text)
    except NotTomlError as error:
        where = ":".join(str(part) for part in (source, error.line, error.column) if part is not None)
        code = "ESC007" if "overwrite" in error.message or "twice" in error.message else "ESC001"
        if has_merge_marks(text):
            message = "The file contains merge conflict markers."
            fix = (
                "Resolve the conflict: give each environment its own keys, because git shows equal lines only once. "
                "Then run `escscaffold generate`. Steps: escscaffold/docs/how-to/merge.md"
            )
            raise SpecError((Problem(code="ESC001", path=(), place=where, message=message, fix=fix),)) from None
        message = f"Invalid TOML: {error.message}."
        fix = "Give each key once." if code == "ESC007" else "Correct the line; strings need quotes."
        raise SpecError((Problem(code=code, path=(), place=where, message=message, fix=fix),)) from None


def has_merge_marks(text: str) -> bool:
    """Return True if a merge left its conflict in the text."""
    marks = ("<<<<<<< ", ">>>>>>> ")
    return any(mark in text for mark in marks) and any(line.startswith(marks) for line in text.split("\n"))


def build_spec(
    document: Mapping[str, Any], facts: Facts, place: Callable[[KeyPath], str], defaults: Kept | None = None
) -> Spec:
    """Check a parsed document and return it as frozen objects.

    `place` returns where a key is written, and `defaults` those that the environments were written with.
    Raises SpecError with every problem.
    """
    collector = Collector(place, facts)
    spec = _spec(collector, document, defaults or {})
    if collector.problems:
        raise SpecError(tuple(collector.problems))
    return spec


def _spec(collector: Collector, document: Mapping[str, Any], defaults: Kept) -> Spec:
    collector.only_known(document, TOP_KEYS, ())
    _version(collector, document.get("version"))
    provider = collector.read(
        "ESC004",
        ("provider",),
        partial(values.read_provider, names=collector.facts.kurrent.providers),
        document.get("provider", DEFAULT_PROVIDER),
    )
    pools = _blocks(
        collector, document, "pools", partial(values.read_pool, internal_ranges=collector.facts.internal_ranges)
    )
    _check_pools_disjoint(collector, pools)
    # In alphabetical order, so that the order of the file decides nothing; of pools, it is an answer.
    tables = dict(sorted(collector.table(document, ("environments",)).items()))
    provider = provider or DEFAULT_PROVIDER
    environments = {
        name: read_environment(collector, name, table, pools, tables, provider, defaults.get(name))
        for name, table in tables.items()
    }
    _check_names_differ(collector, [environment for environment in environments.values() if environment is not None])
    ci_given = document.get("ci", next(iter(collector.facts.ci)))
    ci = collector.read("ESC004", ("ci",), partial(read_ci, names=collector.facts.ci), ci_given) or ()
    backend = read_backend(collector, document)
    return Spec(
        provider=provider,
        ci=ci,
        pipeline=read_pipeline(collector, document, ci, backend),
        backend=backend,
        ipam=read_ipam(collector, document),
        pools=pools,
        reserved=dict(sorted(_blocks(collector, document, "reserved", values.read_cidr).items())),
        accept=dict(sorted(collector.values(document, ("accept",), "ESC004", values.read_reason).items())),
        environments={name: environment for name, environment in environments.items() if environment is not None},
        answers=tables,
        facts=collector.facts,
    )


def _check_names_differ(collector: Collector, environments: Iterable[EnvironmentSpec]) -> None:
    """Keep a problem for each environment whose resources would be called what another one's are."""
    owners: dict[str, str] = {}
    for environment in environments:
        other = owners.setdefault(environment.called, environment.name)
        if other != environment.name:
            path = (
                ("environments", environment.name, "name")
                if environment.resource_name
                else ("environments", environment.name)
            )
            message = f"{other} and {environment.name} have the same resource name {values.shown(environment.called)}."
            collector.problem("ESC007", path, message, "Set a different name in one of them.")


def _version(collector: Collector, version: object) -> None:
    if version is None:
        collector.problem("ESC008", ("version",), "`version` is missing.", f"Add version = {VERSION}.")
    elif version != VERSION or isinstance(version, bool):
        message = f"version {values.shown(version)} is not supported by this escscaffold."
        collector.problem("ESC006", ("version",), message, f"Write version = {VERSION}, or upgrade escscaffold.")


def _blocks(
    collector: Collector, document: Mapping[str, Any], key: str, read: Callable[[object], IPv4Network]
) -> dict[str, IPv4Network]:
    for name in collector.table(document, (key,)):
        collector.read("ESC005", (key, name), values.read_reserved_name, name)
    return collector.values(document, (key,), "ESC003", read)


def _check_pools_disjoint(collector: Collector, pools: Mapping[str, IPv4Network]) -> None:
    order = {name: position for position, name in enumerate(pools)}
    widest: tuple[str, IPv4Network] | None = None
    # By address, each block overlaps the last one that no other holds, or none.
    for name, block in sorted(pools.items(), key=lambda pool: (pool[1].network_address, pool[1].prefixlen)):
        if widest is None or not block.subnet_of(widest[1]):
            widest = (name, block)
            continue
        first, second = sorted((widest[0], name), key=order.__getitem__)
        message = f"The pools {values.shown(first)} {pools[first]} and {values.shown(second)} {pools[second]} overlap."
        collector.problem("ESC007", ("pools", second), message, "Remove one pool, or change its block.")
