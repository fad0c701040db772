"""The report as workflow commands, which GitHub shows beside the lines of a pull request.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from escscaffold.reviewing.formats.notices import TITLES, Notice, notices_of
from escscaffold.reviewing.report import Report
from escscaffold.reviewing.sentences import as_text, visible


def review_annotations(report: Report) -> str:
    """Return a line for each notice, after one for the verdict."""
    verdict = f"::notice title=escscaffold review::{_message(as_text(report.verdict))}"
    return "\n".join([verdict, *map(_annotation, notices_of(report.contents))])


def _annotation(notice: Notice) -> str:
    title = TITLES.get(notice.rule, notice.rule)
    place = f"file={_property(notice.path)}" + (f",line={notice.line}" if notice.line else "")
    return f"::{notice.severity} {place},title={_property(title)}::{_message(as_text(notice.text, _whole))}"


def _whole(text: str) -> str:
    return visible(text, 500)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(visible(text, 500)).replace(":", "%3A").replace(",", "%2C")
