"""What holds of a run, whatever was put in: a refusal changes nothing, and what is said is what it is."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzzing.sandbox import Broken, Ran, Sandbox
from tests.fuzzing.sinks import FORMATS, hold_file

_REFUSED = (1, 2, 3, 5)
_KEPT_ON_REFUSAL = {
    *("plan", "init", "add", "set", "remove", "rename", "generate", "check", "fmt", "review", "explain"),
    *("schema", "doctor", "completion"),
}


def taken(ran: Ran) -> bool:
    """Return True where the input was not refused as wrong."""
    return ran.code not in (1, 2)


def ask(
    box: Sandbox, *arguments: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None, settles: bool = False
) -> Ran:
    """Run a command and hold what it promises; `settles` says that it may first end a write that broke off."""
    before = box.tree()
    ran = box.run(*arguments, stdin=stdin, variables=variables)
    after = box.tree()
    if ran.code in _REFUSED and _KEPT_ON_REFUSAL & set(arguments) and not settles and after != before:
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        raise Broken(f"refused with {ran.code}, and changed {changed[:5]}: {arguments}")
    if left := [name for name in after.keys() - before.keys() if name.startswith(".escscaffold-")]:
        raise Broken(f"half a write is left: {left[:3]}: {arguments}")
    if ran.out.strip() and (form := _format(ran)) in FORMATS:
        _hold(FORMATS[form], ran, form)
    if "plan" in arguments and "html" not in arguments and ran.code in (0, 1) and ran.out.strip() and not _helps(ran):
        _hold_page(box, ran, stdin, variables)
    return ran


def _hold_page(box: Sandbox, ran: Ran, stdin: bytes, variables: Mapping[str, str] | None) -> None:
    """Hold the page of a plan that was just printed as something else."""
    words = list(ran.arguments)
    while "--format" in words:
        del words[(at := words.index("--format")) : at + 2]
    at = words.index("plan") + 1
    again = [*words[:at], "--format", "html", *(word for word in words[at:] if word != "--json")]
    drawn = box.run(*again, stdin=stdin, variables=variables)
    if drawn.code != ran.code:
        raise Broken(f"as a page it ends with {drawn.code}, and not with {ran.code}: {ran.arguments}")
    if drawn.out.strip():
        _hold(FORMATS["html"], drawn, "html")


def _hold(holds: Callable[[str], None], ran: Ran, form: str) -> None:
    try:
        holds(ran.out)
    except (Broken, ValueError, SyntaxError) as error:
        raise Broken(f"{form}: {error}: {ran.arguments}") from None


def _helps(ran: Ran) -> bool:
    return not {"--help", "-h", "--version"}.isdisjoint(ran.arguments)


def _format(ran: Ran) -> str:
    given = ran.arguments
    if _helps(ran):
        return ""
    if "--json" in given:
        return "json"
    return next((given[at + 1] for at in reversed(range(len(given) - 1)) if given[at] == "--format"), "")


def hold_repository(box: Sandbox, folder: Path | None = None) -> None:
    """Hold each language of a repository that was just written, and that nothing is left to do."""
    folder = folder or box.work
    for at, _, names in os.walk(folder):
        for name in names:
            path = Path(at, name)
            if path.is_file():  # and no pipe, which an input may have left
                hold_file(path.relative_to(folder).as_posix(), path.read_bytes())
    before = box.tree()
    again = box.run("-C", str(folder), "generate", "--quiet")
    if again.code != 0 or box.tree() != before:
        raise Broken(f"a second run finds something to do: {again.code} {again.out[-300:]}{again.err[-300:]}")
