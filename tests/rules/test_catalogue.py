"""Every rule fires on its own example and not on the same example put right; fixes that name a block work."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from escscaffold import check_plan, plan
from escscaffold.clouds.fact_files import load_cloud, mode_names
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import Lock, format_lock, grants_for, kept_in
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.snapshot import read_snapshot
from escscaffold.rules.catalogue import RULES, ExampleFiles, examples, files_of, findings_of
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE, read_spec
from tests.planning.conftest import environment
from tests.properties import examples as examples_tried
from tests.reviewing.sides import report_of


def found_in(
    text: str,
    beside: ExampleFiles = ExampleFiles(),  # noqa: B008
    *,
    in_repository: bool = False,
) -> tuple[Finding, ...]:
    # Terraform beside a spec is judged as a review does that adds it.
    missing = report_of({}, {SPEC_FILE: text, **files_of(beside.files)}).contents.new if beside.files else ()
    try:
        lock = read_lock(beside.lock or format_lock(Lock()), load_facts())
        spec = read_spec(text, load_facts(), defaults=kept_in(lock))
        snapshot = read_snapshot(beside.ipam) if beside.ipam else None
        planned = replace(plan(spec, grants_for(lock, spec), snapshot), notes=lock.notes)
        return (*check_plan(planned, beside.as_of, in_repository=in_repository), *missing)
    except SpecError as error:
        return findings_of(error.problems)


def codes(text: str, beside: ExampleFiles = ExampleFiles(), *, in_repository: bool = False) -> set[str]:  # noqa: B008
    return {finding.code for finding in found_in(text, beside, in_repository=in_repository)}


def broken(code: str) -> tuple[str, ExampleFiles]:
    example_of = examples()[code]
    return example_of.breaks, example_of.broken


def test_every_rule_has_an_example() -> None:
    assert set(examples()) == set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_the_example_has_the_finding(code: str) -> None:
    assert code in codes(*broken(code), in_repository=True)


@pytest.mark.parametrize("code", RULES)
def test_the_example_put_right_has_no_error(code: str) -> None:
    found = found_in(examples()[code].mends, examples()[code].mended, in_repository=True)

    assert code not in {finding.code for finding in found}
    assert [f for f in found if f.severity == "error"] == []


@pytest.mark.parametrize("code", RULES)
def test_a_finding_says_what_where_why_and_what_would_be_right(code: str) -> None:
    finding = next(f for f in found_in(*broken(code), in_repository=True) if f.code == code)

    assert finding.message
    assert finding.reason
    assert finding.fix
    assert finding.source.startswith(("https://", "docs/"))


def prod(mode: str, **ranges: str) -> str:
    return "version = 1\n" + environment("prod", mode, {k.replace("_", "-"): v for k, v in ranges.items()})


def test_gkes_own_choice_of_pods_is_refused_with_a_range_that_works() -> None:
    given = {"kurrent": "172.22.110.0/24", "nodes": "172.30.0.0/16"}
    (finding,) = found_in(prod("gke-standard", **given, pods="10.120.0.0/14"))

    assert (finding.code, finding.severity, finding.subject) == ("ESC201", "error", "pods")
    assert "0.0.0.0/0" in finding.message
    suggested = re.findall(r'pods = "([\d./]+)"', finding.fix)
    assert suggested == ["172.24.0.0/14"]
    assert found_in(prod("gke-standard", **given, pods=suggested[0])) == ()


@pytest.mark.parametrize(
    "block", ["172.30.0.0/16", "172.31.0.0/16", "172.31.128.0/17", "172.16.0.0/12", "172.30.0.0/15", "169.254.0.0/16"]
)
@pytest.mark.parametrize("name", ["network", "services"])
def test_aks_refuses_what_it_keeps_for_itself(name: str, block: str) -> None:
    errors = [f for f in found_in(prod("aks-cni", **{name: block})) if f.code == "ESC402"]

    assert [f.subject for f in errors][:1] == [name]
    assert errors[0].severity == "error"


def test_the_kurrent_network_in_what_aks_keeps_is_a_warning() -> None:
    found = found_in(prod("aks-cni", kurrent="172.30.7.0/24"))

    assert [(f.code, f.severity, f.subject) for f in found] == [("ESC403", "warning", "kurrent")]


def test_the_same_range_is_fine_on_another_cloud() -> None:
    assert found_in(prod("eks", network="172.30.0.0/16")) == ()


def test_the_kurrent_network_has_the_clouds_limits() -> None:
    assert "supports /16 to /24" in found_in(prod("eks", kurrent="10.0.0.0/15"))[0].message
    assert found_in(prod("gke-standard", kurrent="10.0.0.0/15")) == ()


def test_two_networks_that_aks_makes_cannot_be_in_one_repository() -> None:
    text = prod("aks-kubenet") + environment("test", "aks-kubenet", {})
    (finding,) = [f for f in found_in(text) if f.severity == "error"]

    assert (finding.code, finding.environment, finding.subject) == ("ESC302", "test", "network")


@pytest.mark.parametrize("mode", ["aks-kubenet-vnet", "aks-overlay"])
def test_pods_hidden_behind_their_nodes_may_repeat(mode: str) -> None:
    hidden = {"pods": "10.244.0.0/16", "services": "10.0.0.0/16"}
    text = prod(mode, network="192.168.0.0/17", **hidden) + environment(
        "test", mode, {"network": "192.168.128.0/17", **hidden}
    )

    assert [f for f in found_in(text) if f.severity == "error"] == []


@pytest.mark.parametrize("mode", ["aks-kubenet-vnet", "aks-overlay"])
def test_hidden_pods_must_stay_off_the_kurrent_network(mode: str) -> None:
    found = found_in(prod(mode, kurrent="10.244.3.0/24", pods="10.244.0.0/16"))

    assert "ESC301" in {f.code for f in found if f.severity == "error"}


def test_overlay_pods_may_have_shared_addresses_and_are_warned_of_public_ones() -> None:
    assert found_in(prod("aks-overlay", pods="100.64.0.0/16")) == ()
    assert [(f.code, f.severity, f.subject) for f in found_in(prod("aks-overlay", pods="25.0.0.0/16"))] == [
        ("ESC406", "warning", "pods")
    ]


def test_pods_with_a_subnet_of_their_own_lie_in_the_vnet() -> None:
    (finding,) = found_in(prod("aks-podsubnet", network="10.20.0.0/16", pods="10.21.0.0/18"))

    assert (finding.code, finding.severity, finding.subject) == ("ESC304", "error", "pods")


def test_what_kubenet_ends_in_is_a_mode_that_goes_on() -> None:
    modes = load_cloud("azure").modes

    for mode in ("aks-kubenet", "aks-kubenet-vnet"):
        assert modes[mode].replacement == "aks-overlay"
    assert modes["aks-overlay"].retires == ""


EKS_CUSTOM = {
    **{
        "kurrent": "172.29.98.0/24",
        "network": "172.16.0.0/16",
        "nodes-1": "172.16.0.0/18",
        "nodes-2": "172.16.64.0/18",
    },
    **{"pods-1": "100.64.0.0/18", "pods-2": "100.64.64.0/18", "services": "172.20.0.0/16"},
}
SECOND = {"kurrent": "172.29.99.0/24", "network": "10.0.0.0/16", "nodes-1": "10.0.0.0/18", "nodes-2": "10.0.64.0/18"}


def custom(name: str, *, snat: bool, **ranges: str) -> str:
    text = environment(name, "eks-custom", EKS_CUSTOM | ranges, routes="supernet" if snat else "exact")
    return f"{text}[environments.{name}.options]\nsnat = {str(snat).lower()}\n"


def test_pods_that_leave_the_vpc_as_their_node_need_no_route_and_may_repeat() -> None:
    text = "version = 1\n" + custom("prod", snat=True) + custom("test", snat=True, **SECOND)

    assert found_in(text) == ()


def test_pods_that_keep_their_address_need_a_route_and_may_not_repeat() -> None:
    one = "version = 1\n" + custom("prod", snat=False)
    both = one + custom("test", snat=False, **SECOND)

    assert found_in(one) == ()
    assert codes(one.replace('"exact"', '"supernet"')) == {"ESC201"}
    assert "ESC302" in {f.code for f in found_in(both) if f.severity == "error" and f.subject == "pods-1"}


def test_all_findings_are_told_at_once() -> None:
    text = prod("gke-standard", kurrent="8.8.8.0/25", nodes="10.0.0.0/30", pods="10.0.0.0/17", services="10.0.0.0/28")

    assert {"ESC101", "ESC102", "ESC301", "ESC401"} <= codes(text)


def test_all_fixes_of_a_report_can_be_followed_together() -> None:
    given = {"network": "10.0.0.0/16", "nodes-1": "10.1.0.0/18", "nodes-2": "10.2.0.0/18"}
    text = "version = 1\n" + environment("prod", "eks", given)
    fixes = dict(match.groups() for f in found_in(text) if (match := USE.search(f.fix)))

    assert set(fixes) == {"nodes-1", "nodes-2"}
    assert found_in("version = 1\n" + environment("prod", "eks", given | fixes)) == ()


def test_an_unknown_region_is_a_warning_that_names_the_nearest() -> None:
    text = prod("gke-standard").replace("europe-west2", "europe-wset2")
    (finding,) = found_in(text)

    assert (finding.code, finding.severity) == ("ESC501", "warning")
    assert "europe-west2" in finding.fix


USE = re.compile(r'Use ([a-z0-9-]+) = "([\d./]+)"')
BLOCKS = st.builds(
    lambda base, length: str(IPv4Network((base, length), strict=False)),
    st.one_of(
        st.integers(0x0A000000, 0x0A03FFFF), st.integers(0xAC100000, 0xAC1FFFFF), st.integers(0x64400000, 0x6440FFFF)
    ),
    st.integers(13, 27),
)
NAMES = {
    "eks": ["kurrent", "network", "nodes-1", "nodes-2", "services"],
    "eks-custom": ["kurrent", "network", "pods-1", "pods-2"],
    "gke-standard": ["kurrent", "nodes", "pods", "remote"],
    "gke-routes": ["kurrent", "nodes", "pods"],
    "aks-cni": ["kurrent", "network", "nodes", "services"],
    "aks-kubenet-vnet": ["kurrent", "network", "pods", "remote"],
    "aks-overlay": ["kurrent", "nodes", "pods", "services"],
    "aks-podsubnet": ["kurrent", "network", "nodes", "pods"],
}


Asked = tuple[str, Mapping[str, str], list[str]]
"""A mode, its ranges as they are given, and what is reserved."""


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    mode = draw(st.sampled_from(sorted(NAMES)))
    names = draw(st.sets(st.sampled_from(NAMES[mode])))
    return mode, {name: draw(BLOCKS) for name in sorted(names)}, draw(st.lists(BLOCKS, max_size=2))


@examples_tried(100)
@example(("eks-custom", {"kurrent": "10.0.0.0/13", "pods-1": "10.0.0.0/16"}, []))
@example(("eks-custom", {"kurrent": "10.0.0.0/13", "pods-1": "10.0.0.0/16", "pods-2": "172.16.0.0/13"}, []))
@given(asked())
def test_a_suggested_block_makes_its_finding_go_away_and_brings_no_error(drawn: Asked) -> None:
    mode, ranges, kept_off = drawn
    reserved = "".join(f'r{n} = "{block}"\n' for n, block in enumerate(kept_off))
    other = environment("other", "gke-standard", {"nodes": "10.2.0.0/20"})

    def found(changed: Mapping[str, str]) -> tuple[Finding, ...]:
        return found_in(f"version = 1\n[reserved]\n{reserved}{environment('prod', mode, dict(changed))}{other}")

    before = list(filter(of_prod, found(ranges)))
    errors = {(f.code, f.subject) for f in before if f.severity == "error"}
    for finding in before:
        if match := USE.search(finding.fix):
            name, block = match.groups()
            # What lies inside the range moves with it, as the fix says.
            moved = {n: "/" + b.partition("/")[2] for n, b in ranges.items() if holder_of(mode, n) == name}
            again = list(filter(of_prod, found({**ranges, **moved, name: block})))
            assert (finding.code, finding.subject) not in {(f.code, f.subject) for f in again}
            # What found no room in the network finds it where that can be widened, which is too large then.
            more = {("ESC401", "network")} if any(code == "ESC305" for code, _ in errors) else set()
            # A VPC that has no place beside all its further blocks is beside some of them: another one is refused.
            if any(code == "ESC409" for code, _ in errors):
                more |= {("ESC409", name) for name in ranges}
            assert {(f.code, f.subject) for f in again if f.severity == "error"} <= errors | more


ROUTES = re.compile(r"the peering then routes to ([\d./, ]+?)\.(?: |$)")
SEVERAL = {
    "e0": ("aks-overlay", {"network": "10.3.214.0/23"}, "supernet"),
    "e1": ("gke-standard", {"kurrent": "10.1.192.0/19", "nodes": "/17", "pods": "/20"}, "exact"),
    "e2": ("gke-routes", {"kurrent": "10.8.0.0/13", "pods": "/20"}, "supernet"),
}
Several = Mapping[str, tuple[str, Mapping[str, str], str]]


@st.composite
def several(draw: st.DrawFn) -> Several:
    environments = {}
    for number in range(draw(st.integers(1, 3))):
        mode = draw(st.sampled_from(sorted(NAMES)))
        names = draw(st.sets(st.sampled_from(NAMES[mode])))
        ranges = {name: draw(BLOCKS) for name in sorted(names - {"remote"})}
        environments[f"e{number}"] = (mode, ranges, draw(st.sampled_from(["supernet", "exact"])))
    return environments


@examples_tried(60)
@example(SEVERAL)
@given(several())
def test_what_a_fix_says_of_the_route_is_what_the_whole_plan_gives(environments: Several) -> None:
    """A route that is not named stays; a place that is tried by itself may be another in the plan of all."""

    def planned(changed: Several) -> AddressPlan:
        texts = (environment(name, mode, dict(r), routes=routes) for name, (mode, r, routes) in changed.items())
        return plan(read_spec("version = 1\n" + "".join(texts), load_facts()))

    before = planned(environments)
    for finding in check_plan(before):
        match = USE.search(finding.fix)
        if not match or finding.environment not in environments or match[1] == "remote":
            continue
        name, block = match.groups()
        mode, ranges, routes = environments[finding.environment]
        moved = {n: "/" + b.partition("/")[2] for n, b in ranges.items() if holder_of(mode, n) == name}
        changed = {**environments, finding.environment: (mode, {**ranges, **moved, name: block}, routes)}
        said = ROUTES.search(finding.fix)
        promised = said[1] if said else before.environment(finding.environment).routed
        assert planned(changed).environment(finding.environment).routed == promised, finding.fix


def of_prod(finding: Finding) -> bool:
    return finding.environment == "prod"


def holder_of(mode: str, range_name: str) -> str:
    """Return the range that must hold this one, or nothing."""
    facts = load_cloud(mode_names()[mode]).modes[mode].facts_of(range_name)
    return facts.inside if facts else ""


@pytest.mark.parametrize(
    ("mode", "settings", "is_open"),
    [
        ("eks", "", True),
        ("eks", "endpoint_access_ranges = []", False),
        ("eks", 'endpoint_access_ranges = ["198.51.100.0/24"]', False),
        ("eks", 'endpoint_access_ranges = ["0.0.0.0/1", "128.0.0.0/1"]', True),
        ("eks-auto", "", True),
        ("aks-overlay", "", True),
        ("aks-overlay", "endpoint_access_ranges = []", True),
        ("aks-overlay", 'endpoint_access_ranges = ["198.51.100.0/24"]', False),
        ("aks-overlay", "private_cluster = true", False),
        # The DNS name of its API asks IAM first, and the public address is closed.
        ("gke-standard", "", False),
        ("gke-standard", 'endpoint_access_ranges = ["0.0.0.0/0"]', True),
    ],
)
def test_an_api_that_answers_to_every_address_is_told_by_check(mode: str, settings: str, is_open: bool) -> None:
    text = f"{prod(mode)}\n[environments.prod.kubernetes]\n{settings}\n"
    told = [(f.code, f.severity, f.subject) for f in found_in(text, in_repository=True)]

    assert told == ([("ESC016", "notice", "endpoint_access_ranges")] if is_open else [])
    assert found_in(text) == ()


def test_no_api_is_open_where_no_cluster_is_created() -> None:
    assert found_in(f'{prod("eks")}\n[environments.prod.parts]\nkubernetes = "absent"\n', in_repository=True) == ()


def test_an_open_api_is_accepted_with_a_reason() -> None:
    text = f'{prod("eks")}\n[environments.prod.accept]\nESC016 = "access entries hold it"\n'
    (finding,) = found_in(text, in_repository=True)

    assert (finding.code, finding.accepted) == ("ESC016", "access entries hold it")
    # A plan of addresses alone does not look at APIs, so that it calls no acceptance unused.
    assert found_in(text) == ()
