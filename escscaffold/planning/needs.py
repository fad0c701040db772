"""What a cluster is asked to hold, by the needs of its ranges. Pure."""

from collections.abc import Mapping

from msgspec.structs import replace

from escscaffold.clouds.choices import Option, Setting, Value, option_word
from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.spec.model import EnvironmentSpec, Need

NAME = "name"
"""The setting of what resources are called: hardly any can be called otherwise later."""


def common_need(spec: EnvironmentSpec) -> Need | None:
    """Return the nodes that the cluster is asked to have, by the largest need; None where none is said.

    What is asked for one zone says nothing of another, and is left out. What is set of the cluster counts as a need.
    """
    needs = [
        request.need
        for name, request in spec.ranges.items()
        if request.need and request.need.nodes and not is_per_zone(spec, name)
    ]
    if (set_so := _need_of_settings(spec)) is not None:
        needs.append(set_so)
    if not needs:
        return None
    surges = [need.surge for need in needs if need.surge is not None]
    pods = [need.pods_per_node for need in needs if need.pods_per_node is not None]
    return Need(
        nodes=max(need.nodes or 0 for need in needs),
        surge=max(surges, default=None),
        pods_per_node=max(pods, default=None),
    )


def _need_of_settings(spec: EnvironmentSpec) -> Need | None:
    """Return what the cluster's settings ask of its ranges, where one of them is given."""
    said = {key: spec.kubernetes[name] for key, name in spec.mode.settings.items() if name in spec.kubernetes}
    counts = {key: value for key, value in said.items() if isinstance(value, int)}
    if not counts:
        return None
    usual = spec.mode.kubernetes[spec.mode.settings["nodes"]].default
    assert isinstance(usual, int), "a cluster has a number of nodes"
    return replace(Need(nodes=usual), **counts)


def zone_need(spec: EnvironmentSpec, zones: int) -> Need | None:
    """Return what the cluster's settings ask of the ranges of one of its zones; None where they say no number.

    A node group spreads its nodes evenly over the zones; an upgrade adds its nodes in each of them.
    """
    whole = _need_of_settings(spec)
    return replace(whole, nodes=-(-(whole.nodes or 0) // zones)) if whole and zones else None


def usual_need(spec: EnvironmentSpec) -> Need | None:
    """Return the nodes that the cluster can grow to where nobody says how many: Terraform has them as defaults.

    None where no cluster is made, or where it has no such number.
    """
    if spec.parts.get("kubernetes", "create") != "create" or "nodes" not in spec.mode.settings:
        return None
    defaults = {key: spec.mode.kubernetes[name].default for key, name in spec.mode.settings.items()}
    return Need(**{key: value for key, value in defaults.items() if isinstance(value, int)})


def most_nodes_in(spec: EnvironmentSpec, held: int) -> Mapping[str, int]:
    """Return settings with which the cluster that is made has no more nodes than `held`, the upgrade's among them.

    Nothing where it has as few as it can.
    """
    names, known = spec.mode.settings, spec.mode.kubernetes
    values = {name: spec.kubernetes.get(name, one.default) for name, one in known.items()}
    fewest = max((v for n, v in values.items() if known[n].at_most == names["nodes"] and isinstance(v, int)), default=1)
    surge = known[names["surge"]] if "surge" in names else None
    usual = values[surge.name] if surge else 0
    assert isinstance(usual, int), "an upgrade adds a number of nodes"
    if held - usual >= fewest:
        return {names["nodes"]: held - usual}
    if surge and surge.least == 0 and held >= fewest:
        return {names["nodes"]: held, surge.name: 0}
    return {}


def is_per_zone(spec: EnvironmentSpec, name: str) -> bool:
    """Return True if there is one such range in each zone."""
    facts = spec.mode.facts_of(name)
    return facts is not None and facts.per_zone


def cluster_settings(spec: EnvironmentSpec) -> Mapping[str, Value]:
    """Return what is set of the cluster in Terraform: what a person set, and what its ranges are sized for.

    Nodes are counted over all zones. What neither says is left to the setting's default.
    """
    needs = [request.need for request in spec.ranges.values() if request.need]
    whole = [r.need.nodes or 0 for name, r in spec.ranges.items() if r.need and not is_per_zone(spec, name)]
    by_zone = [r.need.nodes or 0 for name, r in spec.ranges.items() if r.need and is_per_zone(spec, name)]
    asked = {
        "nodes": max(whole, default=0) or sum(by_zone) or None,
        "pods_per_node": max((n.pods_per_node for n in needs if n.pods_per_node is not None), default=None),
        "surge": max((n.surge for n in needs if n.surge is not None), default=None),
    }
    said = {argument: value for key, argument in spec.mode.settings.items() if (value := asked[key]) is not None}
    return dict(sorted({**said, **spec.kubernetes}.items()))


def database_settings(spec: EnvironmentSpec) -> Mapping[str, Value]:
    """Return what is set of the database in Terraform: what is usual at the cloud, and what a person set."""
    usual = {
        name: spec.database_settings[name].default for name in spec.cloud.database if name in spec.database_settings
    }
    return {**{name: value for name, value in usual.items() if value is not None}, **spec.database}


def lasting_settings(spec: EnvironmentSpec) -> Mapping[str, str]:
    """Return what cannot change in place besides ranges: settings, options, and which parts are made."""
    said = {**cluster_settings(spec), **database_settings(spec)}
    settings = {name: _word(said.get(name, one.default)) for name, one in _lasting(spec).items()}
    options = {
        name: option_word(spec.options.get(name, option.default))
        for name, option in spec.mode.options.items()
        if option.replaces or option.replaces_to
    }
    settings |= {NAME: spec.called}
    return settings | options | _lasting_parts(spec) | _on_the_database(spec)


def replaced_with(spec: EnvironmentSpec, name: str, before: str) -> tuple[str, ...]:
    """Return what is made anew, or goes, where one of these was another one before."""
    if name == NAME:
        return ("everything that bears the name",)
    kurrent = load_kurrent()
    if name in kurrent.parts_replace:
        return next((words for part, words in kurrent.parts_replace[name].items() if part == before), ())
    if name == "acl":
        return kurrent.acl_replaces
    if name.startswith("backup."):
        return kurrent.backup[name.removeprefix("backup.")].replaces
    if name in spec.mode.options:
        option = spec.mode.options[name]
        return (*option.replaces, *option.replaces_to.get(option_word(spec.options.get(name, option.default)), ()))
    setting = _lasting(spec)[name]
    stays = setting.replaces_when_unset and name in {**spec.kubernetes, **spec.database}
    return () if stays or before == setting.in_place_from else setting.replaces


def choice_of(spec: EnvironmentSpec, name: str) -> Setting | Option | None:
    """Return the facts of an option, or of a setting that cannot change in place, by its name."""
    return spec.mode.options.get(name) or _lasting(spec).get(name)


def _lasting(spec: EnvironmentSpec) -> Mapping[str, Setting]:
    """Return the settings of what the environment makes that cannot change in place."""
    known = {
        **(spec.mode.kubernetes if spec.parts.get("kubernetes", "create") == "create" else {}),
        **(spec.database_settings if spec.parts.get("database", "create") == "create" else {}),
    }
    return {name: one for name, one in known.items() if one.replaces}


def _lasting_parts(spec: EnvironmentSpec) -> dict[str, str]:
    """Return what becomes of each part that could be something else in this mode."""
    kurrent = load_kurrent()
    choices = {**spec.mode.parts, **kurrent.parts}
    chosen = {part: spec.parts.get(part, "create") for part in kurrent.parts_replace if part in choices}
    return {part: word for part, word in chosen.items() if len(choices[part]) > 1}


def _on_the_database(spec: EnvironmentSpec) -> dict[str, str]:
    """Return whether the database has an access list, and how it is backed up."""
    if spec.parts.get("database", "create") != "create":
        return {}
    backup = {f"backup.{name}": _word(value) for name, value in (spec.backup or {}).items()}
    return {"acl": "set" if spec.acl else "none", **backup}


def _word(value: Value | None) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(value)
    return option_word(value) if isinstance(value, bool) else str(value)
