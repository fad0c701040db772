"""What exists is written by its bare name, where a full id (ARM id, self link, ARN) was answered."""

from escscaffold.cli.answers import Answers
from escscaffold.clouds.fact_files import load_cloud, load_kurrent, mode_names
from escscaffold.spec.values import with_bare_names


def take_bare_names(answers: Answers) -> None:
    """Put the names in place of full ids, and what else the ids name: an ARM id has a resource group."""
    named, mode = answers.table.get("existing"), answers.table.get("mode")
    if not isinstance(named, dict) or not named or not isinstance(mode, str) or mode not in mode_names():
        return
    facts = {**load_cloud(mode_names()[mode]).modes[mode].existing, **load_kurrent().existing}
    answers.table["existing"] = with_bare_names(named, facts)
