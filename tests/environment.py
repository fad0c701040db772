"""Sets what the tests and the programs that they start find in their environment; to be imported before all else."""

import os
import signal
import sys
from collections.abc import Mapping

_BEGINNINGS = ("PYTHON", "ESC", "TF_", "GIT_", "LC_")
"""How variables begin that decide what is tested, and that whoever runs the tests may have set for other work."""
_NAMES = {
    *("LANG", "LANGUAGE", "TERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"),
    *("COLORTERM", "_ESCSCAFFOLD_COMPLETE", "NETBOX_TOKEN"),
}
_KEPT = {
    *("ESCSCAFFOLD_PROVIDER_SCHEMAS", "ESCSCAFFOLD_TF_PLUGINS", "ESCSCAFFOLD_CHECKOV", "ESCSCAFFOLD_MKDOCS"),
    *("ESCSCAFFOLD_NETBOX", "ESCSCAFFOLD_NETBOX_DUMP", "ESCSCAFFOLD_NETBOX_URL", "ESCSCAFFOLD_NETBOX_TOKEN"),
    *("ESCSCAFFOLD_NETBOX_STATIC", "ESCSCAFFOLD_NETBOX_PICTURE", "ESCSCAFFOLD_CLAIMS_AT_ONCE"),
}
"""What tells the tests themselves where things are; CONTRIBUTING.md has them."""
_SET = {
    "LANG": "C.UTF-8",
    "TERM": "xterm",
    # What is supported is judged as of this day, so that no test ages.
    "ESCSCAFFOLD_AS_OF": "2026-11-29",
    # pip compiles all that it installs, which a test that runs a little of it need not wait for. (It reads 0 as `no`.)
    "PIP_NO_COMPILE": "0",
    # Providers are served in the tests' process. In one that is forked from it, for a terminal, their servers are not
    # to go on and print to that.
    "GRPC_ENABLE_FORK_SUPPORT": "0",
    # Terraform and its providers spend a third of their time on garbage, and on threads that wait for each other.
    "GOGC": "1000",
    "GOMAXPROCS": "1",
}


def plain(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without those that decide what is tested, and with those that the tests need."""
    kept = {n: v for n, v in variables.items() if n in _KEPT or not (n in _NAMES or n.startswith(_BEGINNINGS))}
    return kept | _SET


_plain = plain(os.environ)
os.environ.clear()
os.environ.update(_plain)
# Asked for or not: otherwise each worker would rewrite the assertions of 200 modules, which takes five seconds.
sys.dont_write_bytecode = False
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A job in the background of a script is deaf to Ctrl-C, and so would be all that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
