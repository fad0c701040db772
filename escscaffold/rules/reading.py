"""ESC0xx: what is wrong with the spec itself, found before there is a plan."""

from escscaffold.rules.finding import Rule

_SPEC = "docs/reference/spec.md"


def _rule(code: str, title: str, reason: str, source: str = _SPEC) -> Rule:
    return Rule(code=code, severity="error", title=title, reason=reason, source=source)


RULES = (
    _rule(
        "ESC001",
        "The file is not TOML",
        "Nothing of a file that breaks off can be trusted, so nothing of it is used.",
        "https://toml.io/en/v1.0.0",
    ),
    _rule(
        "ESC002",
        "Unknown key",
        "A key that nothing reads is most often a misspelt one, and its value would be silently lost.",
    ),
    _rule(
        "ESC003",
        "Not a range",
        "Terraform's providers and the clouds take only networks in CIDR notation, with no host bits set.",
        "https://www.rfc-editor.org/rfc/rfc4632#section-3.1",
    ),
    _rule(
        "ESC004",
        "Not one of the known values",
        "Clouds, modes, providers and parts are those that escscaffold has facts and templates for.",
    ),
    _rule(
        "ESC005",
        "A name that cannot be used",
        "Names become folders, resource names and lines of Markdown; what is not plain there is refused.",
    ),
    _rule(
        "ESC006",
        "A version that this escscaffold does not read",
        "The version says how the file is to be understood.",
    ),
    _rule(
        "ESC007",
        "The same thing given twice",
        "Of two values for one thing, nobody can tell which was meant.",
    ),
    _rule(
        "ESC008",
        "Something needed is missing",
        "Without cloud, region and mode there is nothing to plan for, and what exists already has to be named.",
    ),
    _rule(
        "ESC009",
        "A need that cannot be",
        "A range is sized by the cloud's own arithmetic, which counts only what is there and only up to its limits.",
    ),
    _rule(
        "ESC010",
        "Parts that do not go together",
        "What is made stands on what exists or is made with it; the other way round, nothing could be found.",
    ),
    _rule(
        "ESC013",
        "A credential in the spec",
        "The spec is committed and copied into Terraform: whoever may read the repository could use what stands there.",
        "https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data",
    ),
)
