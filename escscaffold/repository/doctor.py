"""Checks tools, versions, credentials, proxies and the disk. A secret is shown by the name of what holds it only.

Each program on the PATH gets a few seconds and a few lines to say its version.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread, Timer
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from escscaffold import __version__
from escscaffold.clouds.facts import Credentials, TerraformProvider
from escscaffold.clouds.known_facts import Facts
from escscaffold.clouds.lifecycles import deprecation
from escscaffold.errors import ScaffoldError
from escscaffold.inputs import InputError, read_file
from escscaffold.planning.lock import ENVIRONMENTS, LOCK_FILE, kept_in
from escscaffold.repository.disk import NoRepositoryError, load_lock, read_spec_text
from escscaffold.spec.accounts import credentials_needed
from escscaffold.spec.kept_defaults import Kept
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import SPEC_FILE, read_spec
from escscaffold.spec.settings import SECRETS_VARIABLE, secrets_needed

SECONDS = 5
_MOST = 1 << 16
_VERSION = re.compile(r"\bv?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)")
State = Literal["good", "note", "missing"]
"""`missing` is something that is needed; a `note` may be as it should be."""
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_TERRAFORM = ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "TF_DATA_DIR")
_LOCKED = re.compile(r'provider "([^"]+)" \{|  version +?= "([^"]+)"')


class Program(Struct, kw_only=True):
    """A program by its name, with its path and the version that it prints."""

    name: str
    path: str | None
    version: str = ""
    """Nothing where it did not say."""


class Observation(Struct, frozen=True, kw_only=True):
    """One thing that is so here."""

    topic: str
    name: str
    state: State
    says: str


def observe(folder: Path, variables: Mapping[str, str], home: Path, facts: Facts) -> Iterator[Observation]:
    """Yield what is so in the folder, and around it."""
    yield Observation(
        topic="versions", name="escscaffold", state="good", says=f"{__version__}, {Path(__file__).parents[1]}"
    )
    python = ".".join(map(str, sys.version_info[:3]))
    yield Observation(topic="versions", name="python", state="good", says=f"{python}, {sys.executable}")
    spec = None
    try:
        spec = read_spec(read_spec_text(folder), facts, SPEC_FILE, _kept(folder, facts))
    except NoRepositoryError:
        yield Observation(topic="repository", name=SPEC_FILE, state="note", says="not a repository")
    except ScaffoldError as error:
        yield Observation(topic="repository", name=SPEC_FILE, state="missing", says=error.problem.splitlines()[0])
    if spec is not None:
        yield from _repository(folder, spec, facts)
    yield from _disk(folder)
    yield from _programs(spec, facts)
    if spec is not None:
        yield from _credentials(spec, variables, home)
    yield from _variables(variables)


def _kept(folder: Path, facts: Facts) -> Kept:
    try:
        return kept_in(load_lock(folder, facts))
    except ScaffoldError:
        return {}


def _programs(spec: Spec | None, facts: Facts) -> Iterator[Observation]:
    backends = facts.backends
    required = backends[spec.backend.type if spec else next(iter(backends))].required_version
    *terraforms, git = _versions(("terraform", "tofu", "git"))
    usable = [program for program in terraforms if program.version and _is_in(program.version, required)]
    for program in terraforms:
        state: State = "good" if program in usable else "note" if usable else "missing"
        if program.name == "tofu" and program.path is None:
            state = "note"
        yield Observation(topic="programs", name=program.name, state=state, says=_version_text(program, required))
    yield Observation(
        topic="programs", name="git", state="good" if git.version else "note", says=_version_text(git, "")
    )


def _versions(names: Iterable[str]) -> list[Program]:
    """Ask each program for its version, all at once, and wait SECONDS for the last of them."""
    programs = [Program(name=name, path=shutil.which(name)) for name in names]
    # Daemons, so that an answer that never ends does not block the exit.
    asking = [Thread(target=_ask, args=(program,), daemon=True) for program in programs if program.path]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(SECONDS + 1)
    return programs


def _ask(program: Program) -> None:
    assert program.path is not None
    # Terraform would ask its maker's server whether there is a newer one.
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    try:
        process = subprocess.Popen(
            [program.path, "--version"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return
    end = Timer(SECONDS, _end, (process,))
    end.start()
    with process:
        assert process.stdout is not None
        text = process.stdout.read(_MOST).decode("utf-8", errors="replace")
        end.cancel()
        _end(process)
    match = _VERSION.search(text)
    program.version = match[1] if match else ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program with all that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
    process.wait()


def _is_in(version: str, required: str) -> bool:
    """Whether a version is one that a constraint such as `>= 1.9, < 2.0` asks for.

    >>> [_is_in(version, ">= 1.9, < 2.0") for version in ("1.8.5", "1.9.0", "1.11.4", "2.0.0")]
    [False, True, True, False]
    """
    ours = _numbers(version)
    for part in required.split(","):
        sign, _, limit = part.strip().partition(" ")
        if (sign == ">=" and ours < _numbers(limit)) or (sign == "<" and ours >= _numbers(limit)):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(map(int, version.split(".")))
    return numbers + (0,) * (3 - len(numbers))


def _version_text(program: Program, required: str) -> str:
    if program.path is None:
        return f"not on the PATH{f'; wanted: {required}' if required and program.name != 'tofu' else ''}"
    if not program.version:
        return f"{program.path} did not print its version within {SECONDS} seconds"
    fits = not required or _is_in(program.version, required)
    return f"{program.version}, {program.path}{'' if fits else f'; wanted: {required}'}"


def _repository(folder: Path, spec: Spec, facts: Facts) -> Iterator[Observation]:
    names = ", ".join(spec.environments) or "none"
    yield Observation(topic="repository", name=SPEC_FILE, state="good", says=f"environments: {names}")
    try:
        lock = load_lock(folder, facts)
    except ScaffoldError as error:
        yield Observation(topic="repository", name=LOCK_FILE, state="missing", says=error.problem.splitlines()[0])
    else:
        writer = lock.manifest.writer
        state: State = "good" if writer in ("", __version__) else "note"
        yield Observation(
            topic="repository",
            name=LOCK_FILE,
            state=state,
            says=f"written by escscaffold {writer}" if writer else "nothing written yet",
        )
    locked = _locked(folder)
    for provider in _providers(spec):
        chosen = sorted({version for source, version in locked if source.endswith(f"/{provider.source.lower()}")})
        says = f"{provider.source} {provider.version}; " + (
            f"locked: {', '.join(chosen)}" if chosen else "not locked yet"
        )
        yield Observation(
            topic="repository", name=f"provider {provider.name}", state="good" if chosen else "note", says=says
        )


def _providers(spec: Spec) -> list[TerraformProvider]:
    environments = spec.environments.values()
    every = [p for environment in environments for p in environment.cloud.providers_for(environment.options)]
    return [*dict.fromkeys(every), spec.facts.kurrent.providers[spec.provider]]


def _locked(folder: Path) -> set[tuple[str, str]]:
    """Return source and version of each provider that Terraform has locked in some environment."""
    versions: set[tuple[str, str]] = set()
    for file in sorted(folder.glob(f"{ENVIRONMENTS}/*/.terraform.lock.hcl")):
        try:
            text = read_file(file).decode("utf-8", errors="replace")
        except (InputError, OSError):
            continue
        source = ""
        # Line by line, as a search for the end of each block would take the square of its time on a file without one.
        for line in text.splitlines():
            if match := _LOCKED.match(line):
                source = (match[1] or source).lower()
                versions |= {(source, match[2])} if match[2] else set()
    return versions


def _credentials(spec: Spec, variables: Mapping[str, str], home: Path) -> Iterator[Observation]:
    clouds = {environment.cloud.title: environment.cloud for environment in spec.environments.values()}
    by_title = {title: credentials_needed(cloud, spec.environments.values()) for title, cloud in clouds.items()}
    by_title["Kurrent Cloud"] = spec.facts.kurrent.providers[spec.provider].credentials
    for name, credentials in by_title.items():
        state, says = _signed_in(credentials, variables, home, spec.facts)
        yield Observation(topic="credentials", name=name, state=state, says=says)
    if needed := secrets_needed(spec):
        missing = _missing_secrets(needed, variables.get(SECRETS_VARIABLE, ""))
        if missing is None:
            state, says = "note", f"not checked: {SECRETS_VARIABLE} is set, but not as JSON"
        elif missing:
            state, says = "note", f"not set in {SECRETS_VARIABLE}: {'; '.join(missing)}"
        else:
            state, says = "good", f"set: {SECRETS_VARIABLE}"
        yield Observation(topic="credentials", name="integrations", state=state, says=says)


def _missing_secrets(needed: Mapping[str, Iterable[str]], text: str) -> list[str] | None:
    """Return which secret of which integration a JSON object does not give; None for HCL, which is not read here."""
    try:
        document = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None
    secrets = document if isinstance(document, dict) else {}
    by_name = {name: keys if isinstance(keys := secrets.get(name), dict) else {} for name in needed}
    missing = {name: [key for key in keys if not by_name[name].get(key)] for name, keys in needed.items()}
    return [f"{name} ({', '.join(keys)})" for name, keys in missing.items() if keys]


def _signed_in(credentials: Credentials, variables: Mapping[str, str], home: Path, facts: Facts) -> tuple[State, str]:
    """Return whether there is all that it takes to sign in, and the names of what there is and what is not."""

    def is_set(name: str) -> bool:
        return (home / name.removeprefix("~/")).is_file() if "/" in name else bool(variables.get(name))

    way = next((way for way in credentials.ways if all(map(is_set, way))), None)
    missing = [name for name in credentials.needed if not is_set(name)]
    have = [name for name in (*credentials.needed, *(way or ())) if is_set(name)]
    says = [f"set: {', '.join(have)}"] if have else []
    says += [f"not set: {', '.join(missing)}"] if missing else []
    if way is None:
        says.append(f"set one of these: {'; or '.join(' and '.join(way) for way in credentials.ways)}")
    logins = facts.lifecycles.deprecated_logins
    deprecated = [deprecation(name, logins[name], credentials, facts.kurrent) for name in way or () if name in logins]
    return ("good" if way and not missing and not deprecated else "note"), "; ".join((*says, *deprecated))


def _disk(folder: Path) -> Iterator[Observation]:
    nearest = next((folder for folder in (folder, *folder.resolve().parents) if folder.is_dir()), folder)
    writable = os.access(nearest, os.W_OK)
    says = f"{'can' if writable else 'cannot'} be written to"
    yield Observation(topic="disk", name=str(folder), state="good" if writable else "missing", says=says)
    whole = nearest.resolve()
    other = whole.with_name(whole.name.swapcase())
    if other.name != whole.name and other.exists() and other.samefile(whole):
        says = "names are not case-sensitive here"
        yield Observation(topic="disk", name="case", state="note", says=says)


def _variables(variables: Mapping[str, str]) -> Iterator[Observation]:
    """Yield other variables of the environment; only places are shown by value, never a password."""
    for name in _PROXIES:
        for spelt in (name, name.lower()):
            if variables.get(spelt):
                yield Observation(topic="environment", name=spelt, state="note", says=_host(variables[spelt]))
    for name in ("NO_PROXY", "no_proxy"):
        if variables.get(name):
            yield Observation(topic="environment", name=name, state="note", says="set")
    for name in _TERRAFORM:
        if variables.get(name):
            says = variables[name] if Path(variables[name]).exists() else f"{variables[name]}, which does not exist"
            yield Observation(topic="environment", name=name, state="note", says=says)
    if variables.get("TF_REATTACH_PROVIDERS"):
        says = "set: Terraform uses running provider processes, not a registry"
        yield Observation(topic="environment", name="TF_REATTACH_PROVIDERS", state="note", says=says)
    others = ("TF_VAR_", "TF_CLI_ARGS", "TF_WORKSPACE", "TF_LOG", "ESCSCAFFOLD_")
    for name in sorted(name for name in variables if name.startswith(others)):
        says = "set: used as a flag" if name.startswith("ESCSCAFFOLD_") else "set"
        yield Observation(topic="environment", name=name, state="note", says=says)


def _host(address: str) -> str:
    """Return host and port of a proxy, without who signs in there.

    >>> _host("http://user:secret@proxy.example:3128/")
    'proxy.example:3128'
    """
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "set, but not an IPv4 address"
    # A slash of a password that is not written as %2F ends the host for a parser: then this is no host.
    is_host = parts.hostname and "@" not in parts.path + parts.query + parts.fragment
    return f"{parts.hostname}{port}" if is_host else "set, but not an IPv4 address"
