"""The main jobs, a module each: what the commands and the Python API run. They know no terminal, and return values."""
