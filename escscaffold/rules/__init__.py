"""The catalogue of what can be wrong: pure functions from a plan to findings, one file per family."""
