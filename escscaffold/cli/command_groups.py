"""The commands by what they are for, in the order in which help lists them."""

import click

COMMAND_GROUPS = {
    "Create": ("init", "add", "adopt"),
    "Plan and check": ("plan", "check", "review", "scan"),
    "Change": ("set", "generate", "remove", "rename", "release", "fmt"),
    "Share addresses": ("ipam",),
    "Look up": ("explain", "schema", "doctor", "completion"),
}
ALL_COMMANDS = tuple(name for names in COMMAND_GROUPS.values() for name in names)


def write_commands(group: click.Group, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write each group of commands below its title, with the first lines of their help in one column."""
    width = formatter.width - 6 - max(map(len, ALL_COMMANDS))
    for title, names in COMMAND_GROUPS.items():
        commands = {name: group.get_command(ctx, name) for name in names}
        rows = [(name, found.get_short_help_str(width)) for name, found in commands.items() if found]
        with formatter.section(title):
            formatter.write_dl([(name.ljust(max(map(len, ALL_COMMANDS))), summary) for name, summary in rows])


def without_help_command(arguments: list[str]) -> list[str]:
    """Return `help COMMAND` as `COMMAND --help`, which it stands for; other arguments as they are."""
    return [*arguments[1:], "--help"] if arguments[:1] == ["help"] else arguments
