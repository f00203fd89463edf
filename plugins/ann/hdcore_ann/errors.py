"""Errors that only bulk annotations raise."""

from __future__ import annotations

from hdcore.errors import InputError

__all__ = ["AnnotationIndexError"]


class AnnotationIndexError(InputError, IndexError):
    """A group has no annotation of the number asked for."""
