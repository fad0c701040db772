"""What `check` finds as annotations that GitHub shows beside the lines of a pull request.

https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#setting-an-error-message
"""

import re
from collections.abc import Iterable

from escscaffold.errors import Problem, printable
from escscaffold.repository.file_states import FileState
from escscaffold.repository.terraform_cli import Complaint
from escscaffold.rules.finding import Finding
from escscaffold.spec.reading import SPEC_FILE

_PLACE = re.compile(r"(.+?):(\d{1,9})(?::\d{1,9})?")


def annotations(
    findings: Iterable[Finding], files: Iterable[FileState], complaints: Iterable[Complaint]
) -> Iterable[str]:
    """Return a line for each thing that is not as it should be."""
    for finding in findings:
        if not finding.accepted:
            text = f"{finding.code} {finding.environment} {finding.subject}: {finding.message} {finding.fix}"
            yield _line(finding.severity, SPEC_FILE, 0, text.strip())
    for file in files:
        yield _line("error", file.path, 0, _FILES.get(file.state, "Stale. Run: escscaffold generate"))
    for complaint in complaints:
        yield _line("error", complaint.path, complaint.line, complaint.message)


def problem_annotations(problems: Iterable[Problem]) -> Iterable[str]:
    """Return a line for each thing for which the spec cannot be read, where it stands."""
    for problem in problems:
        place = _PLACE.fullmatch(problem.place)
        text = f"{problem.code}: {problem.message} {problem.fix}".strip()
        yield _line("error", place[1], int(place[2]), text) if place else _line("error", SPEC_FILE, 0, text)


_FILES = {
    "conflict": "A hand edit conflicts with the generated text. Run: escscaffold generate",
    "beside": "Edited by hand; the last generated text is unknown. Run: escscaffold generate",
    "unsolved": "Unresolved conflict.",
    "obsolete-edited": "No longer generated, but edited by hand: delete or release it.",
    "deleted": "Deleted by hand. Run: escscaffold generate",
    "new": "Missing. Run: escscaffold generate",
    "obsolete": "No longer generated. Run: escscaffold generate",
}


def _line(severity: str, path: str, line: int, message: str) -> str:
    place = f"file={_escaped(path).replace(':', '%3A').replace(',', '%2C')}"
    return f"::{severity} {place}{f',line={line}' if line else ''}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return "%0A".join(printable(line).replace("%", "%25") for line in text.split("\n"))
