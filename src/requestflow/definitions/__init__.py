"""Readers of definition files: each returns a domain value, or all that is wrong with the file."""
