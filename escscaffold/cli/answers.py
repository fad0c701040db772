"""What was answered so far, as one document in the shape of the spec."""

from typing import Any

from msgspec import Struct, field

from escscaffold.errors import SpecError, WrongUsageError
from escscaffold.spec.environments import ENVIRONMENT_KEYS
from escscaffold.spec.model import Spec
from escscaffold.spec.reading import VERSION, build_spec
from escscaffold.spec.toml_text import KeyPath

DEFAULT_NAME = "prod"
"""The name of an environment that nobody named."""

FLAG_OF_KEY = {"cloud": "--cloud", "region": "--region", "mode": "--mode"}


def is_shared(path: KeyPath) -> bool:
    """Return True for a block of the whole repository: `pools.corp`, where `pools` is the environment's own list."""
    return len(path) == 2 and path[0] in ("pools", "reserved")


def _flag_of(path: KeyPath) -> str:
    return " ".join(["--range", *path[1:]]) if path[0] == "ranges" else f"--set {'.'.join(path)}"


class Answers(Struct, kw_only=True):
    """What was answered so far, raw, and where each answer was given."""

    environment: str | None = None
    table: dict[str, Any] = field(default_factory=dict)
    """The environment's own table, with `ranges` in it."""
    reserved: dict[str, Any] = field(default_factory=dict)
    pools: dict[str, Any] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    """Keys of the repository, such as `provider` and `backend`."""
    existing_spec: dict[str, Any] = field(default_factory=dict)
    """The document of the repository that the answers are added to, whose names they may use."""
    others: dict[str, Any] = field(default_factory=dict)
    """Further environments that an answers file holds."""
    sizes: dict[str, str] = field(default_factory=dict)
    """How large the cluster becomes, as the interview asked; what it comes to is in `ranges`."""
    places: dict[KeyPath, str] = field(default_factory=dict)
    """Where each key was given, below the environment; () is the environment's name."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return self.environment is None and not (self.table or self.reserved or self.pools or self.top or self.others)

    @property
    def ranges(self) -> dict[str, Any]:
        """The ranges that were given; not to be changed."""
        ranges = self.table.get("ranges", {})
        return ranges if isinstance(ranges, dict) else {}

    def put(self, path: KeyPath, value: Any) -> None:
        """Keep a value under its key, in place of what was there."""
        home: dict[str, Any] = self.table
        if path in (("provider",), ("ci",)) or path[0] in ("pipeline", "backend", "ipam"):
            home = self.top
        elif is_shared(path):
            home, path = self.reserved if path[0] == "reserved" else self.pools, path[1:]
        for part in path[:-1]:
            if not isinstance(home.get(part), dict):
                home[part] = {}
            home = home[part]
        home[path[-1]] = value

    def document(self) -> dict[str, Any]:
        """Return the answers in the shape of the spec."""
        order = [*ENVIRONMENT_KEYS, *self.table]
        table = {key: self.table[key] for key in dict.fromkeys(order) if self.table.get(key, {}) != {}}
        environments = {self.environment: table} if self.environment is not None else {}
        blocks = {key: table for key, table in (("pools", self.pools), ("reserved", self.reserved)) if table}
        return {"version": VERSION, **self.top, **blocks, "environments": {**environments, **self.others}}

    def spec(self) -> Spec:
        """Check the answers; raises WrongUsageError with every problem at the flag it came from."""
        try:
            return build_spec(self._whole(), self.place)
        except SpecError as error:
            raise WrongUsageError(error.problems) from None

    def _whole(self) -> dict[str, Any]:
        """Return the answers among what is there already, so that they may name it."""
        document = self.document()
        tables = ("pools", "reserved", "environments")
        return document | {key: {**self.existing_spec.get(key, {}), **document.get(key, {})} for key in tables}

    def place(self, path: KeyPath) -> str:
        """Return where an answer was given: a flag, a variable, a line of the answers file, or the interview."""
        own = path[:1] == ("environments",) and path[1:2] == (self.environment,)
        below = path[2:] if own else path
        while below:
            exact = [self.places[below]] if below in self.places else []
            inner = [place for key, place in self.places.items() if key[: len(below)] == below]
            if known := exact or inner:
                return known[0]
            if len(below) == 1 and below[0] in FLAG_OF_KEY:
                return FLAG_OF_KEY[below[0]]
            below = below[:-1]
        if not own:
            return "the answers"
        named = self.places.get((), "--environment")
        # A value that is not set is best given by a flag; what is missing in an answers file, in there.
        return _flag_of(path[2:]) if path[2:] and named.upper().endswith("ENVIRONMENT") else named
