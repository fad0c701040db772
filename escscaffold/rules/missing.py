"""ESC014: what the repository's Terraform uses, or the spec names, and does not exist.

It is found in files and not in a plan, so whoever has read both sides of a review brings what is missing.
"""

from escscaffold.rules.finding import Finding, Rule
from escscaffold.terraform.references import Missing

RULES = (
    Rule(
        code="ESC014",
        severity="error",
        title="Something that is used does not exist",
        reason="Terraform stops where a called folder or a declaration is missing, and plans to destroy what an "
        "environment's deleted files declared.",
        source="https://developer.hashicorp.com/terraform/language/modules/sources#local-paths",
    ),
)
_FIX = "Restore it, a generated file with `escscaffold generate --restore FILE`, or remove what uses it."


def missing_finding(missing: Missing) -> Finding:
    """Return the finding that something missing is, about the environment whose file uses it."""
    where = missing.path.split("/")
    environment = where[1] if where[0] == "environments" and len(where) > 2 else ""
    place = f"{missing.path}:{missing.line}" if missing.line else missing.path
    return RULES[0].finding_about(environment, missing.path, f"{place}: {missing.message}", _FIX)
