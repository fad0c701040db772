"""What a review says of a provider's own configuration: pinned accounts, roles, projects."""

import pytest

from tests.reviewing.sides import report_of

VPC = 'resource "aws_vpc" "m" {\n  cidr_block = "10.0.0.0/16"\n}\n'
NET = 'resource "google_compute_network" "m" {\n  name = "m"\n}\n'
ACCOUNT = 'allowed_account_ids = ["123456789012"]'
ROLE = 'assume_role {\n    role_arn = "arn:aws:iam::123456789012:role/%s"\n  }'


def provider(*arguments: str, name: str = "aws") -> str:
    return f'provider "{name}" {{\n' + "".join(f"  {one}\n" for one in arguments) + "}\n"


IN_PLACE = {
    "an account is pinned": (provider(), provider(ACCOUNT)),
    "an account is pinned where no provider was configured": ("", provider(ACCOUNT)),
    "an account is pinned no more": (provider(ACCOUNT), provider()),
    "another account is pinned, which refuses to plan": (
        provider(ACCOUNT),
        provider('allowed_account_ids = ["210987654321"]'),
    ),
    "a role in an account that is pinned on both sides": (provider(ACCOUNT), provider(ACCOUNT, ROLE % "a")),
    "another role of that account": (provider(ACCOUNT, ROLE % "a"), provider(ACCOUNT, ROLE % "b")),
}
NOT_KNOWN = {
    "a role without an account": (provider(), provider(ROLE % "a"), "Set allowed_account_ids"),
    "a role and its account at once": (provider(), provider(ACCOUNT, ROLE % "a"), "Set allowed_account_ids"),
    "a role and another account": (
        provider(ACCOUNT, ROLE % "a"),
        provider('allowed_account_ids = ["210987654321"]', ROLE % "b"),
        "Set allowed_account_ids",
    ),
    "a region besides": (
        provider(ACCOUNT),
        provider(ACCOUNT, 'region = "eu-west-1"'),
        "in another account, project or region",
    ),
    "a region and an account": (
        provider(),
        provider(ACCOUNT, 'region = "eu-west-1"'),
        "in another account, project or region",
    ),
}


@pytest.mark.parametrize("case", IN_PLACE.values(), ids=IN_PLACE)
def test_a_pinned_account_only_refuses(case: tuple[str, str]) -> None:
    report = report_of(*({"main.tf": side + VPC} for side in case))

    assert report.contents.impacts == ()
    assert report.level not in ("unknown", "replace")


@pytest.mark.parametrize("case", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_where_a_configuration_may_lead_elsewhere_a_plan_is_asked_for(case: tuple[str, str, str]) -> None:
    before, after, reason = case

    report = report_of({"main.tf": before + VPC}, {"main.tf": after + VPC})

    (impact,) = report.contents.impacts
    assert (report.level, impact.effect) == ("unknown", "not known")
    assert reason in "".join(map(str, impact.reason))


def test_a_project_is_asked_about_by_its_name() -> None:
    before, after = provider(name="google"), provider('project = "acme-prod"', name="google")

    report = report_of({"main.tf": before + NET}, {"main.tf": after + NET})

    (impact,) = report.contents.impacts
    assert report.level == "unknown"
    assert "GOOGLE_PROJECT" in "".join(map(str, impact.reason))


def test_a_service_account_to_impersonate_is_in_place() -> None:
    line = 'impersonate_service_account = "t@acme-prod.iam.gserviceaccount.com"'

    report = report_of({"main.tf": provider(name="google") + NET}, {"main.tf": provider(line, name="google") + NET})

    assert report.contents.impacts == ()


def tagged(team: str) -> str:
    return provider(f'default_tags {{\n    tags = {{\n      team = "{team}"\n    }}\n  }}')


def test_default_tags_change_the_tags_of_each_resource_in_place() -> None:
    after = {"main.tf": tagged("payments") + VPC}

    for before in (tagged("network"), provider(), provider("default_tags {\n    tags = {}\n  }")):
        assert report_of({"main.tf": before + VPC}, after).contents.impacts == ()


@pytest.mark.parametrize("kind", ["aws_ec2_instance_connect_endpoint", "aws_not_known"])
def test_default_tags_reach_a_resource_that_has_no_tags_in_place(kind: str) -> None:
    other = VPC + f'resource "{kind}" "o" {{\n}}\n'

    report = report_of({"main.tf": tagged("network") + other}, {"main.tf": tagged("payments") + other})

    (impact,) = report.contents.impacts
    assert (report.level, impact.argument) == ("unknown", "default_tags.tags.team")
    assert "does not change tags in place" in "".join(map(str, impact.reason))


@pytest.mark.parametrize(
    ("before", "after", "argument"),
    [
        (tagged("network"), tagged("payments"), "default_tags.tags.team"),
        (
            provider('default_labels = { team = "a" }', name="google"),
            provider('default_labels = { team = "b" }', name="google"),
            "default_labels.team",
        ),
    ],
    ids=["tags", "labels"],
)
def test_defaults_reach_a_module_that_is_not_read(before: str, after: str, argument: str) -> None:
    call = 'module "net" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n}\n'

    report = report_of({"main.tf": before + VPC + NET + call}, {"main.tf": after + VPC + NET + call})

    (impact,) = report.contents.impacts
    assert (report.level, impact.argument) == ("unknown", argument)
    assert "its module is not in this repository" in "".join(map(str, impact.reason))


def test_default_tags_do_not_change_what_a_new_module_creates() -> None:
    call = 'module "net" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n}\n'

    report = report_of({"main.tf": tagged("network") + VPC}, {"main.tf": tagged("payments") + VPC + call})

    assert report.contents.impacts == ()


def test_default_labels_change_the_labels_of_each_resource_in_place() -> None:
    before, after = (provider(f'default_labels = {{ team = "{team}" }}', name="google") for team in ("a", "b"))
    cluster = 'resource "google_container_cluster" "c" {\n  name = "c"\n}\n'

    assert report_of({"main.tf": before + NET + cluster}, {"main.tf": after + NET + cluster}).contents.impacts == ()
