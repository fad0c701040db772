"""ESC015: what a change opens to every address of the internet.

It is found in what two sides of a review come to, and not in a plan, so the review brings it.
"""

from escscaffold.rules.finding import Finding, Rule, Violation

RULES = (
    Rule(
        code="ESC015",
        severity="warning",
        title="Something is opened to the internet",
        reason="0.0.0.0/0 lets every address of the internet in. An endpoint or a port that was closed is then open "
        "to scans and to stolen credentials.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    ),
)


def exposure_finding(environment: str, address: str, argument: str, opens: str, source: str) -> Finding:
    """Return the finding for an argument of a resource that opens something to every address."""
    violation = Violation(
        environment=environment,
        subject=address,
        message=f"{address} opens {opens} to every address: {argument}.",
        fix=f"Name the ranges that need it in {argument}, such as 10.8.0.0/16.",
        source=source,
    )
    return RULES[0].finding(violation, violation.fix)
