"""The JSON schema of the spec, as it is shipped: `docs/writers/schema.py` writes it from the facts and the readers."""

from escscaffold.clouds.fact_files import template_root


def schema_text() -> str:
    """Return the schema as the text of a JSON file, the same that every repository has."""
    return template_root().joinpath("repository", "dot-escscaffold", "schema.json").read_text(encoding="utf-8")
