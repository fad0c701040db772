"""A diagnosis in words and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from escscaffold.cli.output import hanging, paragraphs
from escscaffold.errors import printable
from escscaffold.scanning.diagnosis import Diagnosis, PeeringFault, SuggestedFix


def diagnoses_text(diagnoses: Sequence[Diagnosis], *, quiet: bool) -> str:
    """Return each diagnosis, what is wrong first; with `quiet` only what is wrong."""
    return "\n\n".join(filter(None, ("\n".join(_lines(diagnosis, quiet=quiet)) for diagnosis in diagnoses)))


def _lines(diagnosis: Diagnosis, *, quiet: bool) -> Iterator[str]:
    if quiet and not diagnosis.causes:
        return
    yield paragraphs(f"Diagnosis of {printable(diagnosis.peering)} ({printable(diagnosis.place)}):")
    routes = ", ".join(map(str, diagnosis.routes)) if diagnosis.routes is not None else "not known"
    facts = [f"peering routes: {routes}", f"Kurrent network: {diagnosis.kurrent or 'not known'}"]
    facts += [f"peered network: {printable(diagnosis.network)}"] if diagnosis.network else []
    yield hanging("; ".join(facts), "  ")
    for number, cause in enumerate(diagnosis.causes, 1):
        yield from _cause_lines(number, cause)
    if not diagnosis.causes:
        yield "  No problem found in the files read."
    if quiet:
        return
    for heading, entries in (
        ("Not known", [f"{u.message} Check: {u.look}" if u.look else u.message for u in diagnosis.unknown]),
        ("Right", list(diagnosis.right)),
    ):
        if entries:
            yield f"  {heading}:"
            yield from (hanging(printable(text), "    - ") for text in entries)


def _cause_lines(number: int, cause: PeeringFault) -> Iterator[str]:
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
        yield f"     fix: {printable(fix.in_words)}"
        return
    yield f"     fix: add to {printable(fix.place)}:"
    yield from (f"       {printable(line)}" for line in fix.text.splitlines())


def diagnosis_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the same as JSON-ready data."""
    return {
        "peering": diagnosis.peering,
        "place": diagnosis.place,
        "routes": None if diagnosis.routes is None else list(map(str, diagnosis.routes)),
        "kurrent": str(diagnosis.kurrent) if diagnosis.kurrent else None,
        "network": diagnosis.network,
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
            for cause in diagnosis.causes
        ],
        "unknown": [{"message": u.message, "look": u.look} for u in diagnosis.unknown],
        "right": list(diagnosis.right),
    }
