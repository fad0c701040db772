"""Flags that several commands take: the answers of the interview, the terms of a change, the day of a check.

Each answer and the day are environment variables, too.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from escscaffold.cli import completing
from escscaffold.clouds.fact_files import cloud_names, mode_names
from escscaffold.jobs.key_values import printed_name

F = TypeVar("F", bound=Callable[..., Any])

EVERYTHING = "*"
"""What `--repack` means without a name; no environment can have it."""

VARIABLE = "ESCSCAFFOLD_"
ANSWERING = ("environment", "cloud", "region", "mode", "ranges", "reserved", "pools", "settings", "answers")
"""The parameters that `answer_options` adds, by which an answer can be given."""


def answer_options(function: F) -> F:
    """Add the flags that answer the interview."""
    for option in (
        click.option("--yes", "-y", is_flag=True, help="Use defaults for missing answers; do not ask."),
        click.option(
            "--answers",
            metavar="FILE",
            envvar=VARIABLE + "ANSWERS",
            shell_complete=completing.offer_paths,
            help="Read answers from a spec; - reads stdin.",
        ),
        click.option(
            "--set",
            "settings",
            metavar="KEY=VALUE",
            multiple=True,
            envvar=VARIABLE + "SET",
            shell_complete=completing.offer_keys_of_answers,
            help="Any key of the spec, such as routes=exact or ci=gitlab.",
        ),
        click.option(
            "--reserve",
            "reserved",
            metavar="NAME=CIDR",
            multiple=True,
            envvar=VARIABLE + "RESERVE",
            help="A block that no range may overlap.",
        ),
        click.option(
            "--pool",
            "pools",
            metavar="NAME=CIDR",
            multiple=True,
            envvar=VARIABLE + "POOL",
            help="A block to allocate ranges from; default: RFC 1918.",
        ),
        click.option(
            "--range",
            "ranges",
            metavar="NAME=VALUE",
            multiple=True,
            envvar=VARIABLE + "RANGE",
            shell_complete=completing.offer_ranges,
            help="A range by CIDR (10.0.0.0/16), size (/16), or need ({ nodes = 10 }).",
        ),
        click.option(
            "--mode",
            envvar=VARIABLE + "MODE",
            shell_complete=completing.offer_modes,
            help=f"Pod networking: {', '.join(mode_names())}.",
        ),
        click.option(
            "--region",
            envvar=VARIABLE + "REGION",
            shell_complete=completing.offer_regions,
            help="Region of both networks.",
        ),
        click.option(
            "--cloud",
            envvar=VARIABLE + "CLOUD",
            shell_complete=completing.offer_clouds,
            help=f"Cloud of both networks: {', '.join(cloud_names())}.",
        ),
        click.option("--environment", envvar=VARIABLE + "ENVIRONMENT", help="Name of the environment."),
    ):
        function = option(function)
    return function


def plain_option(function: F) -> F:
    """Add the flag of commands that ask."""
    return click.option(
        "--plain",
        is_flag=True,
        envvar=VARIABLE + "PLAIN",
        help="Ask in plain lines, as ACCESSIBLE=1 does.",
    )(function)


def no_claim_option(function: F) -> F:
    """Add the flag of commands that claim addresses as a part of their work."""
    return click.option(
        "--no-claim",
        is_flag=True,
        help="Skip IPAM claims; run `ipam claim` later.",
    )(function)


def as_printed(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is accepted by the names that output has: `prod.ranges.pods` is `prod.pods`."""
    return tuple(map(printed_name, names))


accept_replace_option = click.option(
    "--accept-replace",
    "accepted",
    metavar="NAME",
    multiple=True,
    callback=as_printed,
    shell_complete=completing.offer_replaced,
    help="Accept replacements caused by this range (prod.pods) or environment (prod). Repeatable.",
)


def terms_options(function: F) -> F:
    """Add the flags of commands that change files: print only, or accept replacements."""
    for option in (
        accept_replace_option,
        click.option("--diff", is_flag=True, help="Print a diff; exit 3 if a file would change."),
        click.option("--dry-run", is_flag=True, help="List the changes without writing; exit 3 if there are any."),
    ):
        function = option(function)
    return function


def as_of_option(function: F) -> F:
    """Add the option that fixes the day as of which support is judged."""
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


def is_from_variable(ctx: click.Context, parameter: str) -> bool:
    """Whether an environment variable gave this parameter, and no flag did."""
    return ctx.get_parameter_source(parameter) is click.core.ParameterSource.ENVIRONMENT


def flags_given(ctx: click.Context) -> bool:
    """Whether any answer was given on the command line itself."""
    return any(ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE for name in ANSWERING)


def label(ctx: click.Context, parameter: str) -> str:
    """Return the flag or variable that gave this parameter: `--region` or `ESCSCAFFOLD_REGION`."""
    option = next(p for p in ctx.command.params if p.name == parameter)
    return str(option.envvar) if is_from_variable(ctx, parameter) else option.opts[0]
