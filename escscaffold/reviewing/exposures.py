"""What a change opens to the whole internet: warnings, from the values that resources come to. Pure."""

from collections.abc import Iterator, Sequence

from escscaffold.reviewing.roots import Root
from escscaffold.rules.finding import Finding


def exposures(roots: Sequence[Root]) -> Iterator[Finding]:
    """Yield a warning for each rule or endpoint that is opened to every address."""
    yield from ()
