"""The Terraform that a person has written or edited, and whether it parses."""

from collections.abc import Iterator
from pathlib import Path

from escscaffold.rendering.generated import has_header
from escscaffold.repository.disk import read_text
from escscaffold.repository.terraform import Complaint, terraform_reads
from escscaffold.terraform.reading import NotHclError, read_hcl

_FOLDERS = ("environments/*", "modules/*")


def unreadable_files(folder: Path, as_generated: frozenset[str] | None) -> Iterator[Complaint]:
    """Yield each `.tf.json` file that is not JSON, and each `.tf` file that is not HCL.

    Of those that stand as they were generated none is read.
    Where that is not known (None), those with our header are taken to be as they were.
    """
    for pattern in _FOLDERS:
        for path in sorted(folder.glob(f"{pattern}/*.tf.json")):
            if complaint := _json_complaint(path.relative_to(folder).as_posix(), read_text(path) or ""):
                yield complaint
        for path in sorted(folder.glob(f"{pattern}/*.tf")):
            name = path.relative_to(folder).as_posix()
            if as_generated is not None and name in as_generated:
                continue
            text = read_text(path)
            if text is not None and not (as_generated is None and has_header(text)):
                complaint = _complaint(name, text)
                if complaint and not terraform_reads(path):
                    yield complaint


def _json_complaint(name: str, text: str) -> Complaint | None:
    from escscaffold.repository.standing import UnreadBlockError, body_of_json
    from escscaffold.terraform.reading import NotHclError

    try:
        body_of_json(text)
    except UnreadBlockError:
        return None
    except NotHclError as error:
        return Complaint(path=name, message=error.message, line=error.line or 0)
    return None


def _complaint(name: str, text: str) -> Complaint | None:
    try:
        text.encode("utf-8")
        read_hcl(text)
    except UnicodeEncodeError:
        return Complaint(path=name, message="this is not UTF-8 text.")
    except NotHclError as error:
        return Complaint(path=name, message=f"this is not HCL: {error.message}", line=error.line or 0)
    return None
