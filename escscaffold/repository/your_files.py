"""The Terraform that a person put beside ours, and whether it parses."""

from collections.abc import Iterator
from pathlib import Path

from escscaffold.rendering.header import has_header
from escscaffold.repository.disk import read_text
from escscaffold.repository.terraform import Complaint, terraform_reads

_FOLDERS = ("environments/*", "modules/*")


def unreadable_files(folder: Path) -> Iterator[Complaint]:
    """Yield each `.tf` file that is not HCL, among those that do not carry our header."""
    for pattern in _FOLDERS:
        for path in sorted(folder.glob(f"{pattern}/*.tf")):
            text = read_text(path)
            if text is not None and not has_header(text):
                message = _complaint(text)
                if message and not terraform_reads(path):
                    yield Complaint(path=path.relative_to(folder).as_posix(), message=message)


def _complaint(text: str) -> str:
    from escscaffold.hcl.reading import syntax_error

    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "this is not UTF-8 text."
    error = syntax_error(text)
    return f"this is not HCL: {error}" if error else ""
