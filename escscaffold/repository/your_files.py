"""The Terraform that a person put beside ours: does it parse? The one module that reads HCL."""

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
                message = _syntax_error(text)
                if message and not terraform_reads(path):
                    yield Complaint(path=path.relative_to(folder).as_posix(), message=message)


def _syntax_error(text: str) -> str:
    import hcl2

    try:
        text.encode("utf-8")
        hcl2.loads(text)
    except UnicodeEncodeError:
        return "this is not UTF-8 text."
    # The parser has no error of its own to catch: lark's differ by what was expected.
    except Exception as error:
        return f"this is not HCL: {next(iter(str(error).splitlines()), 'it breaks off')}"
    return ""
