"""What a shell is offered for a value: from the spec, the lock and the schema, and nothing where one cannot be read.

Only text that no shell reads as anything else is offered: a name in a file must not become a command.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from escscaffold.cli.completing_about import Table, environments_of, lock_of, spec_of, table_in
from escscaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

_HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./=-]*")


def _offering(words: Callable[[click.Context, str], Iterable[str | tuple[str, str]]]) -> Complete:
    """Return a completion that offers those of the words that begin as what is typed; a pair is a word and a help."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        value = ctx.params.get(param.name or "")
        given = value if isinstance(value, tuple) else ()
        try:
            offered = [word if isinstance(word, tuple) else (word, None) for word in words(ctx, incomplete)]
        except (ScaffoldError, ValueError, RecursionError):
            return []
        from click.shell_completion import CompletionItem  # slow to import, and needed for shells only

        return [
            CompletionItem(word, help=help_text)
            for word, help_text in dict(offered).items()
            if word.startswith(incomplete) and word not in given and _HARMLESS.fullmatch(word)
        ]

    return complete


def _files(ctx: click.Context, incomplete: str) -> Iterable[str]:
    return (*lock_of(ctx).manifest.written,)


def _away(ctx: click.Context, incomplete: str) -> Iterable[str]:
    manifest = lock_of(ctx).manifest
    return (*manifest.deleted, *manifest.released)


def _retired(ctx: click.Context, incomplete: str) -> Iterable[str]:
    retired = lock_of(ctx).grants.retired
    return (*{environment for environment, _ in retired}, *(".".join(key) for key in retired))


def _claimed(ctx: click.Context, incomplete: str) -> Iterable[str]:
    present = environments_of(ctx)
    return [name for name in lock_of(ctx).grants.claims.environments() if name not in present]


def _replaced(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.cli.completing_keys import ranges_of

    known = environments_of(ctx)
    return (*known, *(f"{name}.{range_name}" for name in known for range_name in ranges_of(table_in(known, name))))


def _rules(ctx: click.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    from escscaffold.rules.catalogue import RULES

    return [(rule.code, rule.title) for rule in RULES.values()]


def _services(ctx: click.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    from escscaffold.clouds.fact_files import load_ci
    from escscaffold.spec.repository_tables import NO_CI

    return [*((ci.name, ci.title) for ci in load_ci().values()), (NO_CI, "no files for CI")]


def _answered(ctx: click.Context) -> Table:
    """Return what the line says already of the environment."""
    return {name: ctx.params.get(name) for name in ("cloud", "mode")}


def _answer(key: str) -> Complete:
    def words(ctx: click.Context, incomplete: str) -> Iterable[str]:
        from escscaffold.cli.completing_keys import values_of

        return values_of(_answered(ctx), key)

    return _offering(words)


def _ranges(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.cli.completing_keys import ranges_of

    return [f"{name}=" for name in ranges_of(_answered(ctx))]


def _keys_of_answers(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.cli.completing_keys import keys

    return keys(incomplete, {}, _answered(ctx))


def _keys_of_spec(ctx: click.Context, incomplete: str) -> Iterable[str]:
    from escscaffold.cli.completing_keys import keys

    document = spec_of(ctx)
    known, named = table_in(document, "environments"), ctx.params.get("environment")
    if named:
        return keys(incomplete, {}, table_in(known, named))
    only = table_in(known, next(iter(known))) if len(known) == 1 else None
    return keys(incomplete, document, only)


def _place(kind: str) -> Complete:
    """Return a completion that leaves it to the shell: `dir` or `file`."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=kind)]

    return complete


offer_folders = _place("dir")
offer_paths = _place("file")
offer_environments = _offering(lambda ctx, incomplete: environments_of(ctx))
offer_files = _offering(_files)
offer_away = _offering(_away)
offer_retired = _offering(_retired)
offer_defaults = _offering(lambda ctx, incomplete: environments_of(ctx))
offer_claimed = _offering(_claimed)
offer_replaced = _offering(_replaced)
offer_rules = _offering(_rules)
offer_services = _offering(_services)
offer_clouds = _answer("cloud")
offer_regions = _answer("region")
offer_modes = _answer("mode")
offer_ranges = _offering(_ranges)
offer_keys_of_answers = _offering(_keys_of_answers)
offer_keys = _offering(_keys_of_spec)
