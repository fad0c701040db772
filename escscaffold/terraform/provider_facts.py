"""stub until merged"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Change = Literal["other", "set", "unset", "to true", "to false", "widened", "narrowed", "raised", "lowered"]
Answer = Literal["replaces", "in place", "unknown"]
_L = {
    "other": "c",
    "set": "a",
    "unset": "r",
    "to true": "t",
    "to false": "f",
    "widened": "c",
    "narrowed": "c",
    "raised": "c",
    "lowered": "c",
}


class ResourceFacts(Struct, frozen=True):
    replaces: Mapping[str, str] = {}
    unknown: Mapping[str, str] = {}
    sets: frozenset[str] = frozenset()
    computed_on_update: frozenset[str] | None = None

    def answer(self, path: str, change: Change) -> Answer:
        l = _L[change]
        parts = path.split(".")
        if "*" in self.unknown:
            return "unknown"
        for n in range(len(parts), 0, -1):
            p = ".".join(parts[:n])
            if l in self.replaces.get(p, ""):
                return "replaces"
            if p in self.replaces:
                return "in place"
            if l in self.unknown.get(p, ""):
                return "unknown"
        return "in place"


class ProviderFacts(Struct, frozen=True):
    source: str
    version: str
    resources: Mapping[str, ResourceFacts]
    asked: str = ""
