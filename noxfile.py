"""Other versions of Python, and the lowest versions of what escscaffold needs, as pyproject.toml promises them.

`nox` runs all tests with each of them that is here, `nox -- tests/spec` those that are named.
"""

import nox

nox.options.default_venv_backend = "uv"
# A version that is not here is left out, and nox says so; it is not downloaded.
nox.options.download_python = "never"


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Run the tests with the newest versions of all that is needed."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", *session.posargs)


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions that the bounds allow."""
    session.install("--resolution", "lowest-direct", "-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", *session.posargs)
