"""The questions of the interview, in their order: place and mode, what exists, sizes, ranges, and CI."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.cli.answers import DEFAULT_NAME, Answers
from escscaffold.cli.cluster_sizes import BY_CIDR, size_questions
from escscaffold.cli.output import named_source
from escscaffold.clouds.choices import ExistingFacts
from escscaffold.clouds.fact_files import cloud_names, load_ci, load_cloud, load_kurrent, mode_names, with_options
from escscaffold.clouds.facts import Cloud, Mode, RangeFacts
from escscaffold.planning.address_plan import EnvironmentPlan
from escscaffold.spec import values
from escscaffold.spec.existing_parts import read_existing
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.range_values import need_keys, read_request
from escscaffold.spec.repository_tables import NO_CI, read_ci
from escscaffold.spec.values import BadValue, nearest, shown

CI = ("ci",)
KURRENT = ("kurrent",)
_NOTHING = "nothing"
_KURRENT_PARTS: Mapping[str, Mapping[str, str]] = {
    _NOTHING: {},
    "network": {"kurrent-project": "existing", "kurrent-network": "existing"},
    "database": {"kurrent-project": "existing", "kurrent-network": "existing", "database": "existing"},
}
"""Which parts exist, by the answer."""
_KURRENT_DESCRIPTIONS: Mapping[str, str] = {
    _NOTHING: "Project, network and database are created",
    "network": "The network and its project exist\nBoth are looked up by name. A database is created in the network.",
    "database": "The database exists, with its network and project\nAll of them are looked up.",
}
NONE = "none"
"""The answer that there is no range in use elsewhere."""


class Question(Struct, frozen=True, kw_only=True):
    """One thing to ask. `key` is the path in the environment's table, or ("environment",) or ("reserved",)."""

    key: tuple[str, ...]
    flag: str
    prompt: str
    why: str
    """One line on why it is asked, shown above the prompt."""
    explanation: Callable[[], str]
    """What `?` shows, put together once it is asked for."""
    listing: tuple[str, ...] = ()
    """The choices in a line each: `?` shows them above the explanation, unless the prompt itself is a list of them."""
    default: str
    read: Callable[[str], Any]
    """The validator that flags and spec file use too; raises BadValue."""
    words: tuple[str, ...] = ()
    """The known answers; another one has to be confirmed."""
    choices: Mapping[str, str] = {}
    """The answers with what each means, where there are few: a title, and further lines."""

    def is_doubtful(self, text: str) -> bool:
        """Whether a good answer is unusual."""
        return bool(self.words) and text not in self.words

    def suggestion(self, text: str) -> str:
        """Return the known answer that is nearest to an unknown one, or nothing."""
        from difflib import get_close_matches  # slow to import, and needed for mistakes only

        close = get_close_matches(text.lower(), self.words, n=1) if text not in self.words else []
        return close[0] if close else ""

    @property
    def is_range(self) -> bool:
        """Whether the answer changes the plan."""
        return self.key[0] == "ranges"


def questions(
    answers: Answers,
    planned: Callable[[], EnvironmentPlan | None],
    like: EnvironmentSpec | None = None,
    *,
    asks_ci: bool = False,
) -> Iterator[Question]:
    """Yield the questions that follow from the answers so far, those already answered among them.

    They end where an answer is needed to know the next. `planned` plans the answers so far; its
    ranges are the defaults. `like` is an environment that the new one probably resembles. The CI service is a question
    of a new repository.
    """
    yield Question(
        key=("environment",),
        flag="--environment",
        prompt="Name of the environment",
        why="Used as folder name and in resource names.",
        explanation=lambda: "1 to 20 lower-case letters, digits and hyphens, such as prod or eu-staging.",
        default=DEFAULT_NAME,
        read=values.read_environment_name,
    )
    yield _mode_question(answers.table.get("cloud"), like)
    if "mode" not in answers.table:
        return
    cloud = load_cloud(answers.table["cloud"])
    same_cloud = like if like and like.cloud.name == cloud.name else None
    yield Question(
        key=("region",),
        flag="--region",
        prompt="Region",
        why="Cluster and Kurrent network are in this region. Kurrent Cloud peers reliably within one region.",
        explanation=lambda: "\n".join(
            [
                f"Regions that Kurrent Cloud has published for {cloud.title}: {', '.join(cloud.regions)}.",
                *_network_account(cloud, cloud.modes[answers.table["mode"]]),
            ]
        ),
        default=same_cloud.region if same_cloud else cloud.default_region,
        read=values.read_region,
        words=cloud.regions,
    )
    yield Question(
        key=("reserved",),
        flag="--reserve",
        prompt="Ranges in use elsewhere (name=CIDR, separated by spaces)",
        why="Offices, VPNs and other networks that you may connect later. No planned range overlaps them.",
        explanation=lambda: "For example: office=10.8.0.0/16 vpn=10.9.0.0/24. Type none to skip.",
        default=NONE,
        read=_read_reserved,
    )
    # A range that only an option brings is placed without a question.
    mode = with_options(cloud.modes[answers.table["mode"]], {})
    yield from _kurrent_questions(answers.table)
    yield from _existing_questions(cloud, mode, answers)
    sized = tuple(Question(**fields) for fields in size_questions(mode, answers.sizes))
    yield from sized
    for name, range_facts in ranges_to_give(mode, answers):
        is_known_elsewhere = name == "kurrent" and _kurrent_exists(answers.table)
        # Ranges that no count of nodes sizes are few, and given one by one.
        if is_known_elsewhere or not sized or answers.sizes.get("size") == BY_CIDR:
            question = _range_question(name, range_facts, planned())
            yield replace(question, default="") if is_known_elsewhere else question
    if asks_ci:
        yield _ci_question()


def _mode_question(given_cloud: object, like: EnvironmentSpec | None) -> Question:
    """Return the question for the mode, which decides the cloud; of one cloud's modes where that is given."""
    clouds = [load_cloud(name) for name in cloud_names() if given_cloud in (None, name)]
    modes = [(cloud, mode) for cloud in clouds for mode in _default_first(cloud)]
    first = like.cloud if like and like.cloud in clouds else clouds[0]
    repeated = like.mode.name if like and like.cloud is first and _repeats(like.mode) else first.default_mode
    return Question(
        key=("mode",),
        flag="--mode",
        prompt="Mode",
        why="The mode sets the cloud and how pods get addresses. The Kurrent network is in the same cloud.",
        explanation=lambda: _modes_text(modes),
        listing=tuple(f"{mode.name}: {_label(cloud, mode)}" for cloud, mode in modes),
        default=repeated,
        read=partial(_read_mode, cloud=given_cloud),
        choices={mode.name: _described(cloud, mode) for cloud, mode in modes},
    )


def _default_first(cloud: Cloud) -> Iterator[Mode]:
    yield cloud.modes[cloud.default_mode]
    yield from (mode for name, mode in cloud.modes.items() if name != cloud.default_mode)


def _label(cloud: Cloud, mode: Mode) -> str:
    return f"{cloud.name}: {mode.title}"


def _described(cloud: Cloud, mode: Mode) -> str:
    retires = f"\nRetires on {mode.retires}: use {mode.replacement}." if mode.retires else ""
    return f"{_label(cloud, mode)}\n{cloud.title}. {mode.summary}{retires}"


def _modes_text(modes: Sequence[tuple[Cloud, Mode]]) -> str:
    """Return how to choose a mode, in few lines: the list of the modes stands below them."""
    existing = [mode.name for _, mode in modes if mode.others is not None]
    defaults = [mode.name for cloud, mode in modes if mode.name == cloud.default_mode]
    return (
        f"Defaults: {', '.join(defaults)}.\n"
        f"For an existing network with any cluster: {', '.join(existing)}.\n"
        "To see the ranges of a mode: escscaffold plan --mode MODE\n"
        f"Compare all modes: {named_source('docs/reference/modes.md')}"
    )


def _network_account(cloud: Cloud, mode: Mode) -> Iterator[str]:
    """Yield the settings of the account that decide where the network is: they are not asked."""
    for name, setting in cloud.account.items():
        if "network" in setting.parts:
            how = f"At the last question, account.{name}={setting.example} sets the {setting.purpose}."
            yield mode.account_refused.get(name, how)


def _repeats(mode: Mode) -> bool:
    """Return True if a repository can hold the mode twice: a range that the cloud sets would be there twice."""
    return all(facts.settable for facts in mode.ranges.values())


def _read_mode(value: object, cloud: object) -> str:
    if isinstance(cloud, str):
        return values.read_mode(value, cloud, mode_names())
    if value in cloud_names():
        modes = ", ".join(mode.name for mode in _default_first(load_cloud(str(value))))
        raise BadValue(f"{value} is a cloud.", f"Its modes: {modes}.")
    if value not in mode_names():
        raise BadValue(f"{shown(value)} is not a mode.", nearest(value, mode_names()))
    return str(value)


def _kurrent_questions(table: Mapping[str, Any]) -> Iterator[Question]:
    """Yield the questions that follow from the answers so far; `table` is the environment's."""
    yield Question(
        key=KURRENT,
        flag="--set parts.kurrent-network=existing",
        prompt="What exists in Kurrent Cloud",
        why="An existing Kurrent network or database is looked up, not created a second time.",
        explanation=lambda: (
            "nothing: project, network and database are created.\n"
            "network: the network and its project are looked up by name, and a database is created in it.\n"
            "database: network and database are looked up. For no database, leave and set "
            "--set parts.database=absent.\n"
            "No login is needed now. terraform apply reads ESC_ORG_ID, and ESC_CLIENT_ID and ESC_CLIENT_SECRET of a "
            "service account; ESC_TOKEN is deprecated."
        ),
        default=_NOTHING,
        choices=_KURRENT_DESCRIPTIONS,
        read=_read_kurrent_choice,
    )
    parts = table.get("parts", {})
    for name, facts in load_kurrent().existing.items():
        if isinstance(parts, dict) and parts.get(name) == "existing":
            yield _of_existing(name, facts)


def _kurrent_exists(table: Mapping[str, Any]) -> bool:
    """Whether the Kurrent network exists, so that its range can only be given."""
    parts = table.get("parts", {})
    return isinstance(parts, dict) and parts.get("kurrent-network") == "existing"


def kurrent_is_answered(table: Mapping[str, Any]) -> bool:
    """Whether flags or files gave what exists in Kurrent Cloud."""
    parts = table.get("parts", {})
    return isinstance(parts, dict) and bool({"kurrent-project", "kurrent-network", "database"} & parts.keys())


def kurrent_parts(answer: str) -> dict[str, str]:
    """Return which parts exist."""
    return dict(_KURRENT_PARTS[answer])


def forget_kurrent_parts(table: dict[str, Any]) -> None:
    """Take the answer and what followed from it out of the environment's table."""
    parts = {name: value for name, value in table.get("parts", {}).items() if name not in _KURRENT_PARTS["database"]}
    table.pop("parts", None)
    if parts:
        table["parts"] = parts


def _read_kurrent_choice(value: object) -> str:
    text = str(value)
    if text not in _KURRENT_PARTS:
        raise BadValue(f"{shown(text)} is not one of the answers.", f"Write one of {', '.join(_KURRENT_PARTS)}.")
    return text


def _existing_questions(cloud: Cloud, mode: Mode, answers: Answers) -> Iterator[Question]:
    """Yield the questions about existing resources, which have no defaults."""
    chosen = answers.table.get("parts")
    parts = {part: choices[0] for part, choices in mode.parts.items()} | (chosen if isinstance(chosen, dict) else {})
    for name, facts in mode.existing.items():
        if parts.get(name.partition("_")[0]) != "existing":
            continue
        lines = [*_network_account(cloud, mode)] if name.partition("_")[0] == "network" else []
        yield _of_existing(name, facts, lines)
    if mode.others is not None:
        yield Question(
            key=("named",),
            flag="--range NAME=CIDR",
            prompt="Ranges that must reach the database (name=CIDR, separated by spaces)",
            why=mode.others.why,
            explanation=lambda: "For example: nodes=10.20.0.0/16 pods=10.24.0.0/14",
            default="",
            read=_read_named,
        )


def _of_existing(name: str, facts: ExistingFacts, more: Sequence[str] = ()) -> Question:
    """Return the question which existing object Terraform looks up."""
    return Question(
        key=("existing", name),
        flag=f"--set existing.{name}=VALUE",
        prompt=facts.purpose,
        why="Terraform looks up the existing object by this value.",
        explanation=lambda: "\n".join([f"For example: {facts.example}", *more]),
        default="",
        read=partial(read_existing, facts=facts),
    )


def _read_named(text: str) -> dict[str, str]:
    """Read the `name=CIDR` pairs of existing ranges, one at least."""
    blocks = _read_pairs(text, values.read_environment_name, "nodes=10.20.0.0/16")
    if not blocks:
        raise values.BadValue("No range is set that connects to the database.", "Write it like nodes=10.20.0.0/16.")
    return blocks


def _read_reserved(text: str) -> dict[str, str]:
    """Read `name=CIDR` pairs, separated by spaces or commas."""
    return _read_pairs("" if text == NONE else text, values.read_reserved_name, "office=10.8.0.0/16")


def _read_pairs(text: str, read_name: Callable[[object], str], example: str) -> dict[str, str]:
    blocks: dict[str, str] = {}
    for pair in text.replace(",", " ").split():
        name, equals, cidr = pair.partition("=")
        if not equals:
            raise values.BadValue(f"{values.shown(pair)} is not name=CIDR.", f"Write it like {example}.")
        if name in blocks:
            raise values.BadValue(f"{values.shown(name)} is given twice.", "Set it once.")
        blocks[read_name(name)] = str(values.read_cidr(cidr))
    return blocks


def ranges_to_give(mode: Mode, answers: Answers) -> Iterator[tuple[str, RangeFacts]]:
    """Yield the ranges that can be given, by name."""
    yield "kurrent", load_kurrent().network
    names = ("kurrent", *mode.range_names())
    extra = [name for name in answers.ranges if name not in names] if mode.others is None else []
    for name in [*mode.range_names(), *extra]:
        facts = mode.facts_of(name)
        if facts is not None and facts.settable:
            yield name, facts


def _range_question(name: str, facts: RangeFacts, environment: EnvironmentPlan | None) -> Question:
    planned = environment.range(name) if environment else None
    default = str(planned.cidr) if planned else f"/{facts.default_prefix_length}"
    managed = f" Press Enter for the cloud's default, {facts.implied}." if facts.implied else ""
    return Question(
        key=("ranges", name),
        flag=f"--range {name}=VALUE",
        prompt=f"Range {name}",
        why=f"{facts.purpose}. {facts.why}",
        explanation=lambda: (
            f"A CIDR block such as {default} pins the range. A size such as /{facts.default_prefix_length} lets the "
            f"planner place it. Sizes: /{facts.shortest_prefix_length} to /{facts.longest_prefix_length}.{managed}\n"
            f"{_need_text(facts)}Source: {facts.limit_source}"
        ),
        default=default,
        read=lambda value: read_request(value, facts),
    )


def _need_text(facts: RangeFacts) -> str:
    """Return how to write the need of a range, or nothing where it is not sized by one."""
    sizing = facts.sizing
    if sizing is None:
        return ""
    if sizing.counts == "services":
        return "Or a number of services: { services = 500 }.\n"
    pods = f", pods_per_node = {sizing.default_pods_per_node}" if "pods_per_node" in need_keys(sizing) else ""
    return f"Or a number of nodes: {{ nodes = {max(sizing.fewest_nodes, 10)}{pods} }}.\n"


def _ci_question() -> Question:
    """Return the question for the CI service."""
    choices = {service.name: service.title for service in load_ci().values()}
    choices |= {NO_CI: "No files for CI"}
    return Question(
        key=CI,
        flag="--ci",
        prompt="CI service",
        why="CI tests each change, and reviews it if `[pipeline] package` is set.",
        explanation=lambda: "\n".join(
            [
                "Separate several by commas: github,gitlab",
                "`package` is what pip installs escscaffold from: git+https://HOST/OWNER/escscaffold@COMMIT",
            ]
        ),
        listing=tuple(f"{name}: {title}" for name, title in choices.items()),
        default=next(iter(load_ci())),
        read=partial(read_ci, names=load_ci()),
        choices=choices,
    )
