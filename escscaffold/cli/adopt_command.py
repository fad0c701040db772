"""`escscaffold adopt`: an environment for a peering that exists, from what was read of it."""

import posixpath
import shlex
from pathlib import Path
from typing import Any

import click

from escscaffold.cli.add_command import refuse_present, text_with_answers
from escscaffold.cli.answers import Answers, read_answers
from escscaffold.cli.collecting import complete
from escscaffold.cli.command import ScaffoldCommand, common_options, from_start
from escscaffold.cli.completing import offer_folders, offer_paths
from escscaffold.cli.init_command import refuse_in_use, text_of_answers
from escscaffold.cli.interview import OtherEnvironments
from escscaffold.cli.last_question import AnsweredPlan, LastQuestion
from escscaffold.cli.options import answer_options, plain_option
from escscaffold.cli.output import Output, paragraphs, working
from escscaffold.cli.tables import environment_text
from escscaffold.cli.terminal_reporter import holding, put_right
from escscaffold.cli.writing import write_plan
from escscaffold.errors import ScaffoldError, printable
from escscaffold.jobs.repository_plan import snapshot_for
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import kept_in
from escscaffold.planning.planner import plan_allocated
from escscaffold.rendering.repository_files import ImportBlock, TakeoverSteps, takeover_files
from escscaffold.repository.disk import NOTHING, read_basis
from escscaffold.repository.transaction import refuse_changed
from escscaffold.scanning.adoptable import Adoptable, adoptable
from escscaffold.scanning.peering_evidence import PeeringEvidence, peerings_seen
from escscaffold.scanning.scan_paths import scan_paths
from escscaffold.scanning.seen_resources import SeenResource, seen_roots
from escscaffold.scanning.source_files import exists
from escscaffold.spec.reading import DEFAULT_PROVIDER, SPEC_FILE, parse_toml, read_spec

_NOTHING: dict[str, list[object]] = {"files": [], "replaces": [], "read": [], "imports": []}


class NoPeeringError(ScaffoldError):
    """Nothing that was read is a peering with Kurrent Cloud."""


@click.command(
    "adopt",
    cls=ScaffoldCommand,
    looks_above=False,
    example="escscaffold adopt infra --to network --environment prod --yes",
    document=_NOTHING,
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, shell_complete=offer_paths)
@click.option(
    "--to",
    "target",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=".",
    shell_complete=offer_folders,
    help="Repository folder: new, empty, or written by escscaffold.  [default: this folder]",
)
@click.option("--peering", metavar="NAME", help="Peering to adopt, if several are found.")
@plain_option
@answer_options
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    target: Path,
    peering: str | None,
    folder: Path,
    yes: bool,
    plain: bool,
    as_json: bool,
    quiet: bool,
    color: str,
    **flags: Any,
) -> None:
    """Adopt an existing peering from Terraform files, state and JSON.

    PATH is any file or folder that `escscaffold scan` reads. Flags override the values found there; missing values
    are prompted for. The first plan imports the existing resources.
    """
    output = Output(as_json=as_json, quiet=quiet)
    paths = tuple(path if path == "-" else from_start(ctx, folder, path) for path in paths)
    for path in paths:
        if not exists(folder, path):
            raise click.BadParameter(f"{printable(path)} does not exist.", param_hint="PATH")
    repository = folder / target
    put_right(repository, output)
    is_there = (repository / SPEC_FILE).is_file()
    if not is_there:
        refuse_in_use(repository)
    with working("Reading", output):
        scan = scan_paths(folder, paths)
        seen = [
            peering for root in seen_roots(scan.modules, scan.texts, scan.resources) for peering in peerings_seen(root)
        ]
    evidence = _chosen(seen, peering)
    answers = read_answers(ctx)
    on_disk, basis = read_basis(repository) if is_there else (None, NOTHING)
    kept = kept_in(basis.lock)
    present = read_spec(on_disk.text, SPEC_FILE, kept) if on_disk else None
    provider = present.provider if present else answers.top.get("provider", DEFAULT_PROVIDER)
    read = adoptable(evidence, str(provider))
    _fill(answers, read)
    if not as_json and not quiet:
        click.echo(_read_text(read))
    others = OtherEnvironments(asks_ci=True)
    if on_disk and present:
        answers.existing_spec = parse_toml(on_disk.text, SPEC_FILE)
        others = OtherEnvironments(names=frozenset(present.environments))
        refuse_present(answers, present)

    def planned(so_far: Answers) -> tuple[str, AddressPlan]:
        so_far.spec()
        text = text_with_answers(on_disk.text, so_far) if on_disk else text_of_answers(so_far)
        spec = read_spec(text, SPEC_FILE, kept)
        return text, plan_allocated(basis.lock, spec, snapshot_for(basis, spec))

    def outlook(so_far: Answers) -> AnsweredPlan:
        _, plan = planned(so_far)
        shown = environment_text(plan.environment(so_far.environment or ""), free_rows=False)
        return AnsweredPlan(plan=plan, shown=shown, question=f"Write it to {repository}?")

    asked = complete(answers, yes=yes, others=others, last=LastQuestion(look_ahead=outlook, output=output), plain=plain)
    lock = basis.lock
    text, plan = planned(answers)
    environment = plan.environment(answers.environment or "")
    appended = _files(read, environment.name, [str(block) for block in environment.remote])
    rows = {
        "read": [
            {"key": ".".join(key), "value": read.answers[key], "place": place} for key, place in read.places.items()
        ],
        "imports": [{"to": takeover.to, "key": takeover.key, "id": takeover.id} for takeover in read.takeovers],
    }
    after = f"Next:\n  the steps under Adopt {environment.name} in {repository / 'README.md'}"
    with holding(repository, output):
        refuse_changed(repository, basis.ids)
        code = write_plan(
            repository,
            plan,
            lock,
            basis,
            output,
            spec_text=text,
            after=after,
            findings_shown=asked,
            more=rows,
            appended=appended,
        )
    ctx.exit(code)


def _chosen(seen: list[PeeringEvidence], name: str | None) -> PeeringEvidence:
    if not seen:
        raise NoPeeringError(
            "No peering with Kurrent Cloud was found.",
            hint="Pass its state, its Terraform files or the JSON of `esc --json infra peerings list`. Without a "
            "peering, use `escscaffold init --mode CLOUD-existing`.",
        )
    named = [takeover for takeover in seen if name in (None, takeover.name)]
    names = ", ".join(printable(takeover.name) for takeover in seen)
    if not named:
        raise click.BadParameter(f"Peering {printable(name or '')} not found; known: {names}.", param_hint="--peering")
    if len({takeover.name for takeover in named}) > 1 or (name is None and len(named) > 1):
        raise click.UsageError(f"Several peerings were found: {names}.\nChoose one with --peering NAME.")
    return named[0]


def _fill(answers: Answers, read: Adoptable) -> None:
    """Put what was read where no flag gave anything."""
    given_ranges = set(answers.ranges) - {"kurrent", "remote"}
    for path, value in read.answers.items():
        table: Any = answers.table
        for part in path[:-1]:
            table = table.get(part, {}) if isinstance(table, dict) else {}
        is_range = path[0] == "ranges" and path[-1] != "kurrent"
        if (isinstance(table, dict) and path[-1] in table) or (is_range and given_ranges):
            continue
        answers.put(path, value)
        # Of what is missing beside it, this is not the place.
        if path[0] != "existing":
            answers.places.setdefault(path, read.places[path] or "what was read")
    if read.name and "name" not in answers.table and answers.environment not in (None, read.name):
        answers.put(("name",), read.name)
        answers.places.setdefault(("name",), "what was read")


def _read_text(read: Adoptable) -> str:
    """Return what was read, each value with its place."""
    lines = [f"Read from {printable(read.evidence.name)}:"]
    for path, place in read.places.items():
        value = read.answers[path]
        shown = ", ".join(value) if isinstance(value, list) else value
        lines.append(f"  {'.'.join(path)} = {printable(str(shown))}  # {printable(place)}")
    for missing in read.not_found:
        lines.append(paragraphs(f"  The id of {printable(missing.address)} is unknown: pass the state as well."))
    return "\n".join([*lines, ""])


def _files(read: Adoptable, environment: str, after: list[str]) -> dict[str, str]:
    evidence = read.evidence
    imports = [
        ImportBlock(to=takeover.to, key=takeover.key, id=takeover.id, was=printable(takeover.resource.address))
        for takeover in read.takeovers
    ]
    steps = TakeoverSteps(
        environment=environment,
        peering=printable(evidence.name),
        before=None if evidence.routes is None else [str(route) for route in evidence.routes],
        after=after,
        replaced=evidence.routes is not None and set(after) != {str(route) for route in evidence.routes},
        removed=_commands(
            [missing for missing in read.not_found if missing.is_managed and not missing.is_data], "destroy", "-target="
        ),
        forgotten=_commands(
            [takeover.resource for takeover in read.takeovers if takeover.resource.is_managed], "state rm", ""
        ),
        imports=len(imports),
        renamed=[printable(takeover.resource.address) for takeover in read.takeovers if takeover.is_renamed],
    )
    return dict(takeover_files(imports, steps))


def _commands(resources: list[SeenResource], verb: str, flag: str) -> list[str]:
    """Return one Terraform command for each folder that the resources are in."""
    folders: dict[str, list[str]] = {}
    for resource in resources:
        folders.setdefault(posixpath.dirname(resource.source) or ".", []).append(resource.address)
    return [
        printable(f"terraform -chdir={shlex.quote(folder)} {verb} ")
        + " ".join(f"{flag}{shlex.quote(printable(address))}" for address in addresses)
        for folder, addresses in folders.items()
    ]
