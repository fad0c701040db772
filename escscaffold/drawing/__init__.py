"""Pictures of a plan: what is drawn as data, where it stands, and its text as SVG and Mermaid. Pure."""
