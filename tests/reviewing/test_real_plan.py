"""A plan of terraform's beside a review: what it says, what it does not say, and what is no plan."""

import json
import random
import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escscaffold.errors import ScaffoldError
from escscaffold.reviewing.real_plan import RealAction, read_plan
from tests.conftest import Run
from tests.properties import examples, tries_more
from tests.reviewing.conftest import CASES, generated
from tests.reviewing.sides import report_of


def plan_of(*changes: dict[str, Any], **more: Any) -> str:
    return json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes, **more})


def change(*actions: str, **more: Any) -> dict[str, Any]:
    around = {name: more.pop(name) for name in ("action_reason", "previous_address", "mode") if name in more}
    return {"address": "aws_vpc.main", "type": "aws_vpc", "change": {"actions": actions, **more}, **around}


@pytest.mark.parametrize(
    "one, action, because",
    [
        (change("no-op"), "", ()),
        (change("read", mode="data"), "", ()),
        (change("create"), "create", ()),
        (change("delete", "create", replace_paths=[["cidr_block"]]), "replace", ("cidr_block",)),
        (change("create", "delete", replace_paths=[["a", 0, "b"], ["a", 1, "b"]]), "replace", ("a.b",)),
        (change("create", "forget"), "replace", ()),
        (change("delete", "create", action_reason="replace_because_tainted"), "replace", ("it is tainted",)),
        (change("delete", action_reason="delete_because_no_module"), "destroy", ("it is no longer declared",)),
        (change("delete", action_reason="delete_because_of_something_new"), "destroy", ()),
        (change("forget"), "forget", ()),
        (change("no-op", previous_address="aws_vpc.old"), "move", ()),
        (change("update", previous_address="aws_vpc.old"), "update", ()),
        (change("no-op", importing={"id": "vpc-1"}), "import", ()),
        (change("update", importing={"id": "vpc-1"}), "import", ()),
        (change("delete", "create", importing={"id": "vpc-1"}), "replace", ()),
        (change("dance"), "", ()),
    ],
)
def test_an_action_is_told_in_our_words(one: dict[str, Any], action: str, because: tuple[str, ...]) -> None:
    found = read_plan(plan_of(one), "plan.json").actions

    was = one.get("previous_address", "")
    expected = RealAction(address="aws_vpc.main", type="aws_vpc", action=action, was=was, because=because)
    assert found == ((expected,) if action else ())


@pytest.mark.parametrize(
    "unknown, follows",
    [({}, False), ({"vpc_id": True}, True), ({"vpc_id": False}, False), (True, True), ([], False), ("vpc_id", False)],
)
def test_what_is_replaced_for_an_unknown_value_follows(unknown: Any, follows: bool) -> None:
    one = change("delete", "create", replace_paths=[["vpc_id"]], after_unknown=unknown)

    assert read_plan(plan_of(one), "plan.json").actions[0].follows is follows


@pytest.fixture
def network(tmp_path: Path, run: Run) -> Path:
    """Two folders between which nothing changes, with an environment `prod`."""
    for side in ("before", "after"):
        generated(run, tmp_path / side, CASES / "another_kurrent_range/before.toml")
    return tmp_path


def compared(folder: Path, run: Run, plan: str) -> tuple[dict[str, Any], str]:
    """Return what the JSON says of the plan, and what the comment does."""
    (folder / "plan.json").write_text(plan, encoding="utf-8")
    asked = ("review", "before", "after", "-C", folder, "--plan", folder / "plan.json")
    (said,) = json.loads(run(*asked, "--json").stdout)["plans"]
    return said, run(*asked, "--format", "markdown").stdout


def test_a_plan_of_another_environment_is_said_to_be_one(network: Path, run: Run) -> None:
    said, comment = compared(network, run, plan_of(variables={"environment": {"value": "`x` @you"}}))

    assert said["is_known"] is False
    assert comment.startswith("**Request another plan:**")
    assert "This environment does not exist here." in comment


def test_a_plan_that_was_made_with_other_ranges_is_said_to_be_one(network: Path, run: Run) -> None:
    variables = {"environment": {"value": "prod"}, "ranges": {"value": {"kurrent": "10.99.0.0/24", "x": 1}}}
    said, comment = compared(network, run, plan_of(variables=variables))

    assert said["other_ranges"] == ["kurrent"]
    assert "The plan has other ranges than the spec: `kurrent`." in comment


def test_a_plan_that_is_not_all_of_it_is_said_to_be_none(network: Path, run: Run) -> None:
    for plan in (plan_of(errored=True), plan_of(complete=False)):
        said, comment = compared(network, run, plan)

        assert said["is_complete"] is False
        assert "The plan is incomplete: another apply can change more" in comment


def test_the_version_of_terraform_and_what_it_does_besides_are_said(network: Path, run: Run) -> None:
    route = {"address": "aws_route.x", "type": "aws_route", "change": {"actions": ["delete", "create"]}}
    said, comment = compared(network, run, plan_of(change("delete", "create"), route))

    assert comment.startswith(
        "**Stop and ask:** the Terraform plan replaces or destroys `aws_route.x` and `aws_vpc.main`"
    )
    assert said["only_terraform"] == ["aws_route.x", "aws_vpc.main"]
    assert (
        "Terraform 1.11.4 also replaces or destroys resources not listed above: `aws_route.x`, `aws_vpc.main`."
        in comment
    )


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "no plan"),
        ('{"format_version": "2.0"}', "is a plan in an unknown format."),
        ('{"format_version": "1.2; rm"}', "is a plan in an unknown format."),
        ('{"format_version": "1.0", "values": {}}', "is a state"),
        ('{"format_version": ' + "9" * 5000 + "}", "no plan"),
    ],
)
def test_what_is_no_plan_is_said_to_be_none(text: str, said: str) -> None:
    with pytest.raises(ScaffoldError) as caught:
        read_plan(text, "plan.json")

    assert said.replace("no plan", "is not a JSON plan.") in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
KEYS = ["address", "type", "mode", "change", "previous_address", "action_reason"]
INNER = ["actions", "replace_paths", "after_unknown", "importing"]
CHANGES = st.dictionaries(st.sampled_from(KEYS), JSON | st.dictionaries(st.sampled_from(INNER), JSON))


@given(st.lists(CHANGES, max_size=4), st.dictionaries(st.sampled_from(["variables", "errored", "complete"]), JSON))
@examples(60)
def test_any_json_is_a_plan_or_is_refused(changes: list[Any], more: dict[str, Any]) -> None:
    found = read_plan(plan_of(*changes, **more), "plan.json")

    assert all(isinstance(action.address, str) and action.action for action in found.actions)


def test_a_large_plan_is_read_and_a_larger_one_is_refused(network: Path, run: Run) -> None:
    many, mebibytes = (40_000, 300) if tries_more() else (10_000, 75)
    rows = [change("delete", "create", before={"x": random.random()}) for _ in range(many)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    _, comment = compared(network, run, plan_of(*rows))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < mebibytes * 2**10
    assert len(comment.encode()) < 60_000
    with (network / "plan.json").open("ab") as file:
        file.truncate(65 * 2**20)
    asked = ("review", "before", "after", "-C", network, "--plan", network / "plan.json")
    assert "larger than 64 MiB" in run(*asked).output


COMPUTED = 'variable "x" {{}}\nresource "aws_vpc" "{name}" {{\n  cidr_block = {block}\n}}\n'
REPEATED = 'variable "x" {{}}\nresource "aws_vpc" "main" {{\n  count = {number}\n  cidr_block = "10.0.0.0/16"\n}}\n'
REGION = 'provider "aws" {\n  region = "%s"\n}\n'


def not_known(*roots: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return two sides of root modules, each with a VPC of its own name whose block is not known any more."""
    sides = (
        {f"{root}/main.tf": COMPUTED.format(name=root, block=block) for root in roots}
        for block in ('"10.0.0.0/16"', "var.x")
    )
    before, after = sides
    return before, after


def at(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    return {**change(*actions), "address": address, **more}


def test_a_plan_settles_only_what_it_has() -> None:
    of_both = report_of(*not_known("a", "b"), plan_of(at("aws_vpc.a", "no-op"), at("aws_vpc.b", "no-op")))
    of_one = report_of(*not_known("a", "b"), plan_of(at("aws_vpc.a", "no-op")))
    of_none = report_of(*not_known("a"), plan_of())

    assert (of_both.level, of_one.level, of_none.level) == ("change", "unknown", "unknown")
    assert [str(impact.subject) for impact in of_one.contents.impacts] == ["aws_vpc.b"]


def test_a_plan_does_not_settle_what_two_root_modules_call_the_same() -> None:
    before, after = not_known("a")
    sides = ({**side, "b/main.tf": side["a/main.tf"]} for side in (before, after))

    assert report_of(*sides, plan_of(at("aws_vpc.a", "no-op"))).level == "unknown"


@pytest.mark.parametrize("action, level", [("no-op", "change"), ("delete", "replace")])
def test_a_plan_settles_a_number_of_instances(action: str, level: str) -> None:
    before, after = ({"main.tf": REPEATED.format(number=number)} for number in ("var.x + 1", "var.x"))

    report = report_of(before, after, plan_of(at("aws_vpc.main[0]", "no-op"), at("aws_vpc.main[1]", action)))

    assert report.level == level


def test_a_plan_settles_all_instances_by_the_worst_of_them() -> None:
    before, after = ({"main.tf": REPEATED.format(number=number)} for number in ("var.x + 1", "var.x"))
    plan = plan_of(at("aws_vpc.main[0]", "delete", "create"), at("aws_vpc.main[1]", "delete"))

    assert report_of(before, after, plan).contents.answer == "destroys"


@pytest.mark.parametrize("action, level", [("no-op", "change"), ("create", "unknown")])
def test_a_plan_of_all_resources_settles_what_a_provider_does(action: str, level: str) -> None:
    resource_ = COMPUTED.format(name="main", block='"10.0.0.0/16"')
    before, after = ({"main.tf": resource_ + REGION % region} for region in ("a", "b"))

    report = report_of(before, after, plan_of(at("aws_vpc.main", action)))

    assert report.level == level


@pytest.mark.parametrize(
    ("setting", "level"),
    [
        ('required_providers {\n    cloudflare = { source = "cloudflare/cloudflare", version = "%s" }\n  }', "change"),
        ('cloud {\n    organization = "%s"\n  }', "unknown"),
        ('backend "s3" {\n    key = "%s"\n  }', "unknown"),
    ],
    ids=["version", "cloud", "backend"],
)
def test_a_plan_of_all_resources_settles_a_version_and_no_state(setting: str, level: str) -> None:
    resource_ = COMPUTED.format(name="main", block='"10.0.0.0/16"')
    sides = ({"main.tf": f"terraform {{\n  {setting % value}\n}}\n{resource_}"} for value in ("4.0.0", "5.0.0"))

    assert report_of(*sides, plan_of(at("aws_vpc.main", "no-op"))).level == level


def test_what_the_plan_decides_is_counted_as_it_decides() -> None:
    counts = report_of(*not_known("a"), plan_of(at("aws_vpc.a", "update"))).contents.counts

    assert (counts["not known"], counts["in place"]) == (0, 1)


def test_a_deposed_object_is_not_the_resource() -> None:
    actions = read_plan(plan_of(at("aws_vpc.a", "no-op"), at("aws_vpc.a", "delete", deposed="1234abcd")), "p").actions

    assert [(action.address, action.action, action.because) for action in actions] == [
        ("aws_vpc.a (deposed 1234abcd)", "destroy", ("an earlier replacement left it",))
    ]
