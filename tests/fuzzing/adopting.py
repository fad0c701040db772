"""The door of `adopt`: a state with a peering, changed at random, becomes a repository that can be checked, or none."""

import json
from random import Random

from tests.adopted_state import HALF, state
from tests.fuzzing.mutating import mutate_document
from tests.fuzzing.passing import ask, taken
from tests.fuzzing.sandbox import Broken, Sandbox

STATE = json.loads(state(HALF))
FLAGS = ("--to", "net", "--environment", "prod", "--range", "nodes=10.154.0.0/20", "--yes")


def adopt(box: Sandbox, rng: Random) -> bool:
    """Adopt a peering from a changed state; what was written holds what `check` demands of files."""
    document = mutate_document(rng, STATE, [STATE]) if rng.random() < 0.9 else STATE
    box.put({"state.json": json.dumps(document)})
    ran = ask(box, "-C", str(box.work), "adopt", "state.json", *FLAGS)
    if ran.code == 0:
        again = ask(box, "-C", str(box.work / "net"), "generate", "--dry-run")
        if again.code not in (0, 1):
            raise Broken(f"what was adopted is not what is generated: {again.out[:300]}{again.err[:300]}")
    elif (box.work / "net/escscaffold.toml").exists() and ran.code == 2:
        raise Broken("a refusal wrote a repository")
    return taken(ran)
