"""The Terraform providers whose answers about replacement escscaffold has, from the files that have them."""

from collections import Counter

from docs.writers.markdown import page, table
from escscaffold.clouds.known_facts import load_facts
from escscaffold.terraform.provider_facts import ProviderFacts


def providers_page() -> str:
    """Return the page about what the providers answered."""
    resources = load_facts().resources
    providers = [facts for source in resources.provider_sources if (facts := resources.provider(source)) is not None]
    rows = [
        (
            f"`{facts.source}`",
            facts.version,
            facts.answered,
            str(len(facts.resources)),
            str(_count(facts, "replaces")),
            str(_count(facts, "unknown")),
            str(facts.questions or "-"),
        )
        for facts in providers
    ]
    header = ("provider", "version", "asked on", "types", "changes that replace", "unknown", "questions")
    return page(
        "Provider facts",
        "Look up which provider versions `escscaffold review` has facts of, and how their facts were collected.",
        "## Method",
        "Each provider plans a change of one argument at a time, over Terraform's plugin protocol:"
        " another value, set, unset, true to false, false to true,"
        " a CIDR block that widens or narrows, a number or version that rises or falls.",
        "The plan shows which changes replace the resource.",
        "No cloud is contacted: credentials are fake, and every address is a closed port.",
        "## Providers",
        table(header, rows),
        "A change is *unknown* if the provider refused it, did not show it, or crashed.",
        "Unknown does not mean in place.",
        "Types that are not in the file, and providers that are not in the table, are unknown as well.",
        "The files are in `templates/providers/`, one resource type a line;"
        " [CONTRIBUTING.md](../../CONTRIBUTING.md#add-a-provider-or-a-version) has the command that writes one.",
        *[part for facts in providers if facts.notes for part in _notes(facts)],
    )


def _count(facts: ProviderFacts, answer: str) -> int:
    counts: Counter[str] = Counter()
    for resource in facts.resources.values():
        for letters in getattr(resource, answer).values():
            counts.update(letters)
    return counts.total()


def _notes(facts: ProviderFacts) -> list[str]:
    return [f"## {facts.source}", "\n".join(f"- {note}" for note in facts.notes)]
