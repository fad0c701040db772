"""Readers of what people name: environments, reserved blocks, what exists already, and reasons."""

import re

from escscaffold.clouds.choices import ExistingFacts
from escscaffold.spec.values import BadValue, read_text, shown

MAX_NAME = 20
"""The shortest name of a cloud's resource has 30 characters at most, and its prefix takes ten of them."""

NAME = re.compile(rf"[a-z](?:[a-z0-9-]{{0,{MAX_NAME - 2}}}[a-z0-9])?")
RESERVED_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}")
# Windows keeps these names in every folder: a checkout there would fail.
WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}


def read_environment_name(value: object) -> str:
    """Read an environment's name: a folder, and a part of the names of cloud resources."""
    text = read_text(value)
    if not NAME.fullmatch(text):
        raise BadValue(
            f"{shown(text)} cannot name an environment: it becomes a folder and a part of resource names, so it is "
            f"1 to {MAX_NAME} lower-case letters, digits and hyphens, beginning with a letter.",
            _suggested_name(text),
        )
    if text in WINDOWS_DEVICES:
        raise BadValue(f"{shown(text)} names a device on Windows and cannot be a folder there.", f"Try {text}-1.")
    return text


def read_reserved_name(value: object) -> str:
    """Read the name of a reserved block or a pool: free text of letters, digits, spaces, dots, `_` and `-`."""
    text = read_text(value)
    if not RESERVED_NAME.fullmatch(text):
        raise BadValue(
            f"{shown(text)} cannot name a block of addresses.", "Use up to 63 letters, digits, spaces, dots, - and _."
        )
    return text


def read_reason(value: object) -> str:
    """Read why a warning is accepted: one line of text."""
    text = read_text(value).strip()
    if not text or not text.isprintable() or len(text) > 200:
        raise BadValue(f"{shown(value)} is no reason.", "Say in one line of at most 200 characters why it is accepted.")
    return text


def read_existing(value: object, facts: ExistingFacts) -> str:
    """Read the name of something that exists already."""
    text = read_text(value)
    if not re.fullmatch(facts.pattern, text):
        raise BadValue(f"{shown(text)} cannot be this: {facts.purpose}.", f"Write it like {facts.example}.")
    return text


def _suggested_name(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", text[:200].lower()).strip("-0123456789")[:MAX_NAME].strip("-")
    return f"Try {words}." if words else "Try prod."
