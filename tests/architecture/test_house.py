"""The rules of the house: which way imports point, who knows which library, how long a module is."""

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import escscaffold
from escscaffold.clouds.fact_files import cloud_names, mode_names

PACKAGE = Path(escscaffold.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MODULE_PATHS = {file.relative_to(PACKAGE.parent).as_posix() for file in MODULES}

# A layer imports from those to its right, and from `errors` and `tracing`.
LAYERS = [
    "cli",
    "jobs",
    "reviewing",
    "repository",
    "scanning",
    "ipam",
    "git",
    "rendering",
    "drawing",
    "rules",
    "planning",
    "spec",
    "clouds",
    "terraform",
    "caching",
    "inputs",
    "errors",
    "tracing",
]
BESIDE = {"reviewing", "repository", "scanning", "ipam"}
ONLY = {
    "click": {"cli"},
    "prompt_toolkit": {"cli"},
    "jinja2": {"rendering"},
    "tomlkit": {"spec"},
    "yaml": {"terraform"},
    "pynetbox": {"ipam"},
    "requests": {"ipam"},
}


def layer_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache  # most tests read all modules
def nodes(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def imports(file: Path) -> Iterator[str]:
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("file", [f for f in MODULES if layer_of(f) in LAYERS], ids=lambda f: f.stem)
def test_imports_point_inwards(file: Path) -> None:
    ours = LAYERS.index(layer_of(file))
    for module in imports(file):
        parts = module.split(".")
        if parts[0] == "escscaffold" and len(parts) > 1:
            theirs = parts[1]
            assert LAYERS.index(theirs) >= ours, f"{file.name} imports {module}"
            assert theirs == layer_of(file) or theirs not in BESIDE or layer_of(file) in {"cli", "jobs"}


def test_no_modules_import_each_other_in_a_ring() -> None:
    names = {".".join(("escscaffold", *f.relative_to(PACKAGE).with_suffix("").parts)): f for f in MODULES}

    # It raises CycleError, which names the ring.
    order = list(TopologicalSorter({name: set(imports(f)) & names.keys() for name, f in names.items()}).static_order())

    assert order.index("escscaffold.cli.generate_command") > order.index("escscaffold.planning.address_plan")


def test_every_module_is_in_a_layer() -> None:
    assert {layer_of(f) for f in MODULES} - {"__init__", "__main__"} <= set(LAYERS)


def test_contributing_describes_the_tree_as_it_is() -> None:
    root = PACKAGE.parent
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`((?:escscaffold|templates|tests|docs|tools)/[\w./-]+)`", text))
    table = text.partition("| folder |")[2].partition("\n\n")[0]
    modules = {f"escscaffold/{layer}{'' if (PACKAGE / layer).is_dir() else '.py'}" for layer in LAYERS}
    # Each cloud has a row in common.
    folders = {f"templates/{file.name}" for file in (root / "templates").iterdir() if file.is_dir()}
    folders -= {f"templates/{name}" for name in cloud_names()}
    order = re.findall(r"`(\w+)`", text.partition("Imports point one way: ")[2].partition("\n")[0])

    assert [path for path in described if not (root / path).exists()] == []
    assert {path for path in modules | folders if path not in table} == set()
    assert order == [layer for layer in LAYERS if (PACKAGE / layer).is_dir() or layer == "git"]


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_known_in_one_place(library: str) -> None:
    users = {layer_of(f) for f in MODULES if library in {m.split(".")[0] for m in imports(f)}}

    assert users == ONLY[library]


# The folder with what Jinja renders, which is no fact.
SOURCES_OF_FILES = {"template_root", "schema_text"}


@cache
def loaders_of_facts() -> set[str]:
    """Return the functions of the clouds' layer that read a file, or call one that does, and the classes that do."""
    reading = {"template_root"}
    functions = [
        (node.name, {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)})
        for file in (PACKAGE / "clouds").glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    while more := {name for name, used in functions if used & reading} - reading:
        reading |= more
    files = (PACKAGE / "clouds").glob("*.py")
    holding = {name for file in files for node in nodes(file) if (name := holder_of(node, reading))}
    assert {"Facts", "ResourceFacts", "Lifecycles"} <= holding
    return (reading | holding | {"load_facts"}) - SOURCES_OF_FILES


def holder_of(node: ast.AST, reading: set[str]) -> str:
    """Return the name of a class with methods that read a file; nothing for anything else."""
    if not isinstance(node, ast.ClassDef):
        return ""
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    used |= {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    return node.name if used & reading else ""


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer not in ("cli", "jobs", "clouds")])
def test_no_layer_below_jobs_loads_facts(layer: str) -> None:
    assert {"load_cloud", "mode_names", "folder_table"} <= loaders_of_facts()

    for file in (file for file in MODULES if layer_of(file) == layer):
        name = str(file.relative_to(PACKAGE))
        imported = {
            alias.name
            for node in nodes(file)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("escscaffold.clouds")
            for alias in node.names
        }
        called = {
            node.func.id for node in nodes(file) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }

        # Facts are an argument, and no reader has its own where it gets none.
        assert not imported & {file.stem for file in (PACKAGE / "clouds").glob("*.py")}, f"{name} imports a module"
        assert not called & imported & loaders_of_facts(), f"{name} loads facts"


def test_a_program_is_run_in_few_places() -> None:
    runs = {str(f.relative_to(PACKAGE)) for f in MODULES if "subprocess" in set(imports(f))}

    assert runs == {"git.py", "repository/doctor.py", "repository/terraform_cli.py"}


def test_one_module_parses_hcl() -> None:
    parser = "escscaffold.terraform.parsing"

    assert [f.stem for f in MODULES if parser in set(imports(f))] == ["hcl_reader"]


def test_connections_are_opened_in_one_place() -> None:
    of_networks = {"socket", "ssl", "http", "urllib3", "requests", "pynetbox", "urllib.request", "asyncio", "ftplib"}
    users = {layer_of(f) for f in MODULES for m in imports(f) if m in of_networks or m.split(".")[0] in of_networks}

    assert users == {"ipam"}


def test_a_check_in_a_repository_with_claims_imports_nothing_that_connects(tmp_path: Path) -> None:
    import subprocess

    mode, cloud = min(mode_names().items())
    (tmp_path / "escscaffold.toml").write_text(
        'version = 1\n[ipam]\nkind = "netbox"\nurl = "https://netbox.example.com"\nclaim_from = ["10.64.0.0/10"]\n'
        f'[environments.prod]\nmode = "{mode}"\ncloud = "{cloud}"\nregion = "westeurope"\n'
    )
    code = (
        "import sys; from click.testing import CliRunner; from escscaffold.cli import cli; "
        f"r = CliRunner().invoke(cli, ['check', '-C', {str(tmp_path)!r}]); assert r.exit_code == 3, r.output; "
        "print(sorted({'pynetbox', 'requests', 'urllib3', 'escscaffold.ipam'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("layer", ["clouds", "spec", "planning", "rules", "drawing", "terraform", "scanning"])
def test_the_core_touches_no_disk(layer: str) -> None:
    for file in {*(PACKAGE / layer).glob("*.py")} - {PACKAGE / "scanning/source_files.py"}:
        names = {n.id for n in nodes(file) if isinstance(n, ast.Name)}

        assert not set(imports(file)) & {"os", "shutil", "subprocess", "tempfile", "io"}
        assert "open" not in names


# What hides identifiers in a review has the forms of all clouds.
NAMING_MODULES = {"reviewing/secrets.py"}


def test_no_module_names_a_cloud_or_a_mode() -> None:
    names = "|".join(map(re.escape, sorted({*cloud_names(), *mode_names()}, key=len, reverse=True)))
    named = re.compile(rf"(?<![\w.-])(?:{names})(?![\w-])")
    for file in (file for file in MODULES if str(file.relative_to(PACKAGE)) not in NAMING_MODULES):
        # Prose and examples of commands name clouds, and so do the addresses of sources.
        prose = {id(node.value) for node in nodes(file) if isinstance(node, ast.Expr)}
        prose |= {id(node.value) for node in nodes(file) if isinstance(node, ast.keyword) and node.arg == "example"}
        strings = {
            node.value
            for node in nodes(file)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        }

        assert [text for text in strings if named.search(text) and not text.startswith("https://")] == [], file


def test_a_file_name_means_one_module() -> None:
    names = Counter(file.name for file in MODULES if not file.name.startswith("__"))

    assert [name for name, count in names.items() if count > 1] == []


def test_a_class_name_means_one_class() -> None:
    names = Counter(node.name for file in MODULES for node in nodes(file) if isinstance(node, ast.ClassDef))

    assert [name for name, count in names.items() if count > 1] == []


# What each hides is a word of the field: hand edits, dropped resources, collateral, the thing that a loop goes through.
HIDING_WORDS = {"anew", "beside", "crowd", "crowds", "lifetime", "phases", "say", "said", "stray", "straying"}
HIDING_WORDS |= {"tell", "telling", "tells", "told", "begun", "gone", "kin", "lasting", "odd", "wish"}
HIDING_WORDS |= {"alike", "apart", "crumbs", "meant", "stands", "there", "untold", "usual", "wanted", "whose"}
HIDING_NAMES = {"it", "one", "left_out", "taken_along", "takes_along"}
# A name says what it holds, and not how it was come by.
PARTICIPLES = {"asked", "found", "given", "kept", "known", "left", "own"}
SIDES = {"drawing": {"left"}, "terraform": {"left"}}
"""Where left is an edge of a picture, or an operand."""


WRITERS = sorted((PACKAGE.parent / "docs").rglob("*.py"))


def layer_of_writer(file: Path) -> str:
    return layer_of(file) if file.is_relative_to(PACKAGE) else "docs"


@pytest.mark.parametrize("file", [*MODULES, *WRITERS], ids=lambda f: str(f.relative_to(PACKAGE.parent)))
def test_names_are_words_of_the_field(file: Path) -> None:
    names: set[str] = set()
    for node in nodes(file):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)

    assert names & PARTICIPLES <= SIDES.get(layer_of_writer(file), set())
    words = {name: {*re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")} for name in names}
    assert {name for name in names if name in HIDING_NAMES or HIDING_WORDS & words[name]} == set()


# In comments and docstrings; quoted, they are names of states and keys.
HIDING_PROSE = re.compile(
    r"\b(anew|beside|left out|mends?|nobody|shall|somebody|takes? along|tell|tells|told|whoever|wish)\b", re.IGNORECASE
)


@pytest.mark.parametrize("file", MODULES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_comments_are_in_words_of_the_field(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]
    for node in nodes(file):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            match statement:
                case ast.Expr(ast.Constant(str(prose))):
                    comments.append((statement.lineno, prose))

    found = [
        (line, match[0]) for line, prose in comments if (match := HIDING_PROSE.search(re.sub(r"`.*?`", "", prose)))
    ]
    assert found == []


IMPORTED = re.compile(r"^ *from (escscaffold[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)


@cache
def used_elsewhere() -> Mapping[str, set[str]]:
    """Return the names that each module is asked for by another one, or by a test, a page or a tool."""
    found: dict[str, set[str]] = {}
    folders = [PACKAGE, *(PACKAGE.parent / name for name in ("tests", "docs", "tools"))]
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        text = file.read_text(encoding="utf-8")  # a search, as parsing all tests takes seconds
        for module, names in IMPORTED.findall(text):
            for name, alias in re.findall(r"(\w+)(?: as (\w+))?", names):
                found.setdefault(module, set()).add(name)
                if f"{module}.{name}".replace(".", "/") + ".py" in MODULE_PATHS:
                    attributes = re.findall(rf"\b{alias or name}\.(\w+)", text)
                    found.setdefault(f"{module}.{name}", set()).update(attributes)
        for module, name in re.findall(r"[\"'](escscaffold[\w.]*)\.(\w+)[\"']", text):
            found.setdefault(module, set()).add(name)
    return found


@pytest.mark.parametrize("file", MODULES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_module_reads_from_top_to_bottom(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    uses = {
        node.name: {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)} - {node.name}
        for node in definitions
    }
    # What the module itself needs as it is imported has to be there by then: decorators and tables of functions.
    early = [node for node in tree.body if node not in definitions]
    early += [decorator for node in definitions for decorator in node.decorator_list]
    needed = {inner.id for node in early for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    public = used_elsewhere().get(".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts), set())
    above: set[str] = set()
    for node in definitions:
        is_own = isinstance(node, ast.FunctionDef) and node.name not in needed | public and not node.decorator_list
        if is_own and any(node.name in used for used in uses.values()):
            assert node.name.startswith("_"), f"{node.name} is used here only: _{node.name}"
            assert node.name in above, f"{node.name} stands above what calls it"
        above |= uses[node.name]


@pytest.mark.parametrize("file", MODULES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_module_holds_one_idea(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 500


def test_planning_needs_no_heavy_library() -> None:
    import subprocess

    code = (
        "import sys; from click.testing import CliRunner; from escscaffold.cli import cli; "
        f"r = CliRunner().invoke(cli, ['plan', '--mode', {min(mode_names())!r}]); assert r.exit_code == 0, r.output; "
        "print(sorted({'jinja2', 'hcl2', 'tomlkit', 'lark', 'escscaffold.drawing'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_no_job_needs_a_command_line() -> None:
    import subprocess

    # One process, in which each job is imported as if it were the first.
    code = """
import importlib, sys
for job in sys.argv[1:]:
    for name in [name for name in sys.modules if name.startswith(("click", "escscaffold"))]:
        del sys.modules[name]
    importlib.import_module(f"escscaffold.jobs.{job}")
    print(job, sorted(name for name in sys.modules if name.startswith(("click", "escscaffold.cli"))))
"""
    jobs = sorted(file.stem for file in (PACKAGE / "jobs").glob("[!_]*.py"))

    done = subprocess.run([sys.executable, "-c", code, *jobs], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"{job} []" for job in jobs]
