"""All facts as one value: what reading a spec hands on to planning, rules and rendering, which load none themselves."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from escscaffold.clouds import fact_files
from escscaffold.clouds.choices import Part, Setting
from escscaffold.clouds.defaults import DefaultFacts
from escscaffold.clouds.facts import Cloud, Kurrent
from escscaffold.clouds.lifecycles import Lifecycles
from escscaffold.clouds.node_facts import NodeFacts
from escscaffold.clouds.replacing import ReplacementFacts

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
        self.lifecycles, self.nodes, self.replacing = Lifecycles(), NodeFacts(), ReplacementFacts()

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

    @cached_property
    def defaults(self) -> DefaultFacts:
        """The defaults of environments, today's and earlier ones."""
        return DefaultFacts(
            self.clouds,
            self.kurrent,
            lambda cloud, provider: self.settings_of_database(cloud, provider, "create"),
        )


@cache
def load_facts() -> Facts:
    """Return the facts of the templates that came with this escscaffold."""
    return Facts()
