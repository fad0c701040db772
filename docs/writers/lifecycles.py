"""The page of how long versions, images, sizes, providers and logins are supported."""

from collections.abc import Iterator
from datetime import date

from docs.writers.markdown import page, source, table
from escscaffold.clouds.known_facts import load_facts
from escscaffold.clouds.lifecycles import KnownRelease, Lifecycle
from escscaffold.rules.lifecycle_rules import WARNED_BEFORE


def lifecycles_page() -> str:
    """Return the page."""
    facts = load_facts()
    lifecycles = [lifecycle for folder in ("kurrent", *facts.clouds) for lifecycle in facts.lifecycles.of(folder)]
    lifecycles += facts.lifecycles.programs.values()
    return page(
        "Lifecycles",
        "Look up how long versions, images, providers and logins are supported; `escscaffold check` warns in time.",
        "## Warnings",
        f"`check` and `plan` warn {WARNED_BEFORE.days} days before the end ([ESC504](findings.md#esc504)) and after it "
        "([ESC505](findings.md#esc505)); a version that the cloud refuses is an error ([ESC506](findings.md#esc506)).",
        "`--as-of 2027-06-01` or `ESCSCAFFOLD_AS_OF` sets the day; the default is today (UTC).",
        "The output of other commands does not depend on the day.",
        "A day without a source is *not known*.",
        "The facts are in `lifecycles.toml` in the folders of `templates/`.",
        *(part for lifecycle in lifecycles for part in _lifecycle(lifecycle)),
    )


def _lifecycle(lifecycle: Lifecycle) -> Iterator[str]:
    yield f"## {lifecycle.title}"
    about = f"`{lifecycle.setting}` of the spec. " if lifecycle.setting else ""
    second = f" and {source(lifecycle.second_source)}" if lifecycle.second_source else ", the only source"
    yield f"{about}Source: {source(lifecycle.source)}{second}; read on {lifecycle.read}."
    yield table(("name", "since", "supported until", "extended until", "note"), map(_row, lifecycle.releases))
    sentences = [f"{lifecycle.extended} follows the end of support." if lifecycle.extended else ""]
    sentences += [f"After all support: {lifecycle.ended}." if lifecycle.ended else ""]
    yield from filter(None, sentences)


def _row(release: KnownRelease) -> tuple[str, ...]:
    note = [f"deprecated{f' since {release.deprecated_since}' if release.deprecated_since else ''}"]
    note = note if release.deprecated else []
    note += [f"set `{release.replacement}`"] if release.replacement else []
    note += [text for text in (release.note, release.how) if text]
    note += [f"from {source(release.source)}"] if release.source else []
    extended = str(release.extended_until) if release.extended_until else "-"
    return release.name, _day(release.since), _day(release.supported_until), extended, "; ".join(note) or "-"


def _day(day: date | None) -> str:
    return str(day) if day else "not known"
