"""What a change does: two states of a repository, compared as meaning and not as text."""
