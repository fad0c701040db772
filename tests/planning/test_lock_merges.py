"""The lock in version control: merged by git, edited by hand, broken off, and always read or refused."""

from ipaddress import IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from escscaffold import check_plan, plan, read_spec
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import SpecError
from escscaffold.planning.address_plan import AddressPlan, Grants
from escscaffold.planning.lock import LOCK_FILE, Lock, Manifest, format_lock, grants_for
from escscaffold.planning.lock_text import read_lock
from escscaffold.spec.model import Location, Reference
from tests.git import git
from tests.planning.documents import Document, as_toml, blocks, documents, environments, locked, planned
from tests.properties import examples

NAMES = st.sampled_from(["a", "b", "prod", "a-1", "z9"])
RANGES = st.sampled_from(["kurrent", "network", "nodes-1", "nodes-2", "pods", "services"])
IDS = st.text("0123456789abcdef", min_size=40, max_size=40)
PATHS = st.sampled_from(["README.md", "environments/a/main.tf"])
ANSWERS = st.sampled_from(['{"cloud":"aws"}', '{"existing":{"kurrent-project":"it\\u0027s \\"ours\\""}}', "{}"])
SETTINGS = st.sampled_from(["aws eu-central-1 eks", "gcp europe-west2 gke-standard", "azure westeurope aks-cni"])


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    placed = st.dictionaries(st.builds(Reference, NAMES, RANGES), blocks().map(IPv4Network))
    routed = st.dictionaries(NAMES, st.lists(blocks().map(IPv4Network), max_size=3).map(tuple))
    files = st.dictionaries(PATHS, IDS)
    return Lock(
        provider=draw(st.sampled_from(["", "kurrentcloud", "eventstorecloud"])),
        locations=draw(st.dictionaries(NAMES, SETTINGS.map(Location.read))),
        grants=Grants(ranges=draw(placed), routed=draw(routed), retired=draw(placed)),
        manifest=Manifest(
            writer=draw(st.sampled_from(["", "0.1.0"])),
            answers=draw(st.dictionaries(NAMES, ANSWERS)),
            written=draw(files),
            deleted=draw(files),
            released=draw(files),
            bases=draw(st.dictionaries(PATHS, st.text("ABCxyz019+/=", min_size=1))),
        ),
    )


@examples(60)
@given(locks())
def test_a_lock_reads_back_as_it_was(lock: Lock) -> None:
    assert read_lock(format_lock(lock), load_facts()) == lock
    assert format_lock(read_lock(format_lock(lock), load_facts())) == format_lock(lock)


def plan_beside(document: Document, lock_text: str) -> AddressPlan:
    lock = read_lock(lock_text, load_facts())
    spec = read_spec(as_toml(document))
    return replace(plan(spec, grants_for(lock, spec)), notes=lock.notes)


@examples(60)
@given(documents(most=2), st.data())
def test_a_lock_that_was_edited_is_told_or_refused(document: Document, data: st.DataObject) -> None:
    text = locked(planned(document))
    edited = edit(text.splitlines(), data)

    try:
        found = check_plan(plan_beside(document, edited))
    except SpecError as error:
        assert {problem.code for problem in error.problems} == {"ESC601"}
        return
    if changed_grants(text, edited):
        assert {"ESC602", "ESC603"} & {finding.code for finding in found}


def edit(lines: list[str], data: st.DataObject) -> str:
    """Do to some lines what hands and tools do to lines."""
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["drop", "repeat", "break", "replace", "digit", "mark", "block"]))
        line = lines[place]
        cut = data.draw(st.integers(0, len(line)))
        digits = [n for n, sign in enumerate(line) if sign.isdigit()]
        if kind == "drop":
            lines = [*lines[:place], *lines[place + 1 :]] or [""]
        elif kind == "repeat":
            lines = [*lines[:place], line, *lines[place:]]
        elif kind == "break":
            lines = [*lines[:place], line[:cut]]
        elif kind == "digit" and digits:
            at = data.draw(st.sampled_from(digits))
            lines = [
                *lines[:place],
                line[:at] + data.draw(st.sampled_from("0123456789")) + line[at + 1 :],
                *lines[place + 1 :],
            ]
        elif kind == "mark":
            mark = data.draw(st.sampled_from(["<<<<<<< HEAD", "=======", ">>>>>>> other", "||||||| base"]))
            lines = [*lines[:place], mark, *lines[place:]]
        elif kind == "block":
            key, equals, _ = line.partition(" = ")
            lines = [*lines[:place], f'{key}{equals}"{data.draw(blocks())}"', *lines[place + 1 :]]
        else:
            lines = [*lines[:place], data.draw(st.text(max_size=30)), *lines[place + 1 :]]
    return "\n".join(lines) + "\n"


def changed_grants(text: str, edited: str) -> bool:
    """Return True if an environment that still has its seal has other places than were written."""
    before, after = read_lock(text, load_facts()), read_lock(edited, load_facts())
    sealed = {line.split('"')[1] for line in table(edited, "seals")}
    return any(
        part(before, name) != part(after, name)
        for name in sealed
        if name in before.locations and f'"{name}" = ' in "\n".join(table(text, "seals"))
    )


def table(text: str, name: str) -> list[str]:
    lines = text.splitlines()
    if f"[{name}]" not in lines:
        return []
    start = lines.index(f"[{name}]") + 1
    ends = [n for n in range(start, len(lines)) if lines[n].startswith("[")]
    return [line for line in lines[start : ends[0] if ends else len(lines)] if line.startswith('"')]


def part(lock: Lock, name: str) -> tuple[object, ...]:
    grants = lock.grants
    ranges = {key: block for key, block in grants.ranges.items() if key[0] == name}
    return lock.locations.get(name), ranges, grants.routed.get(name)


def merged(folder: Path, base: str, ours: str, theirs: str) -> str:
    """Return the lock that a real merge of two branches leaves in the working tree."""
    file = folder / LOCK_FILE
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for branch, text in (("main", base), ("theirs", theirs), ("ours", ours)):
        if branch != "main":
            git(folder, "checkout", "-b", branch, "main")
        file.write_text(text, encoding="utf-8")
        git(folder, "add", LOCK_FILE)
        git(folder, "commit", "--allow-empty", "-m", branch)
    git(folder, "merge", "theirs", expect=None)
    return file.read_text(encoding="utf-8")


GKE = {"cloud": "gcp", "region": "europe-west2", "mode": "gke-standard"}
EKS = {"cloud": "aws", "region": "eu-central-1", "mode": "eks"}


def repository(**asked: Document) -> Document:
    return {"version": 1, "environments": asked}


@pytest.mark.parametrize("names", [("aaa", "zzz"), ("dev", "test"), ("test", "dev"), ("prod-1", "prod-2")])
def test_two_branches_that_each_add_an_environment_merge_into_a_lock_that_reads(
    names: tuple[str, str], tmp_path: Path
) -> None:
    one, two = names
    base = locked(planned(repository(prod=GKE)))
    ours = locked(planned(repository(prod=GKE, **{one: GKE}), base), base)
    theirs = locked(planned(repository(prod=GKE, **{two: EKS}), base), base)

    text = merged(tmp_path, base, ours, theirs)

    lock = read_lock(text, load_facts())
    for mine, side in ((one, ours), (two, theirs), ("prod", base)):
        assert part(lock, mine) == part(read_lock(side, load_facts()), mine)
    found = check_plan(plan_beside(repository(prod=GKE, **{one: GKE, two: EKS}), text))
    # Each branch took the first free place: they meet there, and it is said, with the way out.
    assert {f.code for f in found} <= {"ESC302", "ESC603", "ESC205"}
    assert "ESC302" in {f.code for f in found}


def test_two_branches_that_change_the_same_range_merge_into_the_upper_one_and_a_note(tmp_path: Path) -> None:
    base = locked(planned(repository(prod=GKE)))
    ours = locked(planned(repository(prod=GKE | {"ranges": {"pods": "10.64.0.0/17"}}), base), base)
    theirs = locked(planned(repository(prod=GKE | {"ranges": {"pods": "10.96.0.0/17"}}), base), base)

    text = merged(tmp_path, base, ours, theirs)
    found = check_plan(plan_beside(repository(prod=GKE), text))

    assert "<<<<<<<" in text
    assert str(read_lock(text, load_facts()).grants.ranges["prod", "pods"]) == "10.64.0.0/17"
    (note,) = [f for f in found if "prod.pods" in f.message]
    assert (note.code, note.severity, note.environment) == ("ESC603", "warning", "prod")
    assert "10.96.0.0/17" in note.message


@examples(12)
@given(documents(most=1), st.data())
def test_a_merge_of_random_branches_reads_and_plans(document: Document, data: st.DataObject) -> None:
    base = locked(planned(document))
    sides = []
    for name in ("left", "right"):
        more = data.draw(environments(pins=False, pools=list(document["pools"])))
        asked = document | {"environments": document["environments"] | {name: more}}
        sides.append((asked, locked(planned(asked, base), base)))
    with TemporaryDirectory() as folder:
        text = merged(Path(folder), base, sides[0][1], sides[1][1])

    lock = read_lock(text, load_facts())
    for name in ("left", "right"):
        assert name in lock.locations
    both = document | {"environments": sides[0][0]["environments"] | sides[1][0]["environments"]}
    check_plan(plan_beside(both, text))
