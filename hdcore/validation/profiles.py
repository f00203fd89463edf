"""What viewers and archives are known to require beyond the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hdcore.validation.rules import Rule


def rules_of_profile(profile: str | None) -> list[Rule]:
    """Give the rules of a profile."""
    return [rule for rule in RULES if rule.profile == profile]


RULES: list[Rule] = []
