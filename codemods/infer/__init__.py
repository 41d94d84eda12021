"""Write a mapping from what is there: two layouts on servers or in dumps, or a tree alone."""
