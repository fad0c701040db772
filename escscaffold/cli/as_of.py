"""The day that a command judges support as of: today, unless `--as-of` fixes it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from escscaffold.cli.options import VARIABLE
from escscaffold.planning.address_plan import AddressPlan
from escscaffold.rules.support import unset_versions

F = TypeVar("F", bound=Callable[..., Any])
_MOST_NAMED = 3


def as_of_option(function: F) -> F:
    """Add the option that fixes the day."""
    return click.option(
        "--as-of",
        metavar="DATE",
        callback=_day,
        envvar=VARIABLE + "AS_OF",
        help="Check support as of DATE; default: today (UTC).",
    )(function)


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    if not value:
        return datetime.now(UTC).date()
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        from escscaffold.spec.values import shown  # for mistakes only

        raise click.BadParameter(f"{shown(value)} is not a date. Use a date like 2027-06-01.", ctx, param) from None


def unchecked_support(plan: AddressPlan) -> Iterator[str]:
    """Yield a line for each setting whose value the cloud chose, so that how long it is supported is not checked."""
    for sentence, names in unset_versions(plan).items():
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        yield f"Support not checked in {', '.join(names[:_MOST_NAMED])}{more}: {sentence}."
