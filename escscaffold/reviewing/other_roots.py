"""What a root module does to others: a state that two of them have, outputs that others read, and imports. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from escscaffold.planning.lock import environment_of
from escscaffold.reviewing.impact import Impact
from escscaffold.reviewing.quoting import Quoted, Sentence
from escscaffold.reviewing.roots import Root
from escscaffold.reviewing.side_files import Reader, SideFiles
from escscaffold.spec.model import Reference
from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_values import Value, is_known, same
from escscaffold.terraform.references import is_configuration, parent_folder
from escscaffold.terraform.value_changes import is_same_unknown

_STATE_PLACES = ("key", "prefix", "path", "address", "schema_name", "secret_suffix", "workspaces")
"""The settings that say which state of a backend is meant."""
_READS_STATE = re.compile(r'"(?:terraform_remote_state|tfe_outputs)"|\bterraform_remote_state\b|\btfe_outputs\b')
_OUTPUT = re.compile(
    r"\b(?:outputs|values|nonsensitive_values)[ \t]{0,9}(?:\.[ \t]{0,9}|\[[ \t]{0,9}\")([A-Za-z_][\w-]{0,200})"
)


_ANY_OUTPUT = "*"
_ALL_OUTPUTS = re.compile(
    r"\b(?:terraform_remote_state|tfe_outputs)\b[^\n]{0,300}\b(?:outputs|values)\b(?![ \t]{0,9}[.\[])"
)
"""Where all outputs of a state are passed on."""


def impacts_between_roots(roots: Sequence[Root], after: SideFiles, reader: Reader) -> Iterator[Impact]:
    """Yield what is not known because one root module has to do with another, or with what it imports."""
    added = {root.folder: root for root in roots if root.fate == "added"}
    with_backends = _with_backends(after) if any(root.new.backends for root in added.values()) else []
    for root in added.values():
        yield from _imports(root)
        yield from _same_state(root, with_backends, after, reader)
    changed = {
        root.folder: _changed_outputs(root.old.outputs, root.new.outputs) for root in roots if root.fate == "kept"
    }
    if any(changed.values()):
        yield from _readers(changed, after)


def _imports(root: Root) -> Iterator[Impact]:
    """Yield what a new root module imports: it exists, and Terraform changes it to what is declared."""
    addresses = tuple(import_.address for import_ in root.new.imports)
    for address in addresses[:1]:
        instance = root.new.instances.get(address)
        reason = "It is imported and can differ from the declaration."
        yield replace(
            _not_known(root.folder, address, (reason,)),
            addresses=addresses,
            path=instance.path if instance else "",
            line=instance.line if instance else None,
        )


def _with_backends(after: SideFiles) -> list[str]:
    """Return the files of configuration that may have a backend, without parsing them."""
    texts = ((path, after.text(path) or "") for path in after.entries if is_configuration(path))
    return [path for path, text in texts if "backend" in text or "cloud" in text]


def _same_state(root: Root, with_backends: Sequence[str], after: SideFiles, reader: Reader) -> Iterator[Impact]:
    """Yield the backend of a new root module where another one of these files has the same state."""
    for backend in root.new.backends.values():
        settings = {name: value for name, value in backend.attributes.items() if is_known(value)}
        places = [value for name in _STATE_PLACES if isinstance(value := settings.get(name), str)]
        for path in with_backends if places else ():
            folder = parent_folder(path)
            if folder == root.folder or places[0] not in (after.text(path) or ""):
                continue
            bodies = reader.bodies(after, [path])
            if any(other == (backend.address, settings) for body in bodies.values() for other in _backends(body)):
                reason: Sentence = (
                    "It has the same state as ",
                    Quoted(folder),
                    ": Terraform destroys what only the other one declares.",
                )
                yield replace(_not_known(root.folder, backend.address, reason), path=backend.path, line=backend.line)


def _backends(body: hcl.Body) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for block in body.blocks:
        for inner in block.body.blocks if block.type == "terraform" else ():
            if inner.type in ("backend", "cloud"):
                literals = {a.name: a.value.value for a in inner.body.attributes if isinstance(a.value, hcl.Literal)}
                yield " ".join((inner.type, *inner.labels)), literals


def _changed_outputs(old: Mapping[str, Value], new: Mapping[str, Value]) -> frozenset[str]:
    return frozenset(name for name, value in old.items() if name not in new or _differs(value, new[name]))


def _differs(old: Value, new: Value) -> bool:
    return not (same(old, new) if is_known(old) and is_known(new) else is_same_unknown(old, new))


def _readers(changed: Mapping[str, Collection[str]], after: SideFiles) -> Iterator[Impact]:
    """Yield where another folder reads an output that changes; which state it reads may be computed."""
    texts: dict[str, dict[str, str]] = {}
    for path in after.entries:
        if is_configuration(path):
            texts.setdefault(parent_folder(path), {})[path] = after.text(path) or ""
    for folder, files in texts.items():
        if not any(_READS_STATE.search(text) for text in files.values()):
            continue
        for path, text in files.items():
            for number, line in enumerate(text.splitlines(), 1):
                named = _OUTPUT.findall(line)
                for name in dict.fromkeys([_ANY_OUTPUT, *named] if _ALL_OUTPUTS.search(line) else named):
                    sources = [of for of, names in changed.items() if of != folder and _is_among(name, names)]
                    if sources:
                        reason: Sentence = (
                            "It is read from a state, and ",
                            Quoted(sources[0]),
                            " changes this output.",
                        )
                        yield replace(_not_known(folder, f"outputs.{name}", reason), path=path, line=number)


def _is_among(name: str, names: Collection[str]) -> bool:
    return name in names or (name == _ANY_OUTPUT and bool(names))


def _not_known(folder: str, subject: str, reason: Sentence) -> Impact:
    environment = environment_of(folder)
    return Impact(
        effect="not known",
        affected=(),
        environment=environment,
        subject=Reference("", subject),
        callers=() if environment or folder == "." else (folder,),
        reason=reason,
    )
