"""Sets what the tests and the programs that they start find in their environment; to be imported before all else."""

import os

# Each of the programs that tests start would compile all of escscaffold for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# pip compiles all that it installs, which a test that runs a little of it need not wait for. (pip reads a 0 as `no`.)
os.environ["PIP_NO_COMPILE"] = "0"
# Providers are served in the tests' process. In one that is forked from it, for a terminal, their servers are not to go
# on and print to that.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
