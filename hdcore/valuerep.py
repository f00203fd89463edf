"""Checks of values against their value representation."""

from hdcore.text import check_person_name

__all__ = ["check_person_name"]
