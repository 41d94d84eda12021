"""What a live PostgreSQL has: connections to ask it, an embedded one, and its relations as records."""
