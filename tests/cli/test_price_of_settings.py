"""What `set` says that Terraform destroys or replaces is what `review` says of the same change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from escscaffold.clouds.fact_files import cloud_names, load_cloud, mode_names, settings_of_database
from escscaffold.clouds.known_facts import load_facts
from escscaffold.errors import ScaffoldError
from escscaffold.jobs.change import set_keys
from escscaffold.jobs.generate import Generated, Terms, generate
from escscaffold.reviewing.impact import follows
from escscaffold.terraform.addresses import without_keys
from tests.conftest import Run
from tests.emitted.guide import init_flags
from tests.emitted.test_random_settings import values_of
from tests.properties import in_full
from tests.reviewing.sides import resources

MODES = [mode for cloud in cloud_names() for mode in load_cloud(cloud).modes]
# Each is set, and taken back. The exit codes follow the rule of docs/how-to/change-a-range.md: data or addresses.
KNOWN = [
    ("eks", "options.flow_logs=false", 5, 0),
    ("eks", "options.nat=single", 0, 5),
    ("eks", "kubernetes.addons=[]", 0, 0),
    ("eks", "options.irsa=true", 0, 0),
    ("gke-standard", "options.nodes=public", 5, 0),
    ("gke-standard", "parts.database=absent", 5, 0),
    ("aks-cni", "database.read_only_replicas=2", 0, 0),
    ("aks-cni", "options.outbound=nat-gateway", 0, 5),
    ("aks-kubenet-vnet", "mode=aks-overlay", 5, 5),
]
RESOURCES = load_facts().resources
OUTCOMES = {0: "done", 5: "would-replace"}
ACCEPTED = Terms(accepted=("prod",))
_LETTERS = str.maketrans("'", '"')


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a repository of each mode that is tried."""
    return tmp_path_factory.mktemp("repositories")


def repository_of(mode: str, repositories: Path, run: Run) -> Path:
    folder = repositories / mode
    if not folder.exists():
        assert run("init", folder, *init_flags(mode)).exit_code == 0
    return folder


@pytest.mark.parametrize(("mode", "setting", "there", "back"), KNOWN)
def test_set_says_what_review_says(
    mode: str, setting: str, there: int, back: int, repositories: Path, run: Run
) -> None:
    folder = repository_of(mode, repositories, run)
    spec = (folder / "escscaffold.toml").read_text(encoding="utf-8")

    set_to, set_untold = changed(folder, [setting])
    (folder / "escscaffold.toml").write_text(spec, encoding="utf-8")
    taken_back, untold_back = changed(folder, [])

    assert [set_to.outcome, taken_back.outcome] == [OUTCOMES[there], OUTCOMES[back]]
    assert (set_untold, untold_back) == ([], [])


@in_full
@pytest.mark.parametrize("mode", MODES)
def test_set_says_what_review_says_of_every_setting(mode: str, repositories: Path, run: Run) -> None:
    folder = repository_of(mode, repositories, run)
    spec = (folder / "escscaffold.toml").read_text(encoding="utf-8")

    found = {}
    for setting in settings(mode):
        for settled in ([setting], []):
            if not settled:
                (folder / "escscaffold.toml").write_text(spec, encoding="utf-8")
            try:
                _, found[setting, bool(settled)] = changed(folder, settled)
            except ScaffoldError:
                break

    assert found
    assert {change: addresses for change, addresses in found.items() if addresses} == {}


def settings(mode: str) -> Iterator[str]:
    """Yield values of each option, setting and part, as `set` takes them."""
    cloud = load_cloud(mode_names()[mode])
    facts = cloud.modes[mode]
    for name, option in facts.options.items():
        yield from (f"options.{name}={str(value).lower()}" for value in option.choices or (True, False))
    database = settings_of_database(cloud.name, "kurrentcloud", "create")
    for table, key, value in [*values_of("kubernetes", facts.kubernetes), *values_of("database", database)]:
        yield f"{table}.{key}={value.translate(_LETTERS) if value.startswith('[') else value.strip(chr(39))}"
    yield from (f"parts.{name}={choice}" for name, choices in facts.parts.items() for choice in choices)


def changed(folder: Path, settled: list[str]) -> tuple[Generated, list[str]]:
    """Change the settings, or generate without any; return what is said, and what review alone says is destroyed."""
    before = texts(folder)
    done = written(folder, settled, Terms())
    if done.outcome == "would-replace":
        assert texts(folder) == before
        written(folder, settled, ACCEPTED)
    going = [one for one in resources(before, texts(folder)).values() if one.is_destructive]
    # What follows another resource, as a role assignment does, is not listed.
    leading = [one for one in going if not follows(one, RESOURCES)]
    assert bool(leading) <= bool(done.replaced or done.destroyed or done.dropped), (settled, leading)
    told = told_by(done)
    # A resource goes with its module: addresses with their NAT gateways, routes with their table.
    modules = {
        module_of(one.instance.was) for one in going if {one.instance.type, without_keys(one.instance.was)} & told
    }
    alone = [one.instance.was for one in going if one.action == "destroy"]
    return done, [address for address in alone if "everything" not in told and module_of(address) not in modules]


def written(folder: Path, settled: list[str], terms: Terms) -> Generated:
    return set_keys(folder, settled, None, terms) if settled else generate(folder, terms)


def told_by(done: Generated) -> set[str]:
    """Return the types and addresses that a result names."""
    told = {one.reference.name for one in done.destroyed} | {one.address for one in done.dropped}
    affected = [resource for one in done.replaced for resource in one.resources]
    told |= {"everything"} if any(resource.everything for resource in affected) else set()
    return told.union(*(resource.types for resource in affected))


def module_of(address: str) -> str:
    return without_keys(address).rsplit(".", 2)[0]


def texts(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
