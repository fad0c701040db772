"""The questions that are one list each: the mode, with its cloud, and the CI service of a new repository."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from escscaffold.clouds.fact_files import cloud_names, load_ci, load_cloud, mode_names
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.spec import values
from escscaffold.spec.model import EnvironmentSpec
from escscaffold.spec.repository_tables import NO_CI, read_ci
from escscaffold.spec.values import BadValue, nearest, shown

CI = ("ci",)


def mode_question(given_cloud: object, like: EnvironmentSpec | None) -> dict[str, Any]:
    """Return the fields of the question for the mode, which says the cloud; of one cloud's where that is given."""
    clouds = [load_cloud(name) for name in cloud_names() if given_cloud in (None, name)]
    modes = [(cloud, mode) for cloud in clouds for mode in _usual_first(cloud)]
    first = like.cloud if like and like.cloud in clouds else clouds[0]
    repeated = like.mode.name if like and like.cloud is first and _repeats(like.mode) else first.default_mode
    return {
        "key": ("mode",),
        "flag": "--mode",
        "prompt": "Mode",
        "why": "The cloud, the same for cluster and Kurrent network, and how pods get addresses: it decides what the "
        "peering routes to.",
        "explanation": lambda: "\n".join(
            f"{mode.name}: {cloud.title}, {mode.title}. {mode.summary}" for cloud, mode in modes
        ),
        "default": repeated,
        "read": partial(_read_mode, cloud=given_cloud),
        "choices": {mode.name: _described(cloud, mode) for cloud, mode in modes},
    }


def ci_question() -> dict[str, Any]:
    """Return the fields of the question for the CI service."""
    choices = {service.name: service.title for service in load_ci().values()}
    choices |= {NO_CI: "No files for CI"}
    return {
        "key": CI,
        "flag": "--ci",
        "prompt": "CI service",
        "why": "Its workflow checks and reviews each change of the repository.",
        "explanation": lambda: "\n".join(
            [*(f"{name}: {title}" for name, title in choices.items()), "Several, with commas: github,gitlab"]
        ),
        "default": next(iter(load_ci())),
        "read": partial(read_ci, known=load_ci()),
        "choices": choices,
    }


def _usual_first(cloud: Cloud) -> Iterator[Mode]:
    yield cloud.modes[cloud.default_mode]
    yield from (mode for name, mode in cloud.modes.items() if name != cloud.default_mode)


def _described(cloud: Cloud, mode: Mode) -> str:
    retires = f"\nRetires on {mode.retires}: use {mode.replacement}." if mode.retires else ""
    return f"{cloud.name}: {mode.title}\n{cloud.title}. {mode.summary}{retires}"


def _repeats(mode: Mode) -> bool:
    """Return True if a repository can hold the mode twice: a range that the cloud sets would be there twice."""
    return all(facts.settable for facts in mode.ranges.values())


def _read_mode(value: object, cloud: object) -> str:
    if isinstance(cloud, str):
        return values.read_mode(value, cloud, mode_names())
    if value in cloud_names():
        modes = ", ".join(mode.name for mode in _usual_first(load_cloud(str(value))))
        raise BadValue(f"{value} is a cloud.", f"Its modes: {modes}.")
    if value not in mode_names():
        raise BadValue(f"{shown(value)} is not a mode.", nearest(value, mode_names()))
    return str(value)
