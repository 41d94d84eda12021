"""relink: re-point a Python backend at a restructured PostgreSQL and Redis."""

__version__ = "0.1.0"
