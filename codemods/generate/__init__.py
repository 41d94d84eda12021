"""What the new layout needs, written from the mapping: one module an output, its text in `templates/`."""
