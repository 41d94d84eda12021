"""Redis keys and URLs as text, and which keys and databases of a tree can move together."""
