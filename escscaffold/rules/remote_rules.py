"""ESC2xx: what the peering routes to, and the additional addresses that its routes cover."""

from collections.abc import Iterator
from ipaddress import IPv4Network, collapse_addresses

from escscaffold.clouds.facts import REMOTE
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import BlockIndex, covered_by, overlapping_pairs, overlaps_any, smallest_supernet
from escscaffold.rules.finding import MoveFix, Rule, Violation, narrower_remote, together

_GUIDE = "https://docs.kurrent.io/cloud/guides/kubernetes.html"
_PROVIDER = "https://github.com/kurrent-io/terraform-provider-kurrentcloud/blob/main/esc/resource_peering.go"
_TOLERABLE = "Accept ESC205 if those addresses never connect to the database."


def not_covered(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that must reach the database and that the peering does not route to."""
    for environment in plan.environments:
        if not environment.remote and environment.supernet:
            yield _no_supernet(environment, environment.supernet)
        for planned in environment.covered if environment.remote else ():
            if not covered_by(planned.cidr, environment.remote):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is outside the remote range {environment.routed}.",
                    fix=f"Use remote = {_needed_remote(environment)}, or remove remote to have it planned.",
                )


def _needed_remote(environment: EnvironmentPlan) -> str:
    """Return the remote range that covers what it must: one block, or a list where one would hold the database."""
    covered = [r.cidr for r in environment.covered]
    wide = smallest_supernet([*covered, *environment.remote])
    held = environment.kurrent is not None and wide.overlaps(environment.kurrent.cidr)
    if wide.prefixlen >= environment.spec.facts.kurrent.remote.shortest_prefix_length and not held:
        return f'"{wide}"'
    return "[" + ", ".join(f'"{block}"' for block in collapse_addresses(covered)) + "]"


def _no_supernet(environment: EnvironmentPlan, supernet: IPv4Network) -> Violation:
    held = " and ".join(f"{r.name} {r.cidr}" for r in environment.covered)
    # Ranges that are placed in a space of their own belong there: no other place would bring them together.
    has_separate_pools = len({r.facts.pools for r in environment.covered}) > 1
    outlier = environment.covered[-1].name if has_separate_pools else _outlier(environment).name
    return Violation(
        environment=environment.name,
        subject=outlier,
        message=f"No single remote range can cover {held}: it would be {supernet}, "
        f"and the widest allowed is /{environment.spec.facts.kurrent.remote.shortest_prefix_length}.",
        move=None if has_separate_pools else MoveFix(range_name=outlier),
        fix=narrower_remote(environment),
    )


def _outlier(environment: EnvironmentPlan) -> PlannedRange:
    """Return the covered range to move: the last one without which the others fit under one route."""
    widest = environment.spec.facts.kurrent.remote.shortest_prefix_length
    for candidate in reversed(environment.covered):
        others = [r.cidr for r in environment.covered if r is not candidate]
        if others and smallest_supernet(others).prefixlen >= widest:
            return candidate
    return environment.covered[-1]


def remote_of_wrong_size(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each remote range that the Kurrent provider would refuse by its size."""
    facts = plan.spec.facts.kurrent.remote
    shortest, longest = facts.shortest_prefix_length, facts.longest_prefix_length
    for environment in plan.environments:
        for block in environment.remote:
            if not shortest <= block.prefixlen <= longest:
                yield Violation(
                    environment=environment.name,
                    subject=REMOTE,
                    message=f"The remote range {block} is a /{block.prefixlen}; the provider supports /{shortest} to "
                    f"/{longest}.",
                    fix="Remove remote to have it planned."
                    if environment.spec.remote
                    else f"Make the range at least a /{longest}.",
                )


def overlaps_kurrent(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each remote range that shares addresses with its own Kurrent network."""
    for environment in plan.environments:
        kurrent = environment.kurrent
        if kurrent and overlaps_any(kurrent.cidr, environment.remote):
            # A covered range that overlaps the Kurrent network itself is reported by the rules on overlaps.
            if overlaps_any(kurrent.cidr, [r.cidr for r in environment.covered]):
                continue
            yield Violation(
                environment=environment.name,
                subject=REMOTE,
                message=f"The remote range {environment.routed} contains the Kurrent network {kurrent.cidr}.",
                move=MoveFix(range_name="kurrent"),
                fix=narrower_remote(environment, off=[kurrent.cidr]),
            )


def hidden_inside(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that never crosses the peering and that the peering routes to all the same."""
    for environment in plan.environments:
        covered = [r.cidr for r in environment.covered]
        for planned in environment.ranges:
            if (
                planned.hidden
                and overlaps_any(planned.cidr, environment.remote)
                and not overlaps_any(planned.cidr, covered)
            ):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is in the remote range {environment.routed}.",
                    move=MoveFix(range_name=planned.name),
                    fix=narrower_remote(environment, off=[planned.cidr]),
                )


def overlap_each_other(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each two remote ranges of one peering that overlap."""
    for environment in plan.environments:
        for earlier, later in overlapping_pairs(environment.remote):
            first, second = environment.remote[earlier], environment.remote[later]
            yield Violation(
                environment=environment.name,
                subject=REMOTE,
                message=f"The remote ranges {first} and {second} overlap.",
                fix=f"Keep only {min(first, second, key=lambda block: block.prefixlen)}.",
            )


def collateral(plan: AddressPlan) -> Iterator[Violation]:
    """Yield what else a supernet routes to: reserved blocks, and ranges of other environments."""
    other_blocks: list[tuple[IPv4Network, tuple[str, str]]] = [
        (block, ("", f"[reserved] {name} {block}")) for name, block in plan.spec.reserved.items()
    ]
    for environment, planned in plan.crossing():
        other_blocks.append((planned.cidr, (environment.name, f"{planned.name} {planned.cidr} of {environment.name}")))
    index = BlockIndex([(block, (block, *label)) for block, label in other_blocks])
    for environment in plan.environments:
        covered = [r.cidr for r in environment.covered]
        overlaps = {label for remote in environment.remote for label in index.overlapping(remote)}
        networks: dict[str, list[IPv4Network]] = {}
        for block, owner, what in sorted(overlaps):
            # A network comes before its subnets, and is reported instead of them.
            if owner and covered_by(block, networks.get(owner, ())):
                continue
            if owner not in (environment.name, *environment.spec.may_overlap) and not overlaps_any(block, covered):
                networks.setdefault(owner, []).append(block)
                yield _taken(environment, block, what)


def _taken(environment: EnvironmentPlan, block: IPv4Network, what: str) -> Violation:
    return Violation(
        environment=environment.name,
        subject=REMOTE,
        message=f"The remote range {environment.routed} also covers {what}.",
        fix=f"{together(environment)} {narrower_remote(environment, off=[block])}".strip() or _TOLERABLE,
    )


def beyond_private_space(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each supernet that reaches over the end of private address space though its ranges do not."""
    private = plan.spec.facts.kurrent.private_ranges
    for environment in plan.environments:
        within = all(covered_by(r.cidr, private) for r in environment.covered)
        for block in environment.remote:
            if within and not covered_by(block, private):
                yield Violation(
                    environment=environment.name,
                    subject=REMOTE,
                    message=f"The remote range {block} includes public addresses.",
                    fix=f"{together(environment)} {narrower_remote(environment)}".strip(),
                )


RULES = (
    Rule(
        code="ESC201",
        severity="error",
        title="Range outside the remote range",
        reason="The Kurrent network routes and allows only the remote range. Connections from other addresses time "
        "out.",
        source=_GUIDE,
        check=not_covered,
    ),
    Rule(
        code="ESC202",
        severity="error",
        title="Invalid remote range size",
        reason="The Kurrent provider accepts routes from /8 to /28 only.",
        source=_PROVIDER,
        check=remote_of_wrong_size,
    ),
    Rule(
        code="ESC203",
        severity="error",
        title="Remote range contains the Kurrent network",
        reason="The Kurrent network would route its own addresses into the peering, so no client reaches the database.",
        source="https://docs.kurrent.io/cloud/networking/private-network.html",
        check=overlaps_kurrent,
    ),
    Rule(
        code="ESC204",
        severity="warning",
        title="Cluster-internal range in the remote range",
        reason="Cluster-internal addresses never answer over the peering. Routing them blocks a later peering with a "
        "network that uses them.",
        source="https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        check=hidden_inside,
    ),
    Rule(
        code="ESC205",
        severity="warning",
        title="The remote range also covers another network",
        reason="The Kurrent network would route those addresses into this peering, so that network can never peer "
        "with it.",
        source=_GUIDE,
        check=collateral,
    ),
    Rule(
        code="ESC206",
        severity="warning",
        title="Remote range includes public addresses",
        reason="The Kurrent network would route public addresses of other owners into the peering.",
        source="https://www.rfc-editor.org/rfc/rfc1918#section-3",
        check=beyond_private_space,
    ),
    Rule(
        code="ESC207",
        severity="error",
        title="Overlapping remote ranges",
        reason="A peering has one route per range. An overlap is a duplicate or a mistyped range.",
        source=_PROVIDER,
        check=overlap_each_other,
    ),
)
