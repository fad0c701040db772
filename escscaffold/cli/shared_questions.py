"""The question who creates what all environments on a cloud share: asked for the first one, the others follow it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from escscaffold.clouds.choices import Option
from escscaffold.clouds.facts import Cloud, Mode
from escscaffold.spec.settings import read_option


def shared_questions(cloud: Cloud, mode: Mode) -> Iterator[dict[str, Any]]:
    """Yield the fields of the question; nothing where the environments of a cloud share nothing."""
    option = mode.options.get(cloud.shared)
    if option is None:
        return
    yield {
        "key": ("options", cloud.shared),
        "flag": f"--set options.{cloud.shared}=VALUE",
        "prompt": f"{option.purpose} ({', '.join(option.choices)})",
        "why": option.why,
        "explanation": partial(_explanation, option),
        "default": str(option.default),
        "read": partial(read_option, option=option),
        "leaves_default": True,
    }


def store_option(options: Mapping[str, Any], name: str, answer: str, default: str) -> dict[str, Any]:
    """Return the options with the answer; a default is not written down."""
    kept = {key: value for key, value in options.items() if key != name}
    return kept if answer == default else {**kept, name: answer}


def _explanation(option: Option) -> str:
    lines = [f"{choice}: {option.words[choice]}" for choice in option.choices if choice in option.words]
    return "\n".join([*lines, f"Source: {option.source}"])
