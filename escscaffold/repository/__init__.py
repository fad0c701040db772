"""The repository on disk: what is there, what has to change, and the one way to change it."""
