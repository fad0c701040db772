"""What a write would lose without a word: dropped resources, files of your own in unused modules, and local state.

An upgrade drops a resource where the same answers made it before, so Terraform destroys what the spec still asks for. A
`moved` or `removed` block keeps what it names, in a template as in a file of one's own. A state that cannot be read,
such as one that OpenTofu has encrypted, counts as one that knows of something.
"""

import json
import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from escscaffold.errors import ScaffoldError
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.planning.lock import ENVIRONMENTS, Lock, answers_of, folder_of
from escscaffold.repository.disk import read_text
from escscaffold.repository.file_states import FileState
from escscaffold.spec.values import counted
from escscaffold.terraform.hcl_reader import json_configuration, read_hcl
from escscaffold.terraform.references import folders_named, is_configuration, local_calls
from escscaffold.terraform.tokens import NotHclError

if TYPE_CHECKING:
    from escscaffold.terraform.expressions import Block

Texts = Mapping[str, tuple[str, ...]]
"""The texts of Terraform files by path; two where it is open which of them it will be."""

Folders = Mapping[str, Texts]
"""The same, those of each folder by themselves."""

_HEADS = re.compile(r'^[ \t]*+(?:(?:resource|module)[ \t]++".*|source[ \t]*+=.*)$', re.MULTILINE)
_BOTH_TEXTS_REMAIN = ("conflict", "beside", "unsolved")
_STAYS = ("obsolete-edited",)
_CALL = re.compile(r'^module "([a-z0-9_]+)" \{\n  source = "\.\./\.\./modules/([a-z0-9-]+)"$', re.MULTILINE)
_ROOT = re.compile(rf"{ENVIRONMENTS}/([^/]+)/[^/]+\.tf")
_MODULE = re.compile(r"modules/[^/]+(?=/)")
STATE, WORKSPACES, LAST_ERROR = "terraform.tfstate", "terraform.tfstate.d", "errored.tfstate"
_INITIALISED = f".terraform/{STATE}"


class DroppedResource(Struct, frozen=True, kw_only=True):
    """One resource that was declared, and is no more."""

    environment: str
    address: str
    successor: str
    """The new resource of the same type, where there is one and no other; nothing else."""

    def accepted_by(self, names: tuple[str, ...]) -> bool:
        """Return True if one of the names is this resource, its environment's upgrade, or the whole environment."""
        own_names = (self.environment, f"{self.environment}.upgrade", f"{self.environment}.{self.address}")
        return any(name in own_names for name in names)


def dropped_resources(
    folder: Path, files: Iterable[FileState], lock: Lock, plan: AddressPlan
) -> tuple[DroppedResource, ...]:
    """Return what the new files leave out, of environments whose answers are what they were.

    A resource that the spec no longer asks for is expected, and not reported here.
    """
    terraform = [file for file in files if file.path.endswith(".tf")]
    before = {file.path: (file.old,) for file in terraform if file.old is not None}
    after = {file.path: texts for file in terraform if (texts := _future(file))}
    if before == after or lock.provider != plan.spec.provider or _heads(before) <= _heads(after):
        return ()
    answers = answers_of(plan.spec)
    same = [name for name, now in answers.items() if lock.manifest.answers.get(name, now) == now]
    old, new = _by_folder(before), _by_folder(after)
    return tuple(
        resource for name in same for resource in _dropped_of(name, old, _with_custom_files(folder, name, new))
    )


def _future(file: FileState) -> tuple[str, ...]:
    if file.state in _BOTH_TEXTS_REMAIN:
        return tuple(text for text in (file.generated or file.new, file.old) if text is not None)
    text = file.old if file.state in _STAYS else file.new
    return () if text is None else (text,)


def _heads(texts: Texts) -> set[tuple[str, str]]:
    """Return the lines by which resources and calls begin, each with its folder: while all are there, so is all."""
    return {
        (str(PurePosixPath(path).parent), line.strip())
        for path, versions in texts.items()
        for text in versions
        for line in _HEADS.findall(text)
    }


def _by_folder(texts: Texts) -> dict[str, Texts]:
    """Return the texts by folder and path: each environment looks at its own and at the modules that it calls."""
    by_folder: dict[str, dict[str, tuple[str, ...]]] = {}
    for path, versions in texts.items():
        by_folder.setdefault(path.rpartition("/")[0], {})[path] = versions
    return {**by_folder}


def _with_custom_files(folder: Path, environment: str, folders: dict[str, Texts]) -> Folders:
    root = folder_of(environment)
    return ChainMap({root: {**_custom_files(folder, environment), **folders.get(root, {})}}, folders)


def _custom_files(folder: Path, environment: str) -> dict[str, tuple[str, ...]]:
    root = folder / folder_of(environment)
    files = {f"{folder_of(environment)}/{path.name}": read_text(path) for path in sorted(root.glob("*.tf"))}
    return {path: (text,) for path, text in files.items() if text is not None}


def _dropped_of(environment: str, before: Folders, after: Folders) -> Iterator[DroppedResource]:
    root = folder_of(environment)
    remaining = set(_forgotten_or_moved(root, "", after))
    old, new = (dict.fromkeys(_addresses(root, "", texts)) for texts in (before, after))
    for address in old:
        above = _with_parents(address)
        if address in new or remaining & above:
            continue
        kind = address.split(".")[-2]
        candidates = [candidate for candidate in new if candidate not in old and candidate.split(".")[-2] == kind]
        successor = candidates[0] if len(candidates) == 1 else ""
        yield DroppedResource(environment=environment, address=address, successor=successor)


def _with_parents(address: str) -> set[str]:
    parts = address.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}


def _addresses(where: str, prefix: str, texts: Folders) -> Iterator[str]:
    for block in _blocks(where, texts):
        if block.type == "resource" and len(block.labels) == 2:
            yield prefix + ".".join(block.labels)
    for name, place in _calls(where, texts):
        yield from _addresses(place, f"{prefix}module.{name}.", texts)


def _forgotten_or_moved(where: str, prefix: str, texts: Folders) -> Iterator[str]:
    """Yield the addresses that a `moved` or a `removed` block names."""
    for block in _blocks(where, texts):
        origin = block.body.attribute("from")
        if block.type in ("moved", "removed") and origin is not None:
            yield prefix + re.sub(r"\[[^][]*+\]$", "", origin.text)
    for name, place in _calls(where, texts):
        yield from _forgotten_or_moved(place, f"{prefix}module.{name}.", texts)


def _calls(where: str, texts: Folders) -> Iterator[tuple[str, str]]:
    """Yield the modules that a folder calls from other folders, each once."""
    seen = set()
    for block in _blocks(where, texts):
        source = block.body.attribute("source")
        if block.type == "module" and block.labels and source:
            match = re.fullmatch(r'"(?:\.\./)+(modules/[^/"]+)"', source.text)
            if match and (call := (block.labels[0], match[1])) not in seen:
                seen.add(call)
                yield call


def _blocks(where: str, texts: Folders) -> Iterator["Block"]:
    for versions in texts.get(where, {}).values():
        for text in versions:
            yield from _read(text)


@cache
def _read(text: str) -> tuple["Block", ...]:
    try:
        return read_hcl(text).blocks
    except NotHclError:
        return ()


class StrandedFile(Struct, frozen=True, kw_only=True):
    """One file, and the environment that stops using it."""

    path: str
    environment: str
    call: str
    """The call of the module, which is another module's now, or is removed."""
    successor: str
    """The module that the environment calls instead; nothing where it calls none."""
    removed_module: str = ""
    """The module that the file itself calls and that is deleted; nothing for a file in a module."""

    @property
    def name(self) -> str:
        """What to accept it by: the address of the call."""
        return f"{self.environment}.module.{self.call}"

    @property
    def sentence(self) -> str:
        """What happens to it, and what keeps it."""
        if self.removed_module:
            fix = f"Call {self.successor} there instead." if self.successor else "Remove the call first."
            return f"{self.path} calls {self.removed_module}, which would be deleted. {fix}"
        sentence = f"{self.path} would have no effect in {self.environment} any more"
        if not self.successor:
            return f"{sentence}: its module is no longer called there."
        file_name = self.path.rpartition("/")[2]
        return f"{sentence}: module.{self.call} is {self.successor} now. Put it into {self.successor}/{file_name}, too."

    def accepted_by(self, names: Iterable[str]) -> bool:
        """Return True if one of the names is this call or the whole environment."""
        return not {self.environment, self.name}.isdisjoint(names)


def stranded_files(folder: Path, files: Iterable[FileState]) -> tuple[StrandedFile, ...]:
    """Return the files of your own that lose their module: it is no longer called, or it is deleted."""
    files = tuple(files)
    generated = {file.path for file in files}
    before: dict[str, dict[str, str]] = {}
    after: dict[str, dict[str, str]] = {}
    for file in files:
        match = _ROOT.fullmatch(file.path)
        if match is None or file.new is None or file.old is None:
            continue
        before.setdefault(match[1], {}).update(_module_calls(file.old))
        after.setdefault(match[1], {}).update(_module_calls(file.new))
    unused = (
        StrandedFile(path=path, environment=environment, call=call, successor=after[environment].get(call, ""))
        for environment, calls in sorted(before.items())
        for call, module in sorted(calls.items())
        if module not in after[environment].values()
        for path in _own_files(folder, module, generated)
        if not _is_copied(folder, path, after[environment].get(call, ""))
    )
    deleted = _deleted_modules(files)
    calling = (
        StrandedFile(
            path=path,
            environment=environment,
            call=call,
            successor=next((after[environment].get(name, "") for name, old in calls.items() if old == module), ""),
            removed_module=module,
        )
        for environment, calls in sorted(before.items())
        if deleted
        for path in (
            *_own_files(folder, folder_of(environment), generated),
            *(_in_other_modules(folder, generated, deleted) if not deleted.isdisjoint(calls.values()) else ()),
        )
        for call, module in _calls_in(path, read_text(folder / path) or "")
        if module in deleted
    )
    return (*unused, *calling)


def _deleted_modules(files: Iterable[FileState]) -> set[str]:
    """Return the folders of modules of which no generated file is left."""
    modules: dict[str, bool] = {}
    for file in files:
        if match := _MODULE.match(file.path):
            modules[match[0]] = modules.get(match[0], False) or file.new is not None
    return {module for module, is_left in modules.items() if not is_left}


def _in_other_modules(folder: Path, generated: set[str], deleted: set[str]) -> Iterator[str]:
    """Yield the files of your own in modules that are not deleted."""
    for module in sorted((folder / "modules").glob("*")):
        if (name := f"modules/{module.name}") not in deleted:
            yield from _own_files(folder, name, generated)


def _calls_in(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the calls of a file of your own, each with the folder of its module.

    Of a file that does not parse, each folder that it may call: the call has the folder's name, then.
    """
    try:
        body = json_configuration(json.loads(text)) if path.endswith(".json") else read_hcl(text)
    except (NotHclError, ValueError, RecursionError):
        yield from ((module.rpartition("/")[2], module) for module in sorted(folders_named(path, text)))
        return
    yield from ((call.name.removeprefix("module."), call.folder) for call in local_calls(path, body))


def _module_calls(text: str) -> dict[str, str]:
    """Return the module folder of each call, by the name of the call."""
    # Most files call none, and to search them for the pattern takes ten times as long.
    calls = _CALL.findall(text) if "../../modules/" in text else ()
    return {call: f"modules/{module}" for call, module in calls}


def _own_files(folder: Path, module: str, generated: set[str]) -> Iterator[str]:
    for path in sorted((folder / module).glob("*")):
        own_path = f"{module}/{path.name}"
        if is_configuration(path.name) and own_path not in generated and path.is_file():
            yield own_path


def _is_copied(folder: Path, path: str, successor: str) -> bool:
    """Return True if the module that is called instead has a file of this name already."""
    return bool(successor) and (folder / successor / path.rpartition("/")[2]).is_file()


class StateLeft(Struct, frozen=True, kw_only=True):
    """A state that is not known to be empty."""

    path: str
    resources: int | None
    """How many instances it has; None where that is not known."""
    workspace: str = ""
    """Which workspace's it is; nothing for the default one."""

    @property
    def text(self) -> str:
        """The state and what is in it, in words."""
        if self.resources is None:
            return f"{self.path} is not readable, so its resources are unknown"
        return f"{self.path} has {counted(self.resources, 'resource')}"


def states_left(folder: Path, root: str) -> tuple[StateLeft, ...]:
    """Return the local states of a root module, such as environments/prod, that are not known to be empty."""
    states: dict[str, StateLeft] = {}
    for path, workspace in _places(folder, root):
        count = _resources_in(folder / path)
        if count != 0:
            states.setdefault(path, StateLeft(path=path, resources=count, workspace=workspace))
    return tuple(states.values())


def _places(folder: Path, root: str) -> Iterator[tuple[str, str]]:
    base = folder / root
    workspaces = WORKSPACES
    yield f"{root}/{STATE}", ""
    yield f"{root}/{LAST_ERROR}", ""
    backend = _backend(base / _INITIALISED)
    if backend.get("type") == "local":
        config = backend.get("config")
        settings: dict[str, Any] = config if isinstance(config, dict) else {}
        if isinstance(path := settings.get("path"), str) and path:
            yield _joined(root, path), ""
        if isinstance(inner := settings.get("workspace_dir"), str) and inner:
            workspaces = inner
    where = folder / _joined(root, workspaces)
    for state in sorted(where.glob(f"*/{STATE}")) if where.is_dir() else ():
        yield _joined(root, f"{workspaces}/{state.parent.name}/{STATE}"), state.parent.name


def _joined(root: str, path: str) -> str:
    """Return a path that is written from a root module's place; an absolute one stays."""
    return str(PurePosixPath(root, path))


def _backend(path: Path) -> dict[str, Any]:
    """Return what `terraform init` has noted of the backend; nothing where it was not run."""
    try:
        document = json.loads(read_text(path) or "{}")
    except (ScaffoldError, ValueError, RecursionError):
        return {}
    backend = document.get("backend") if isinstance(document, dict) else None
    return backend if isinstance(backend, dict) else {}


def remote_state(folder: Path, root: str) -> str:
    """Return the type of the remote backend that a root module was initialised with; nothing where it has none."""
    kind = _backend(folder / root / _INITIALISED).get("type", "")
    return kind if isinstance(kind, str) and kind != "local" else ""


def _resources_in(path: Path) -> int | None:
    """Return how many things that exist a state knows of; None where that is not known."""
    try:
        text = read_text(path)
        if text is None or not text.strip():
            return 0
        document = json.loads(text)
    except (ScaffoldError, ValueError, RecursionError):
        return None
    # States before Terraform 0.12, and encrypted ones, have no such list.
    if not isinstance(document, dict) or not isinstance(document.get("resources"), list):
        return None
    return sum(_instances(document) for document in document["resources"])


def _instances(resource: Any) -> int:
    if not isinstance(resource, dict):
        return 1
    instances = resource.get("instances")
    count = len(instances) if isinstance(instances, list) else 1
    return 0 if resource.get("mode") == "data" else count
