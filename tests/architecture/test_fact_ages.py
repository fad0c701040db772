"""The command that lists old facts: by key, by comment, by answers of a provider, and files without a day."""

import json
from pathlib import Path

import pytest

from tools.fact_ages import TEMPLATES, facts_in, main


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    (folder / "aws").mkdir(parents=True)
    (folder / "providers/hashicorp").mkdir(parents=True)
    (folder / "aws/lifecycles.toml").write_text('[eks]\ntitle = "EKS"\nread = 2026-06-01\n')
    (folder / "aws/cloud.toml").write_text(
        "# The last list the vendor printed (2023-08).\n# https://example.com\nregions = []\n\n"
        '# Read 2026-05-31.\n[tags]\nterm = "tags"\n'
    )
    (folder / "aws/impact.toml").write_text("# https://example.com/impact\nreplaces = []\n")
    (folder / "aws/words.toml").write_text('title = "no source, no day"\n')
    (folder / "providers/hashicorp/aws.json").write_text(json.dumps({"asked": "2026-11-28", "resources": {}}))
    return folder


def test_each_form_of_a_day_is_read(templates: Path) -> None:
    known, undated = facts_in(templates)

    assert [(fact.read.isoformat(), fact.path, fact.name) for fact in known] == [
        ("2023-08-01", "templates/aws/cloud.toml", "regions"),
        ("2026-05-31", "templates/aws/cloud.toml", "[tags]"),
        ("2026-06-01", "templates/aws/lifecycles.toml", "eks"),
        ("2026-11-28", "templates/providers/hashicorp/aws.json", "asked"),
    ]
    assert undated == ["templates/aws/impact.toml"]


@pytest.mark.parametrize(
    ("as_of", "older"),
    [("2024-07-31", 0), ("2024-08-01", 1), ("2027-06-01", 2), ("2027-06-02", 3), ("2028-01-01", 4)],
)
def test_a_fact_is_old_after_a_year(
    templates: Path, capsys: pytest.CaptureFixture[str], as_of: str, older: int
) -> None:
    code = main(["--as-of", as_of, "--templates", str(templates)])

    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == older + 2
    # A file without a day does not pass as fine.
    assert code == 1
    assert printed[-1].startswith(f"{older} of 4 days")
    assert printed[-2] == "no day      templates/aws/impact.toml"


def test_facts_that_are_dated_and_new_are_fine(templates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (templates / "aws/impact.toml").write_text("# Read 2026-05-31.\n# https://example.com/impact\nreplaces = []\n")

    assert main(["--as-of", "2024-07-31", "--templates", str(templates)]) == 0
    assert capsys.readouterr().out.startswith("0 of 5 days are before")


# Facts whose sources were not read again since they were written: a new file of facts has a day, and none loses it.
UNDATED = {
    "aws": "listings",
    "azure": "conditions listings",
    "gcp": "conditions impact listings modes/gcp-existing own_ranges",
    "repository": "_ci",
}


def test_no_other_file_of_facts_is_without_a_day() -> None:
    _, undated = facts_in(TEMPLATES)

    known = {f"templates/{folder}/{name}.toml" for folder, names in UNDATED.items() for name in names.split()}
    assert set(undated) == known


def test_the_facts_of_the_package_have_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--as-of", "2028-01-01"]) == 1

    printed = capsys.readouterr().out
    for path in ("aws/lifecycles.toml", "kurrent/lifecycles.toml", "gcp/cloud.toml", "providers/hashicorp/aws.json"):
        assert f"templates/{path}: " in printed
