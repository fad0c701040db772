"""Changes of how something is declared, at random: types, providers, overrides, values in JSON, `removed` blocks.

Nothing here knows what a change does.
"""

import json
import re
from random import Random

from tests.reviewing.truth.other_values import other_value, with_other_value
from tests.reviewing.truth.places import (
    RESOURCE,
    Argument,
    Changed,
    Files,
    Place,
    arguments,
    blocks,
    is_referred_to,
    with_lines,
    with_longer_name,
    with_value,
)
from tests.terraform.schema import Json

_ALIAS = re.compile(r'^\s+alias\s+= "(\w+)"', re.MULTILINE)
_OTHER_TYPES = {
    "list(string)": ("set(string)", "any", "list(any)"),
    "set(string)": ("list(string)", "any"),
    "string": ("any", "number"),
    "number": ("string", "any"),
    "bool": ("string", "any"),
    "map(string)": ("any", "map(any)"),
    "list(number)": ("list(string)", "set(number)"),
}


def type_changed(random: Random, files: Files, schemas: Json) -> Changed:
    """Another type of a variable, or another default of an optional attribute."""
    found: list[tuple[Argument, str]] = []
    for argument in arguments(files):
        if argument.place.kind != "variable":
            continue
        if argument.name == "type":
            found += [(argument, kind) for kind in _OTHER_TYPES.get(argument.value, ())]
        for default in re.finditer(r'optional\(\w+, ("[^"]*"|\w+)\)', argument.value):
            if new := other_value(default[1], argument.name, random):
                value = argument.value[: default.start(1)] + new + argument.value[default.end(1) :]
                found.append((argument, value))
    return with_value(files, *random.choice(found)) if found else None


def provider_changed(random: Random, files: Files, schemas: Json) -> Changed:
    """Another region, tags for all, another alias, or another provider's configuration of a resource."""
    aliases = [name for text in files.values() for name in _ALIAS.findall(text)]
    match random.choice(("region", "tags", "alias", "resource")):
        case "alias" if aliases:
            alias = random.choice(aliases)
            renamed = {path: re.sub(rf"\baws\.{alias}\b", f"aws.{alias}_2", text) for path, text in files.items()}
            return {path: re.sub(rf'(alias\s+= "){alias}"', rf'\1{alias}_2"', text) for path, text in renamed.items()}
        case "resource" if aliases:
            named = [argument for argument in arguments(files) if argument.name == "provider"]
            if named:
                place = random.choice(named).place
                return with_lines(files, place.path, place.line, place.line, [])
        case "tags":
            providers = [place for place in blocks(files, "provider") if "default_tags" not in files[place.path]]
            if providers:
                place = random.choice(providers)
                tags = ["  default_tags {", '    tags = { cost = "shared" }', "  }"]
                return with_lines(files, place.path, place.line, place.line, [place.text, *tags])
    regions = [a for a in arguments(files) if a.name == "region" and a.place.kind == "provider"]
    return with_other_value(random, files, regions)


def overridden(random: Random, files: Files, schemas: Json) -> Changed:
    """Another literal in an argument of a resource, in an override file."""
    found: list[tuple[Argument, str]] = []
    for argument in arguments(files):
        is_direct = argument.place.kind == "resource" and len(argument.place.within) == 1
        new = other_value(argument.value, argument.name, random) if is_direct else None
        if new:
            found.append((argument, new))
    if not found:
        return None
    argument, new = random.choice(found)
    return _added(files, argument.place, "z_override.tf", f"{argument.place.top}\n  {argument.name} = {new}\n}}\n")


def value_in_json(random: Random, files: Files, schemas: Json) -> Changed:
    """Another value of a variable that has a default, in a file of values in JSON."""
    found: list[tuple[Argument, str]] = []
    roots = {path.rpartition("/")[0] for path, text in files.items() if re.search(r"^provider ", text, re.MULTILINE)}
    for argument in arguments(files):
        is_default = argument.name == "default" and argument.place.kind == "variable"
        is_free = is_default and argument.place.path.rpartition("/")[0] in roots and "${" not in argument.value
        if is_free and (new := other_value(argument.value, "", random)):
            found.append((argument, new))
    if not found:
        return None
    argument, new = random.choice(found)
    name = argument.place.top.split('"')[1]
    return _added(files, argument.place, "z.auto.tfvars.json", json.dumps({name: json.loads(new)}))


def resource_forgotten(random: Random, files: Files, schemas: Json) -> Changed:
    """A resource that nothing refers to, taken away with a `removed` block that keeps or destroys it."""
    of = [place for place in blocks(files, "resource") if not is_referred_to(place, files)]
    if not of:
        return None
    place = random.choice(of)
    match = RESOURCE.match(place.text)
    assert match
    destroy = random.choice(("true", "false"))
    text = ["removed {", f"  from = {match[1]}.{match[2]}", "", "  lifecycle {", f"    destroy = {destroy}", "  }", "}"]
    return with_lines(files, place.path, place.line, place.ends, text)


def moved_twice(random: Random, files: Files, schemas: Json) -> Changed:
    """A resource under another name, with two `moved` blocks in a row."""
    of = list(blocks(files, "resource"))
    if not of:
        return None
    place = random.choice(of)
    old, changed = with_longer_name(files, place, "_3")
    moves = [(old, f"{old}_2"), (f"{old}_2", f"{old}_3")]
    random.shuffle(moves)
    changed[place.path] += "".join(f"\nmoved {{\n  from = {a}\n  to   = {b}\n}}\n" for a, b in moves)
    return changed


def _added(files: Files, place: Place, name: str, text: str) -> dict[str, str]:
    folder = place.path.rpartition("/")[0]
    return {**files, f"{folder}/{name}" if folder else name: text}
