"""The report as SARIF 2.1.0, which code scanning reads.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from hashlib import sha256
from typing import Any
from urllib.parse import quote

from escscaffold import __version__
from escscaffold.reviewing.formats.notices import TITLES, Notice, notices_of
from escscaffold.reviewing.report import Report
from escscaffold.reviewing.sentences import as_text, visible
from escscaffold.rules.catalogue import RULES

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_MOST = 5_000
"""Results of one run that GitHub shows."""


def review_sarif(report: Report) -> dict[str, Any]:
    """Return the log."""
    notices = list(notices_of(report.contents))[:_MOST]
    rules = sorted({notice.rule for notice in notices})
    driver = {
        "name": "escscaffold",
        "semanticVersion": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": _title(rule)}} for rule in rules],
    }
    results = [_result(notice, rules.index(notice.rule)) for notice in notices]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _title(rule: str) -> str:
    return RULES[rule].title if rule in RULES else TITLES[rule]


def _result(notice: Notice, rule_index: int) -> dict[str, Any]:
    text = as_text(notice.text, lambda part: visible(part, 1000))
    uri = quote(notice.path.encode("utf-8", errors="surrogateescape"))
    location: dict[str, Any] = {"artifactLocation": {"uri": uri}, "region": {"startLine": notice.line or 1}}
    return {
        "ruleId": notice.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[notice.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
        # The same notice in the next run, wherever its line has gone to.
        "partialFingerprints": {"notice/v1": sha256(f"{notice.rule} {uri} {text}".encode()).hexdigest()[:32]},
    }
