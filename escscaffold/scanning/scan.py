"""A scan of some paths: every file is read as what it is, and one that is broken does not stop the others."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from escscaffold.scanning.files import MODULE_FORMS, File, files_at
from escscaffold.scanning.found import Broken, Found, Scan, Unresolved
from escscaffold.scanning.lists import scan_lines, scan_table
from escscaffold.scanning.loading import Loader, NotJsonError, parse_json
from escscaffold.scanning.state import NotStateError, scan_state

Piece = Found | Unresolved | Broken


def scan_paths(base: Path, paths: Iterable[str]) -> Scan:
    """Scan files and folders below `base`."""
    scan, loader = Scan(), Loader(base)
    files = {file.source: file for path in paths for file in files_at(base, path)}
    for file in files.values():
        if isinstance(file, File) and file.form in MODULE_FORMS:
            loader.ask(file.source)
        else:
            _sort_in(scan, _pieces(file))
    _sort_in(scan, loader.pieces())
    scan.found = without_repetition(scan.found)
    scan.unresolved = list(dict.fromkeys(scan.unresolved))
    scan.broken = sorted(set(scan.broken), key=lambda broken: (broken.source, broken.line or 0))
    scan.files = len(files)
    return scan


def without_repetition(found: Iterable[Found]) -> list[Found]:
    """Return each block once for each place where it stands.

    A state only repeats what the configuration says, and a variable what is in use elsewhere.
    """
    distinct = list(dict.fromkeys(found))
    with_lines = {(f.cidr, f.name) for f in distinct if f.line is not None}
    in_use = {f.cidr for f in distinct if f.kind != "value"}
    kept: dict[object, Found] = {}
    for f in distinct:
        if f.kind == "value" and f.cidr in in_use:
            continue
        if f.line is not None:
            kept[f] = f
        elif (f.cidr, f.name) not in with_lines:
            kept.setdefault((f.cidr, f.kind, f.name), f)
    return list(kept.values())


def _sort_in(scan: Scan, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        match piece:
            case Found():
                scan.found.append(piece)
            case Unresolved():
                scan.unresolved.append(piece)
            case Broken():
                scan.broken.append(piece)


def _pieces(file: File | Broken) -> Iterator[Piece]:
    if isinstance(file, Broken):
        yield file
    elif file.form == "table":
        yield from scan_table(file.text, file.source)
    elif file.form == "list":
        yield from scan_lines(file.text, file.source)
    else:
        yield from _state(file)


def _state(file: File) -> Iterator[Piece]:
    try:
        yield from scan_state(parse_json(file.text), file.source)
    except NotJsonError as error:
        yield Broken(source=file.source, line=error.line, message=error.message)
    except NotStateError as error:
        yield Broken(source=file.source, message=str(error))
    except RecursionError:
        yield Broken(source=file.source, message="it is nested too deeply")
