"""Errors about content items that are kinds of several built-in errors, since users expect either."""

from __future__ import annotations

from hdcore.errors import InputError

__all__ = ["IncompleteItemError", "RelationshipError"]


class IncompleteItemError(InputError, AttributeError):
    """An item lacks an attribute that it must have."""


class RelationshipError(InputError, AttributeError):
    """An item has a relationship with its parent where it must not, or none where it must."""
