"""What rules share when they mend: the edits, and every doubt that keeps them from being safe."""
