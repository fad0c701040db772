"""Another release of escscaffold: the same program with other facts."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper
from pathlib import Path

import pytest

from escscaffold.clouds import fact_files
from escscaffold.clouds.defaults import KeptDefaults
from escscaffold.clouds.known_facts import load_facts

Facts = dict[str, dict[str, str]]
"""By file and key, such as `gcp/kubernetes.toml` and `machine_type.default`, what stands behind the key's `=`."""
Release = Callable[[Facts], None]


def forget_facts() -> None:
    """Empty everything that the program remembers of facts and templates."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "escscaffold":
            for value in list(vars(module).values()):
                if isinstance(value, _lru_cache_wrapper):
                    value.cache_clear()


def write_facts(templates: Path, facts: Facts) -> None:
    for file, changes in facts.items():
        path = templates / file
        text = path.read_text()
        for key, value in changes.items():
            table, _, name = key.rpartition(".")
            head = re.escape(f"[{table}]\n") if table else r"\A"
            changed, count = re.subn(rf"(?ms)({head}(?:(?!^\[).)*?^{name} = )[^\n]*", rf"\g<1>{value}", text)
            assert count == 1, f"{file} has no {key}"
            text = changed
        path.write_text(text)


@pytest.fixture
def release(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """Become a release with other facts."""
    ours = Path(str(fact_files.template_root()))

    def become(facts: Facts) -> None:
        root = tmp_path_factory.mktemp("release")
        # What providers answered is large, and no default.
        shutil.copytree(ours, root / "templates", ignore=shutil.ignore_patterns("providers"))
        (root / "templates" / "providers").symlink_to(ours / "providers")
        write_facts(root / "templates", facts)
        monkeypatch.setattr(fact_files, "__file__", str(root / "escscaffold" / "clouds" / "location.py"))
        forget_facts()

    yield become
    monkeypatch.undo()
    forget_facts()


def first_facts(cloud: str, mode: str) -> Facts:
    """Return the settings whose defaults are others than while locks recorded none, with those of that time."""
    facts: Facts = {}
    files = {"kubernetes": f"{cloud}/kubernetes.toml", "database": "kurrent/database.toml"}
    today = load_facts().defaults.todays(cloud, mode, "kurrentcloud")
    kept = load_facts().defaults.written_with(KeptDefaults(cloud=cloud, mode=mode, recorded=None))
    for key, value in kept.items():
        section, _, name = key.partition(".")
        if section in files and key in today and value != today[key]:
            facts.setdefault(files[section], {})[f"{name}.default"] = json.dumps(value)
    return facts
