"""Environments that a person names on the command line."""

from collections.abc import Iterable

import click

from escscaffold.spec.values import nearest, shown


def known_environment(name: str, known: Iterable[str], hint: str) -> str:
    """Return the name if it is among those known; raises click.BadParameter, with the nearest, where it is not."""
    names = list(known)
    if name not in names:
        fix = nearest(name, names) if names else ""
        raise click.BadParameter(f"there is no environment {shown(name)}. {fix}".rstrip(), param_hint=hint)
    return name
