"""What a review says of a change at random is what the real AWS provider plans for it.

The same with hundreds of changes: `python -m tests.reviewing.truth`; docs/explanation/verdict.md has its table.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from escscaffold.clouds.fact_files import mode_names
from tests.properties import in_full
from tests.reviewing.truth.__main__ import main
from tests.reviewing.truth.changing import KINDS
from tests.reviewing.truth.comparing import RESULTS, compared
from tests.reviewing.truth.driving import Laboratory, Tried, by_hand, laboratory
from tests.reviewing.truth.emitted import MODES, emitted, stand_ins
from tests.reviewing.truth.places import Files
from tests.terraform import real
from tests.terraform.root import require, require_terraform
from tests.terraform.schema import schema_folder

CHANGES = len(KINDS) + 1
"""Each kind of change once, as far as Terraform accepts it."""
TRAPS = tomllib.loads((Path(__file__).parent / "truth/traps.toml").read_text(encoding="utf-8"))
# Of all, those that hold modules in modules, files that are read, and databases.
CONFIGURATIONS = ("network", "cluster", "data")


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """All that is tried here, with one start of the real provider."""
    require_terraform()
    require(real.find("hashicorp/aws") is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror")
    with laboratory(tmp_path_factory.mktemp("truth"), by_hand(*CONFIGURATIONS, "conditions")) as made:
        yield made


def test_nothing_that_goes_is_told_as_safe(applied: Laboratory) -> None:
    made = replace(applied, applied=applied.applied[:-1])
    tried: list[Tried] = []
    while sum(one.result in RESULTS for one in tried) < CHANGES:
        tried.append(made.try_change(len(tried)))

    assert [one for one in tried if one.result == "MISSED"] == []
    counts = Counter(one.result for one in tried)
    assert counts["agrees"] > 0.8 * CHANGES, counts
    assert counts["not known"] < 0.15 * CHANGES, counts
    # There is something to miss, and it is told.
    assert sum("goes" in _fates(one) for one in tried) > CHANGES / 5


def test_what_replaces_under_a_condition_is_told(applied: Laboratory) -> None:
    base = applied.applied[-1]
    found, wanted = {}, {}
    for names, files in _together(base.files):
        comparison, _, refusal = applied.compare(base, files)
        differing = {difference.address for difference in comparison.differences}
        found[names] = (comparison.result, refusal, differing if comparison.result != "not known" else ())
        is_known = all(TRAPS[name]["told"] == "known" for name in names)
        wanted[names] = ("agrees", "", set()) if is_known else ("not known", "", ())

    assert found == wanted


def _together(files: Files) -> Iterator[tuple[tuple[str, ...], Files]]:
    """Yield the traps with the files that they change: as many at once as do not touch the same text."""
    waiting = dict(TRAPS)
    for name, trap in TRAPS.items():
        assert files["main.tf"].count(trap["old"]) == 1, name
    while waiting:
        text, told, names = files["main.tf"], next(iter(waiting.values()))["told"], []
        for name, trap in waiting.items():
            if trap["told"] == told and text.count(trap["old"]) == 1 and (told == "known" or not names):
                text = text.replace(trap["old"], trap["new"])
                names.append(name)
        waiting = {name: trap for name, trap in waiting.items() if name not in names}
        yield tuple(names), {**files, "main.tf": text}


@in_full
def test_changes_in_emitted_repositories_are_tried_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_terraform()
    require(real.find("hashicorp/aws") is not None, f"no real AWS provider; {real.FOLDER_VARIABLE} names a mirror")
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr("sys.argv", ["truth", "--changes", "6", "--of", "eks", "eks-custom", "--out", str(out)])

    assert main() == 0
    assert out.read_text(encoding="utf-8").count("\n") >= 6


@in_full
@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_nothing_that_goes_is_told_as_safe_where_providers_are_stood_in_for(cloud: str, tmp_path: Path) -> None:
    require_terraform()
    require(schema_folder().is_dir(), f"no provider schemas at {schema_folder()}")
    modes = [mode for mode in MODES if mode_names()[mode] == cloud]
    tried: list[Tried] = []
    with (
        stand_ins(tmp_path / "made") as (servers, schemas),
        laboratory(tmp_path, emitted(tmp_path / "emitted", modes), servers, schemas) as made,
    ):
        while sum(one.result in RESULTS for one in tried) < CHANGES:
            tried.append(made.try_change(len(tried)))

    assert [one for one in tried if one.result == "MISSED"] == []
    counts = Counter(one.result for one in tried)
    assert counts["agrees"] > 0.8 * CHANGES, counts
    # Fewer changes of emitted values replace than of a resource's own arguments.
    assert any("goes" in _fates(one) for one in tried)


@pytest.mark.parametrize(
    ("ours", "terraform", "result"),
    [
        ({}, {"aws_vpc.a": "replace"}, "MISSED"),
        ({"aws_vpc.a": "update"}, {"aws_vpc.a": "delete"}, "MISSED"),
        ({"aws_vpc.a": "unknown"}, {"aws_vpc.a": "replace"}, "not known"),
        ({"module.m[*].aws_vpc.a[*]": "unknown"}, {'module.m["x"].aws_vpc.a[0]': "delete"}, "not known"),
        ({"module.m[*].aws_vpc.a[*]": "unknown"}, {'module.m["x"].aws_vpc.b[0]': "delete"}, "MISSED"),
        ({"aws_vpc.a": "replace"}, {"aws_vpc.a": "update"}, "ours alone replaces"),
        ({"aws_vpc.a": "create"}, {}, "instances differ"),
        ({"aws_vpc.a": "replace", "aws_vpc.b": "move"}, {"aws_vpc.a": "replace"}, "agrees"),
    ],
)
def test_what_differs_is_told_by_what_it_would_cost(
    ours: dict[str, str], terraform: dict[str, str], result: str
) -> None:
    instances = [{"address": address, "action": action} for address, action in ours.items()]

    assert compared({"instances": instances, "unread": [], "impact": []}, terraform).result == result


@pytest.mark.parametrize(
    ("effect", "subject", "result"),
    [
        ("not known", "provider.aws", "not known"),
        ("in place", "provider.aws", "MISSED"),
        ("not known", "aws_vpc.b", "MISSED"),
    ],
)
def test_only_another_configuration_of_a_provider_leaves_all_resources_open(
    effect: str, subject: str, result: str
) -> None:
    document = {"instances": [], "unread": [], "impact": [{"effect": effect, "subject": subject}]}

    assert compared(document, {"aws_vpc.a": "replace"}).result == result


def _fates(one: Tried) -> set[str]:
    return {"goes" for action in one.comparison.terraform.values() if action in ("replace", "delete")}
