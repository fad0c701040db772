"""A diagnosis in words and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from escscaffold.cli.output import hanging, paragraphs, printable
from escscaffold.scanning.diagnosis import Cause, Diagnosis, SuggestedFix


def diagnoses_text(diagnoses: Sequence[Diagnosis], *, quiet: bool) -> str:
    """Return each diagnosis, what is wrong first; with `quiet` only what is wrong."""
    return "\n\n".join(filter(None, ("\n".join(_lines(one, quiet=quiet)) for one in diagnoses)))


def _lines(one: Diagnosis, *, quiet: bool) -> Iterator[str]:
    if quiet and not one.causes:
        return
    yield paragraphs(f"Diagnosis of {printable(one.peering)} ({printable(one.place)}):")
    routes = ", ".join(map(str, one.routes)) if one.routes is not None else "not known"
    facts = [f"peering routes: {routes}", f"Kurrent network: {one.kurrent or 'not known'}"]
    facts += [f"peered network: {printable(one.network)}"] if one.network else []
    yield hanging("; ".join(facts), "  ")
    for number, cause in enumerate(one.causes, 1):
        yield from _cause_lines(number, cause)
    if not one.causes:
        yield "  Nothing wrong was found in what was read."
    if quiet:
        return
    for heading, told in (
        ("Not known", [f"{u.message} Look: {u.look}" if u.look else u.message for u in one.unknown]),
        ("Right", list(one.right)),
    ):
        if told:
            yield f"  {heading}:"
            yield from (hanging(printable(text), "    - ") for text in told)


def _cause_lines(number: int, cause: Cause) -> Iterator[str]:
    place = f" ({printable(cause.place)})" if cause.place else ""
    yield hanging(f"{printable(cause.message)}{place}", f"  {number}. {cause.likelihood}: ")
    if cause.fix:
        yield from _fix_lines(cause.fix)
    if cause.why:
        yield hanging(cause.why, "     why: ")
    yield hanging(cause.source, "     see: ")


def _fix_lines(fix: SuggestedFix) -> Iterator[str]:
    if "\n" not in fix.text:
        # The value is copied from here: a line break in it would be copied as well.
        yield f"     fix: {printable(fix.told)}"
        return
    yield f"     fix: add to {printable(fix.place)}:"
    yield from (f"       {printable(line)}" for line in fix.text.splitlines())


def diagnosis_document(one: Diagnosis) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    return {
        "peering": one.peering,
        "place": one.place,
        "routes": None if one.routes is None else list(map(str, one.routes)),
        "kurrent": str(one.kurrent) if one.kurrent else None,
        "network": one.network,
        "causes": [
            {
                "kind": cause.kind,
                "likelihood": cause.likelihood,
                "message": cause.message,
                "why": cause.why,
                "place": cause.place,
                "source": cause.source,
                "ranges": list(map(str, cause.ranges)),
                "fix": None
                if cause.fix is None
                else {
                    "text": cause.fix.text,
                    "place": cause.fix.place,
                    "replaces": list(cause.fix.replaces),
                },
            }
            for cause in one.causes
        ],
        "unknown": [{"message": u.message, "look": u.look} for u in one.unknown],
        "right": list(one.right),
    }
