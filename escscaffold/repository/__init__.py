"""The repository on disk: the existing files, what has to change, and the one way to change it."""
