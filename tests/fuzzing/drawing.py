"""The door past all others: what is drawn of a plan whose names the spec would refuse."""

from random import Random

from escscaffold.drawing.layout import picture_of
from escscaffold.drawing.svg import svg_file
from escscaffold.drawing.topology import kept_blocks, topology_of
from escscaffold.rendering.page import picture_text
from escscaffold.rules.finding import Finding
from tests.drawing.crowds import hostile_plan
from tests.fuzzing import corpus
from tests.fuzzing.mutating import quoted
from tests.fuzzing.passing import ask, taken
from tests.fuzzing.sandbox import Sandbox
from tests.fuzzing.sinks import FORMATS
from tests.fuzzing.words import MARK, STEERING

_DRAWN = ("gke-standard", "aks-overlay", "pods that nothing covers", "room to grow", "two routes")


def drawn(box: Sandbox, rng: Random) -> bool:
    """Draw a plan whose names are hostile: by the spec, and past it, as the spec would refuse most of them."""
    texts = tuple(_marked(rng) for _ in range(rng.choice([1, 2, 3])))
    named = texts if rng.random() < 0.8 else (MARK, f"a {MARK}")
    reserved = "".join(f'{quoted(name)} = "10.9{number}.0.0/16"\n' for number, name in enumerate(named))
    box.put({"escscaffold.toml": f"{corpus.SIMPLE}\n[reserved]\n{reserved}"})
    ran = ask(box, "-C", str(box.work), "plan", "--format", rng.choice(["html", "svg", "mermaid"]))
    plan = hostile_plan(texts, rng.choice(_DRAWN))
    told = [
        Finding(code="ESC201", severity="error", source=text, **dict.fromkeys(_TOLD, text), environment=environment)
        for text in texts
        for environment in (text, "")
    ]
    for form in ("html", "mermaid"):
        FORMATS[form](picture_text(plan, told, form))
    FORMATS["svg"](svg_file(picture_of(topology_of(plan.environments[0], kept_blocks(plan)))))
    return taken(ran)


_TOLD = ("subject", "message", "reason", "fix")


def _marked(rng: Random) -> str:
    """Return a hostile text that is text to a terminal and to XML; the doors that read refuse the others."""
    text = f"{MARK}{rng.choice(STEERING)[:150]}{rng.choice(STEERING)[:150]}{MARK}"
    return "".join(c if c.isprintable() else " " for c in text)
