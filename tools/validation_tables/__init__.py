"""Generate the tables of :mod:`hdcore.validation`: ``python -m tools.validation_tables``."""
