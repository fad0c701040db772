"""Environments that are named by the caller of a job."""

from collections.abc import Iterable

from escscaffold.jobs.unknown_names import UnknownNameError
from escscaffold.spec.values import nearest, shown


def known_environment(name: str, known: Iterable[str], hint: str) -> str:
    """Return the name if it is among those known; raises UnknownNameError, with the nearest, where it is not."""
    names = list(known)
    if name not in names:
        fix = nearest(name, names) if names else ""
        raise UnknownNameError(f"there is no environment {shown(name)}. {fix}".rstrip(), flag=hint)
    return name
