"""What a cluster is asked to hold, by the needs of its ranges. Pure."""

from collections.abc import Mapping

from escscaffold.clouds.loading import load_kurrent
from escscaffold.spec.model import EnvironmentSpec, Need

NAME = "name"
"""The setting of what resources are called: hardly any can be called otherwise later."""


def common_need(spec: EnvironmentSpec) -> Need | None:
    """Return the nodes that the cluster is asked to have, by the largest need; None where none is said.

    What is asked for one zone says nothing of another, and is left out.
    """
    needs = [
        request.need
        for name, request in spec.ranges.items()
        if request.need and request.need.nodes and not is_per_zone(spec, name)
    ]
    if not needs:
        return None
    surges = [need.surge for need in needs if need.surge is not None]
    pods = [need.pods_per_node for need in needs if need.pods_per_node is not None]
    return Need(
        nodes=max(need.nodes or 0 for need in needs),
        surge=max(surges, default=None),
        pods_per_node=max(pods, default=None),
    )


def is_per_zone(spec: EnvironmentSpec, name: str) -> bool:
    """Return True if there is one such range in each zone."""
    facts = spec.mode.facts_of(name)
    return facts is not None and facts.per_zone


def cluster_settings(spec: EnvironmentSpec) -> Mapping[str, int]:
    """Return the cluster's settings in Terraform that make true what its ranges are sized for.

    Nodes are counted over all zones. What no need says is left to the setting's default.
    """
    common = common_need(spec) or Need()
    needs = [request.need for request in spec.ranges.values() if request.need]
    by_zone = [r.need.nodes or 0 for name, r in spec.ranges.items() if r.need and is_per_zone(spec, name)]
    asked = {
        "nodes": common.nodes or sum(by_zone) or None,
        "pods_per_node": max((n.pods_per_node for n in needs if n.pods_per_node is not None), default=None),
        "surge": max((n.surge for n in needs if n.surge is not None), default=None),
    }
    said = {argument: value for key, argument in spec.mode.settings.items() if (value := asked[key]) is not None}
    return dict(sorted(said.items()))


def lasting_settings(spec: EnvironmentSpec) -> Mapping[str, str]:
    """Return what cannot change in place besides ranges: settings of the cluster, and which parts are made."""
    said = cluster_settings(spec)
    usual = max((facts.sizing.default_pods_per_node for facts in spec.mode.ranges.values() if facts.sizing), default=0)
    settings = {key: str(said.get(spec.mode.settings[key], usual)) for key in spec.mode.settings_replace}
    settings |= {NAME: spec.called}
    return settings | {part: spec.parts.get(part, "create") for part in load_kurrent().parts_replace}


def replaced_with(spec: EnvironmentSpec, setting: str, before: str) -> tuple[str, ...]:
    """Return what is made anew, or goes, where one of these was another one before."""
    if setting == NAME:
        return ("everything that bears the name",)
    of_parts = load_kurrent().parts_replace
    if setting in of_parts:
        return of_parts[setting] if before != "absent" else ()
    return spec.mode.settings_replace[setting]
