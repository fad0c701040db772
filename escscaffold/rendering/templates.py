"""The Jinja environment, and the one way in which a value becomes HCL. Only this module knows Jinja."""

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from escscaffold.caching import cache_folder
from escscaffold.clouds.fact_files import template_root
from escscaffold.rendering.generated import ObservedPart

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import BytecodeCache, Environment, Template
    from jinja2.bccache import Bucket

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

# A `for` after a brace begins an expression.
_IDENTIFIER = re.compile(r"(?!for\Z)[A-Za-z_][A-Za-z0-9_-]*")
_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_OF_DICTS = frozenset(dir(dict))


@cache
def template(name: str) -> "Template":
    """Return the template at this path below the templates' folder, compiled once."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # slow to import, and help and completion need none
    from jinja2.utils import missing

    class FasterEnvironment(Environment):
        """Jinja's own, faster at what fifteen thousand files do most."""

        def getattr(self, obj: object, attribute: str) -> object:
            # Jinja tries an attribute first, which a dict does not have: half of a million exceptions for a fleet.
            if type(obj) is dict and attribute not in _OF_DICTS:
                return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
            if type(obj) is ObservedPart:
                value = obj.look_up(attribute, missing)
                return self.undefined(obj=obj, name=attribute) if value is missing else value
            return super().getattr(obj, attribute)

        def getitem(self, obj: object, argument: object) -> object:
            if type(obj) is ObservedPart:
                return self.getattr(obj, str(argument))
            return super().getitem(obj, argument)

        def get_template(self, name: "str | Template", *_: object) -> "Template":
            """Return a template, or one that another includes, as it was loaded first."""
            compiled = loaded.get(name)
            if compiled is None:
                compiled = loaded[name] = super().get_template(name)
            return compiled

    loaded: dict[str | Template, Template] = {}
    environment = FasterEnvironment(
        loader=FunctionLoader(_read),
        undefined=StrictUndefined,  # a missing value is a bug, never an empty string
        autoescape=_is_html,  # HTML's rules would corrupt HCL, YAML and Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_bytecode_cache(),
    )
    environment.filters["hcl"] = hcl
    return environment


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html.j2")


@cache  # Jinja keeps what it has found, and looks again for each optional part that is not there
def _read(name: str) -> str | None:
    file: Traversable = template_root().joinpath(*name.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _bytecode_cache() -> "BytecodeCache | None":
    """Keep compiled templates where Python keeps compiled modules, if it may: compiling is half of an `init`."""
    folder = cache_folder(__file__)
    if folder is None:
        return None
    from jinja2 import FileSystemBytecodeCache

    class CompiledTemplates(FileSystemBytecodeCache):
        """Jinja's own, which a full or failing disk does not stop."""

        def load_bytecode(self, bucket: "Bucket") -> None:
            with suppress(OSError):
                super().load_bytecode(bucket)

        def dump_bytecode(self, bucket: "Bucket") -> None:
            with suppress(OSError):
                super().dump_bytecode(bucket)

    return CompiledTemplates(str(folder))


def hcl(value: object) -> str:
    r"""Write a value as HCL, laid out as `terraform fmt` would.

    Text can never become an expression: `${` and `%{` are doubled, quotes and control
    characters escaped. Raises TypeError for anything that is not text, a number, a boolean,
    None, a list or a mapping.

    >>> print(hcl({"pods": "10.0.0.0/18", "db": 'say "${x}"'}))
    {
      pods = "10.0.0.0/18"
      db   = "say \"$${x}\""
    }
    >>> print(hcl([1, True, None]))
    [1, true, null]
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return f'"{_escaped(value)}"'
        case Mapping():
            return "{\n" + "".join(_lines(value)) + "}" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(hcl, value)) + "]"
    raise TypeError(f"{type(value).__name__} has no form in HCL")


def _lines(values: Mapping[str, object]) -> Iterator[str]:
    """Yield each key with its value; those next to each other are aligned, as far as no value takes several lines."""
    pairs = [(key if _IDENTIFIER.fullmatch(key) else hcl(key), hcl(value)) for key, value in values.items()]
    for is_long, group in groupby(pairs, key=lambda pair: "\n" in pair[1]):
        aligned = list(group)
        width = 0 if is_long else max(len(key) for key, _ in aligned)
        yield from (f"  {key:<{width}} = {_indented(text)}\n" for key, text in aligned)


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    if not text.isprintable():  # most texts are, and their characters need no look
        plain = "".join(_NAMED.get(c) or (c if c.isprintable() else _code_point(c)) for c in text)
    return plain.replace("${", "$${").replace("%{", "%%{")


def _code_point(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
