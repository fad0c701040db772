"""Files of up to 1 MiB that are made to cost much, and every way in by which one of them comes.

Run by hand it puts all of them through all doors: `python -m tests.bounds.doors [KIBIBYTES]`. Each run
is a process of its own, which may take 5 seconds of processor time and 200 MiB beyond an empty run.
"""

import json
import os
import resource
import shutil
import sys
import tempfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.started import run_started

SECONDS = 5.0
MEMORY = 200 * 2**20
LIMITS = {resource.RLIMIT_CPU: 60, resource.RLIMIT_AS: 3 * 2**30}
KIB = 1024
Make = Callable[[int], bytes]


@dataclass(frozen=True)
class Door:
    """A file by this name, and the commands that read it; `stdin` where it comes from there."""

    file: str
    commands: tuple[str, ...]
    texts: Mapping[str, Make]
    around: tuple[tuple[str, str], ...] = ()
    stdin: bool = False


@dataclass(frozen=True)
class Cost:
    """What a run took and how it ended."""

    seconds: float
    memory: int
    code: int
    error: str


def repeated(unit: str, before: str = "", after: str = "") -> Make:
    """Return what makes a text of a size by repeating a part of it."""
    return lambda size: (before + unit * ((size - len(before) - len(after)) // len(unit.encode())) + after).encode()


def counted(unit: str, before: str = "", after: str = "") -> Make:
    """Return what makes a text of a size of parts that have a number in the place of `#`."""

    def make(size: int) -> bytes:
        parts, length, number = [before], len(before) + len(after), 0
        while length + len(unit) + 6 < size:
            parts.append(unit.replace("#", f"{number}"))
            length += len(parts[-1])
            number += 1
        return "".join([*parts, after]).encode()

    return make


def _block(number: int) -> str:
    return f"10.{number >> 8 & 255}.{number & 255}.0/24"


def _blocks(line: Callable[[int], str], before: str = "") -> Make:
    def make(size: int) -> bytes:
        parts, length, number = [before], len(before), 0
        while length < size - 100:
            parts.append(line(number))
            length += len(parts[-1])
            number += 1
        return "".join(parts).encode()

    return make


_ENV = '[environments.e#]\ncloud = "gcp"\nregion = "europe-west2"\nmode = "gke-standard"\n'
_HEAD = "version = 1\n"
TOML: Mapping[str, Make] = {
    "a dotted key": repeated("a.", after="a = 1\n"),
    "a dotted header": repeated("a.", "[", "a]\n"),
    "a quoted dotted key": repeated('"a" . ', after="a = 1\n"),
    "a long key": repeated("a", after=" = 1\n"),
    "nested lists": repeated("[", "a = "),
    "nested tables": repeated("{a=", "a = "),
    "a decimal number": repeated("9", "version = "),
    "a hexadecimal number": repeated("f", "version = 0x"),
    "a long text": repeated("x", 'version = "', '"\n'),
    "a text that does not end": repeated("\\\\", 'a = "'),
    "lines of blanks": repeated(" \n"),
    "one line of blanks": repeated(" "),
    "unknown keys": counted("k# = 1\n", _HEAD),
    "unknown tables": counted("[t#]\n", _HEAD + 'provider = "kurrentcloud"\n'),
    "unknown keys below": counted("k# = 1\n", _HEAD + _ENV.replace("#", "a")),
    "headers that are none": repeated("[a]]", _HEAD),
    "an empty environment each": counted("[environments.e#]\n", _HEAD),
    "wrong environments": counted('[environments.e#]\ncloud = "gpc"\n', _HEAD),
    "wrong names of environments": counted("[environments.E#]\n", _HEAD),
    "reserved blocks": _blocks(lambda n: f'n{n} = "{_block(n)}"\n', _HEAD + "[reserved]\n"),
    "pools": _blocks(lambda n: f'n{n} = "{_block(n)}"\n', _HEAD + "[pools]\n"),
    "the same pool": counted('p# = "10.0.0.0/8"\n', _HEAD + "[pools]\n"),
    "wrong blocks": counted('n# = "10.0.0.1/8"\n', _HEAD + "[reserved]\n"),
    "ranges": counted('n# = "/24"\n', _HEAD + _ENV.replace("#", "") + "[environments.e.ranges]\n"),
    "names that may overlap": counted('"e#",', _HEAD + _ENV.replace("#", "") + "may_overlap = [", "]\n"),
    "remote blocks": _blocks(lambda n: f'"{_block(n)}",', _HEAD + _ENV.replace("#", "") + "ranges.remote = ["),
    "merge marks": repeated("<<<<<<< a\n=======\n>>>>>>> b\n"),
    "acl": _blocks(lambda n: f'n{n} = "{_block(n)}"\n', _HEAD + _ENV.replace("#", "") + "[environments.e.acl]\n"),
}


def _bomb(size: int) -> bytes:
    packed = b64encode(zlib.compress(b"a" * (size * 700), 9)).decode()
    return f'# x\nversion = 1\n\n[bases]\n"README.md" = "{packed}"\n'.encode()


LOCKS: Mapping[str, Make] = {
    **{name: TOML[name] for name in ("a dotted key", "a decimal number", "nested lists", "merge marks", "a long key")},
    "bases that unpack to much": _bomb,
    "granted ranges": _blocks(lambda n: f'"old.r{n}" = "{_block(n)}"\n', "version = 1\n\n[granted]\n"),
    "retired ranges": _blocks(lambda n: f'"old.r{n}" = "{_block(n)}"\n', "version = 1\n\n[retired]\n"),
    "written files": counted('"environments/e#/main.tf" = "x"\n', "version = 1\n\n[written]\n"),
    "routes": _blocks(lambda n: f"{_block(n)}, ", 'version = 1\n\n[routed]\n"a" = "'),
    "answers": repeated("[", 'version = 1\n\n[answers]\n"a" = \'', "'\n"),
    "a merge of many": counted(
        '<<<<<<< a\n"e.n#" = "10.0.0.0/8"\n=======\n"e.n#" = "11.0.0.0/8"\n>>>>>>> b\n', "[granted]\n"
    ),
}
CSV: Mapping[str, Make] = {
    "a long name": repeated("a", "name,cidr\n", ",10.0.0.0/8\n"),
    "a long name of words": repeated("a_b.", "name,cidr\n", ",10.0.0.0/8\n"),
    "names of 16,000 letters": lambda size: (
        b"name,cidr\n" + b"".join(b"a_" * 8000 + f",{_block(n)}\n".encode() for n in range(size // 16_020))
    ),
    "quotes": repeated('"', "name,cidr\n"),
    "quoted commas": repeated('",",', "name,cidr\n"),
    "columns": repeated(",", "name,cidr\n"),
    "all delimiters": repeated(",;\t|"),
    "blocks": _blocks(lambda n: f"n{n},{_block(n)}\n", "name,cidr\n"),
    "the same name": _blocks(lambda n: f"n,{_block(n)}\n", "name,cidr\n"),
    "the same block": counted("n#,10.0.0.0/8\n", "name,cidr\n"),
    "nested blocks": lambda size: (
        b"name,cidr\n" + b"".join(f"n{n},10.0.0.0/{8 + n % 24}\n".encode() for n in range(size // 18))
    ),
    "many in a cell": _blocks(lambda n: f"{_block(n)} ", 'name,cidr\na,"'),
    "no lines": repeated("\r"),
    "other ends of lines": repeated("\u2028"),
}
LISTS: Mapping[str, Make] = {
    "blocks": _blocks(lambda n: f"{_block(n)} # n{n}\n"),
    "strange lines": repeated("a\n"),
    "one line": repeated("10.0.0.0/8 "),
    "a long name": repeated("a_", "10.0.0.0/8 # "),
}
JSON: Mapping[str, Make] = {
    "nested": repeated("[", '{"format_version": "1.0", "values": '),
    "nested objects": repeated('{"a":', '{"format_version": "1.0", "values": '),
    "a number": repeated("9", '{"format_version": '),
    "a long key": repeated(
        "pods_",
        '{"format_version":"1.0","values":{"root_module":{"resources":[{"type":"a","values":{"',
        '":"10.0.0.0/8"}}]}}}',
    ),
    "keys": counted(
        '"pods_#":"10.0.0.0/8",',
        '{"format_version":"1.0","values":{"root_module":{"resources":[{"type":"a","values":{',
        '"z":"10.0.0.0/8"}}]}}}',
    ),
    "resources": counted(
        '{"address":"aws_vpc.a#","type":"aws_vpc","values":{"cidr_block":"10.0.0.0/8"}},',
        '{"format_version":"1.0","values":{"root_module":{"resources":[',
        "{}]}}}",
    ),
    "changes": counted(
        '{"address":"aws_vpc.a#","type":"aws_vpc","change":{"actions":["delete","create"]}},',
        '{"format_version":"1.0","resource_changes":[',
        "{}]}",
    ),
}
TERRAFORM: Mapping[str, Make] = {
    "lines of blanks": repeated(" \n"),
    "empty lines": repeated("\n"),
    "nested lists": repeated("[", "a = "),
    "nested blocks": repeated("a {\n"),
    "nested brackets": repeated("(", "a = "),
    "nested templates": repeated('"${', "a = "),
    "a long name": repeated("a", 'resource "aws_vpc" "', '" {}\n'),
    "a long number": repeated("9", "a = "),
    "a text that does not end": repeated("\\\\", 'a = "'),
    "comments": repeated("/* a */ "),
    "a comment that does not end": repeated("*/ ", "/*"),
    "a heredoc that does not end": repeated("EO\n", "a = <<EOT\n"),
    "operators": repeated("1 + ", "a = ", "1\n"),
    "negations": repeated("!", "a = ", "true\n"),
    "resources": _blocks(lambda n: f'resource "aws_vpc" "a{n}" {{\n  cidr_block = "{_block(n)}"\n}}\n'),
    "variables": _blocks(lambda n: f'variable "a{n}" {{\n  default = "{_block(n)}"\n}}\n'),
    "the same resource": repeated('resource "aws_vpc" "a" {}\n'),
    "locals in a chain": counted("a# = local.a\n", "locals {\n", "}\n"),
    "computed subnets": counted('resource "aws_subnet" "a#" {\n  cidr_block = cidrsubnet("10.0.0.0/8", 16, #)\n}\n'),
    "modules": counted('module "a#" {\n  source = "./a#"\n}\n'),
    "secrets that are none": repeated("password_key_", 'a = "', '"\n'),
}
_VPC = 'resource "aws_vpc" "v" {\n  cidr_block = local.z\n}\n'


def _local(expression: str, more: str = "") -> Make:
    """Return what makes a module that computes one value, whatever the size."""
    return lambda size: f"{more}locals {{\n  z = {expression}\n}}\n{_VPC}".encode()


_TEN = f"concat({', '.join(f'range({n}000, {n + 1}000)' for n in range(10))})"
"""Ten thousand numbers; `range` returns a thousand."""
_LONG = f'locals {{\n  long = "{"y" * 9_000}"\n}}\n'
_LIST = f"locals {{\n  l = {_TEN}\n}}\n"
COMPUTED: Mapping[str, Make] = {
    "sets without one another": _local("length(setsubtract(local.l, [for i in local.l : i + 10000]))", _LIST),
    "sets in common": _local("length(setintersection(local.l, [for i in local.l : i + 10000]))", _LIST),
    "keys that match": _local("length(matchkeys(local.l, local.l, [for i in local.l : i + 10000]))", _LIST),
    "squares": lambda size: _local(
        "local.a40",
        "locals {\n  a0 = 99999999999999999999\n"
        + "".join(f"  a{n + 1} = local.a{n} * local.a{n}\n" for n in range(40))
        + "}\n",
    )(size),
    "wide formats": _local(f'formatlist("{"%999[1]s" * 900}", local.l)', _LIST),
    "a text in a text": _local('replace(local.long, "y", local.long)', _LONG),
    "texts that are long": _local('length(join("", [for i in local.l : local.long]))', _LIST + _LONG),
    "indented lines": _local('length(indent(9000, replace(local.long, "y", "\\n")))', _LONG),
    "alternatives of files": _local(f'fileset(".", "{"{a,b}" * 40}")'),
    "concatenated lists": repeated("local.l,", _LIST + _VPC + "locals {\n  z = length(concat(", "[]))\n}\n"),
    "counts": counted('resource "aws_vpc" "v#" {\n  count = 10000\n}\n'),
    "dynamic blocks": counted(
        'resource "aws_vpc" "v#" {\n  dynamic "a" {\n    for_each = local.l\n    content {}\n  }\n}\n', _LIST
    ),
    "blocks of each instance": repeated("  a {}\n", 'resource "aws_vpc" "v" {\n  count = 10000\n', "}\n"),
    "dependencies of each instance": repeated(
        "aws_vpc.x,", 'resource "aws_vpc" "v" {\n  count = 10000\n  depends_on = [', "]\n}\n"
    ),
}
"""Modules of which a few lines mean much."""
OVERRIDES: Mapping[str, Make] = {
    "resources": counted('resource "aws_vpc" "v#" {}\n'),
    "one resource": counted('resource "aws_vpc" "v" {\n  a# = 1\n}\n'),
    "nested blocks": repeated("  a {}\n  lifecycle {}\n", 'resource "aws_vpc" "v" {\n', "}\n"),
}
DECODED: Mapping[str, Make] = {
    "merges that double": lambda size: (
        "a0: &a0 {x: 1, y: 2}\n" + "".join(f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}]}}\n" for n in range(40))
    ).encode(),
    "merges of many": counted(
        "b#: {<<: *a}\n", "a: &a {" + ", ".join(f"k{number}: 1" for number in range(2_000)) + "}\n"
    ),
    "aliases that double": lambda size: YAML["aliases that double"](size),
    "nested lists": repeated("[", "a: "),
}
READ: Mapping[str, Make] = {
    "a template": repeated("${1 + 1}\n"),
    "a template of itself": lambda size: b'${templatefile("a.txt", {})}' * 2 + b"x" * (size - 60),
    "a field": repeated("x", "a,b\n", ",1\n"),
    "quotes": repeated('"x"y', "a,b\n"),
}
TFVARS: Mapping[str, Make] = {
    **{name: TERRAFORM[name] for name in ("lines of blanks", "nested lists", "nested templates", "a long number")},
    "a long key": repeated("a", after=" = 1\n"),
    "keys": _blocks(lambda n: f'a{n} = "{_block(n)}"\n'),
    "blocks in a list": _blocks(lambda n: f'"{_block(n)}",\n', "a = [\n"),
}
YAML: Mapping[str, Make] = {
    "nested lists": repeated("[", "a: "),
    "nested items": repeated("- "),
    "aliases that double": counted("a#: &a# [*a, *a]\n", "a: &a [x, x]\n"),
    "blocks": _blocks(lambda n: f"a{n}: {_block(n)}\n"),
}
"""It is not read, and refused by name."""
SNAPSHOTS: Mapping[str, Make] = {
    "nested": repeated("[", '{"version": 1, "prefixes": '),
    "a number": repeated("9", '{"version": '),
    "prefixes": _blocks(
        lambda n: f'    {{"id":{n},"prefix":"{_block(n)}","status":"active","description":""}},\n',
        '{\n  "version": 1,\n  "prefixes": [\n',
    ),
    "a long description": repeated(
        "a ", '{"version": 1, "prefixes": [{"id":1,"prefix":"10.0.0.0/8","description":"', '"}]}'
    ),
}
_IPAM = '[ipam]\nkind = "netbox"\nurl = "https://netbox.example.com"\n'
JOURNALS: Mapping[str, Make] = {
    "nested": repeated("["),
    "a number": repeated("9", '{"steps": '),
    "steps": counted('{"path":"f#"},', '{"made":[],"steps":[', '{"path":"g"}]}'),
    "folders": counted('"f#",', '{"steps":[],"made":[', '"g"]}'),
}
_STATE = '{"version":4,"terraform_version":"1.11.0","lineage":"x","resources":['
_PEERED = (
    '{"mode":"managed","type":"kurrentcloud_network","name":"n","instances":[{"attributes":{"id":"n","project_id":"p",'
    '"name":"events","cidr_block":"172.22.110.0/24","resource_provider":"azure","region":"westeurope"}}]},'
    '{"mode":"managed","type":"kurrentcloud_project","name":"p","instances":[{"attributes":{"id":"p","name":"shop"}}]},'
    '{"mode":"managed","type":"kurrentcloud_peering","name":"p","instances":[{"attributes":{"id":"q","project_id":"p",'
    '"network_id":"n","peer_resource_provider":"azure","peer_network_region":"westeurope","peer_network_id":"/v",'
    '"routes":['
)
_REST = "]}}]}"


def _instance(kind: str, attributes: str) -> str:
    return f'{{"mode":"managed","type":"{kind}","name":"a#","instances":[{{"attributes":{{{attributes}}}}}]}},'


ADOPTED: Mapping[str, Make] = {
    "routes": lambda size: (
        _blocks(lambda n: f'"{_block(n)}",', _STATE + _PEERED)(size) + f'"10.0.0.0/8"{_REST}]}}'.encode()
    ),
    "peerings": counted(
        _instance(
            "kurrentcloud_peering", '"id":"q#","network_id":"n","peer_network_id":"/v#","routes":["10.0.0.0/16"]'
        ),
        _STATE + _PEERED + _REST + ",",
        "{}]}",
    ),
    "networks": counted(
        _instance("azurerm_virtual_network", '"id":"/v","name":"v#","address_space":["10.0.0.0/16"]'),
        _STATE + _PEERED + _REST + ",",
        "{}]}",
    ),
    "roles": counted(
        _instance(
            "azurerm_role_definition",
            '"id":"r#","scope":"/v","permissions":'
            '[{"actions":["Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write"]}]',
        ),
        _STATE + _PEERED + _REST + ",",
        "{}]}",
    ),
    "assignments": counted(
        _instance("azurerm_role_assignment", '"id":"r#","scope":"/v","role_definition_id":"r"'),
        _STATE + _PEERED + _REST + ",",
        "{}]}",
    ),
    "a long id": repeated(
        "a/", _STATE + _PEERED + _REST + "," + _instance("azurerm_virtual_network", '"id":"')[:-5], '"}}]}]}'
    ),
}
TERRAGRUNT: Mapping[str, Make] = {
    **{name: TERRAFORM[name] for name in ("nested lists", "nested templates", "nested blocks", "empty lines")},
    "inputs": lambda size: _blocks(lambda n: f'  a{n}_cidr = "{_block(n)}"\n', "inputs = {\n")(size) + b"}\n",
    "locals in a chain": TERRAFORM["locals in a chain"],
    "units": _blocks(lambda n: f'unit "u{n}" {{\n  values = {{ a_cidr = "{_block(n)}" }}\n}}\n'),
    "nested merges": repeated("merge(include.a.inputs, ", "inputs = "),
    "a merge of many": repeated("include.a.inputs, ", "inputs = merge(", "{})\n"),
    "conditions": repeated("local.a ? local.b : ", "inputs = ", "{}\n"),
}
_SPEC = (("escscaffold.toml", _HEAD + _ENV.replace("#", "prod")),)
_BEFORE = (("before/main.tf", 'resource "aws_vpc" "a" {}\n'),)
_READ_OVER_AND_OVER = (
    'length([for i in range(1000) : [templatefile("a.txt", {}), filesha512("a.txt"), csvdecode(file("a.txt"))]])'
)
DOORS: Mapping[str, Door] = {
    "spec": Door("escscaffold.toml", ("plan", "check", "set provider=eventstorecloud --dry-run", "fmt --diff"), TOML),
    "answers": Door("answers.toml", ("plan --answers answers.toml",), TOML),
    "answers on stdin": Door("stdin", ("plan --answers -",), TOML, stdin=True),
    "lock": Door("escscaffold.lock", ("plan", "check"), LOCKS, _SPEC),
    "journal": Door(".escscaffold-x/journal", ("generate --dry-run",), JOURNALS, _SPEC),
    "table": Door("a.csv", ("scan a.csv", "scan a.csv --reserve"), CSV, _SPEC),
    "list": Door("a.txt", ("scan a.txt",), LISTS),
    "state": Door("a.json", ("scan a.json",), JSON),
    "variables of Terraform": Door("a.tfvars.json", ("scan a.tfvars.json",), JSON),
    "a module of Terraform": Door("main.tf", ("scan main.tf", "scan ."), TERRAFORM),
    "a changed module": Door("after/main.tf", ("review before after",), TERRAFORM, _BEFORE),
    "a computed module": Door("after/main.tf", ("review before after", "scan after"), COMPUTED, _BEFORE),
    "an override": Door(
        "after/a_override.tf",
        ("review before after",),
        OVERRIDES,
        (*_BEFORE, ("after/main.tf", 'resource "aws_vpc" "v" {\n  b {}\n}\n')),
    ),
    "a file that is decoded": Door(
        "after/a.yaml",
        ("review before after",),
        DECODED,
        (*_BEFORE, ("after/main.tf", _local('length(yamldecode(file("a.yaml")))')(0).decode())),
    ),
    "a file that is read over and over": Door(
        "after/a.txt",
        ("review before after",),
        READ,
        (*_BEFORE, ("after/main.tf", _local(_READ_OVER_AND_OVER)(0).decode())),
    ),
    "a file of Terraform of one's own": Door(
        "environments/prod/own.tf", ("check", "generate --dry-run"), TERRAFORM, _SPEC
    ),
    "values of Terraform": Door("terraform.tfvars", ("scan .",), TFVARS, (("main.tf", 'variable "a" {}\n'),)),
    "values beside ours": Door("environments/prod/own.auto.tfvars", ("check",), TFVARS, _SPEC),
    "a state to adopt": Door(
        "a.json", ("adopt a.json --to net --environment prod --yes --json", "scan a.json"), ADOPTED
    ),
    "a unit of Terragrunt": Door("terragrunt.hcl", ("scan .",), TERRAGRUNT),
    "a manifest": Door("a.yaml", ("scan a.yaml",), YAML),
    "what the IPAM had": Door(
        "escscaffold.ipam.json", ("plan", "check"), SNAPSHOTS, ((_SPEC[0][0], _SPEC[0][1] + _IPAM),)
    ),
    "a plan": Door("a.json", ("review . . --plan a.json",), JSON),
    "a list on stdin": Door("stdin", ("scan -",), LISTS, stdin=True),
}


def cost(folder: Path, command: str, stdin: bytes = b"") -> Cost:
    """Run a command in the folder, and return what it took beyond what Python and its imports take."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as error, Path(os.devnull).open("wb") as nowhere:
        given.write(stdin)
        given.seek(0)
        streams = (given.fileno(), nowhere.fileno(), error.fileno())
        # What terraform and git take for themselves is theirs, and would be counted as ours.
        ended = run_started(folder, command.split(), {**os.environ, "PATH": ""}, streams, LIMITS)
        error.seek(0)
        return Cost(ended.seconds, ended.memory, ended.code, error.read()[-2000:].decode(errors="replace"))


def costs(door: str, text: str, size: int) -> Iterator[tuple[str, Cost]]:
    """Yield what each command of a door takes for one text of a size."""
    way = DOORS[door]
    content = way.texts[text](size)
    for command in way.commands:
        folder = Path(tempfile.mkdtemp(prefix="bounds-"))
        try:
            for name, body in way.around:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(body, encoding="utf-8")
            if not way.stdin:
                (folder / way.file).parent.mkdir(parents=True, exist_ok=True)
                (folder / way.file).write_bytes(content)
            yield command, cost(folder, command, content if way.stdin else b"")
        finally:
            shutil.rmtree(folder)


def broken(found: Cost, idle: Cost) -> str:
    """Return what a run broke of what is promised, or nothing."""
    if "Traceback" in found.error or found.code not in range(6):
        return f"exit {found.code}: {found.error[-400:]}"
    if found.seconds - idle.seconds > SECONDS:
        return f"{found.seconds:.1f} s of processor time"
    if found.memory - idle.memory > MEMORY:
        return f"{(found.memory - idle.memory) >> 20} MiB"
    return ""


def main() -> None:
    """Put every text through every door, and print what each costs."""
    size = int(sys.argv[1]) * KIB if len(sys.argv) > 1 else 1024 * KIB - 1
    only = sys.argv[2:]
    idle = cost(Path(tempfile.gettempdir()), "plan --mode eks")
    failed = 0
    for door, way in DOORS.items():
        for text in way.texts if not only or door in only else ():
            for command, found in costs(door, text, size):
                wrong = broken(found, idle)
                failed += bool(wrong)
                memory = max(0, found.memory - idle.memory) >> 20
                told = f"{found.seconds - idle.seconds:6.1f} s {memory:5} MiB  exit {found.code}"
                print(f"{told}  {door}: {text}: {command} {wrong}", flush=True)
    print(json.dumps({"broken": failed}))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
