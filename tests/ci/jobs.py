"""Runs the scripts of a workflow's jobs, or of an action's steps, as GitHub's runner does: bash, files, expressions."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z_][\w.-]*(?:\(\))?|==|!=|&&|\|\||!|[(),]")
_FUNCTIONS = {"contains": lambda where, what: what in where}
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}


@dataclass
class Done:
    """What became of a job."""

    code: int = 0
    said: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Runner:
    """A runner with its folders; `context` is what expressions know, `environment` what every step has."""

    workspace: Path
    temporary: Path
    context: dict[str, Any]
    environment: Mapping[str, str]

    def job(self, workflow: Path, name: str, **more: Any) -> Done | None:
        """Run the scripts of a job; None if its condition does not hold."""
        document = yaml.safe_load(workflow.read_text())
        job = document["jobs"][name]
        context = self.context | more
        if not evaluated(str(job.get("if", "true")), context):
            return None
        folder = job.get("defaults", {}).get("run", {}).get("working-directory", ".")
        done = self.steps(job["steps"], context, document.get("env", {}), str(text(folder, context)))
        done.outputs = {key: str(text(value, context)) for key, value in job.get("outputs", {}).items()}
        return done

    def action(self, action: Path, **inputs: str) -> Done:
        """Run the scripts of a composite action with these inputs."""
        document = yaml.safe_load(action.read_text())
        defaults = {key: str(text(one["default"], self.context)) for key, one in document["inputs"].items()}
        context = self.context | {"inputs": defaults | inputs}
        done = self.steps(document["runs"]["steps"], context, {}, ".")
        done.outputs = {key: str(text(one["value"], context)) for key, one in document["outputs"].items()}
        return done

    def steps(
        self, steps: Iterable[Mapping[str, Any]], context: dict[str, Any], shared: Mapping[str, Any], folder: str
    ) -> Done:
        """Run the steps that are scripts, until one fails; what they put out is in the context from then on."""
        done = Done()
        output, summary = self.temporary / "output", self.temporary / "summary"
        summary.write_text("")
        context["steps"] = {}
        for step in steps:
            if "run" not in step or done.code or not evaluated(str(step.get("if", "true")), context):
                continue
            own = {key: str(text(value, context)) for key, value in {**shared, **step.get("env", {})}.items()}
            files = {"GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary, "RUNNER_TEMP": self.temporary}
            output.write_text("")
            script = self.temporary / "script.sh"
            script.write_text(step["run"])
            ran = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
                cwd=self.workspace / folder,
                env={**self.environment, **{key: str(path) for key, path in files.items()}, **own},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            done.code, done.said = ran.returncode, done.said + ran.stdout
            outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
            context["steps"][step.get("id", "")] = {"outputs": outputs}
        done.summary = summary.read_text()
        return done


def scripts_of(document: Mapping[str, Any]) -> list[str]:
    """Return the scripts of a workflow or an action."""
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def clean_environment(path: str, **more: str) -> dict[str, str]:
    """Return an environment without the variables by which this one might answer for a runner."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "ESCSCAFFOLD_", "CI_"))}
    return {**kept, "PATH": path, **more}


def text(value: object, context: Mapping[str, Any]) -> object:
    """Return a value of the file with its expressions evaluated, as text."""

    def said(match: re.Match[str]) -> str:
        found = evaluated(match[1], context)
        return str(found).lower() if isinstance(found, bool) else str(found or "")

    return _EXPRESSION.sub(said, value) if isinstance(value, str) else value


def evaluated(expression: str, context: Mapping[str, Any]) -> Any:
    """Return what an expression is: names, texts in quotes, and the operators that we use."""
    expression = expression.strip().removeprefix("${{").removesuffix("}}")
    values: list[Any] = []
    python = ""
    for token in _TOKEN.findall(expression):
        if token in _OPERATORS or token in ("==", "!=", "(", ")", ","):
            python += _OPERATORS.get(token, token)
            continue
        if token in _FUNCTIONS:
            values.append(_FUNCTIONS[token])
            python += f"values[{len(values) - 1}]"
            continue
        values.append(token[1:-1] if token[0] == "'" else _known(token, context))
        python += f"values[{len(values) - 1}]"
    return eval(python, {"values": values})  # of our own files, and no names but one


def _known(name: str, context: Mapping[str, Any]) -> Any:
    if name in ("true", "cancelled()"):
        return name == "true"
    found: Any = context
    for part in name.split("."):
        found = found.get(part, "") if isinstance(found, dict) else ""
    return found
