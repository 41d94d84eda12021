"""Ask a PostgreSQL whether each query means on the new layout what it meant on the old one."""
