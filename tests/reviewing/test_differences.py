"""What counts as a difference between two texts of Terraform, and what does not."""

import pytest

from escscaffold.reviewing.differences import Difference, differences, items_of
from escscaffold.reviewing.secrets import secrets_in
from escscaffold.terraform.hcl_reader import read_hcl


def between(before: str, after: str, path: str = "main.tf") -> tuple[Difference, ...]:
    return differences(items_of({path: read_hcl(before)}), items_of({path: read_hcl(after)}))


def vpc(body: str) -> str:
    return f'resource "aws_vpc" "main" {{\n{body}\n}}\n'


@pytest.mark.parametrize(
    "before, after",
    [
        ("a = 1", "a = (1.0) # one"),
        ('a = "x"', 'a = "\\u0078"'),
        ("a = { b = 1, c = 2 }", 'a = {\n  "c" = 2\n  b : 1\n}'),
        ("a = x ? 1 : 2", "a = (x ? 1 : 2)"),
        ("a = [\n  1,\n  2,\n]", "a = [1, 2]"),
        ("b {\n  c = 1\n}\nb {\n  c = 2\n}", "b {\n  c = 2\n}\nb {\n  c = 1\n}"),
        ("a = 1\nb = 2", "b = 2\na = 1"),
    ],
)
def test_the_same_said_differently_is_no_difference(before: str, after: str) -> None:
    assert between(vpc(before), vpc(after)) == ()


@pytest.mark.parametrize(
    "before, after, attribute",
    [
        ("a = 1", "a = true", "a"),
        ("a = 1", 'a = "1"', "a"),
        ("a = null", 'a = ""', "a"),
        ("a = [1, 2]", "a = [2, 1]", "a"),
        ("a = x - (y - z)", "a = x - y - z", "a"),
        ("a = { b = 1 }", "a = { b = 2 }", "a.b"),
        ("a = { (b) = 1 }", "a = { b = 1 }", "a.b"),
        ('a = "${b}"', 'a = "$${b}"', "a"),
        ("a = <<E\nx\nE", "a = <<E\ny\nE", "a"),
        ('a = "%{if x}y%{endif}"', 'a = "%{if x}z%{endif}"', "a"),
        ("b {\n  c = 1\n}", "b {\n  c = 2\n}", "b.c"),
        ("", "b {}", "b"),
        ("a = x.y[0]", "a = x.y[1]", "a"),
        ("a = [for v in w : v]", "a = [for v in w : v if v]", "a"),
    ],
)
def test_another_value_is_a_difference(before: str, after: str, attribute: str) -> None:
    (difference,) = between(vpc(before), vpc(after))

    assert attribute in [change.name for change in difference.attributes]


def test_an_override_and_what_it_overrides_are_told_apart() -> None:
    bodies = {"main.tf": read_hcl(vpc("a = 1")), "main_override.tf": read_hcl(vpc("a = 2"))}

    (difference,) = differences(items_of({"main.tf": bodies["main.tf"]}), items_of(bodies))

    assert difference.item.address == "aws_vpc.main (override)"


@pytest.mark.parametrize(
    "text, found",
    [
        ('password = "x"', True),
        ('db_password = "x"', True),
        ('client_secret = "x"', True),
        ("password = var.password", False),
        ('password = ""', False),
        ("password = null", False),
        ('secret_name = "x"', False),
        ('secrets_key = "projects/acme/locations/europe-west2/keyRings/gke/cryptoKeys/secrets"', False),
        ('db_secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"', False),
        ('token = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/a/providers/b/c"', False),
        ('secret = "projects"', True),
        ('secret = "arn:aws is no ARN"', True),
        ('secret = "arn:aws:iam::123456789012:role/a AKIAABCDEFGHIJKLMNOP"', True),
        ('note = "AKIAABCDEFGHIJKLMNOP"', True),
        ('note = "-----BEGIN RSA PRIVATE KEY-----"', True),
        *(
            (f'note = "{sign}{"a1B2" * 12}"', True)
            for sign in ("ghp_", "ghs_", "github_pat_", "glpat-", "xoxb-", "AIza")
        ),
        (f'note = "eyJ{"a1B2" * 4}.eyJ{"a1B2" * 4}"', True),
        ('note = "ASIAABCDEFGHIJKLMNOP"', True),
        ('note = "nothing"', False),
    ],
)
def test_a_literal_that_looks_like_a_secret_is_found(text: str, found: bool) -> None:
    after = vpc(text)

    assert bool(secrets_in(between(vpc(""), after), {}, {"main.tf": after})) is found
