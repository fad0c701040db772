"""What is read and written of an IPAM without a connection, and what plans make of it."""

from datetime import date
from ipaddress import IPv4Network

import pytest

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import Grants
from escscaffold.planning.lock import Lock, format_lock, with_environment_renamed
from escscaffold.planning.lock_records import Claim, Claims
from escscaffold.planning.lock_text import read_lock
from escscaffold.planning.snapshot import Prefix, Snapshot, ipam_changes, ordered, read_snapshot, snapshot_text
from escscaffold.spec.model import Reference

URL = "https://netbox.example.com"
SPEC = """\
version = 1

[ipam]
kind = "netbox"
url = "https://netbox.example.com"
claim_from = ["10.64.0.0/10"]
repository = "platform/network"

[environments.prod]
cloud = "aws"
region = "eu-central-1"
mode = "eks"
"""


def prefix(number: int, block: str, status: str = "active", description: str = "", **more: object) -> Prefix:
    return Prefix(id=number, prefix=block, status=status, description=description, **more)  # type: ignore[arg-type]


def snapshot(*prefixes: Prefix) -> Snapshot:
    return Snapshot(kind="netbox", url=URL, pulled="2026-11-28", prefixes=ordered(prefixes))


ROOT = prefix(1, "10.64.0.0/10", "container")


def test_what_is_written_is_read_and_a_prefix_has_a_line_of_its_own() -> None:
    one = snapshot(
        prefix(3, "10.9.0.0/16", description='"quoted"\n'), prefix(2, "10.10.0.0/16"), prefix(9, "9.0.0.0/8")
    )

    text = snapshot_text(one)

    assert read_snapshot(text) == one
    assert [line.strip()[:30] for line in text.splitlines()[7:10]] == [
        '{"id":9,"prefix":"9.0.0.0/8","',
        '{"id":3,"prefix":"10.9.0.0/16"',
        '{"id":2,"prefix":"10.10.0.0/16',
    ]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: text[:-5],
        lambda text: text.replace("10.64.0.0/10", "10.64.0.1/10"),
        lambda text: text.replace('"version": 1', '"version": 2'),
        lambda text: text.replace('"id":1', '"id":"one"'),
        lambda text: text.replace("2026-11-28", "yesterday"),
        lambda text: text.replace('"kind"', '"kind_"'),
        lambda text: "[" * 100_000,
        lambda text: f"<<<<<<< ours\n{text}=======\n>>>>>>> theirs\n",
        lambda text: "\udcff",
    ],
)
def test_what_was_never_written_is_refused(break_it) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SpecError) as refused:
        read_snapshot(break_it(snapshot_text(snapshot(ROOT))))

    assert [problem.code for problem in refused.value.problems] == ["ESC705"]


def test_another_order_is_refused() -> None:
    two = snapshot_text(snapshot(prefix(1, "10.0.0.0/16"), prefix(2, "10.1.0.0/16")))

    with pytest.raises(SpecError, match="not sorted"):
        read_snapshot(two.replace("10.0.0.0/16", "10.2.0.0/16"))


def test_what_changed_between_two_pulls_is_told_by_address() -> None:
    before = snapshot_text(snapshot(ROOT, prefix(2, "10.8.0.0/16", description="office"), prefix(3, "10.9.0.0/16")))
    after = snapshot_text(snapshot(ROOT, prefix(2, "10.8.0.0/16", description="lab"), prefix(4, "10.2.0.0/16")))

    changes = [(c.change, c.prefix, c.before, c.after) for c in ipam_changes(before, after)]

    assert changes == [
        ("added", "10.2.0.0/16", "", "10.2.0.0/16, active"),
        ("changed", "10.8.0.0/16", "10.8.0.0/16, active, office", "10.8.0.0/16, active, lab"),
        ("removed", "10.9.0.0/16", "10.9.0.0/16, active", ""),
    ]
    assert ipam_changes(after, after) == ()
    assert [c.change for c in ipam_changes(None, after)] == ["added"] * 3


def test_the_age_is_counted_in_days() -> None:
    assert snapshot().age(date(2026, 12, 1)) == 3


def network_of(one: Snapshot, grants: Grants | None = None) -> str:
    planned = plan(read_spec(SPEC), grants, one).environment("prod").range("network")
    return str(planned.cidr) if planned else "no room"


def test_a_plan_stays_off_what_others_have() -> None:
    assert network_of(snapshot(ROOT)) == "10.64.0.0/16"
    assert network_of(snapshot(ROOT, prefix(2, "10.64.3.0/24"))) == "10.65.0.0/16"
    # A container has addresses only where something in it has them, unless it is full.
    assert network_of(snapshot(ROOT, prefix(2, "10.64.0.0/12", "container"))) == "10.64.0.0/16"
    assert network_of(snapshot(ROOT, prefix(2, "10.64.0.0/12", "container", full=True))) == "10.80.0.0/16"
    # What one claims from is no obstacle, whatever its status.
    assert (
        network_of(snapshot(prefix(1, "10.64.0.0/10", "active"), prefix(2, "10.0.0.0/8", "active"))) == "10.64.0.0/16"
    )


def test_a_plan_is_not_in_the_way_of_itself() -> None:
    own = prefix(7, "10.70.0.0/16", "reserved", "platform/network: prod network")
    claims = Claims(
        repository="platform/network",
        held={Reference("prod", "network"): Claim(cidr=IPv4Network("10.70.0.0/16"), id=7)},
    )

    assert network_of(snapshot(ROOT, own), Grants(claims=claims)) == "10.70.0.0/16"


def test_the_kurrent_network_has_room_beside_a_claimed_block() -> None:
    claims = Claims(
        repository="platform/network",
        held={Reference("prod", "network"): Claim(cidr=IPv4Network("10.70.0.0/16"), id=7)},
    )

    kurrent = plan(read_spec(SPEC), Grants(claims=claims), snapshot(ROOT)).environment("prod").range("kurrent")

    assert kurrent is not None and str(kurrent.cidr) == "10.127.255.0/24"


def test_another_branchs_environment_is_in_the_way() -> None:
    other = prefix(7, "10.64.0.0/16", "reserved", "platform/network: staging network")

    assert network_of(snapshot(ROOT, other)) == "10.65.0.0/16"


def test_ranges_that_never_cross_stay_out_of_what_is_claimed_from() -> None:
    services = plan(read_spec(SPEC), None, snapshot(ROOT)).environment("prod").range("services")

    assert services is not None and not services.cidr.subnet_of(IPv4Network("10.64.0.0/10"))


def test_a_prefix_in_a_range_is_an_error_with_a_place_that_is_free() -> None:
    pinned = f'{SPEC}\n[environments.prod.ranges]\nnetwork = "10.80.0.0/16"\n'
    taken = snapshot(ROOT, prefix(9, "10.80.4.0/24", description="printers"), prefix(10, "10.64.0.0/16"))

    found = [f for f in check_plan(plan(read_spec(pinned), None, taken)) if f.code == "ESC701"]

    assert [f.message for f in found] == ["network 10.80.0.0/16 overlaps IPAM prefix 10.80.4.0/24 (printers), id 9."]
    assert 'Use network = "10.65.0.0/16"' in found[0].fix


def test_claims_are_in_the_lock_and_move_with_a_renamed_environment() -> None:
    claims = Claims(
        repository="platform/network",
        held={Reference("prod", "network"): Claim(cidr=IPv4Network("10.70.0.0/16"), id=7)},
    )
    lock = Lock(grants=Grants(claims=claims))

    text = format_lock(lock)

    assert '\n[claims]\n"prod.network" = "10.70.0.0/16 7"\n' in text
    assert read_lock(text, load_facts()).grants.claims == claims
    assert read_lock(
        format_lock(with_environment_renamed(lock, "prod", "live", load_facts().clouds)), load_facts()
    ).grants.claims.of("live")


@pytest.mark.parametrize("broken", ['"10.70.0.0/16"', '"10.70.0.0/16 x"', '"10.70.0.1/16 7"', '"10.70.0.0/16 ²"'])
def test_a_claim_that_was_never_written_is_refused(broken: str) -> None:
    with pytest.raises(SpecError):
        read_lock(f'version = 1\nrepository = "a/b"\n\n[claims]\n"prod.network" = {broken}\n', load_facts())
