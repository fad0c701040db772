r"""Links that a terminal opens by a click: OSC 8, where the terminal is known to support it.

https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda describes the sequence, \x1b]8;;ADDRESS\x1b\\.
"""

import os
import sys
from pathlib import Path

_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"}
_TERMINALS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_VTE = 5000
"""GNOME's terminals since 0.50."""


def supports_links() -> bool:
    """Whether standard output is a terminal that opens links; FORCE_HYPERLINK=1 or 0 decides it otherwise."""
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("CI"):
        return False
    vte = os.environ.get("VTE_VERSION", "")
    return bool(
        os.environ.get("TERM_PROGRAM") in _PROGRAMS
        or os.environ.get("TERM", "").startswith(_TERMINALS)
        or os.environ.get("WT_SESSION")
        or os.environ.get("KONSOLE_VERSION")
        or (vte.isdecimal() and int(vte) >= _VTE)
    )


def linked(text: str, source: str) -> str:
    """Return the text as a link to a source: an address, or a page of the installed package."""
    if not supports_links():
        return text
    address = source if source.startswith("https://") else page_address(source)
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address.isprintable() else text


def page_address(source: str) -> str:
    """Return where a page of the documentation lies: in the installed package, or in the checkout."""
    page, _, anchor = source.partition("#")
    package = Path(__file__).resolve().parents[1]
    found = next((place / page for place in (package, package.parent) if (place / page).is_file()), package / page)
    return found.as_uri() + (f"#{anchor}" if anchor else "")
