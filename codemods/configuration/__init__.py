"""Knows what settings say, whatever the syntax of their file: trees of keys and values, and what a key means."""
