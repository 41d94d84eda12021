"""What production really ran, held against the code: statements that still say old names, and code that never ran."""
