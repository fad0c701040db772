"""Logins of the Kurrent Cloud provider whose vendor says that they will end, and what to set instead."""

from collections.abc import Mapping

from escscaffold.clouds.fact_files import load_kurrent
from escscaffold.clouds.facts import Credentials
from escscaffold.clouds.lifecycles import KnownRelease, lifecycles_of


def deprecated_logins() -> Mapping[str, KnownRelease]:
    """Return the variables of deprecated logins, each with what is known of it."""
    logins = [
        login for lifecycle in lifecycles_of("kurrent") if lifecycle.name == "login" for login in lifecycle.releases
    ]
    return {login.name: login for login in logins if login.deprecated}


def deprecation(variable: str, credentials: Credentials) -> str:
    """Return that the login of this variable is deprecated, and what to set where it can be replaced."""
    login = deprecated_logins()[variable]
    others = [way for way in credentials.ways if variable not in way]
    if others:
        return f"{variable} is deprecated ({login.note}): set {' and '.join(others[0])} of a service account"
    newer = next(
        name
        for name, provider in load_kurrent().providers.items()
        if any(variable not in way for way in provider.credentials.ways)
    )
    return f'{variable} is deprecated ({login.note}): only provider = "{newer}" takes {login.replacement}'
