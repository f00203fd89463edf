"""Why planes are not a regular stack."""

from __future__ import annotations

from enum import Enum

from hdcore.errors import InputError

__all__ = ["StackError", "StackProblem"]


class StackProblem(Enum):
    """Why positions are not a regular stack."""

    DUPLICATE_POSITIONS = "duplicate positions"
    """Several planes at the same position, as in a 4D acquisition."""
    GANTRY_TILT = "gantry tilt"
    """Planes are shifted against one another, not stacked along their normal."""
    MISSING_POSITIONS = "missing positions"
    """All distances are multiples of one spacing, but there are gaps."""
    IRREGULAR_SPACING = "irregular spacing"
    """Distances between planes differ."""
    UNEXPECTED_SPACING = "unexpected spacing"
    """Distances are regular but not those that were expected."""
    INCONSISTENT_PLANES = "inconsistent planes"
    """The planes differ in orientation, size or frame of reference."""
    WRONG_ORDER = "wrong order"
    """The given order does not go steadily in one direction."""


class StackError(InputError):
    """Planes are not a regular stack.

    Attributes
    ----------
    problem: StackProblem
        Why not.
    """

    def __init__(self, problem: StackProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem

    def __reduce__(self) -> tuple[type[StackError], tuple[StackProblem, str]]:
        return type(self), (self.problem, str(self))
