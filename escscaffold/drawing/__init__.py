"""Pictures of a plan: what is drawn as data, its layout, and its text as SVG and Mermaid. Pure."""
