"""Functions and operators come to what Terraform computes, or are not known: a wrong value would be a wrong verdict."""

import json
import re
from inspect import signature
from pathlib import Path
from random import Random
from subprocess import run

import pytest

from escscaffold.terraform.collection_functions import STRUCTURAL
from escscaffold.terraform.encoding_functions import encoded
from escscaffold.terraform.evaluating import Evaluator
from escscaffold.terraform.functions import FILE_FUNCTIONS, FUNCTIONS, NOT_COMPUTED, UNKNOWN_ACCEPTED
from escscaffold.terraform.hcl_reader import read_expression
from escscaffold.terraform.hcl_values import NotComputedError, Unknown, is_known
from tests.properties import in_full
from tests.terraform.root import require_terraform
from tests.terraform_language.terraform import values_in_terraform

CALLS = (Path(__file__).parent / "calls.txt").read_text(encoding="utf-8").splitlines()
EXPRESSIONS = {"templatefile"}
"""The evaluator itself computes these."""
REFUSED = "refused"
_NEGATIVE_ZERO = re.compile(r"-0(?![.0-9x])")


def computed(call: str) -> str | None:
    """Return the value as JSON, REFUSED for a mistake, and None where it is not known."""
    value = Evaluator().evaluate(read_expression(call), {})
    if isinstance(value, Unknown):
        return REFUSED if value.absent else None
    try:
        return encoded(value) if is_known(value) else None
    except NotComputedError:
        return None


def computed_by_terraform(calls: list[str], folder: Path) -> list[object]:
    return values_in_terraform([f'try(jsonencode({call}), "{REFUSED}")' for call in calls], folder)


def differing(calls: list[str], folder: Path) -> list[tuple[str, str, object]]:
    """Return the calls that are computed otherwise; -0, which is equal to 0, is none."""
    ours = [computed(call) for call in calls]
    pairs = zip(calls, ours, computed_by_terraform(calls, folder), strict=True)
    return [
        (call, own, real) for call, own, real in pairs if own is not None and own != _NEGATIVE_ZERO.sub("0", str(real))
    ]


def test_calls_come_to_what_terraform_computes(tmp_path: Path) -> None:
    require_terraform()
    assert differing(CALLS, tmp_path) == []


def test_most_calls_are_computed() -> None:
    unknown = [call for call in CALLS if computed(call) is None]

    assert len(unknown) < len(CALLS) / 8, unknown


VALUES = [
    *("null", "true", "false", "0", "-1", "2", "1.5", "-2.5", "1e21", "0.1"),
    *('""', '"a"', '"5"', '"true"', '"aé b"', '"10.1.2.0/24"', '"fd00::/56"', '"a,b"', '"%s-%d"', '"{}"'),
    *("[]", '["b", "a"]', "[1, 2, 1]", '[1, "a"]', "[[1], [2]]", 'toset(["b", "a"])', "[null]", "[true, false]"),
    *("{}", "{ a = 1 }", '{ b = "x", a = [1] }', "tomap({ a = 1 })"),
]
NAMES = sorted({*FUNCTIONS, *UNKNOWN_ACCEPTED} - {"sensitive"})
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">=")


def random_call(random: Random) -> str:
    if random.random() < 0.2:
        return f"{random.choice(VALUES)} {random.choice(OPERATORS)} {random.choice(VALUES)}"
    name = random.choice(NAMES)
    # Terraform itself does not know what `format` makes of null.
    values = [value for value in VALUES if not name.startswith("format") or "null" not in value]
    return f"{name}({', '.join(random.choices(values, k=random.randint(1, 3)))})"


@in_full
@pytest.mark.parametrize("seed", range(10))
def test_random_calls_come_to_what_terraform_computes(seed: int, tmp_path: Path) -> None:
    require_terraform()
    random = Random(seed)

    assert differing([random_call(random) for _ in range(300)], tmp_path) == []


def functions_of_terraform(folder: Path) -> dict[str, dict[str, object]]:
    done = run(["terraform", "metadata", "functions", "-json"], cwd=folder, capture_output=True, check=True)
    signatures: dict[str, dict[str, object]] = json.loads(done.stdout)["function_signatures"]
    return {name: shape for name, shape in signatures.items() if not name.startswith("core::")}


def test_each_function_of_terraform_is_computed_or_listed_with_a_reason(tmp_path: Path) -> None:
    require_terraform()
    listed = {*FUNCTIONS, *UNKNOWN_ACCEPTED, *FILE_FUNCTIONS, *EXPRESSIONS}

    assert listed | {*NOT_COMPUTED} == set(functions_of_terraform(tmp_path)) | {"type"}
    assert not listed & {*NOT_COMPUTED}
    assert {*FUNCTIONS} >= STRUCTURAL


def test_functions_take_as_many_arguments_as_in_terraform(tmp_path: Path) -> None:
    require_terraform()
    documented = functions_of_terraform(tmp_path)
    for name, function in {**FUNCTIONS, **UNKNOWN_ACCEPTED}.items():
        shape = documented[name]
        fixed = shape.get("parameters", [])
        assert isinstance(fixed, list)
        parameters = signature(function).parameters.values()
        takes_more = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
        assert takes_more == ("variadic_parameter" in shape) or name == "lookup", name
        if not takes_more and name != "lookup":
            assert len(parameters) == len(fixed), name
