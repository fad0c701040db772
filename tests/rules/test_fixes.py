"""Every block that a finding suggests works: the finding goes away, and no error comes instead."""

import re
import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.fact_files import load_cloud
from escscaffold.rules import catalogue
from escscaffold.rules.catalogue import RULES
from escscaffold.rules.finding import Finding
from tests.planning.documents import Document, as_toml, documents
from tests.properties import examples

USE = re.compile(r'^Use ([a-z0-9-]+ = (?:"[\d./]+"|\{.+?\})):')
MOVE = re.compile(r"\. Move ([a-z0-9-]+(?: and [a-z0-9-]+)*) into it")
Key = tuple[str, str, str]


def found_in(document: Document) -> tuple[Finding, ...]:
    return check_plan(plan(read_spec(as_toml(document))))


def key(finding: Finding) -> Key:
    return finding.environment, finding.code, finding.subject


def errors(findings: tuple[Finding, ...]) -> set[Key]:
    return {key(finding) for finding in findings if finding.severity == "error"}


def followed(document: Document, finding: Finding) -> Document:
    """Return the document with the fix followed to the letter."""
    match = USE.search(finding.fix)
    assert match
    ((name, said),) = tomllib.loads(match[1]).items()
    copy = deepcopy(document)
    ranges = copy["environments"][finding.environment].setdefault("ranges", {})
    ranges[name] = said
    moved = MOVE.search(finding.fix)
    for inner in moved[1].split(" and ") if moved else ():
        given = ranges[inner]
        ranges[inner] = "/" + (given["cidr"] if isinstance(given, dict) else given).partition("/")[2]
    return copy


@st.composite
def shared(draw: st.DrawFn) -> Document:
    """Draw environments of which the later ones stand on the Kurrent network of the first, or mean to."""
    document = draw(documents())
    first, *others = document["environments"]
    kurrent = draw(st.sampled_from(["10.255.0.0/24", "10.3.0.0/20", "172.16.5.0/24"]))
    document["environments"][first].setdefault("ranges", {})["kurrent"] = kurrent
    for other in others:
        one: dict[str, Any] = document["environments"][other]
        one["ranges"]["kurrent"] = draw(st.sampled_from([kurrent, kurrent, "10.254.0.0/24"]))
        one["parts"] = {"kurrent-project": "existing", "kurrent-network": "existing", "database": "absent"}
        one["existing"] = one.get("existing", {}) | {"kurrent-project": first, "kurrent-network": first}
    return document


def prod(cloud: str, mode: str, **ranges: Any) -> Document:
    """Return one environment, its ranges by their names with _ for -."""
    named = {name.replace("_", "-"): value for name, value in ranges.items()}
    region = load_cloud(cloud).default_region
    return {"version": 1, "environments": {"prod": {"cloud": cloud, "region": region, "mode": mode, "ranges": named}}}


def on_one_kurrent_network(first: Document, other: Document, **pools: str) -> Document:
    """Return the environments of the two on one Kurrent network."""
    one, two = first["environments"]["prod"], other["environments"]["prod"]
    for ranges in (one["ranges"], two["ranges"]):
        ranges["kurrent"] = "10.255.0.0/24"
    parts = {"kurrent-project": "existing", "kurrent-network": "existing", "database": "absent"}
    existing = {"kurrent-project": "a", "kurrent-network": "a"}
    both = {"a": one, "b": two | {"parts": parts, "existing": existing}}
    return {"version": 1, "pools": pools, "environments": both}


@examples(60)
@example(
    on_one_kurrent_network(
        prod("azure", "aks-cni", remote="10.0.0.0/13"), prod("azure", "aks-cni", remote="10.0.0.0/12")
    )
)
@example(
    on_one_kurrent_network(
        prod("azure", "aks-cni"), prod("gcp", "gke-autopilot", nodes="/16", pods="/12"), all="10.0.0.0/14"
    )
)
@example(
    {
        "version": 1,
        "pools": {"all": "10.0.0.0/14"},
        "environments": {
            "a": prod("azure", "aks-cni", nodes="10.0.0.0/13", network="/14", remote="10.0.0.0/12")["environments"][
                "prod"
            ],
            "b": prod("aws", "eks", kurrent="/16", network="10.0.0.0/12", remote="10.64.0.0/14")["environments"][
                "prod"
            ],
        },
    }
)
@example(prod("gcp", "gke-autopilot", pods="10.0.0.0/28", nodes={"nodes": 10}))
@example(prod("gcp", "gke-autopilot", nodes="10.0.0.0/28", pods={"nodes": 100}))
@example(prod("gcp", "gke-autopilot", pods={"cidr": "10.0.0.0/28", "nodes": 100}, nodes={"size": "/28", "growth": 4}))
@example(prod("gcp", "gke-standard", pods={"cidr": "10.0.0.0/28", "nodes": 3, "surge": 0}))
@example(prod("aws", "eks", kurrent="10.0.0.0/13", nodes_1="10.0.0.0/16"))
@example(prod("aws", "eks", kurrent="/16", network="/16", nodes_1="10.0.0.0/12", nodes_2="10.0.0.0/16"))
@example(prod("aws", "eks", kurrent="/16", network="/17", nodes_1="/16", nodes_2="10.0.0.0/12"))
@given(st.one_of(documents(), documents(pins=False), shared()))
def test_a_suggested_block_makes_its_finding_go_away_and_brings_no_error(document: Document) -> None:
    assert_that_fixes_work(document)


@pytest.mark.parametrize("code", [code for code in RULES if code in catalogue.examples() and RULES[code].check])
def test_the_block_that_an_example_suggests_works(code: str) -> None:
    assert_that_fixes_work(tomllib.loads(catalogue.examples()[code].breaks))


def assert_that_fixes_work(document: Document) -> None:
    before = found_in(document)
    for finding in [one for one in before if USE.search(one.fix)]:
        after = found_in(followed(document, finding))
        assert key(finding) not in {key(one) for one in after}, finding.fix
        new = errors(after) - errors(before)
        told = [is_want_of_room_elsewhere(one, finding, before) or is_want_of_room(one, before) for one in new]
        assert all(told), (finding.fix, new)


def is_want_of_room_elsewhere(error: Key, finding: Finding, before: tuple[Finding, ...]) -> bool:
    """Another environment can be left without room for what has only a size, or find some: it is judged there."""
    environment, code, _ = error
    missed = any(one.environment == environment and one.code == "ESC305" for one in before)
    return environment != finding.environment and (code == "ESC305" or missed)


def is_want_of_room(error: Key, before: tuple[Finding, ...]) -> bool:
    """Where not all found room, another can be the one without it: nobody's place but what is pinned is certain.

    What found none in a network finds it where that can be widened, and the network is too large then.
    What had no place is judged once it has one.
    """
    environment, code, subject = error
    if (environment, "ESC305", subject) in map(key, before):
        return True
    missed = any(one.environment == environment and one.code == "ESC305" for one in before)
    return missed and (code == "ESC305" or (code, subject) == ("ESC401", "network"))
