"""ESC4xx: what each cloud and mode allows of a range; whether it holds its nodes is among the capacity rules."""

from collections import Counter
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from escscaffold.clouds.facts import REMOTE, Forbidden, Severity
from escscaffold.planning.address_plan import AddressPlan, EnvironmentPlan, PlannedRange
from escscaffold.planning.ranges import covered_by, overlap, overlaps_any
from escscaffold.rules.finding import MoveFix, Rule, Violation, narrower_remote

_OVERLAPPED: dict[Severity, str] = {
    "error": "a range that the cloud refuses",
    "warning": "a range known to cause failures",
}


UNVERIFIED = " The largest size is not verified: one page alone has it."


def wrong_size(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that is larger or smaller than the cloud makes it; `kurrent` has a rule of its own."""
    for environment, planned in _own(plan):
        facts, length = planned.facts, planned.cidr.prefixlen
        shortest, longest = facts.shortest_prefix_length, facts.longest_prefix_length
        if facts.settable and planned.origin != "implied" and not shortest <= length <= longest:
            nearest_legal = min(max(length, shortest), longest)
            unverified = length < shortest and facts.one_source
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} is a /{length}; {environment.spec.mode.name} supports "
                f"/{shortest} to /{longest}.{UNVERIFIED if unverified else ''}",
                move=MoveFix(range_name=planned.name, prefix_lengths=(nearest_legal,)),
                source=facts.limit_source,
            )


def forbidden(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that overlaps addresses that the cloud refuses."""
    yield from _forbidden(plan, "error")


def discouraged(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range, the remote one too, that overlaps addresses that lead to trouble on this cloud."""
    yield from _forbidden(plan, "warning")
    for environment in plan.environments:
        covered = [r.cidr for r in environment.covered]
        for rule in environment.spec.cloud.forbidden:
            # A covered range is reported itself.
            if rule.applies_to == "kurrent" and not overlaps_any(rule.cidr, covered):
                yield from _routed(environment, rule)
        yield from _expanded_into(plan, environment)
    yield from _reserved(plan)


def _expanded_into(plan: AddressPlan, environment: EnvironmentPlan) -> Iterator[Violation]:
    """Yield the Kurrent network where the network that exists takes further subnets from the same addresses."""
    kurrent = environment.kurrent
    if kurrent is None:
        return
    for facts in environment.spec.expanding_networks():
        if kurrent.cidr.overlaps(facts.cidr):
            network = environment.spec.existing.get("network", "")
            stays = plan.kurrent_stays(environment)
            is_known = environment.spec.options.get(facts.option) == facts.expands
            is_open = facts.option in environment.spec.mode.options and not is_known
            convert = f"Convert the network to {facts.fixed} mode and "
            convert += f"set options.{facts.option} to {facts.fixed}." if is_open else "accept ESC403."
            yield Violation(
                environment=environment.name,
                subject="kurrent",
                message=f"kurrent {kurrent.cidr} overlaps {facts.cidr}. Subnets of the existing network {network} "
                f"use that range{'' if is_known else ' if it is in auto mode'}.",
                reason=facts.reason,
                move=None if stays else MoveFix(range_name="kurrent"),
                fix=convert if stays else "",
                source=facts.source,
            )


def _reserved(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each reserved block in addresses that cause trouble in connected networks, once for a cloud."""
    clouds = {environment.spec.cloud.name: environment.spec.cloud for environment in plan.environments}
    for cloud in clouds.values():
        connected = [rule for rule in cloud.forbidden if rule.applies_to == "kurrent" and rule.severity == "warning"]
        for name, block in plan.spec.reserved.items() if connected else ():
            for rule in connected:
                if overlap(block, rule.cidr):
                    yield Violation(
                        environment="",
                        subject=name,
                        message=f"[reserved] {name} {block} overlaps {rule.cidr}, known to cause failures in "
                        f"connected {cloud.title} clusters.",
                        reason=rule.reason,
                        fix=f"Do not connect {name} with the clusters, and accept ESC403.",
                        source=rule.source,
                    )


def _routed(environment: EnvironmentPlan, rule: Forbidden) -> Iterator[Violation]:
    for block in environment.remote:
        if block.overlaps(rule.cidr):
            yield Violation(
                environment=environment.name,
                subject=REMOTE,
                message=f"The remote range {block} overlaps {rule.cidr}, {_OVERLAPPED['warning']}.",
                reason=rule.reason,
                fix=narrower_remote(environment, off=[rule.cidr]),
                source=rule.source,
            )


def _forbidden(plan: AddressPlan, severity: Severity) -> Iterator[Violation]:
    for environment in plan.environments:
        for planned in environment.ranges:
            for rule in environment.spec.cloud.forbidden:
                effective = _severity(rule, environment)
                hit = effective == severity and _applies(rule, planned) and overlap(planned.cidr, rule.cidr)
                if hit and not _reported_elsewhere(environment, planned, severity):
                    yield Violation(
                        environment=environment.name,
                        subject=planned.name,
                        message=f"{planned.name} {planned.cidr} overlaps {rule.cidr}, {_OVERLAPPED[severity]}.",
                        reason=rule.reason,
                        move=MoveFix(range_name=_movable(environment, planned, rule).name),
                        source=rule.source,
                    )


def _severity(rule: Forbidden, environment: EnvironmentPlan) -> Severity:
    """Return the severity: an existing cluster, or none, is refused nothing."""
    created = not rule.part or environment.spec.parts.get(rule.part) == "create"
    return rule.severity if created else "warning"


def _movable(environment: EnvironmentPlan, planned: PlannedRange, rule: Forbidden) -> PlannedRange:
    """Return the range to move: the network, where all of it is in what is forbidden."""
    holder = environment.holder_of(planned)
    return holder if holder and holder.cidr.subnet_of(rule.cidr) else planned


def _reported_elsewhere(environment: EnvironmentPlan, planned: PlannedRange, severity: Severity) -> bool:
    """Return True where the network has the finding (for what is refused), or its parts in use (for what is unwise)."""
    holder = environment.holder_of(planned)
    if severity == "error":
        return holder is not None and planned.cidr.subnet_of(holder.cidr)
    return bool(environment.held_by(planned.name))


def _applies(rule: Forbidden, planned: PlannedRange) -> bool:
    if rule.applies_to == "every-range":
        return True
    return (planned.name == "kurrent") == (rule.applies_to == "kurrent")


def not_private(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that the cloud takes from private addresses only."""
    for environment, planned in _own(plan):
        if planned.facts.only_in and not covered_by(planned.cidr, planned.facts.only_in):
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} is not inside {_either(planned.facts.only_in)}.",
                move=MoveFix(range_name=planned.name),
                source=planned.facts.limit_source,
            )


def _either(blocks: Iterable[IPv4Network]) -> str:
    return " or ".join(map(str, blocks))


def not_settable(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that a person gave though the cloud sets it."""
    for environment, planned in _own(plan):
        # AKS gave older clusters another VNet, and these keep it.
        if environment.is_existing(planned):
            continue
        if not planned.facts.settable and planned.cidr != planned.facts.implied:
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} cannot be set in {environment.spec.mode.name}: the cloud uses "
                f"{planned.facts.implied}.",
                reason=planned.facts.why,
                fix=f"Remove {planned.name}, or choose a mode with your own network.",
                source=planned.facts.limit_source,
            )


def public(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range outside the addresses that are private by RFC 1918 or shared by RFC 6598."""
    for environment, planned in _own(plan):
        holder = environment.holder_of(planned)
        # What is inside a public network is public with it, and private once that moves.
        reported_with_holder = (
            holder is not None and _is_public(environment, holder) and planned.cidr.subnet_of(holder.cidr)
        )
        if _is_public(environment, planned) and not reported_with_holder:
            special = next(
                (
                    special
                    for special in environment.spec.facts.kurrent.special_ranges
                    if planned.cidr.subnet_of(special.cidr)
                ),
                None,
            )
            yield Violation(
                environment=environment.name,
                subject=planned.name,
                message=f"{planned.name} {planned.cidr} is not private address space"
                + (f": {special.cidr} is reserved for {special.purpose}." if special else "."),
                move=MoveFix(range_name=planned.name),
                reason="Routers, hosts and tools can drop packets with these addresses." if special else "",
                fix="Or accept ESC406 if no device on the path drops them."
                if special
                else "Or accept ESC406 if you own these addresses.",
                source=special.source if special else "",
            )


def _is_public(environment: EnvironmentPlan, planned: PlannedRange) -> bool:
    """Return True if the range is outside private and shared addresses, and no other rule holds it to some of them."""
    internal = environment.spec.facts.internal_ranges
    return planned.origin != "implied" and not planned.facts.only_in and not covered_by(planned.cidr, internal)


def _own(plan: AddressPlan) -> Iterator[tuple[EnvironmentPlan, PlannedRange]]:
    for environment in plan.environments:
        for planned in environment.ranges:
            if planned.name != "kurrent":
                yield environment, planned


def too_many_zones(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each kind of range of which there are more than the cloud takes."""
    for environment in plan.environments:
        # A quota can have been raised: what exists is there.
        kinds = [environment.spec.mode.facts_of(r.name) for r in environment.ranges if not environment.is_existing(r)]
        counted = Counter(facts.name for facts in kinds if facts and facts.most_zones)
        for kind, count in counted.items():
            facts = environment.spec.mode.ranges[kind]
            if count > facts.most_zones:
                yield Violation(
                    environment=environment.name,
                    subject=kind,
                    message=f"{count} ranges of {kind} are set, but {environment.spec.mode.name} supports at most "
                    f"{facts.most_zones}.",
                    fix=f"Set only {kind}-1 to {kind}-{facts.most_zones}, with larger blocks if needed.",
                    source=facts.limit_source,
                )


def refused_further_block(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that cannot be added to its network as a further block."""
    for environment in plan.environments:
        for planned in environment.ranges:
            # What exists was added already.
            network = None if environment.is_existing(planned) else environment.range(planned.facts.further_block_of)
            for limit in environment.spec.cloud.further_blocks if network else ():
                refused = [block for block in limit.refuses if planned.cidr.overlaps(block)]
                if network and refused and network.cidr.overlaps(limit.within):
                    yield Violation(
                        environment=environment.name,
                        subject=planned.name,
                        message=f"{planned.name} {planned.cidr} cannot be added to {network.name} {network.cidr}: "
                        f"the cloud refuses {refused[0]} in a network with a block in {limit.within}.",
                        move=MoveFix(range_name=planned.name),
                        source=limit.source,
                    )


def not_exchanged(plan: AddressPlan) -> Iterator[Violation]:
    """Yield each range that must reach the database and whose routes the peering would not carry."""
    for environment in plan.environments:
        cloud = environment.spec.cloud
        for planned in environment.covered if cloud.crossing else ():
            if not covered_by(planned.cidr, cloud.crossing):
                yield Violation(
                    environment=environment.name,
                    subject=planned.name,
                    message=f"{planned.name} {planned.cidr} is public address space. A {cloud.title} peering "
                    f"exchanges its routes only if both sides enable it.",
                    move=MoveFix(range_name=planned.name),
                    source=cloud.crossing_source,
                )


RULES = (
    Rule(
        code="ESC401",
        severity="error",
        title="Invalid range size",
        reason="The cloud refuses this size at apply, possibly after it created other resources.",
        source="docs/reference/modes.md",
        check=wrong_size,
    ),
    Rule(
        code="ESC402",
        severity="error",
        title="Range overlaps addresses the cloud refuses",
        reason="The cloud reserves these addresses. It also refuses a larger range that contains them.",
        source="docs/reference/modes.md",
        check=forbidden,
    ),
    Rule(
        code="ESC403",
        severity="warning",
        title="Range overlaps addresses known to fail",
        reason="Some clusters fail with these addresses, often only at an upgrade.",
        source="docs/reference/modes.md",
        check=discouraged,
    ),
    Rule(
        code="ESC404",
        severity="error",
        title="Range outside private ranges",
        reason="The Terraform provider accepts only RFC 1918 addresses for this range.",
        source="docs/reference/modes.md",
        check=not_private,
    ),
    Rule(
        code="ESC405",
        severity="error",
        title="Range set by the cloud",
        reason="The cloud has no setting for this range, so the value would have no effect.",
        source="docs/reference/modes.md",
        check=not_settable,
    ),
    Rule(
        code="ESC406",
        severity="warning",
        title="Public range",
        reason="Public addresses belong to other owners. The cluster can no longer reach the real hosts there.",
        source="https://www.rfc-editor.org/rfc/rfc1918#section-3",
        check=public,
    ),
    Rule(
        code="ESC408",
        severity="error",
        title="Too many ranges for the network",
        reason="Each range is an additional block of the network, and the cloud limits their number.",
        source="docs/reference/modes.md",
        check=too_many_zones,
    ),
    Rule(
        code="ESC409",
        severity="error",
        title="Additional block refused by the cloud",
        reason="The network's first block decides which additional blocks the cloud accepts.",
        source="docs/reference/modes.md",
        check=refused_further_block,
    ),
    Rule(
        code="ESC410",
        severity="error",
        title="Routes not exchanged over the peering",
        reason="The Kurrent network gets no route to these addresses, so replies are lost.",
        source="docs/reference/modes.md",
        check=not_exchanged,
    ),
)
