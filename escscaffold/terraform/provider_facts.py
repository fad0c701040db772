"""What Terraform providers answered when they were asked which change of an argument replaces a resource.

It decides the answer for one change. It does not know where the answers are stored: `read_provider` takes a
file's bytes, which `python -m tools.provider_facts` writes. Types are decoded one by one, since a review meets few.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Raw, Struct, field, json

Change = Literal["other", "set", "unset", "to true", "to false", "widened", "narrowed", "raised", "lowered"]
Answer = Literal["replaces", "in place", "unknown", "kept"]
"""What a change does; "kept": the resource keeps the value that it has, so that nothing changes."""

# The letters of the files; "other" is `c`, and for a bool both of its directions.
_LETTERS: Mapping[Change, str] = {
    "other": "c",
    "set": "a",
    "unset": "r",
    "to true": "t",
    "to false": "f",
    "widened": "w",
    "narrowed": "n",
    "raised": "u",
    "lowered": "d",
}
FILES_OF = "files of "
"""Before the name of an argument: the contents of the files of the repository that it leads to."""
_BROKE_OFF = "*"
"""The provider ended or hung: no change of this argument has an answer."""


class ProviderResource(Struct, frozen=True):
    """The answers about one resource type. Paths are dotted names of arguments, without indices.

    An argument that is in none of the three maps is changed in place, whatever the change.
    """

    arguments: Mapping[str, str] | None = None
    """The names of the arguments of each block, by the block's path; None: not recorded."""
    sets: frozenset[str] = frozenset()
    """The paths of arguments and blocks whose order does not matter."""
    typed: frozenset[str] = frozenset()
    """The paths of arguments that take a value of any type: the same items as a list and as a set are two values."""
    whole: frozenset[str] = frozenset()
    """Blocks that were asked about as a whole: their answers count for what is inside without an answer of its own."""
    replaces: Mapping[str, str] = field(default_factory=dict)
    in_place: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Changes that the provider refused to plan."""
    computed_on_update: frozenset[str] | None = None
    """Computed arguments that some change in place makes unknown until it is applied; None: not recorded."""

    def answer(self, path: str, change: Change) -> Answer:
        """Return what the provider does for a change of the argument at `path`, such as `vpc_config.subnet_ids`.

        A kind of change without its own answer has that of another value; a path that is no argument is "unknown".
        A provider is taken to read a file when it applies, and not when it plans.
        """
        if path.startswith(FILES_OF):
            return "kept"
        exact = self._own(path, change)
        if exact == "unknown" and change in ("set", "unset") and self._recorded(path, _LETTERS[change]) is None:
            exact = self._with_its_block(path, change) or exact
        if exact is not None:
            return exact
        if self.arguments is not None and not self._exists(path):
            return self._inside_of_a_value(path)
        for block in _outer(path):
            if self.arguments is None or block in self.whole:
                outer = self._own(block, "other")
                if outer is not None and outer != "in place":
                    return outer
        return "in place"

    def _own(self, path: str, change: Change) -> Answer | None:
        """Return the answer about exactly this path; None where no answer about it is recorded."""
        recorded = self._recorded(path, _LETTERS[change])
        if recorded is not None:
            return recorded
        if change != "other":
            return self._own(path, "other")
        directions = {self._recorded(path, "t"), self._recorded(path, "f")} - {None}
        if len(directions) == 2:
            return "unknown"
        if directions:
            return directions.pop()
        # Whether it is set matters, and another value does not: that would be recorded.
        return "in place" if any(path in letters for letters in (self.replaces, self.unknown)) else None

    def _with_its_block(self, path: str, change: Change) -> Answer | None:
        """Return the answer for a required argument that is set or unset, which it is with its block only."""
        block = path.rpartition(".")[0]
        return self._own(block, change) if block and self._own(block, "other") in (None, "in place") else None

    def _recorded(self, path: str, letter: str) -> Answer | None:
        if letter in self.replaces.get(path, ""):
            return "replaces"
        if letter in self.in_place.get(path, ""):
            return "in place"
        unknown = self.unknown.get(path, "")
        return "unknown" if letter in unknown or _BROKE_OFF in unknown else None

    def _exists(self, path: str) -> bool:
        block, _, name = path.rpartition(".")
        return self.arguments is not None and name in self.arguments.get(block, "").split()

    def _inside_of_a_value(self, path: str) -> Answer:
        """Answer for a key of a map or of an object, which changes the argument that holds it."""
        for outer in _outer(path):
            if self._exists(outer):
                is_block = self.arguments is not None and outer in self.arguments
                return "unknown" if is_block or outer in self.whole else self.answer(outer, "other")
        return "unknown"


class ProviderFacts(Struct, frozen=True):
    """The answers of one version of a provider."""

    source: str
    """Its address in lower case, as `hashicorp/aws`."""
    version: str
    answered: str
    """The day on which it answered, ISO 8601."""
    resources: Mapping[str, ProviderResource]
    notes: tuple[str, ...] = ()
    """What is not its own answer, each with the source."""
    arguments: int = 0
    questions: int = 0
    """How many changes it was asked about; 0: not recorded."""
    unknown: int = 0
    """How many of them it refused."""


def read_provider(content: bytes) -> ProviderFacts:
    """Return the answers in a file's content.

    Raises msgspec.DecodeError where it is not what `python -m tools.provider_facts` writes.
    """
    file = json.decode(content, type=_File)
    return ProviderFacts(
        source=file.source,
        version=file.version,
        answered=file.answered,
        resources=_Resources(file.resources),
        notes=file.notes,
        arguments=file.arguments,
        questions=file.questions,
        unknown=file.unknown,
    )


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    version: str
    answered: str = field(name="asked")
    types: int
    resources: dict[str, Raw]
    protocol: int = 0
    notes: tuple[str, ...] = ()
    arguments: int = 0
    questions: int = 0
    unknown: int = 0


class _Resources(Mapping[str, ProviderResource]):
    """Resource types by name, each decoded when it is first asked for."""

    def __init__(self, raw: Mapping[str, Raw]) -> None:
        self._raw = raw
        self._decoded: dict[str, ProviderResource] = {}

    def __getitem__(self, name: str) -> ProviderResource:
        if name not in self._decoded:
            self._decoded[name] = json.decode(self._raw[name], type=ProviderResource)
        return self._decoded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _outer(path: str) -> Iterator[str]:
    """Yield the paths around a path, the nearest first.

    >>> list(_outer("a.b.c"))
    ['a.b', 'a']
    """
    while "." in path:
        path = path.rpartition(".")[0]
        yield path
