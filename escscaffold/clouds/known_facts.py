"""All facts as one value: what reading a spec hands on to planning, rules and rendering, which load none themselves."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from escscaffold.clouds import defaults, fact_files, lifecycles, node_facts, replacing
from escscaffold.clouds.choices import OptionValue, Part, Setting, Value
from escscaffold.clouds.defaults import Defaults, KeptDefaults
from escscaffold.clouds.facts import Cloud, Kurrent, Mode
from escscaffold.clouds.lifecycles import KnownRelease, Lifecycle

if TYPE_CHECKING:
    from escscaffold.clouds.evidence import ResourceEvidence
    from escscaffold.clouds.resource_facts import ResourceFacts


class Clouds(Mapping[str, Cloud]):
    """The clouds by their names, each read when it is first asked for: a plan needs one or two of them."""

    def __getitem__(self, name: str) -> Cloud:
        if name not in fact_files.cloud_names():
            raise KeyError(name)
        return fact_files.load_cloud(name)

    def __iter__(self) -> Iterator[str]:
        return iter(fact_files.cloud_names())

    def __len__(self) -> int:
        return len(fact_files.cloud_names())


class Facts:
    """What is known of the clouds, of Kurrent Cloud and of backends, each file read when it is first asked for."""

    def __init__(self) -> None:
        self.clouds: Mapping[str, Cloud] = Clouds()
        self._defaults: dict[tuple[str, ...], Defaults] = {}

    @cached_property
    def kurrent(self) -> Kurrent:
        """What Kurrent Cloud demands."""
        return fact_files.load_kurrent()

    @cached_property
    def evidence(self) -> "ResourceEvidence":
        """What existing resources say."""
        from escscaffold.clouds.evidence import ResourceEvidence  # only what scans needs it

        return ResourceEvidence(self.kurrent)

    @cached_property
    def resources(self) -> "ResourceFacts":
        """What is known of types of resources, and what their providers answered."""
        from escscaffold.clouds.resource_facts import ResourceFacts  # only what reads Terraform, or replaces, needs it

        return ResourceFacts()

    @cached_property
    def internal_ranges(self) -> tuple[IPv4Network, ...]:
        """The addresses that are private, or used as if they were."""
        return (*self.kurrent.private_ranges, *self.kurrent.shared_ranges)

    @cached_property
    def private_space(self) -> str:
        """The private ranges in words."""
        return " or ".join(map(str, self.kurrent.private_ranges))

    @cached_property
    def backends(self) -> Mapping[str, fact_files.Backend]:
        """The backends of Terraform; the first is the default."""
        return fact_files.load_backends()

    @cached_property
    def ci(self) -> Mapping[str, fact_files.CiService]:
        """The services that run the checks; the first is the default."""
        return fact_files.load_ci()

    @cached_property
    def kurrent_modules(self) -> Mapping[str, Mapping[str, Any]]:
        """The modules on the Kurrent side, in the order of their use, with what is known of each."""
        return fact_files.read_table(fact_files.template_root().joinpath("kurrent", "modules.toml"))

    @cached_property
    def pipeline(self) -> Mapping[str, Setting]:
        """What can be set of the CI."""
        return fact_files.pipeline_settings()

    @cached_property
    def sign_ins(self) -> Mapping[str, fact_files.CloudSignIn]:
        """How CI signs in without a key, by the cloud."""
        return fact_files.cloud_sign_ins()

    @property
    def modes(self) -> Mapping[str, str]:
        """The cloud of every mode."""
        return fact_files.mode_names()

    def settings_of_database(self, cloud: str, provider: str, part: Part) -> Mapping[str, Setting]:
        """Return what can be set of a database at this cloud, by this Terraform provider, as this part."""
        return fact_files.settings_of_database(cloud, provider, part)

    def todays_defaults(self, cloud: str, mode: str, provider: str) -> Defaults:
        """Return every default that a new environment gets, by this Terraform provider for the Kurrent side."""
        key = (cloud, mode, provider)
        if key not in self._defaults:
            database = self.settings_of_database(cloud, provider, "create")
            self._defaults[key] = defaults.todays_defaults(self.clouds[cloud].modes[mode], self.kurrent, database)
        return self._defaults[key]

    def defaults_of_mode(self, cloud: str, mode: str) -> Defaults:
        """Return today's defaults of a mode: its cluster's settings, its options, and what becomes of its parts."""
        key = (cloud, mode)
        if key not in self._defaults:
            self._defaults[key] = defaults.defaults_of_mode(self.clouds[cloud].modes[mode], self.kurrent)
        return self._defaults[key]

    def first_defaults(self, cloud: str, mode: str) -> Defaults:
        """Return the defaults of the versions that did not record any; nothing for a mode that is younger."""
        return defaults.first_defaults(self._first_defaults, cloud, mode)

    @cached_property
    def _first_defaults(self) -> Mapping[str, Any]:
        return fact_files.read_table(fact_files.template_root().joinpath("first_defaults.toml"))

    def kept_defaults(self, kept: KeptDefaults) -> Defaults:
        """Return the defaults that an environment was written with, also those that its lock did not record."""
        modes = self.clouds[kept.cloud].modes if kept.cloud in self.clouds else {}
        values = dict(defaults.earlier_defaults(modes[kept.mode], self.kurrent)) if kept.mode in modes else {}
        values |= self.first_defaults(kept.cloud, kept.mode) if kept.recorded is None else {}
        values = {key: value for key, value in values.items() if key.partition(".")[0] not in kept.absent}
        values |= kept.recorded or {}
        if not kept.renewed:
            return values
        return {
            key: value
            for key, value in values.items()
            if not kept.renewed & {defaults.EVERY, key} or self.changes_with(key)
        }

    def changes_with(self, key: str) -> str:
        """Return the setting that has to change with this one where the database exists; nothing for none.

        >>> Facts().changes_with("database.server_version")
        'server_version_tag'
        """
        section, _, name = key.partition(".")
        setting = self.kurrent.database.get(name) if section == "database" else None
        return setting.changes_with if setting else ""

    @cached_property
    def work(self) -> tuple[replacing.Work, ...]:
        """What has to be done around a replacement, in its order."""
        return replacing.work_of_replacing()

    def lifecycles(self, folder: str) -> tuple[Lifecycle, ...]:
        """Return the lifecycles of a cloud, or of `kurrent`."""
        return lifecycles.lifecycles_of(folder)

    @cached_property
    def program_lifecycles(self) -> Mapping[str, Lifecycle]:
        """The lifecycles of the programs that run what is written, by the program."""
        return lifecycles.program_lifecycles()

    @cached_property
    def deprecated_logins(self) -> Mapping[str, KnownRelease]:
        """What is known of deprecated logins, by their variables."""
        return lifecycles.deprecated_logins()

    def node_types(self, cloud: str) -> Mapping[str, node_facts.NodeType]:
        """Return the machine types of nodes whose addresses are known, by name."""
        return node_facts.node_types(cloud)

    def nodes_needed(self, cloud: str, mode: Mode, given: Mapping[str, Value]) -> node_facts.NodesNeeded | None:
        """Return what the nodes of a cluster take of an account's quotas; None where the cloud decides their number."""
        return node_facts.nodes_needed(cloud, mode, given)

    def pool_needed(
        self, cloud: str, mode: Mode, given: Mapping[str, Value], nodes: int, pool: str
    ) -> node_facts.NodesNeeded | None:
        """Return the same of a node pool with so many nodes."""
        return node_facts.quota_of(cloud, mode.pool_settings(), given, nodes, pool)

    def module_resources(self, cloud: str) -> Mapping[str, replacing.ModuleResources]:
        """Return what the cloud's modules make, by the module."""
        return replacing.module_resources(cloud)

    def step_between(self, cloud: str, before: str, after: str) -> replacing.ModeStep:
        """Return what is known of this change of a mode."""
        return replacing.step_between(cloud, before, after)

    def unlearned(self, cloud: str, range_name: str) -> replacing.UnlearnedFacts | None:
        """Return what the peering does not learn of a range that changes in place."""
        return replacing.unlearned_of(cloud, range_name)

    def impossible(self, cloud: str, mode: str, range_name: str, options: Mapping[str, OptionValue]) -> str:
        """Return why a change of this range fails while the cluster exists; nothing where it does not."""
        return replacing.impossible_of(cloud, mode, range_name, options)

    def instead(self, cloud: str, mode: str, range_name: str) -> str:
        """Return what can be done instead of a change of this range; nothing where that is not known."""
        return replacing.instead_of(cloud, mode, range_name)


@cache
def load_facts() -> Facts:
    """Return the facts of the templates that came with this escscaffold."""
    return Facts()
