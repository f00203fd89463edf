"""The hdcore command."""
