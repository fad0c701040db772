"""Makes one change at random, as a person might, in files of Terraform and in the data beside them.

Each kind of change is a function from files to files; None where there is nothing to change so. Nothing here knows
what a change does.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from random import Random

from tests.reviewing.truth.declaring import (
    moved_twice,
    overridden,
    provider_changed,
    resource_forgotten,
    type_changed,
    value_in_json,
)
from tests.reviewing.truth.other_values import new_value, other_value, reordered, with_other_value
from tests.reviewing.truth.places import (
    RESOURCE,
    Argument,
    Changed,
    Files,
    Place,
    arguments,
    blocks,
    is_referred_to,
    places,
    with_lines,
    with_longer_name,
    with_value,
)
from tests.terraform.schema import Json

Schemas = Mapping[str, Json]
"""The schema of each type of resource."""
Change = Callable[[Random, Files, Schemas], Changed]

_REFERENCE = re.compile(r"\b((?:aws|azurerm|google|kurrentcloud)_\w+)\.(\w+)(\[[^][]*\])?\.(\w+)")
_CALL_OF_A_MODULE = {"source", "providers", "for_each", "count", "version"}
_META = {"for_each", "count", "provider", "depends_on", "iterator"}


def literal_in_resource(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another literal in an argument of a resource, at any depth."""
    return with_other_value(random, files, [one for one in _set_in(files, "resource") if not _is_bool(one)])


def bool_flipped(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A bool that is true instead of false, or the other way round, anywhere."""
    return with_other_value(random, files, [one for one in arguments(files) if _is_bool(one)])


def variable_default(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another value in a variable's default."""
    of = [one for one in _set_in(files, "variable") if one.name == "default" or len(one.place.within) > 1]
    return with_other_value(random, files, of)


def tfvars_value(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another value in a file of values."""
    return with_other_value(random, files, [one for one in arguments(files) if one.place.path.endswith(".tfvars")])


def local_value(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another literal in a local value."""
    return with_other_value(random, files, list(_set_in(files, "locals")))


def module_argument(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another literal in an argument of a module's call."""
    return with_other_value(
        random, files, [one for one in _set_in(files, "module") if one.name not in _CALL_OF_A_MODULE]
    )


def count_changed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another number of instances, or of what decides how many there are."""
    named = re.compile(r"count|number|replicas|bastions|size")
    of = [one for one in arguments(files) if named.search(f"{one.name} {_outer_name(one.place)}") and _number(one)]
    if not of:
        return None
    one = random.choice(of)
    now = int(one.value)
    value = random.choice([number for number in range(5) if number != now])
    return with_value(files, one, str(value))


def key_changed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A key of a map added, removed or renamed, or an item of a list added or removed."""
    of: list[Place] = []
    for place in places(files):
        inside = place.path.endswith(".tfvars") or (place.kind in ("locals", "variable") and len(place.within) > 1)
        if inside and re.match(r'\s+(?:"?[\w./-]+"?\s*=|")', place.text) and "optional(" not in place.text:
            of.append(place)
    of = [place for place in of if place.kind != "variable" or any("default" in one for one in place.within)]
    if not of:
        return None
    place = random.choice(of)
    lines = files[place.path].splitlines()[place.line : place.ends + 1]
    match random.choice(("add", "remove", "rename")):
        case "remove":
            return with_lines(files, place.path, place.line, place.ends, [])
        case "add":
            again = [re.sub(r'([\w./-]+?)("?)(\s*=|,?$)', r"\1-b\2\3", lines[0], count=1), *lines[1:]]
            return with_lines(files, place.path, place.line, place.ends, [*lines, *again])
    renamed = re.sub(r'([\w./-]+?)("?)(\s*=|,?$)', r"\1-c\2\3", lines[0], count=1)
    return with_lines(files, place.path, place.line, place.ends, [renamed, *lines[1:]])


def argument_removed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """An argument of a resource that is set no more."""
    of = [one for one in _set_in(files, "resource") if one.name not in _META]
    if not of:
        return None
    place = random.choice(of).place
    return with_lines(files, place.path, place.line, place.line, [])


def argument_added(random: Random, files: Files, schemas: Schemas) -> Changed:
    """An argument of a resource, or of a block in one, that was not set."""
    found: list[tuple[Place, str]] = []
    for place in blocks(files):
        body = _schema_at(place, schemas)
        if body is None:
            continue
        set_here = set(re.findall(r'^\s*"?(\w+)"?\s*=', "\n".join(_lines(files, place)), re.MULTILINE))
        for name, attribute in body["attributes"].items():
            if attribute["optional"] and name not in set_here and name not in ("id", "tags_all"):
                value = new_value(name, attribute["type"], random)
                found += [(place, f"{name} = {value}")] if value else []
    if not found:
        return None
    place, text = random.choice(found)
    return with_lines(files, place.path, place.line, place.line, [place.text, f"{_indent(place)}  {text}"])


def block_removed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A block inside a resource that is there no more."""
    of = [p for p in blocks(files) if p.within and p.kind == "resource" and "=" not in p.text]
    of = [place for place in of if place.text.strip() != "content {"]
    if not of:
        return None
    place = random.choice(of)
    return with_lines(files, place.path, place.line, place.ends, [])


def block_added(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A block inside a resource that was not there, with as little in it as the schema takes."""
    found: list[tuple[Place, str, Json]] = []
    for place in blocks(files):
        body = _schema_at(place, schemas)
        text = "\n".join(_lines(files, place))
        for name, nested in (body or {"block_types": {}})["block_types"].items():
            many = nested["nesting_mode"] in ("list", "set") and nested["max_items"] != 1
            if name != "timeouts" and (many or not re.search(rf'^\s*(?:dynamic )?"?{name}"? \{{', text, re.MULTILINE)):
                found.append((place, name, nested["block"]))
    if not found:
        return None
    place, name, block = random.choice(found)
    added = _minimal(name, block, random, f"{_indent(place)}  ")
    return with_lines(files, place.path, place.line, place.line, [place.text, *added])


def resource_renamed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A resource under another name, in all that refers to it."""
    return _renamed(random, files, moved=False)


def resource_moved(random: Random, files: Files, schemas: Schemas) -> Changed:
    """The same, with a `moved` block."""
    return _renamed(random, files, moved=True)


def module_renamed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A module's call under another name, with or without a `moved` block."""
    return _renamed(random, files, moved=random.random() < 0.6, block="module")


def resource_removed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A resource that nothing refers to, taken away."""
    of = [place for place in blocks(files, "resource") if not is_referred_to(place, files)]
    if not of:
        return None
    place = random.choice(of)
    return with_lines(files, place.path, place.line, place.ends, [])


def reference_exchanged(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A reference to another resource of its type, to another variable, or a literal instead of it."""
    found: list[tuple[Argument, str]] = []
    for one in _set_in(files, "resource", "module", "locals"):
        if one.name in _META:
            continue
        for reference in _REFERENCE.finditer(one.value):
            kind, name, _, attribute = reference.groups()
            others = [m[2] for p in blocks(files, "resource") if (m := RESOURCE.match(p.text)) and m[1] == kind]
            new = [f"{kind}.{other}.{attribute}" for other in others if other != name] or ['"example"']
            found.append((one, one.value.replace(reference[0], random.choice(new), 1)))
        if match := re.fullmatch(r"(var|local)\.(\w+)", one.value):
            same = [
                other.value
                for other in arguments(files)
                if other.place.path == one.place.path
                and other.value.startswith(f"{match[1]}.")
                and other.value != one.value
            ]
            found += [(one, random.choice(same))] if same else []
    if not found:
        return None
    return with_value(files, *random.choice(found))


def list_reordered(random: Random, files: Files, schemas: Schemas) -> Changed:
    """The same items of a list in another order."""
    on_one_line = [(one, new) for one in arguments(files) if (new := reordered(one.value, random))]
    over_lines = [
        place
        for place in places(files)
        if place.text.endswith("[") and place.ends - place.line > 2 and _are_items(_lines(files, place)[1:-1])
    ]
    if over_lines and (not on_one_line or random.random() < 0.4):
        place = random.choice(over_lines)
        items = _lines(files, place)[1:-1]
        first = random.randrange(len(items) - 1)
        items[first], items[first + 1] = items[first + 1], items[first]
        return with_lines(files, place.path, place.line + 1, place.ends - 1, items)
    return with_value(files, *random.choice(on_one_line)) if on_one_line else None


def formatting(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Nothing that Terraform looks at: comments, spaces, order, and which file something stands in."""
    tops = [place for place in blocks(files) if not place.within and place.path.endswith(".tf")]
    place = random.choice(tops)
    lines = _lines(files, place)
    match random.choice(("comment", "indent", "first", "file", "arguments", "lines")):
        case "comment":
            new = [lines[0], "  # reviewed", *lines[1:-1], f"{lines[-1]} // end"]
            return with_lines(files, place.path, place.line, place.ends, new)
        case "indent":
            return {**files, place.path: re.sub(r"^  ", "\t", files[place.path], flags=re.MULTILINE)}
        case "first":
            rest = with_lines(files, place.path, place.line, place.ends, [])
            return {**rest, place.path: "\n".join(lines) + "\n\n" + rest[place.path]}
        case "file":
            rest = with_lines(files, place.path, place.line, place.ends, [])
            folder = place.path.rpartition("/")[0]
            return {**rest, f"{folder}/other.tf" if folder else "other.tf": "\n".join(lines) + "\n"}
        case "lines":
            return {**files, place.path: files[place.path].replace("\n", "\r\n")}
    direct = [a for a in arguments(files) if a.place.within == (place.text,) and a.place.path == place.path]
    if len(direct) < 2:
        return None
    first, last = direct[0].place, direct[-1].place
    swapped = with_lines(files, place.path, first.line, first.line, [last.text])
    return with_lines(swapped, place.path, last.line, last.line, [first.text])


def condition_flipped(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A conditional whose branches are exchanged, or a comparison that is the other way round."""
    found: list[tuple[Argument, str]] = []
    for one in arguments(files):
        if match := re.fullmatch(r"([^?]+) \? ([^?:]+) : ([^?:]+)", one.value):
            found.append((one, f"{match[1]} ? {match[3]} : {match[2]}"))
        for sign, other in (("==", "!="), ("!=", "=="), (" > ", " < "), ("&&", "||")):
            if sign in one.value:
                found.append((one, one.value.replace(sign, other, 1)))
    return with_value(files, *random.choice(found)) if found else None


def expression_changed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """Another literal inside a call or an operation."""
    found: list[tuple[Argument, str]] = []
    for one in arguments(files):
        if not re.search(r"[(+*-]", re.sub(r'"[^"]*"', "", one.value)):
            continue
        for literal in re.finditer(r'"(?:[^"$\\])*"|(?<![\w."-])\d+(?![\w."-])', one.value):
            new = other_value(literal[0], one.name, random)
            if new:
                found.append((one, one.value[: literal.start()] + new + one.value[literal.end() :]))
    return with_value(files, *random.choice(found)) if found else None


def data_file(random: Random, files: Files, schemas: Schemas) -> Changed:
    """A word or a number in a file that Terraform reads: YAML, JSON, CSV, a template, a script."""
    said = "".join(text for path, text in files.items() if path.endswith(".tf"))
    paths = sorted(p for p in files if not p.endswith((".tf", ".tfvars")) and p.rpartition("/")[2] in said)
    if not paths:
        return None
    path = random.choice(paths)
    words = [m for m in re.finditer(r"[\w.]{2,}|\b\d+\b", files[path]) if "$" not in files[path][m.start() - 2 :][:2]]
    word = random.choice(words)
    bools = {"true": "false", "false": "true"}
    new = bools.get(word[0]) or (str(int(word[0]) + 1) if word[0].isdigit() else f"{word[0]}x")
    lines = files[path].splitlines()
    match random.choice(("word", "word", "remove")):
        case "remove" if len(lines) > 3 and path.endswith((".csv", ".yaml", ".sh")):
            place = random.randrange(1, len(lines))
            return {**files, path: "\n".join(lines[:place] + lines[place + 1 :]) + "\n"}
    return {**files, path: files[path][: word.start()] + new + files[path][word.end() :]}


def lifecycle_changed(random: Random, files: Files, schemas: Schemas) -> Changed:
    """What Terraform ignores, or for which it replaces, said of a resource or said no more."""
    there = [place for place in blocks(files) if place.text.strip() == "lifecycle {"]
    if there and random.random() < 0.3:
        place = random.choice(there)
        return with_lines(files, place.path, place.line, place.ends, [])
    of = [place for place in blocks(files, "resource") if "lifecycle {" not in "\n".join(_lines(files, place))]
    if not of:
        return None
    place = random.choice(of)
    names = [a.name for a in arguments(files) if a.place.within == (place.text,) and a.place.path == place.path]
    names = [name for name in names if name not in _META] or ["tags"]
    said = random.choice((f"ignore_changes = [{random.choice(names)}]", "create_before_destroy = true"))
    new = ["", "  lifecycle {", f"    {said}", "  }", "}"]
    changed = with_lines(files, place.path, place.ends, place.ends, new)
    # Alone it does nothing, so something else of the same resource changes with it.
    inside = [a for a in arguments(changed) if a.place.path == place.path and a.place.within == (place.text,)]
    return with_other_value(random, changed, inside) or changed


KINDS: Mapping[str, Change] = {
    "literal in a resource": literal_in_resource,
    "bool flipped": bool_flipped,
    "variable's default": variable_default,
    "value in tfvars": tfvars_value,
    "local": local_value,
    "argument of a module": module_argument,
    "count": count_changed,
    "key or item": key_changed,
    "argument removed": argument_removed,
    "argument added": argument_added,
    "block removed": block_removed,
    "block added": block_added,
    "resource renamed": resource_renamed,
    "resource moved": resource_moved,
    "module renamed or moved": module_renamed,
    "resource removed": resource_removed,
    "reference exchanged": reference_exchanged,
    "list reordered": list_reordered,
    "formatting": formatting,
    "condition flipped": condition_flipped,
    "literal in an expression": expression_changed,
    "data file": data_file,
    "lifecycle": lifecycle_changed,
    "type of a variable": type_changed,
    "provider": provider_changed,
    "override file": overridden,
    "value in JSON": value_in_json,
    "removed block": resource_forgotten,
    "moved twice": moved_twice,
}
"""Every kind of change, by what a person calls it."""


def _set_in(files: Files, *kinds: str) -> Iterator[Argument]:
    return (one for one in arguments(files) if one.place.kind in kinds and one.place.within)


def _is_bool(one: Argument) -> bool:
    return one.value in ("true", "false")


def _number(one: Argument) -> bool:
    return one.value.isdigit()


def _outer_name(place: Place) -> str:
    return place.top if place.kind == "variable" else ""


def _lines(files: Files, place: Place) -> list[str]:
    return files[place.path].splitlines()[place.line : place.ends + 1]


def _indent(place: Place) -> str:
    return place.text[: len(place.text) - len(place.text.lstrip())]


def _are_items(lines: list[str]) -> bool:
    return all(line.endswith(",") and not re.search(r"[\[{(]\s*,?$", line) for line in lines)


def _schema_at(place: Place, schemas: Schemas) -> Json | None:
    """Return the schema of the block that begins here, if it is a resource or a block inside of one."""
    path = [*place.within, place.text]
    match = RESOURCE.match(path[0])
    if not match or match[1] not in schemas:
        return None
    body: Json = schemas[match[1]]["block"]
    for text in path[1:]:
        name = text.strip().removesuffix(" {")
        if name not in body["block_types"]:
            return None
        body = body["block_types"][name]["block"]
    return body


def _minimal(name: str, block: Json, random: Random, indent: str) -> list[str]:
    needed = {n: a for n, a in block["attributes"].items() if a["required"]}
    optional = [n for n, a in sorted(block["attributes"].items()) if a["optional"]]
    if not needed and optional:
        one = random.choice(optional)
        needed = {one: block["attributes"][one]}
    inner = [f"{indent}  {n} = {new_value(n, a['type'], random) or 'null'}" for n, a in needed.items()]
    for inside, nested in block["block_types"].items():
        if nested["min_items"]:
            inner += _minimal(inside, nested["block"], random, f"{indent}  ")
    return [f"{indent}{name} {{", *inner, f"{indent}}}"]


def _renamed(random: Random, files: Files, *, moved: bool, block: str = "resource") -> Changed:
    of = list(blocks(files, block))
    if not of:
        return None
    place = random.choice(of)
    old, changed = with_longer_name(files, place, "_new")
    if moved:
        changed[place.path] += f"\nmoved {{\n  from = {old}\n  to   = {old}_new\n}}\n"
    return changed
