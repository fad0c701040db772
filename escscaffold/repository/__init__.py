"""The repository on disk: what stands there, what has to change, and the one way to change it."""
