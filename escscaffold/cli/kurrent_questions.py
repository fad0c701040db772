"""The questions about Kurrent Cloud: whether the network and its database exist, and what they are called."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.spec import values
from escscaffold.spec.values import BadValue, shown

KEY = ("kurrent",)
_NOTHING = "nothing"
_CHOICES: Mapping[str, Mapping[str, str]] = {
    _NOTHING: {},
    "network": {"kurrent-project": "existing", "kurrent-network": "existing"},
    "database": {"kurrent-project": "existing", "kurrent-network": "existing", "database": "existing"},
}
"""Which parts exist, by the answer."""
_DESCRIBED: Mapping[str, str] = {
    _NOTHING: "Project, network and database are created",
    "network": "The network and its project exist\nThey are looked up by name; a database is created in the network.",
    "database": "The database exists, with its network and project\nAll of them are looked up.",
}


def kurrent_questions(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the fields of the questions that follow from the answers so far; `table` is the environment's."""
    yield {
        "key": KEY,
        "flag": "--set parts.kurrent-network=existing",
        "prompt": "What exists in Kurrent Cloud",
        "why": "A Kurrent network and a database that exist are looked up, not created a second time.",
        "explanation": lambda: (
            "nothing: project, network and database are created.\n"
            "network: the network and its project are looked up by name, and a database is created in it.\n"
            "database: both are looked up. Where no database is wanted, leave and give --set parts.database=absent.\n"
            "Nothing signs in now. terraform apply reads ESC_ORG_ID, and ESC_CLIENT_ID and ESC_CLIENT_SECRET of a "
            "service account; ESC_TOKEN is deprecated."
        ),
        "default": _NOTHING,
        "choices": _DESCRIBED,
        "read": _read_choice,
    }
    parts = table.get("parts", {})
    for name, facts in load_kurrent().existing.items():
        if isinstance(parts, dict) and parts.get(name) == "existing":
            yield {
                "key": ("existing", name),
                "flag": f"--set existing.{name}=VALUE",
                "prompt": facts.purpose,
                "why": "It exists, and is looked up by this.",
                "explanation": partial("For example: {}".format, facts.example),
                "default": "",
                "read": partial(values.read_existing, facts=facts),
            }


def kurrent_exists(table: Mapping[str, Any]) -> bool:
    """Whether the Kurrent network exists, so that its range can only be given."""
    parts = table.get("parts", {})
    return isinstance(parts, dict) and parts.get("kurrent-network") == "existing"


def is_answered(table: Mapping[str, Any]) -> bool:
    """Whether flags or files said already what exists in Kurrent Cloud."""
    parts = table.get("parts", {})
    return isinstance(parts, dict) and bool({"kurrent-project", "kurrent-network", "database"} & parts.keys())


def parts_of(answer: str) -> dict[str, str]:
    """Return which parts exist."""
    return dict(_CHOICES[answer])


def forget_parts(table: dict[str, Any]) -> None:
    """Take the answer and what followed from it out of the environment's table."""
    parts = {name: value for name, value in table.get("parts", {}).items() if name not in _CHOICES["database"]}
    table.pop("parts", None)
    if parts:
        table["parts"] = parts


def _read_choice(value: object) -> str:
    text = str(value)
    if text not in _CHOICES:
        raise BadValue(f"{shown(text)} is none of the answers.", f"Write one of {', '.join(_CHOICES)}.")
    return text
