"""Plans that are hard to draw: every mode, crowds, crumbs, errors, and names that nobody should give."""

from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Network
from itertools import cycle

from msgspec.structs import replace

from escscaffold import plan, read_spec
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.drawing.topology import Topology, kept_blocks, topology_of
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange

NASTY = (
    "<script>alert(1)</script>",
    "</title></desc></style><img src=x onerror=alert(1)>",
    "\"' onload='alert(1)",
    "<!-- ]]> -->",
    "&lt;b&gt; ${x} `y` #34; end",
    "\u202eright to left \x1b[2J \x00 \ufffe",
    "W" * 120,
    "\u5927\u304d\u306a\u540d\u524d" * 12,
)
GUIDE = {"kurrent": "172.22.110.0/24", "nodes": "172.30.0.0/16", "pods": "172.31.128.0/17"}


def spec_of(mode: str, ranges: dict[str, str], *lines: str, before: str = "", name: str = "prod") -> str:
    """Return a spec with one environment; lines are keys of its table."""
    cloud = load_cloud(mode_names()[mode])
    head = f'cloud = "{cloud.name}"\nregion = "{cloud.default_region}"\nmode = "{mode}"\n'
    more = "".join(f"{line}\n" for line in lines)
    blocks = "".join(f'{key} = "{value}"\n' for key, value in ranges.items())
    existing = "".join(f'existing.{key} = "{one.example}"\n' for key, one in _looked_up(mode))
    return f"version = 1\n{before}\n[environments.{name}]\n{head}{more}{existing}[environments.{name}.ranges]\n{blocks}"


def _looked_up(mode: str) -> Iterator[tuple[str, object]]:
    facts = load_cloud(mode_names()[mode]).modes[mode]
    only = {part for part, choices in facts.parts.items() if choices[0] == "existing"}
    return ((key, one) for key, one in facts.existing.items() if key.partition("_")[0] in only)  # type: ignore[misc]


def _reserved(count: int) -> str:
    crumbs = (f'"crumb {number}" = "10.{number % 200}.{number // 200 * 4}.0/29"' for number in range(count))
    return "\n".join(["[reserved]", 'office = "172.31.64.0/20"', *crumbs])


APPS = {f"apps-{n}": f"10.{n * 2}.{n % 3 * 64}.0/{24 - n % 3 * 3}" for n in range(1, 60)}
SPECS = {
    **{mode: spec_of(mode, {}) for mode in sorted(mode_names()) if not mode.endswith("existing")},
    "the guide's numbers": spec_of("gke-standard", GUIDE, before=_reserved(0)),
    "pods that nothing covers": spec_of("gke-standard", GUIDE | {"pods": "10.120.0.0/14"}),
    "a database in what is routed": spec_of("gke-standard", GUIDE | {"kurrent": "172.31.0.0/24"}),
    "nodes over pods": spec_of("gke-standard", GUIDE | {"pods": "172.30.128.0/17"}),
    "a network that was there": spec_of("aws-existing", {"kurrent": "10.255.0.0/24"} | APPS),
    "a route for each": spec_of("azure-existing", {"kurrent": "10.255.0.0/24"} | APPS, 'routes = "exact"'),
    "two routes": spec_of("gke-standard", GUIDE, 'routes = "exact"'),
    "a range of a /28 in a /8": spec_of("aks-cni", {"network": "10.0.0.0/8", "nodes": "10.77.3.0/28"}),
    "crumbs that are reserved": spec_of("aks-cni", {"network": "10.0.0.0/8", "nodes": "/24"}, before=_reserved(2000)),
    "room to grow": spec_of("gke-standard", {}) + "nodes = { nodes = 100, growth = 4 }\n",
    "six zones with NAT": spec_of(
        "eks", {f"nodes-{zone}": "/24" for zone in range(1, 7)}, 'options.nat = "per-zone"', name="a-name-as-long-as-it"
    ),
}


@cache
def plan_of(name: str) -> AddressPlan:
    """Return one of the plans."""
    return plan(read_spec(SPECS[name]))


def topology(name: str) -> Topology:
    """Return what is drawn of one of the plans."""
    one = plan_of(name)
    return topology_of(one.environments[0], kept_blocks(one))


def hostile_plan(texts: tuple[str, ...] = NASTY, base: str = "a network that was there") -> AddressPlan:
    """Return a plan in which whatever a person can name has a name that no door would let in."""
    one = plan_of(base)
    names = cycle(texts)
    spec = replace(one.spec, reserved={f"{text} {number}": _block(number) for number, text in enumerate(texts)})
    environments = tuple(
        _renamed(replace(one.environments[0], spec=replace(one.environments[0].spec, name=text, region=text)), names)
        for text in texts
    )
    return replace(one, spec=spec, environments=environments, retired={(texts[0], texts[-1]): _block(77)})


def _renamed(environment: EnvironmentPlan, names: Iterator[str]) -> EnvironmentPlan:
    def called(planned: PlannedRange) -> PlannedRange:
        facts = replace(planned.facts, purpose=next(names))
        return planned if planned.name == "kurrent" else replace(planned, name=next(names), facts=facts)

    return replace(environment, ranges=tuple(map(called, environment.ranges)))


def _block(number: int) -> IPv4Network:
    return IPv4Network(f"10.{number}.200.0/24")
