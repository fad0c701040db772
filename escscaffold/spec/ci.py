"""Reads where the repository is checked: by one service, several, or none."""

from escscaffold.clouds.fact_files import load_ci
from escscaffold.spec.values import BadValue, nearest, shown

NO_CI = "none"


def default_ci() -> str:
    """Return the service that a spec without a word about it means."""
    return next(iter(load_ci()))


def read_ci(value: object) -> tuple[str, ...]:
    """Read the names of services: "github", "github,gitlab", a list of them, or "none".

    >>> read_ci("gitlab,github")
    ('github', 'gitlab')
    """
    words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
    if not isinstance(words, list) or not words:
        raise BadValue(f"{shown(value)} names no service that runs checks.", f"Known: {', '.join(_known())}.")
    for word in words:
        if not isinstance(word, str) or word not in _known():
            raise BadValue(f"{shown(word)} is not a service that escscaffold writes for.", nearest(word, _known()))
    if NO_CI in words and len(words) > 1:
        raise BadValue(f'"{NO_CI}" stands alone.', f'Write "{NO_CI}", or leave it out.')
    return tuple(name for name in load_ci() if name in words)


def _known() -> list[str]:
    return [*load_ci(), NO_CI]
