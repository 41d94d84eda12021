"""Findings as text for people, editors and machines: one format a file, each with a `render`."""
