"""The documentation, and the program that writes the part of it that the code knows already."""
