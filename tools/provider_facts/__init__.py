"""Asks Terraform providers which changes replace a resource, and writes the answers as data."""
