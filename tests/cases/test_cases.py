"""Every case file: a spec, and the plan and findings that the public sources give for it.

A case says what is so and where that stands (`says`, `source`), the `spec`, the `lock` and the `ipam`
(what was pulled of one) beside it if there are some, the day for what is supported (`as_of`), `in_repository`
for what only `check` reports, and what to expect: all `findings` ("code severity environment subject", `-` for
none), and any of `ranges` (a block, or its prefix length), `remote`, `free`, `hosts`, `assignable`, `unplaced`,
and `fix`, words that some fix says.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from escscaffold import check_plan, plan
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan
from escscaffold.planning.lock import grants_for, kept_in
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.snapshot import read_snapshot
from escscaffold.rendering.document import range_row
from escscaffold.rules.catalogue import RULES, examples, findings_of
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import read_spec

FILES = sorted(Path(__file__).parent.glob("*.toml"))
KNOWN = {"findings", "ranges", "remote", "free", "hosts", "assignable", "unplaced", "fix"}


def read_case(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def planned(case: dict[str, Any]) -> tuple[AddressPlan | None, tuple[Finding, ...]]:
    try:
        spec = read_spec(case["spec"], load_facts())
        snapshot = read_snapshot(case["ipam"]) if "ipam" in case else None
        if "lock" not in case:
            whole = plan(spec, None, snapshot)
        else:
            lock = read_lock(case["lock"], load_facts())
            spec = read_spec(case["spec"], load_facts(), defaults=kept_in(lock))
            whole = replace(plan(spec, grants_for(lock, spec), snapshot), notes=lock.notes)
    except SpecError as error:
        return None, findings_of(error.problems)
    return whole, check_plan(whole, case.get("as_of"), in_repository=case.get("in_repository", False))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_is_as_the_case_says(file: Path) -> None:
    case = read_case(file)
    expect = case["expect"]
    whole, findings = planned(case)

    told = sorted(f"{f.code} {f.severity} {f.environment or '-'} {f.subject or '-'}" for f in findings)
    assert told == sorted(expect["findings"])
    for words in expect.get("fix", []):
        assert any(words in finding.fix for finding in findings), [finding.fix for finding in findings]
    for name, block in expect.get("ranges", {}).items():
        cidr = str(range_of(whole, name).cidr)
        assert block in (cidr, "/" + cidr.partition("/")[2]), f"{name} is {cidr}"
    for name, count in expect.get("hosts", {}).items():
        assert range_row(range_of(whole, name))["hosts"] == count
    for name, count in expect.get("assignable", {}).items():
        assert range_of(whole, name).assignable == count
    for name, blocks in expect.get("remote", {}).items():
        assert list(map(str, environment_of(whole, name).remote)) == blocks
    for name, blocks in expect.get("free", {}).items():
        assert list(map(str, environment_of(whole, name).free)) == blocks
    for name, missing in expect.get("unplaced", {}).items():
        assert [one.name for one in environment_of(whole, name).unplaced] == missing


def environment_of(whole: AddressPlan | None, name: str) -> EnvironmentPlan:
    assert whole is not None, "the spec was refused"
    return whole.environment(name)


def range_of(whole: AddressPlan | None, name: str) -> Any:
    environment, _, range_name = name.partition(".")
    found = environment_of(whole, environment).range(range_name)
    assert found is not None, f"{name} is not in the plan"
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_case_is_a_sentence_with_a_source_and_a_few_lines(file: Path) -> None:
    case = read_case(file)

    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){3,}", file.stem)
    assert case.keys() <= {"says", "source", "spec", "lock", "ipam", "as_of", "in_repository", "expect"}
    assert case["expect"].keys() <= KNOWN
    assert case["says"].endswith(".")
    assert re.match(r"https://|docs/", case["source"])
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 60


# A case has no Terraform, which some rules are about: tests of reviews have theirs.
@pytest.mark.parametrize("code", [code for code in RULES if not examples()[code].broken_files])
def test_every_rule_has_a_case_that_fires_and_one_that_nearly_does(code: str) -> None:
    """The near miss is the case whose name begins with the rule's code, and does not have it."""
    ours = [file for file in FILES if file.stem.startswith(code.lower())]
    fires = [any(code in finding for finding in read_case(file)["expect"]["findings"]) for file in ours]

    assert True in fires
    assert False in fires
