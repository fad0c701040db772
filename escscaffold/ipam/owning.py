"""Which of the IPAM's prefixes are this repository's: those that the lock knows by number, and those with its label."""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from escscaffold.planning.claims import Claim, Claims, label_in
from escscaffold.planning.plan import Grants
from escscaffold.planning.snapshot import Prefix
from escscaffold.spec.model import Spec

Key = tuple[str, str]
"""Environment and range."""


class Own(Struct, frozen=True, kw_only=True):
    """The prefixes of this repository as the IPAM has them."""

    repository: str
    held: Mapping[Key, Prefix]
    surplus: tuple[Prefix, ...] = ()
    """Prefixes with a label that another one has already: two runs claimed at once."""

    @property
    def claims(self) -> Claims:
        """What the lock remembers of them."""
        held = {key: Claim(cidr=prefix.block, id=prefix.id) for key, prefix in self.held.items()}
        return Claims(repository=self.repository, held=held)

    def with_prefix(self, key: Key, prefix: Prefix) -> "Own":
        """Return the same with one more prefix."""
        return replace(self, held={**self.held, key: prefix})

    def of(self, environment: str) -> Mapping[str, Prefix]:
        """Return an environment's prefixes by range."""
        return {name: prefix for (owner, name), prefix in self.held.items() if owner == environment}


def find_own(prefixes: Iterable[Prefix], claims: Claims, repository: str, spec: Spec) -> Own:
    """Return what of the prefixes is this repository's.

    What only has a label counts for environments of the spec alone: another branch may have
    claimed it for an environment that this one does not have.
    """
    by_number = {claim.id: key for key, claim in claims.held.items()}
    held: dict[Key, Prefix] = {}
    labelled: list[tuple[Key, Prefix]] = []
    for prefix in prefixes:
        if prefix.id in by_number:
            held[by_number[prefix.id]] = prefix
        elif (label := label_in(prefix.description)) and label.repository == repository:
            labelled.append(((label.environment, label.range), prefix))
    surplus: list[Prefix] = []
    for key, prefix in sorted(labelled, key=lambda pair: pair[1].id):
        if key[0] not in spec.environments:
            continue
        if key in held:
            surplus.append(prefix)
        else:
            held[key] = prefix
    return Own(repository=repository, held=held, surplus=tuple(surplus))


def grants_with(grants: Grants, own: Own, spec: Spec) -> Grants:
    """Return the grants with what is claimed; a range that is registered and was not granted lies where it is.

    So a run that was ended before it wrote the lock is taken up where it was.
    """
    ranges = {key: prefix.block for key, prefix in own.held.items() if key[0] in spec.environments}
    known = {key: block for key, block in ranges.items() if _is_range(spec, key)}
    return replace(grants, ranges={**known, **grants.ranges}, claims=own.claims)


def _is_range(spec: Spec, key: Key) -> bool:
    return key[1] == "kurrent" or spec.environments[key[0]].mode.facts_of(key[1]) is not None
