"""Names that were given to a job and that the repository does not have."""

from escscaffold.errors import ScaffoldError


class UnknownNameError(ScaffoldError):
    """A name that was given does not exist; `flag` is where the command line takes it."""

    def __init__(self, message: str, *, flag: str) -> None:
        super().__init__(message)
        self.flag = flag
