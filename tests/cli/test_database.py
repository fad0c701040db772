"""What can be asked of a database, and what a change of it costs."""

from pathlib import Path

import pytest

from tests.conftest import Run

LOOKED_UP = ["parts.kurrent-project=existing", "existing.kurrent-project=shared"]
LOOKED_UP += ["parts.kurrent-network=existing", "existing.kurrent-network=shared", "ranges.kurrent=10.255.0.0/24"]
EXISTING = [*LOOKED_UP, "parts.database=existing", "existing.database=c0brj8.mesdb.eventstore.cloud"]


def flags(*settings: str) -> list[str]:
    return ["--yes", *(word for setting in settings for word in ("--set", setting))]


@pytest.mark.parametrize(
    ("mode", "settings", "words"),
    [
        ("gke-standard", ["database.disk_type=gp3"], "'gp3' is not a value of disk_type"),
        ("eks", ["database.disk_type=ssd"], "'ssd' is not a value of disk_type"),
        ("aks-cni", ["database.disk_size=8"], "8 is outside 10 to 4,096"),
        ("eks", ["database.read_only_replicas=3"], "3 is outside 0 to 2"),
        (
            "eks",
            ["database.read_only_replicas=1", "database.topology=single-node"],
            "read_only_replicas needs topology = 'three-node-multi-zone'",
        ),
        (
            "eks",
            ["provider=eventstorecloud", "database.read_only_replicas=1"],
            "read_only_replicas needs provider = kurrentcloud",
        ),
        ("eks", [*EXISTING, "database.disk_size=20"], "disk_size applies only to a database created here"),
        ("eks", [*EXISTING, "backup.keep=2"], "backup applies only to a database created here"),
        ("eks", ["parts.database=absent", "acl.office=203.0.113.0/24"], "acl applies only to a database created here"),
        ("eks", ["acl.office=203.0.113.7/24"], "203.0.113.7/24"),
        ("eks", ['integrations.a={ sink = "slack" }'], 'sink = "slack" needs channel'),
        ("eks", ['integrations.a={ sink = "opsgenie", source = "notifications" }'], "source needs sink = 'slack'"),
        (
            "eks",
            ['integrations.a={ sink = "opsgenie", api_key = "k" }'],
            "api_key is a secret, and this file",
        ),
        ("eks", ['integrations.a={ sink = "pager" }'], "'pager' is not a value of sink"),
        ("eks", ["integrations.A_b.sink=opsgenie"], "A_b"),
        (
            "eks",
            [*EXISTING, 'integrations.a={ sink = "cloudwatch-logs", group = "g", region = "eu-west-1" }'],
            "sink = 'cloudwatch-logs' needs the id of a database created here",
        ),
        ("eks", ["backup.schedule=*/10 * * * *"], "Invalid schedule '*/10 * * * *'"),
        ("eks", ["backup.schedule=0 2 1 * *"], "Invalid schedule '0 2 1 * *'"),
        ("eks", ["backup.description={when}"], "Invalid description '{when}'"),
        ("eks", ["parts.database=existing"], "An existing database needs an existing Kurrent network"),
        (
            "eks",
            [*EXISTING[:-1], "existing.database=https://c0brj8.mesdb.eventstore.cloud:2113"],
            "Invalid database DNS name",
        ),
    ],
)
def test_what_cannot_be_is_refused(mode: str, settings: list[str], words: str, tmp_path: Path, run: Run) -> None:
    done = run("init", tmp_path / "net", "--mode", mode, *flags(*settings))

    assert done.exit_code == 2, done.output
    assert words in " ".join(done.output.split())
    assert not (tmp_path / "net").exists()


@pytest.mark.parametrize("setting", ["database.instance_type=f1", "database.topology=single-node"])
def test_a_database_that_is_not_for_production_is_warned_of(setting: str, tmp_path: Path, run: Run) -> None:
    done = run("init", tmp_path / "net", "--mode", "eks", *flags(setting))

    assert done.exit_code == 0
    assert "ESC503" in done.output


@pytest.mark.parametrize(
    ("settings", "old", "new", "told"),
    [
        (
            ["provider=eventstorecloud", "database.projection_level=off"],
            '"off"',
            '"system"',
            "prod.projection_level: off -> system replaces the database",
        ),
        (["database.projection_level=off"], '"off"', '"system"', ""),
        (["database.instance_type=c4"], '"c4"', '"m8"', ""),
        (
            ["tags.team=a"],
            "[environments.prod.tags]",
            '[environments.prod.acl]\noffice = "203.0.113.0/24"\n[environments.prod.tags]',
            "prod.acl: none -> set replaces the database",
        ),
        (
            ["kurrent_region=eu-west-1"],
            '"eu-west-1"',
            '"eu-west-2"',
            "prod.kurrent_region: eu-west-1 -> eu-west-2 replaces the Kurrent network",
        ),
        (
            ["routes=supernet"],
            'routes = "supernet"',
            'kurrent_region = "eu-west-2"',
            "prod.kurrent_region: eu-central-1 -> eu-west-2 replaces the Kurrent network",
        ),
        (["acl.office=203.0.113.0/24"], "203.0.113.0/24", "198.51.100.0/24", ""),
        (
            ["backup.schedule=0 2 * * *"],
            '"0 2 * * *"',
            '"0 3 * * *"',
            "prod.backup.schedule: 0 2 * * * -> 0 3 * * * replaces the schedule of the backups",
        ),
        (["backup.schedule=0 2 * * *"], '[environments.prod.backup]\nschedule = "0 2 * * *"', "", ""),
        (["parts.database=create"], '"create"', '"absent"', "prod.database: create -> absent replaces the database"),
        (["parts.database=absent"], '"absent"', '"create"', ""),
        (
            EXISTING,
            'kurrent-network = "existing"\ndatabase = "existing"',
            'kurrent-network = "create"\ndatabase = "create"',
            "prod.kurrent-network: existing -> create replaces the database, the peering",
        ),
    ],
)
def test_what_a_change_costs_is_said_before(
    settings: list[str], old: str, new: str, told: str, tmp_path: Path, run: Run
) -> None:
    repository = tmp_path / "net"
    assert run("init", repository, "--mode", "eks", *flags(*settings)).exit_code == 0
    spec = repository / "escscaffold.toml"
    assert old in spec.read_text()
    text = spec.read_text().replace(old, new)
    if told.startswith("prod.kurrent-network"):
        text = text.replace('kurrent-network = "shared"\n', "").replace(
            'database = "c0brj8.mesdb.eventstore.cloud"\n', ""
        )
    spec.write_text(text)

    done = run("generate", "-C", repository)

    assert done.exit_code == (5 if told else 0), done.output
    assert told in done.output
